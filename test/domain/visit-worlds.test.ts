import { describe, expect, it } from 'vitest';
import { addDays, DAY, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import { decide } from '../../domain/decide/decide.ts';
import { worldOf } from '../../domain/decide/world.ts';
import type { Account, Case, Contact, Stage } from '../../domain/model.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';

/** Every combination of what a visit depends on: the decider asks for one, announces it or assigns it in exactly those that allow it. */

// Half past six in the evening: whatever is spread over a day is due, and visits may still begin.
const NOW = toMillis('2026-06-01T10:31:00Z');
const TODAY = localDate(NOW, 'Asia/Shanghai');
const ago = (days: number) => toInstant(NOW - days * DAY);
const base = anAccount().overdueBy(0).build();
const governor = aCustomer().build();

const FULL = { days: 3, firstDate: addDays(TODAY, -12), lastDate: addDays(TODAY, -2), evening: true, weekend: true };
const HOLD = { holdId: 'h', kind: 'represented' as const, placedAt: ago(1) };
const PLAN = {
  planId: 'plan-1',
  offerId: 'o',
  kind: 'instalments' as const,
  agreedAt: ago(5),
  channel: 'app',
  status: 'active' as const,
  totalMinor: 3,
  instalments: [{ dueDate: '2026-06-20', amountMinor: 3, status: 'open' as const }],
};
const PROMISE = {
  promiseId: 'p-1',
  taskId: 't-1',
  recordedAt: ago(1),
  amountMinor: 5,
  date: '2026-06-05',
  status: 'open' as const,
};
const visit = (days: number) => ({ taskId: `v-${days}`, at: ago(days), outcome: 'not-home' });

interface Side {
  /** Whether it allows a visit. */
  readonly allows: boolean;
  readonly current?: Partial<Case>;
  readonly account?: Partial<Account>;
}

const STAGES: readonly Side[] = [
  { allows: false, current: { stage: 'plan' } },
  { allows: true, current: { stage: 'field-visit' } },
  { allows: true, current: { stage: 'legal', legal: { noticeContactKeys: [], rejectedAt: ago(1) } } },
];
const TRIES: readonly Side[] = [
  { allows: true, current: { tries: { 'p-voice': FULL } } },
  { allows: false, current: { tries: {} } },
  { allows: false, current: { tries: { 'p-voice': { ...FULL, days: 2 } } } },
  { allows: false, current: { tries: { 'p-voice': { ...FULL, firstDate: addDays(TODAY, -11) } } } },
  { allows: false, current: { tries: { 'p-voice': { ...FULL, evening: false } } } },
  { allows: false, current: { tries: { 'p-voice': { ...FULL, weekend: false } } } },
];
const MESSAGES: readonly Side[] = [1, 2].map((call) => ({ allows: call === 2, current: { sentByStage: { call } } }));
const SPOKEN: readonly Side[] = [
  { allows: true },
  { allows: false, current: { lastConversationAt: ago(13) } },
  { allows: true, current: { lastConversationAt: ago(14) } },
];
const FIRST: Partial<Account> = { facts: { flags: [], timesOverdueLast12Months: 0 } };
const WHO: readonly Side[] = [
  { allows: true, account: { facts: { flags: [], timesOverdueLast12Months: 2 } } },
  { allows: false, account: FIRST },
  { allows: true, account: FIRST, current: { approvals: ['field-visit'] } },
  { allows: false, account: { ...FIRST, flags: ['vulnerable'] }, current: { approvals: ['legal'] } },
  { allows: false, account: { facts: { flags: ['test'], timesOverdueLast12Months: 2 } }, current: { approvals: ['field-visit'] } },
  { allows: false, account: { facts: { flags: [], timesOverdueLast12Months: 2 } }, current: { hardshipAt: ago(40) } },
];
const STOPS: readonly Side[] = [
  { allows: true },
  { allows: false, account: { holds: [HOLD] }, current: { held: true } },
  { allows: false, current: { plan: PLAN } },
  { allows: false, current: { promises: [PROMISE] } },
  { allows: false, current: { quietUntil: toInstant(NOW + DAY) } },
];
const BEFORE: readonly Side[] = [
  { allows: true },
  { allows: false, current: { visits: [visit(29)] } },
  { allows: true, current: { visits: [visit(31)] } },
  { allows: false, current: { visits: [visit(90), visit(31)] } },
  { allows: false, current: { visits: [visit(31)], visitReview: 'unsafe' } },
  { allows: false, current: { refusals: ['visits'] } },
  { allows: false, current: { visitRefusedAt: ago(29) } },
];
/** The days past due, what is owed, and what of the approval there is. */
const DAYS = [60, 61, 95];
const OWED = [499_999, 500_000];
const APPROVED: readonly (Partial<Case> & { readonly act: string })[] = [
  { act: 'ask-for-approval' },
  { act: 'ask-for-approval', visitApprovedAt: ago(8) },
  { act: 'send-message', visitApprovedAt: ago(1) },
  { act: 'assign-visit', visitApprovedAt: ago(4), contacts: [announced(4)] },
];

function announced(days: number): Contact {
  const key = `visit-${localDate(NOW - days * DAY, 'Asia/Shanghai')}_1`;
  return {
    key,
    channel: 'sms',
    contactPointId: 'p-sms',
    template: 'visit-before',
    purpose: 'collection',
    stage: 'field-visit',
    status: 'sent',
    at: ago(days),
    sentAt: ago(days),
  };
}

const VISIT_ACTS = ['ask-for-approval', 'assign-visit'];

function decided(daysPastDue: number, overdueMinor: number, sides: readonly Side[], approved: Partial<Case>) {
  if (base.case === undefined || base.figure === undefined) throw new Error('The base account has a case and a figure');
  const dueDate = addDays(TODAY, -daysPastDue);
  const figure = { ...base.figure, dueDate, overdueMinor, balanceMinor: 1_860_000 };
  const stage: Stage = 'field-visit';
  const entered = { openedAt: ago(60), stage, stageEnteredAt: ago(1), roseOn: TODAY, lastCallEndedAt: ago(1), lastMessageAt: ago(1) };
  const current: Case = Object.assign({}, base.case, entered, ...sides.map((side) => side.current ?? {}), approved);
  const account: Account = Object.assign({}, base, { figure }, ...sides.map((side) => side.account ?? {}), { case: current });
  const { proposal } = decide(worldOf(account, current, governor, aSetting({ now: NOW, governor })));
  return proposal.kind === 'send' && proposal.contact.template === 'visit-before' ? 'visit-before' : proposal.act;
}

describe('every small world', () => {
  it('sees a visit asked for, announced and assigned in exactly those that allow it', () => {
    const reached: Record<string, number> = {};
    let worlds = 0;
    for (const [stage, tries, messages, spoken, who, stop, before] of combinations(STAGES, TRIES, MESSAGES, SPOKEN, WHO, STOPS, BEFORE)) {
      const sides = [stage, tries, messages, spoken, who, stop, before].filter((side) => side !== undefined);
      const refused = sides.filter(({ allows }) => !allows).length;
      for (const daysPastDue of DAYS) {
        for (const owed of OWED) {
          // Below its days a case falls before anything else.
          const least = stage?.current?.stage === 'legal' ? 90 : 61;
          const missing = refused + Number(daysPastDue < least) + Number(owed < 500_000);
          // What two things forbid at once is no closer to a visit than what one does: three are not looked at.
          if (missing > 2) continue;
          for (const { act, ...approved } of APPROVED) {
            worlds += 1;
            const found = decided(daysPastDue, owed, sides, approved);
            const ofVisit = VISIT_ACTS.includes(found) || found === 'visit-before';
            if (ofVisit !== (missing === 0)) expect([found, daysPastDue, owed, sides]).toBe(act);
            if (ofVisit) reached[found] = (reached[found] ?? 0) + 1;
          }
        }
      }
    }
    expect(worlds).toBeGreaterThan(5000);
    expect(Object.keys(reached).sort()).toEqual(['ask-for-approval', 'assign-visit', 'visit-before']);
  });
});

function* combinations(...lists: readonly (readonly Side[])[]): Generator<readonly Side[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const side of first) for (const others of combinations(...rest)) yield [side, ...others];
}
