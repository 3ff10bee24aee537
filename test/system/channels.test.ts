import { describe, expect, it } from 'vitest';
import type { Entry, EntryType } from '../../domain/entries.ts';
import { stepOf } from '../../domain/reducer/contacts.ts';
import { AwsError } from '../../local/kernel/errors.ts';
import type { Call } from '../../local/kernel/kernel.ts';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { callsOf, crashedAfter, isOf, type Scene } from './interleave.ts';

/** What became of a message: the entries about contacts, in order. */
const CONTACT_ENTRIES = /^Contact(Reserved|Sent|Failed|Deferred|Lost|Withheld|Suppressed)$/;

function contactEntries(journey: Journey): readonly Entry[] {
  return journey.timeline.filter((entry) => CONTACT_ENTRIES.test(entry.type));
}

function entriesOf<T extends EntryType>(journey: Journey, type: T): readonly Entry<T>[] {
  return journey.timeline.filter((entry) => entry.type === type) as readonly Entry[] as readonly Entry<T>[];
}

const throttled = () => new AwsError('Throttling', 'Rate exceeded', 400);
const broken = () => new AwsError('InternalError', 'We are sorry.', 500);

/**
 * Calls of a provider by the sender, by the contact that they were about; `answer` may throw instead of letting one through. `taken` are
 * those that the provider took.
 */
function provider(
  system: System,
  service: 'sns' | 'ses',
  answer: (call: number) => void = () => undefined,
): { readonly calls: string[]; readonly taken: string[] } {
  const [calls, taken]: [string[], string[]] = [[], []];
  system.cloud.kernel.intercept(async (call, next) => {
    if (call.service !== service || !call.origin.endsWith('send-contact')) return next();
    calls.push(contactOf(call));
    answer(calls.length);
    const answered = await next();
    taken.push(contactOf(call));
    return answered;
  });
  return { calls, taken };
}

function contactOf({ input }: Call): string {
  const { MessageAttributes: attributes, Tags: tags } = input as {
    MessageAttributes?: Record<string, { StringValue: string }>;
    Tags?: { Name: string; Value: string }[];
  };
  return attributes?.contactId?.StringValue ?? tags?.find((tag) => tag.Name === 'contactId')?.Value ?? '';
}

async function overdue(system: System): Promise<void> {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
}

/** Past the first message, and not at the second. */
const FIRST_MESSAGE = 'P4D';

describe('a provider that is too busy', () => {
  it('gets the same message again, with the number that it had, and the customer gets it once', async () => {
    // Prepare
    const system = await aSystem();
    const { calls } = provider(system, 'sns', (call) => {
      if (call <= 2) throw throttled();
    });

    // Act
    await overdue(system);
    await system.advance(FIRST_MESSAGE);

    // Assess
    const journey = await system.journey();
    expect(contactEntries(journey).map(({ type }) => type)).toEqual([
      'ContactReserved',
      'ContactDeferred',
      'ContactReserved',
      'ContactDeferred',
      'ContactReserved',
      'ContactSent',
    ]);
    expect(new Set(calls).size).toBe(1);
    expect(system.outbox()).toHaveLength(1);
    expect(entriesOf(journey, 'ContactDeferred').map(({ error }) => error)).toEqual(['Throttling', 'Throttling']);
  });

  it('costs the customer no contact: the ledger holds the one that left', async () => {
    // Prepare
    const system = await aSystem();
    provider(system, 'sns', (call) => {
      if (call === 1) throw throttled();
    });
    const rows = async () => {
      const Key = { pk: { S: 'CUSTOMER#cus-1' }, sk: { S: 'GOVERNOR' } };
      const { Item } = await system.cloud.call<{ Item: { state: { S: string } } }>('dynamodb', 'GetItem', {
        TableName: 'overdue-journeys-cases',
        Key,
      });
      return (JSON.parse(Item.state.S) as { contacts: { at: string }[] }).contacts;
    };

    // Act
    await overdue(system);
    let afterDeferral: number | undefined;
    system.cloud.kernel.intercept(async (call, next) => {
      const answer = await next();
      if (call.operation === 'TransactWriteItems' && JSON.stringify(call.input).includes('ContactDeferred'))
        afterDeferral = (await rows()).length;
      return answer;
    });
    await system.advance(FIRST_MESSAGE);

    // Assess
    const sent = entriesOf(await system.journey(), 'ContactSent');
    expect(afterDeferral).toBe(0);
    expect(await rows()).toHaveLength(1);
    expect((await rows())[0]?.at.slice(0, 16)).toBe(sent[0]?.at.slice(0, 16));
  });

  it('for two hours loses the attempt, and the next goes by another channel', async () => {
    // Prepare
    const system = await aSystem();
    const { calls } = provider(system, 'sns', () => {
      throw throttled();
    });

    // Act
    await overdue(system);
    await system.advance(FIRST_MESSAGE);

    // Assess
    const journey = await system.journey();
    expect(calls).toHaveLength(5);
    expect(new Set(calls).size).toBe(1);
    expect(entriesOf(journey, 'ContactFailed').map(({ error }) => error)).toEqual(['Throttling']);
    expect(system.outbox().map(({ channel }) => channel)).toEqual(['email']);
  });

  it('and a sender that dies at any call beside it: the message leaves once, whatever happened', async () => {
    let taken: readonly (readonly string[])[] = [];
    const scene: Scene = {
      name: 'throttled',
      act: async (system) => {
        const texts = provider(system, 'sns', (call) => {
          if (call === 1) throw throttled();
        });
        taken = [texts.taken, provider(system, 'ses').taken];
        await overdue(system);
        await system.advance(FIRST_MESSAGE);
      },
    };
    const calls = await callsOf(scene, isOf('send-contact'));
    expect(calls.filter((call) => call.includes('TransactWriteItems')).length).toBeGreaterThan(3);
    for (const position of calls.keys()) {
      const system = await crashedAfter(scene, position, isOf('send-contact'));
      await system.advance('PT3H');
      const died = `dead after ${calls[position]} (call ${position + 1})`;
      const journey = await system.journey();
      const step = stepOf(entriesOf(journey, 'ContactReserved')[0]?.key ?? '');
      const ofStep = <T extends { readonly key: string }>(rows: readonly T[]) => rows.filter(({ key }) => stepOf(key) === step).length;
      const left = taken.flat().filter((contactId) => contactId.includes(`${step}_`));
      // Only where the provider took it and nobody could write that down is it not known, and told again by another contact.
      const inDoubt = ofStep(entriesOf(journey, 'ContactLost'));
      expect({
        died,
        sent: ofStep(entriesOf(journey, 'ContactSent')),
        twice: left.length - new Set(left).size,
        tooMany: left.length > 1 + inDoubt,
      }).toEqual({ died, sent: 1, twice: 0, tooMany: false });
      await system.checkSound();
      await system.close();
    }
  });
});

