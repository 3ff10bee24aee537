import { describe, expect, it } from 'vitest';
import { DAY, toInstant } from '../../domain/calendar.ts';
import type { Entry } from '../../domain/entries.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer, aPoint } from '../builders/customer.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';
import { type Root, walkAll } from './walker.ts';
import { NOTHING, unproven, type Witness, witnessed } from './witness.ts';

/** How often something else than the ordinary happens on one way; more with `WALK_OTHERS`, each costs some thirty times the one before. */
const OTHERS = Number(process.env.WALK_OTHERS ?? 1);

const ROOTS: readonly Root[] = [
  { name: 'an account', account: anAccount().overdueBy(75), numbers: ['p-voice'] },
  { name: 'a first-timer', account: anAccount().overdueBy(75).firstTimer(), numbers: ['p-voice'] },
  {
    name: 'a customer with two numbers',
    account: anAccount().overdueBy(62),
    change: {
      governor: aCustomer()
        .withPoints(aPoint('voice', { id: 'p-voice2' }))
        .build(),
    },
    numbers: ['p-voice', 'p-voice2'],
  },
  {
    name: 'an account that is not taken to court at once',
    account: anAccount().overdueBy(75),
    numbers: ['p-voice'],
    ordinarily: { 'approve-referral': 'return' },
  },
];

describe('an exhaustive walk', () => {
  it.each(ROOTS)('of $name reaches no visit and no referral that its timeline does not prove', { timeout: 3_600_000 }, (root) => {
    const walked = walkAll(root, OTHERS);
    expect(walked.unproven.slice(0, 5)).toEqual([]);
    // A walk that reaches none proves nothing.
    expect(walked.states).toBeGreaterThan(500);
    for (const reached of [walked.asked, walked.assigned, walked.setOut, walked.turnedBack, walked.referred])
      expect(reached).toBeGreaterThan(0);
    if (process.env.WALK_OTHERS !== undefined) process.stdout.write(`${root.name}: ${JSON.stringify(walked)}\n`);
  });
});

/** The entries of a visit and a suit that went the ordinary way, with the visit's people and their setting out. */
function ordinary(): readonly Entry[] {
  const driver = drive(anAccount().overdueBy(75), patientDesk()).runDays(60);
  const visit = driver.entriesOf('TaskOpened').find(({ objective }) => objective === 'visit');
  const { taskId = '', at = '', seq = 0 } = visit ?? {};
  const setOut = { channel: 'visit', contactPointId: 'p-visit', purpose: 'collection', rule: 'r', expiresAt: at } as const;
  const staff: Entry = { type: 'VisitAssigned', taskId, staff: ['a', 'b'], seq, at };
  const attempt: Entry = { type: 'AttemptReserved', attemptId: 'x', taskId, ...setOut, seq, at };
  return driver.entries.flatMap((entry) => (entry === visit || entry.seq === seq ? [entry, staff, attempt] : [entry]));
}

function lacking(entries: readonly Entry[]): string[] {
  let witness: Witness = NOTHING;
  return entries.flatMap((entry) => {
    const missing = unproven(witness, entry, ['p-voice']);
    witness = witnessed(witness, entry);
    return missing;
  });
}

describe('the proof that the walk asks for', () => {
  const entries = ordinary();
  const without = (drop: (entry: Entry) => boolean) => lacking(entries.filter((entry) => !drop(entry)));
  const with_ = (extra: Entry) => {
    const at = entries.findIndex((entry) => entry.type === 'TaskOpened' && entry.objective === 'approve-visit');
    return lacking(entries.toSpliced(at, 0, extra));
  };
  const now = entries.find((entry) => entry.type === 'TaskOpened' && entry.objective === 'approve-visit')?.at ?? '';

  it('is on the timeline of the ordinary way', () => {
    expect(lacking(entries)).toEqual([]);
  });

  it.each<[string, (entry: Entry) => boolean, string]>([
    ['calls', (entry) => entry.type === 'TaskOutcomeReported' && entry.outcome === 'no-answer', 'p-voice: three days'],
    ['evening calls', (entry) => entry.type === 'TaskOutcomeReported' && entry.minutesOfDay >= 1080, 'p-voice: an evening'],
    ['messages', (entry) => entry.type === 'ContactSent', 'two messages that arrived or came back'],
    ['an approval', (entry) => entry.type === 'VisitApproved', 'an approval'],
    ['people', (entry) => entry.type === 'VisitAssigned', 'two people'],
    ['an offer', (entry) => entry.type === 'PlanOffered', 'an offer'],
    ['an intent', (entry) => entry.type === 'IntentConfirmed', 'an intent in this suit'],
    ['a notice', (entry) => entry.type === 'LegalNoticeServed', 'a notice after the intent'],
    ['evidence', (entry) => entry.type === 'EvidenceAssembled', 'evidence after the notice'],
    ['counsel', (entry) => entry.type === 'ReferralApproved', 'an approval of that evidence'],
  ])('misses %s where there are none', (_name, drop, missing) => {
    expect(without(drop)).toContain(missing);
  });

  it.each<[string, Entry, string]>([
    ['a hold', { type: 'HoldPlaced', holdId: 'h', kind: 'manual', placedAt: now, seq: 0, at: now }, 'no hold'],
    [
      'a visit of the week before',
      { type: 'VisitReported', taskId: 't', outcome: 'not-home', seq: 0, at: now },
      '30 days since the last visit or refusal',
    ],
    ['hardship', { type: 'HardshipReported', taskId: 't', seq: 0, at: now }, 'a named person’s word'],
    [
      'a payment',
      {
        type: 'PaymentReceived',
        paymentId: 'p',
        amount: { amount: '1250.01', currency: 'CNY' },
        paidAt: now,
        postedAt: toInstant(Date.parse(now) - DAY),
        state: 'posted',
        seq: 0,
        at: now,
      },
      'CNY 5,000 overdue',
    ],
  ])('is no proof with %s', (_name, extra, missing) => {
    expect(with_(extra)).toContain(missing);
  });
});
