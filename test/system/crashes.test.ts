import { beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/kernel/errors.ts';
import type { Call } from '../../local/kernel/kernel.ts';
import type { System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment, aReversal, cny } from './events.ts';
import { begin, callsOf, crashedAfter, isOf, type Scene } from './interleave.ts';
import { type Moment, momentsToReferral } from './moments.ts';
import { isReferred, NOBODY_REACHED, openTasks } from './walk.ts';

/** The account's story without what differs by design where something died on the way: times, and notes of mending. */
function story(journey: { timeline: readonly { readonly type: string }[] }): string[] {
  return journey.timeline.map((entry) => entry.type);
}

const BANK_FACTS = [
  'AccountOverdue',
  'BalanceUpdated',
  'PaymentReceived',
  'PaymentReversed',
  'HoldPlaced',
  'HoldReleased',
  'AccountStatusChanged',
];

/** What redelivery, which may change the order, must not change: how the account stands, and which facts it took how often. */
async function standing(system: System): Promise<unknown> {
  const { status, stage, overdue, balance, holds } = await system.journey();
  const { items } = await system.snapshot();
  const lines = items.filter((item) => item.sk.startsWith('T#')).map((item) => (JSON.parse(String(item.entry)) as { type: string }).type);
  return { status, stage, overdue, balance, holds, facts: lines.filter((type) => BANK_FACTS.includes(type)).sort() };
}

function contactOf({ input }: Call): string {
  const { MessageAttributes: attributes, Tags: tags } = input as {
    MessageAttributes?: Record<string, { StringValue: string }>;
    Tags?: { Name: string; Value: string }[];
  };
  return attributes?.contactId?.StringValue ?? tags?.find((tag) => tag.Name === 'contactId')?.Value ?? '';
}

/** Longer than a machine waits between tries, and than a message stays hidden in its queue. */
const MENDED_AFTER = 'PT1H';

async function atEachCall(
  scene: Scene,
  concerns: (call: Call) => boolean,
  assess: (system: System, undisturbed: readonly string[]) => Promise<void>,
): Promise<number> {
  const calls = await callsOf(scene, concerns);
  const quiet = await begin(scene);
  await scene.act(quiet);
  await quiet.advance(MENDED_AFTER);
  const undisturbed = story(await quiet.journey());
  await quiet.close();
  for (const position of calls.keys()) {
    const system = await crashedAfter(scene, position, concerns);
    try {
      await system.advance(MENDED_AFTER);
      await assess(system, undisturbed);
      await system.checkSound();
    } catch (error) {
      throw new Error(`"${scene.name}", dead after ${calls[position]} (call ${position + 1}): ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      await system.close();
    }
  }
  return calls.length;
}

describe('a function that dies after any of its calls', () => {
  let moments: readonly Moment[];
  beforeAll(async () => {
    moments = await momentsToReferral();
  });

  /** The moment before something is due, with nothing left to answer. */
  function momentBefore(stage: string, what: string): Moment {
    const answered = ({ journey }: Moment) => openTasks(journey).every((task) => NOBODY_REACHED[task.objective] === undefined);
    const moment = moments.find((row) => row.journey.stage === stage && row.journey.next?.what === what && answered(row));
    if (moment === undefined) throw new Error(`The walk never waits for ${what} in ${stage}`);
    return moment;
  }

  function whenDue(stage: string, what: string): Scene {
    const { stateDir, journey } = momentBefore(stage, what);
    const at = new Date(Date.parse(journey.next?.notBefore ?? '') + 2000).toISOString();
    return { name: `${stage}: ${what}`, stateDir, act: (system) => system.advanceTo(at) };
  }

  const intake: [string, (system: System) => Promise<void>][] = [
    [
      'a customer and an account',
      async (system) => {
        await system.put('CustomerUpdated', aCustomer());
        await system.put('AccountOverdue', anOverdue());
      },
    ],
    [
      'an account whose customer comes later',
      async (system) => {
        await system.put('AccountOverdue', anOverdue());
        await system.put('CustomerUpdated', aCustomer());
      },
    ],
    [
      'a payment that cures',
      async (system) => {
        await system.put('AccountOverdue', anOverdue());
        await system.put('PaymentReceived', aPayment());
      },
    ],
    [
      'a payment and its reversal',
      async (system) => {
        await system.put('AccountOverdue', anOverdue());
        await system.put('PaymentReceived', aPayment());
        await system.put('PaymentReversed', aReversal());
      },
    ],
    [
      'a hold and its release',
      async (system) => {
        await system.put('AccountOverdue', anOverdue());
        await system.put('HoldPlaced', aHold());
        await system.put('HoldReleased', { holdId: 'hold-1', releasedAt: '2026-03-02T01:25:00Z' });
      },
    ],
    [
      'a hold on the customer of two accounts',
      async (system) => {
        await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2' }));
        await system.put('AccountOverdue', anOverdue());
        await system.put('HoldPlaced', aHold({ accountId: undefined, customerId: 'cus-1' }));
      },
    ],
    [
      'the sale of an account and its buying back',
      async (system) => {
        await system.put('AccountOverdue', anOverdue());
        await system.put('AccountStatusChanged', { accountId: 'acc-1', status: 'sold', at: '2026-03-02T01:15:00Z', reference: 'deal-1' });
        await system.put('AccountStatusChanged', {
          accountId: 'acc-1',
          status: 'recalled',
          at: '2026-03-02T01:20:00Z',
          reference: 'deal-2',
        });
      },
    ],
    [
      'an event that is rejected',
      async (system) => {
        await system.put('AccountOverdue', anOverdue());
        await system.put('BalanceUpdated', {
          accountId: 'acc-1',
          overdue: { amount: '5.00', currency: 'EUR' },
          balance: { amount: '5.00', currency: 'EUR' },
          asOf: '2026-03-02T01:00:00Z',
        });
      },
    ],
  ];

  it.each(intake)('taking in %s: redelivery finishes what was begun, once', async (name, act) => {
    const quiet = await begin({ name, act });
    await act(quiet);
    await quiet.advance(MENDED_AFTER);
    const expected = await standing(quiet);
    const count = await atEachCall({ name, act }, isOf('take-in-events'), async (system) => {
      expect(await standing(system)).toEqual(expected);
    });
    expect(count).toBeGreaterThan(3);
  });

  it.each([
    ['reminder', 'hand-over', ['move-case']],
    ['call', 'queue-call', ['open-task', 'decide']],
    ['legal', 'assemble-evidence', ['assemble-evidence', 'open-task', 'decide']],
  ] as const)('%s %s: the machine tries again and does it once', async (stage, what, functions) => {
    const count = await atEachCall(whenDue(stage, what), isOf(...functions), async (system, undisturbed) => {
      expect(story(await system.journey())).toEqual(undisturbed);
    });
    expect(count).toBeGreaterThan(1);
  });

  it('closing the case: everything on it closes, once', async () => {
    const { stateDir } = momentBefore('call', 'queue-call');
    const scene: Scene = { name: 'close', stateDir, act: (system) => system.put('PaymentReceived', aPayment({ paidAt: system.now() })) };
    await atEachCall(scene, isOf('move-case'), async (system, undisturbed) => {
      expect(story(await system.journey())).toEqual(undisturbed);
    });
  });

  it('closing a case that is in court: its record lies under lock, and the case closes, once', async () => {
    const { stateDir = '' } = moments.find(({ journey }) => isReferred(journey)) ?? {};
    const news = (system: System) => ({ accountId: 'acc-1', status: 'settled', at: system.now() });
    const scene: Scene = { name: 'settled', stateDir, act: (system) => system.put('LegalStatusReported', news(system)) };
    const count = await atEachCall(scene, isOf('assemble-evidence', 'move-case', 'decide'), async (system, undisturbed) => {
      const { timeline } = await system.journey();
      expect(story({ timeline })).toEqual(undisturbed);
      const record = timeline.find((entry) => entry.type === 'EvidenceAssembled' && entry.closing === true);
      expect(timeline.at(-1)).toMatchObject({ type: 'JourneyClosed', evidenceHash: (record as { manifestHash?: string }).manifestHash });
    });
    expect(count).toBeGreaterThan(5);
  });

  it('closing a case that the core has sold: everything on it closes, once', async () => {
    const { stateDir } = momentBefore('call', 'queue-call');
    const act = (system: System) =>
      system.put('AccountStatusChanged', { accountId: 'acc-1', status: 'sold', at: system.now(), reference: 'deal-1' });
    const count = await atEachCall({ name: 'sold', stateDir, act }, isOf('take-in-events', 'move-case'), async (system, undisturbed) => {
      expect(story(await system.journey())).toEqual(undisturbed);
    });
    expect(count).toBeGreaterThan(3);
  });

  it('sending: never two provider calls for one contact; a message in doubt is settled and decided anew', async () => {
    const scene = whenDue('reminder', 'send-message');
    const called: string[][] = [];
    const watched: Scene = {
      ...scene,
      act: async (system) => {
        const contacts: string[] = [];
        called.push(contacts);
        // What a provider reports settles a message in doubt.
        system.cloud.delivery.clear();
        system.cloud.kernel.intercept((call, next) => {
          // What the providers themselves report of a message passes SNS too.
          if ((call.service === 'sns' || call.service === 'ses') && isOf('send-contact')(call)) contacts.push(contactOf(call));
          return next();
        });
        await scene.act(system);
      },
    };
    const endings: string[] = [];
    await atEachCall(watched, isOf('send-contact'), async (system) => {
      const { timeline } = await system.journey();
      const reserved = timeline.flatMap((entry) => (entry.type === 'ContactReserved' ? [entry.contactId] : []));
      const settled = timeline.filter((entry) => ['ContactSent', 'ContactLost', 'ContactFailed'].includes(entry.type));
      const calls = called.at(-1) ?? [];
      expect(new Set(calls).size).toBe(calls.length);
      expect(reserved).toEqual(expect.arrayContaining(calls));
      expect(settled).toHaveLength(reserved.length);
      const ending = settled.map((entry) => entry.type).join(' ');
      const arrived = timeline.some((entry) => entry.type === 'DeliveryReported' && entry.contactId === reserved[1]);
      expect({ ending, arrived }).not.toEqual({ ending: 'ContactSent ContactLost', arrived: false });
      endings.push(ending);
    });
    // Dead before the reservation or after the record: sent, once. In between the message counts, and another is decided, unless the
    // provider reports that it arrived.
    const expected = ['ContactSent ContactLost', 'ContactSent ContactLost ContactSent', 'ContactSent ContactSent'];
    expect([...new Set(endings)].sort()).toEqual(expected);
  });

  it('arming a wait whose answer is lost: the next wait holds, and a payment wakes it', async () => {
    for (const lost of [1, 2]) {
      // Prepare
      const system = await begin({ name: 'open', act: async () => undefined });
      let armed = 0;
      system.cloud.kernel.intercept(async (call, next) => {
        const answer = await next();
        if (!call.origin.startsWith('states:') || call.operation !== 'UpdateItem') return answer;
        armed += 1;
        if (armed === lost) throw new AwsError('InternalServerError', 'The answer was lost.', 500);
        return answer;
      });

      // Act
      await system.put('CustomerUpdated', aCustomer());
      await system.put('AccountOverdue', anOverdue());
      await system.advance('P3DT12H');
      const waiting = await system.journey();
      await system.checkSound();
      await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));

      // Assess
      expect(armed).toBeGreaterThan(lost);
      expect(waiting.status).toBe('open');
      expect((await system.journey()).status).toBe('cured');
    }
  });

  it('publishing: everything that happened is said at least once, and in its order', async () => {
    const act = async (system: System) => {
      await system.put('AccountOverdue', anOverdue());
      await system.put('PaymentReceived', aPayment());
    };
    const count = await atEachCall({ name: 'publishing', act }, isOf('publish-events'), async (system) => {
      const said = new Set(system.said());
      expect(said).toEqual(new Set(['JourneyOpened', 'StageEntered', 'AccountCured', 'JourneyClosed']));
    });
    expect(count).toBeGreaterThan(1);
  });

  it('an API write: the same request again answers and changes nothing more', async () => {
    const { stateDir } =
      moments.find((row) => row.journey.stage === 'call' && openTasks(row.journey).length === 1) ?? momentBefore('call', 'queue-call');
    const requests: [string, (system: System, taskId: string) => [string, string, object]][] = [
      [
        'outcome',
        (_system, taskId) => [
          'POST',
          `/tasks/${taskId}/outcome`,
          {
            outcome: 'promise',
            by: 'anna',
            at: '2026-03-07T01:31:01Z',
            promises: [{ amount: cny('100.00'), date: '2026-03-10' }],
            notes: 'says Friday',
          },
        ],
      ],
      ['claim', (_system, taskId) => ['POST', `/tasks/${taskId}/claim`, { assignee: 'anna' }]],
      ['hold', () => ['POST', '/accounts/acc-1/holds', { holdId: 'hold-9', kind: 'dispute' }]],
    ];
    for (const [name, request] of requests) {
      const answers: unknown[] = [];
      const act = async (system: System) => {
        const [task] = await system.tasks('call');
        const [method, path, body] = request(system, task?.taskId ?? '');
        const first = await system.api(method, path, body);
        const again = first.status === 500 ? await system.api(method, path, body) : first;
        answers.push({ status: again.status, json: again.json });
      };
      const scene: Scene = { name, stateDir, act };
      const reading = (call: Call) => isOf('serve-api')(call) && call.operation !== 'Query';
      await atEachCall(scene, reading, async (system, undisturbed) => {
        expect(story(await system.journey())).toEqual(undisturbed);
      });
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]).toMatchObject({ status: 200 });
    }
  });
});
