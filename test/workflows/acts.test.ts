import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, DAY, instantAt, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import type { ContactRow, Governor } from '../../domain/customer.ts';
import { decide } from '../../domain/decide/decide.ts';
import { ACTS, type WAITS, waitingFor, worldOf } from '../../domain/decide/world.ts';
import {
  type Account,
  type Case,
  type Channel,
  type Contact,
  HOLD_KINDS,
  type Hold,
  type Instant,
  type LegalProgress,
  OBJECTIVES,
  type Promise_,
  QUEUES,
  STAGES,
  type Stage,
  type Task,
} from '../../domain/model.ts';
import type { Plan } from '../../domain/plans/plan.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';
import { ACTS_OF } from './acts.ts';
import { MACHINES } from './definition.ts';
import { stateFor, targetsOf } from './lint-moves.ts';

/**
 * Which acts a stage can meet, shown from Decide itself: thousands of worlds of each stage, made of parts that need not fit together
 * (more than can ever happen, so nothing that can is missing), are decided, and what comes out is compared with the table that the
 * linter holds the machines to. Both ways: no act outside the table, and every act of the table comes up.
 */

const ZONE = 'Asia/Shanghai';
const TODAY = '2026-06-01';
/** Late on a Monday: whatever was planned for the day is due, and the house's hours are still open for calls, messages and visits. */
const NOW = instantAt(TODAY, 18 * 60 + 45, ZONE);
const ago = (days: number): string => toInstant(NOW - days * DAY);

/** The value in one world of so many, nothing in the others. */
const oneIn = <T>(worlds: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: worlds - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const listOf = <T>(row: T | undefined): T[] => (row === undefined ? [] : [row]);
const dayBack = fc.constantFrom(0, 0.01, 1, 2, 4, 8, 20, 40);
const instantBack = dayBack.map(ago);
/** Without the members that are absent: the domain's types have no undefined. */
function present<T>(members: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return members.map((value) => JSON.parse(JSON.stringify(value)) as T);
}

const task: fc.Arbitrary<Task> = present(
  fc
    .record({
      queue: fc.constantFrom(...QUEUES),
      objective: fc.constantFrom(...OBJECTIVES),
      openedAt: instantBack,
      left: fc.constantFrom(-1, 1),
    })
    .map(({ left, ...rest }) => ({ ...rest, taskId: 'case-1-t1', stage: 'call' as Stage, dueAt: ago(-left) })),
);

const hold: fc.Arbitrary<Hold> = present(
  fc
    .record({
      kind: fc.constantFrom(...HOLD_KINDS),
      placedAt: fc.constantFrom(ago(50), ago(3), ago(-2)),
      ends: oneIn(2, fc.constantFrom(ago(1), ago(-5))),
    })
    .map(({ ends, ...rest }) => ({ holdId: 'hold-1', ...rest, ...(ends === undefined ? {} : { expiresAt: ends }) })),
);

const promise: fc.Arbitrary<Promise_> = fc
  .record({ status: fc.constantFrom('open' as const, 'kept' as const), dueIn: fc.constantFrom(-5, 0, 1, 5), recordedAt: instantBack })
  .map(({ dueIn, ...rest }) => ({
    ...rest,
    promiseId: 'case-1-t1',
    taskId: 'case-1-t1',
    amountMinor: 100_000,
    date: addDays(TODAY, dueIn),
  }));

const plan: fc.Arbitrary<Plan> = fc
  .record({
    status: fc.constantFrom('active' as const, 'active' as const, 'broken' as const),
    dueIn: fc.constantFrom(-8, -1, 0, 2, 20),
    instalment: fc.constantFrom('open' as const, 'due' as const, 'missed' as const),
  })
  .map(({ status, dueIn, instalment }) => ({
    planId: 'plan-12345678',
    offerId: 'offer-1',
    kind: 'instalments',
    agreedAt: ago(10),
    channel: 'voice',
    status,
    totalMinor: 625_000,
    instalments: [
      {
        dueDate: addDays(TODAY, dueIn),
        amountMinor: 625_000,
        status: instalment,
        ...(instalment === 'missed' ? { missedOn: addDays(TODAY, dueIn + 1) } : {}),
      },
    ],
  }));

/** As far along the legal way as `steps` says, with the notices that go with it. */
const legal: fc.Arbitrary<{ readonly legal: LegalProgress; readonly notices: readonly Contact[] }> = fc
  .record({
    steps: fc.integer({ min: 0, max: 6 }),
    served: fc.constantFrom(2, 20),
    channels: fc.constantFrom(1, 2),
    setBack: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ steps, served, channels, setBack }) => {
    const notices: Contact[] = (['email', 'sms'] as const).slice(0, channels).map((channel) => ({
      key: `notice-${channel}-${localDate(NOW - 25 * DAY, ZONE)}_1`,
      channel,
      contactPointId: `p-${channel}`,
      template: 'legal-formal-notice',
      purpose: 'formal-notice',
      stage: 'legal',
      status: 'sent',
      at: ago(served + 4),
      sentAt: ago(served + 4),
    }));
    const progress: LegalProgress = {
      noticeContactKeys: steps >= 2 ? notices.map(({ key }) => key) : [],
      ...(steps >= 1 ? { intentConfirmedBy: 'a', intentConfirmedAt: ago(25) } : {}),
      ...(steps >= 3 ? { noticeServedAt: ago(served) } : {}),
      ...(steps >= 4 ? { evidenceHash: 'e', evidenceAt: ago(1) } : {}),
      ...(steps >= 5 ? { approvedBy: 'b', approvedAt: ago(1) } : {}),
      ...(steps >= 6 ? { referredAt: ago(1) } : {}),
      ...(setBack === 8 ? { returnedAt: ago(5) } : {}),
      ...(setBack === 9 ? { rejectedAt: ago(5) } : {}),
    };
    return { legal: progress, notices: steps >= 2 ? notices : [] };
  });