describe('a provider that fails', () => {
  /** Seven in the evening: the messages of cases that open now go at once. */
  const SEVEN = '2026-03-06T11:00:00Z';

  const PHONE_ONLY = (aCustomer().contactPoints as readonly { readonly channel: string }[]).filter(({ channel }) => channel !== 'email');

  async function open(system: System, count: number, contactPoints: unknown = PHONE_ONLY): Promise<void> {
    for (let index = 1; index <= count; index += 1) {
      const customerId = `cus-${index}`;
      await system.put('CustomerUpdated', aCustomer({ customerId, contactPoints }));
      await system.put('AccountOverdue', anOverdue({ accountId: `acc-${index}`, customerId }));
    }
  }

  it('is left alone after five failures; what waits goes when it works again, and nothing twice', async () => {
    // Prepare
    const system = await aSystem({ start: SEVEN }, { lateWakes: true });
    let down = true;
    const { calls } = provider(system, 'sns', () => {
      if (down) throw broken();
    });

    // Act
    await open(system, 8);
    const whileDown = [...calls];
    const waiting = [];
    for (let index = 1; index <= 8; index += 1) {
      const withheld = entriesOf(await system.journey(`acc-${index}`), 'ContactWithheld');
      if (withheld.length > 0) waiting.push(withheld[0]?.why);
    }
    down = false;
    await system.advance('PT20M');
    const soon = new Set(system.outbox().map(({ accountId }) => accountId));
    await system.advance('P1D');

    // Assess
    expect(whileDown).toHaveLength(5);
    expect(waiting).toEqual(Array(3).fill('the provider of sms fails'));
    expect(new Set(calls).size).toBe(calls.length);
    // The five that nobody answered count as contacts of the day, and are made again on another.
    expect(soon).toEqual(new Set(['acc-6', 'acc-7', 'acc-8']));
    expect(new Set(system.outbox().map(({ accountId }) => accountId)).size).toBe(8);
  });

  it('makes what comes after it go by another channel at once', async () => {
    // Prepare
    const system = await aSystem({ start: SEVEN }, { lateWakes: true });
    const { calls } = provider(system, 'sns', () => {
      throw broken();
    });

    // Act
    await open(system, 8, aCustomer().contactPoints);

    // Assess
    expect(calls).toHaveLength(5);
    expect(system.outbox().map(({ accountId, channel }) => [accountId, channel])).toEqual([
      ['acc-6', 'email'],
      ['acc-7', 'email'],
      ['acc-8', 'email'],
    ]);
  });

  it('that fails again when it is tried is left alone for longer', async () => {
    // Prepare
    const system = await aSystem({ start: SEVEN }, { lateWakes: true });
    const calls: number[] = [];
    provider(system, 'sns', () => {
      calls.push(system.cloud.now() - Date.parse(SEVEN));
      throw broken();
    });

    // Act
    await open(system, 12);
    await system.advance('PT30M');

    // Assess
    const minutes = calls.map((at) => Math.floor(at / 60_000));
    expect(minutes.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    // One try after each pause of one, two, four, … minutes; what comes back is spread over five minutes more.
    const pauses = minutes.slice(4).flatMap((minute, index, all) => (index === 0 ? [] : [minute - (all[index - 1] ?? 0)]));
    expect(pauses.length).toBeGreaterThan(1);
    expect(pauses.length).toBeLessThan(6);
    for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(2 ** index);
  });
});
