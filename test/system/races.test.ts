import { beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import type { System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment, aReversal } from './events.ts';
import { callsOf, disturbedAt, isOfTheCase, type Scene, wholeEvent } from './interleave.ts';
import { type Moment, momentsToReferral } from './moments.ts';
import { isReferred, NOBODY_REACHED, openTasks, types } from './walk.ts';

/** What may still be said after the fact that ends everything: its consequences, and what had left before it. */
const ENDINGS = [
  'AccountCured',
  'AccountActionAdvised',
  'TaskClosed',
  'PromiseEnded',
  'PlanEnded',
  'JourneyClosed',
  'ContactSent',
  'PlanOffered',
  'TaskOutcomeReported',
];

/** The payment itself is answered, before or after the case has closed over it. */
function acknowledges(entry: Entry): boolean {
  return entry.type === 'ContactReserved' && entry.purpose === 'payment-acknowledgement';
}

/** The record of a suit that is over. */
function isRecord(entry: Entry): boolean {
  return entry.type === 'EvidenceAssembled' && entry.closing === true;
}

const opening: Scene = {
  name: 'the case opens and waits for the first time',
  act: async (system) => {
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-20' }));
    await system.advance('P1D');
  },
};

/** What comes next at a moment: a task is answered, or a wait ends and something is done. */
function sceneAt(moment: Moment): Scene {
  const { journey, stateDir } = moment;
  const task = openTasks(journey).find((row) => NOBODY_REACHED[row.objective] !== undefined);
  if (task !== undefined) {
    const name = `${journey.stage}: ${task.objective} is answered`;
    const act = async (system: System) => void (await system.outcome(task.taskId, NOBODY_REACHED[task.objective] ?? ''));
    return { name, stateDir, act };
  }
  const at = new Date(
    Math.max(Date.parse(journey.next?.notBefore ?? ''), Date.parse(journey.timeline.at(-1)?.at ?? '')) + 2000,
  ).toISOString();
  return { name: `${journey.stage}: ${journey.next?.what}`, stateDir, act: (system) => system.advanceTo(at) };
}

/** The call before which each run is disturbed, and after all of them. */
async function positions(scene: Scene): Promise<readonly number[]> {
  const calls = await callsOf(scene, isOfTheCase);
  expect({ scene: scene.name, calls: calls.length > 3 }).toEqual({ scene: scene.name, calls: true });
  return Array.from({ length: calls.length + 1 }, (_, index) => index);
}

async function inEveryOrder(
  scene: Scene,
  disturb: (system: System) => Promise<void>,
  assess: (system: System) => Promise<void>,
): Promise<void> {
  for (const position of await positions(scene)) {
    const system = await disturbedAt(scene, position, isOfTheCase, disturb);
    try {
      await assess(system);
      await system.checkSound();
    } catch (error) {
      throw new Error(`"${scene.name}", before call ${position + 1}: ${(error as Error).message}`, { cause: error });
    } finally {
      await system.close();
    }
  }
}

describe('in every order of the calls', () => {
  const scenes = new Map<string, Scene>([[opening.name, opening]]);
  let referred: Moment | undefined;
  beforeAll(async () => {
    for (const moment of await momentsToReferral()) {
      if (isReferred(moment.journey)) referred = moment;
      const scene = sceneAt(moment);
      if (!scenes.has(scene.name)) scenes.set(scene.name, scene);
    }
  });
  const names = [
    opening.name,
    'reminder: send-message',
    'reminder: hand-over',
    'call: queue-call',
    'call: recover is answered',
    'call: send-message-instead',
    'plan: offer-arrangement',
    'field-visit: approve-visit is answered',
    'field-visit: assign-visit',
    'legal: serve-notice',
    'legal: record',
    'legal: assemble-evidence',
    'legal: approve-referral is answered',
  ];

  it.each(names)('a payment against "%s" ends the case, and nothing is authorised after it', async (name) => {
    const scene = scenes.get(name);
    expect([...scenes.keys()]).toContain(name);
    if (scene === undefined) return;
    const pay = (system: System) => wholeEvent(system, 'PaymentReceived', aPayment({ paidAt: '2026-03-02T01:29:00Z' }));
    await inEveryOrder(scene, pay, async (system) => {
      const journey = await system.journey();
      const after = journey.timeline.slice(types(journey).indexOf('PaymentReceived') + 1);
      expect(journey.status).toBe('cured');
      expect(after.filter((entry) => !ENDINGS.includes(entry.type) && !acknowledges(entry) && !isRecord(entry))).toEqual([]);
      const left = system.collected().length;
      await system.advance('P10D');
      expect(system.collected()).toHaveLength(left);
      expect((await system.journey()).timeline).toHaveLength(journey.timeline.length);
    });
  });

  it.each([opening.name, 'reminder: send-message', 'call: queue-call', 'legal: serve-notice'])(
    'a hold against "%s" stops what comes after it',
    async (name) => {
      const scene = scenes.get(name) ?? opening;
      const hold = (system: System) => wholeEvent(system, 'HoldPlaced', aHold({ placedAt: system.now() }));
      await inEveryOrder(scene, hold, async (system) => {
        const journey = await system.journey();
        const all = types(journey);
        expect(journey.status).toBe('held');
        expect(
          all.slice(all.indexOf('HoldPlaced')).filter((type) => ['ContactReserved', 'TaskOpened', 'StageEntered'].includes(type)),
        ).toEqual([]);
        await system.advance('P1D');
      });
    },
  );

  it.each(['reminder: send-message', 'call: recover is answered', 'legal: approve-referral is answered'])(
    'a sale against "%s" ends the case, and nothing is authorised after it',
    async (name) => {
      const scene = scenes.get(name) ?? opening;
      const word = { accountId: 'acc-1', status: 'sold', at: '2026-03-02T01:29:00Z', reference: 'deal-1' };
      await inEveryOrder(
        scene,
        (system) => wholeEvent(system, 'AccountStatusChanged', word),
        async (system) => {
          await system.advance('PT2M');
          const journey = await system.journey();
          expect(journey).toMatchObject({ status: 'closed', closeReason: 'sold' });
          const after = journey.timeline.slice(types(journey).indexOf('CaseEnded') + 1);
          expect(after.filter((entry) => !ENDINGS.includes(entry.type) && !isRecord(entry))).toEqual([]);
          const left = system.collected().length;
          await system.advance('P10D');
          expect([system.collected().length, types(await system.journey())]).toEqual([left, types(journey)]);
        },
      );
    },
  );

  it('a reversal against the closing of the case leaves it open, or opens the next one', async () => {
    const at = scenes.get('call: queue-call');
    const scene: Scene = {
      name: 'the case closes',
      ...(at?.stateDir === undefined ? {} : { stateDir: at.stateDir }),
      act: (system) => system.put('PaymentReceived', aPayment({ paidAt: '2026-03-02T01:29:00Z' })),
    };
    const reverse = (system: System) => wholeEvent(system, 'PaymentReversed', aReversal({ reversedAt: '2026-03-02T01:29:30Z' }));
    const seen = new Set<string>();
    await inEveryOrder(scene, reverse, async (system) => {
      const journey = await system.journey();
      expect(journey).toMatchObject({ status: 'open', overdue: { amount: '6250.00' } });
      seen.add(journey.previousCaseId === undefined ? 'the same case' : 'the next case');
      await system.advance('P3D');
    });
    expect([...seen].sort()).toEqual(['the next case', 'the same case']);
  });

  it('a reversal against the closing of a case in court leaves the suit going on, or the record of a suit that has ended', async () => {
    const { stateDir = '' } = referred ?? {};
    const scene: Scene = {
      name: 'the suit ends',
      stateDir,
      act: (system) => system.put('PaymentReceived', aPayment({ paidAt: '2026-03-02T01:29:00Z' })),
    };
    const reverse = (system: System) => wholeEvent(system, 'PaymentReversed', aReversal({ reversedAt: '2026-03-02T01:29:30Z' }));
    const seen = new Set<string>();
    await inEveryOrder(scene, reverse, async (system) => {
      const { stage, previousCaseId } = await system.journey();
      expect(stage).toBe(previousCaseId === undefined ? 'legal' : 'reminder');
      const { timeline } = await system.journey('acc-1', previousCaseId);
      const all = types({ timeline });
      const records = timeline.filter(isRecord);
      // Of a suit that goes on no record stands; one that was made in between is made again at its end.
      expect(all.includes('JourneyClosed')).toBe(previousCaseId !== undefined);
      if (previousCaseId !== undefined)
        expect(timeline.at(-1)).toMatchObject({
          type: 'JourneyClosed',
          evidenceHash: (records.at(-1) as { manifestHash?: string }).manifestHash,
        });
      seen.add(`${previousCaseId === undefined ? 'goes on' : 'has ended'} with ${records.length}`);
    });
    expect([...seen].sort()).toEqual(['goes on with 0', 'goes on with 1', 'has ended with 1']);
  });
});