const doubt: Contact = {
  key: 'reminder-2026-05-01-1_1',
  channel: 'sms',
  contactPointId: 'p-sms',
  template: 'reminder-first',
  purpose: 'collection',
  stage: 'reminder',
  status: 'reserved',
  at: ago(0.01),
};

/** Of the visit that was approved then. */
function announcement(visitApprovedAt: Instant): Contact {
  const key = `visit-${localDate(toMillis(visitApprovedAt), ZONE)}_1`;
  return { ...doubt, key, template: 'visit-before', stage: 'field-visit', status: 'sent', at: visitApprovedAt, sentAt: visitApprovedAt };
}

const exhausted = { 'p-voice': { days: 4, firstDate: addDays(TODAY, -30), lastDate: addDays(TODAY, -3), evening: true, weekend: true } };

function caseOf(stage: Stage, base: Case): fc.Arbitrary<Case> {
  const record = fc.record({
    stageEnteredOn: fc.constantFrom(TODAY, addDays(TODAY, -1), addDays(TODAY, -20)),
    roseOn: fc.constantFrom(TODAY, addDays(TODAY, -20)),
    held: oneIn(20, fc.constant(true as const)),
    promises: oneIn(6, promise).map(listOf),
    plan: oneIn(6, plan),
    planRequestedAt: oneIn(4, instantBack),
    planOfferedAt: oneIn(2, instantBack),
    tasks: oneIn(4, task).map(listOf),
    doubtful: fc.integer({ min: 0, max: 19 }),
    sent: fc.constantFrom(0, 2, 4),
    messageImpossible: fc.boolean(),
    callsWorked: fc.constantFrom(0, 2),
    callsSinceMessage: fc.constantFrom(0, 2),
    lastMessageAt: oneIn(2, instantBack),
    lastCallEndedAt: oneIn(2, instantBack),
    callBackAt: oneIn(4, instantBack),
    quietUntil: oneIn(20, fc.constant(ago(-2))),
    tries: fc.constantFrom({}, exhausted),
    approvals: fc.constantFrom([], ['field-visit', 'legal']),
    visitApprovedAt: oneIn(2, instantBack),
    announced: fc.boolean(),
    writtenDemands: fc.constantFrom(0, 3, 3),
    way: legal,
  });
  return present(
    record.map(({ doubtful, sent, messageImpossible, callsWorked, way, announced, ...rest }) => ({
      ...base,
      ...rest,
      stage,
      contacts: [
        ...way.notices,
        ...(announced && rest.visitApprovedAt !== undefined ? [announcement(rest.visitApprovedAt)] : []),
        ...(doubtful === 0 ? [doubt] : []),
      ],
      legal: way.legal,
      sentByStage: { reminder: sent, [stage]: sent },
      messageImpossibleAt: messageImpossible ? { [stage]: ago(2) } : {},
      callsWorkedByStage: { call: callsWorked },
    })),
  ) as fc.Arbitrary<Case>;
}

const base = anAccount().build();

function accountOf(stage: Stage): fc.Arbitrary<Account> {
  const { case: opened, figure } = base;
  if (opened === undefined || figure === undefined) throw new Error('The builder opens a case with a figure');
  const record = fc.record({
    current: caseOf(stage, opened),
    overdueMinor: fc.constantFrom(500, 15_000, 800_000, 800_000, 800_000, 800_000),
    daysPastDue: fc.constantFrom(2, 5, 20, 45, 75, 100, 100),
    customerKnown: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
    holds: oneIn(8, hold).map(listOf),
    timesOverdueLast12Months: fc.constantFrom(0, 2),
  });
  return present(
    record.map(({ current, overdueMinor, daysPastDue, timesOverdueLast12Months, ...rest }) => ({
      ...base,
      ...rest,
      figure: { ...figure, overdueMinor, balanceMinor: 2_000_000, dueDate: addDays(TODAY, -daysPastDue) },
      facts: { flags: [], timesOverdueLast12Months },
      case: current,
    })),
  ) as fc.Arbitrary<Account>;
}

/** Many contacts: enough to ask a person whether to go on. */
const pressed: readonly ContactRow[] = Array.from({ length: 45 }, (_, index) => ({
  id: `c-${index}`,
  at: ago(20 + index),
  channel: 'email',
  kind: 'attempt',
  contactPointId: 'p-email',
  addressKey: 'a-p-email',
  accountId: 'acc-1',
  purpose: 'collection',
}));

const ALL: readonly Channel[] = ['sms', 'voice', 'email', 'visit'];
const governor: fc.Arbitrary<Governor> = fc
  .record({
    points: fc.constantFrom<readonly Channel[]>([], ['sms'], ALL, ALL, ALL),
    press: fc.integer({ min: 0, max: 7 }),
  })
  .map(({ points, press }) => ({
    ...aCustomer()
      .reachableBy(...points)
      .build(),
    contacts: press === 0 ? pressed : [],
  }));

interface Turn {
  readonly act: (typeof ACTS)[number];
  readonly waiting: (typeof WAITS)[number];
  readonly to?: Stage;
}

const WORLDS = 12_000;
/** Not Decide's to propose: the function answers it for an execution that does not own the case, and for one that has grown old. */
const OF_THE_FUNCTION = 'superseded';

function turnsIn(stage: Stage): Map<string, Turn> {
  const turns = new Map<string, Turn>();
  for (const [account, customer] of fc.sample(fc.tuple(accountOf(stage), governor), { numRuns: WORLDS, seed: 1 })) {
    if (account.case === undefined) continue;
    const world = worldOf(account, account.case, customer, aSetting({ now: NOW, governor: customer }));
    const { proposal } = decide(world);
    const to = proposal.kind === 'hand-over' ? { to: proposal.to } : {};
    const turn: Turn = { act: proposal.act, waiting: waitingFor(world), ...to };
    turns.set(JSON.stringify(turn), turn);
  }
  return turns;
}

describe.each(MACHINES)('in the $stage stage', (machine) => {
  const { stage } = machine;
  const turns = [...turnsIn(stage).values()];

  it('Decide proposes the acts of the table, all of them and no others', () => {
    const met = [...new Set(turns.map(({ act }) => act))].sort();
    expect(met).toEqual(ACTS_OF[stage].filter((act) => act !== OF_THE_FUNCTION).sort());
  });

  it('Decide hands over to every stage that a case may move to, and to no other', () => {
    const targets = new Set(turns.flatMap(({ to }) => to ?? []));
    // A renewal goes to the stage itself and is the function's: an execution grows old, a case does not.
    expect([...targets].sort()).toEqual([...targetsOf(stage)].filter((to) => to !== stage).sort());
  });

  it('every turn has a state', async () => {
    for (const turn of turns) {
      const { name } = await stateFor(machine, turn);
      expect(machine.definition.States[name]?.Type, JSON.stringify(turn)).toBe('Task');
    }
  });
});

it('the table knows every act there is', () => {
  const known = new Set(STAGES.flatMap((stage) => ACTS_OF[stage]));
  expect([...known].sort()).toEqual([...ACTS].sort());
});
