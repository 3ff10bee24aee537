import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, toMillis } from '../../domain/calendar.ts';
import { decide } from '../../domain/decide/decide.ts';
import { missingForReferral } from '../../domain/decide/legal.ts';
import { worldOf } from '../../domain/decide/world.ts';
import type { Draft, Entry } from '../../domain/entries.ts';
import { limitationBy, limitationOf } from '../../domain/limitation.ts';
import type { Account, DeliveryStatus, Interruption, InterruptionKind } from '../../domain/model.ts';
import { reduce } from '../../domain/reducer/reduce.ts';
import { anAccount, cny } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';
import { drive } from './drive.ts';

const CN = { jurisdiction: 'CN' };
const THREE_YEARS = { rule: 'X.LIMITATION', years: 3, interruptedBy: ['demand', 'payment'] as const };
const NOW = toMillis('2026-06-01T02:00:00Z');

function told(account: Account, ...entries: readonly { readonly draft: Draft; readonly at: string }[]): Account {
  return entries.reduce((before, { draft, at }) => reduce(before, { caseId: 'acc-1-1', ...draft, at, seq: 0 } as Entry), account);
}

function paid(paymentId: string, day: string): { draft: Draft; at: string } {
  const paidAt = `${day}T02:00:00Z`;
  return { draft: { type: 'PaymentReceived', paymentId, amount: cny('100.00'), paidAt, postedAt: paidAt, state: 'posted' }, at: paidAt };
}

describe('the years of limitation', () => {
  const due = anAccount().with({ dueDate: '2026-02-18' }).build();

  it('run from the due date of the oldest unpaid amount, its day left out', () => {
    expect(limitationOf(due, CN, NOW)).toEqual({ rule: 'CN.LIMITATION', endsOn: '2029-02-18' });
    expect(limitationBy('2024-02-29', [], THREE_YEARS).endsOn).toBe('2027-02-28');
  });

  it('are those of the place where the customer is, the deployment where it is not known', () => {
    const { jurisdiction: _told, ...unknown } = due;
    expect(limitationOf(unknown, { jurisdiction: 'UK' }, NOW)?.endsOn).toBe('2032-02-18');
    expect(limitationOf({ ...due, jurisdiction: 'HK' }, CN, NOW)?.rule).toBe('HK.LIMITATION');
    expect(limitationOf({ ...due, jurisdiction: 'nowhere' }, CN, NOW)).toBeUndefined();
  });

  it('are shortened by an overlay of the bank, for its product', () => {
    const overlays = [{ product: 'credit-card', rule: 'CN.LIMITATION', years: 2 }];
    expect(limitationOf(due, { ...CN, overlays }, NOW)?.endsOn).toBe('2028-02-18');
    expect(limitationOf({ ...due, facts: { flags: [], product: 'loan' } }, { ...CN, overlays }, NOW)?.endsOn).toBe('2029-02-18');
  });

  it('are fewer where the clock tells of a part of the place that has fewer, whatever the bank says of the rest', () => {
    const australian = { ...due, jurisdiction: 'AU', timeZone: 'Australia/Sydney' };
    const darwin = { ...australian, timeZone: 'Australia/Darwin' };
    const overlays = [{ product: '*', rule: 'AU.LIMITATION', years: 5 }];
    expect(limitationOf(australian, CN, NOW)?.endsOn).toBe('2032-02-18');
    expect(limitationOf(darwin, CN, NOW)?.endsOn).toBe('2029-02-18');
    expect(limitationOf(australian, { ...CN, overlays }, NOW)?.endsOn).toBe('2031-02-18');
    expect(limitationOf(darwin, { ...CN, overlays }, NOW)?.endsOn).toBe('2029-02-18');
  });

  it.each([
    { how: 'with a click', agreed: { channel: 'web' }, counts: true },
    { how: 'on paper in a branch', agreed: { channel: 'branch', proofRef: 's3://signed/1' }, counts: true },
    { how: 'by word of mouth in a branch', agreed: { channel: 'branch', proofMissing: true as const }, counts: false },
    { how: 'on the telephone, recorded', agreed: { channel: 'phone', proofRef: 's3://recordings/1' }, counts: false },
    {
      how: 'before the case was taken over',
      agreed: { channel: 'web', takenOver: { importId: 'i', asOf: '2026-05-01T02:00:00Z', paid: cny('0.00') } },
      counts: false,
    },
  ])('run anew from an agreement $how where the law asks for a signature: $counts', ({ agreed, counts }) => {
    const plan = { planId: 'p', offerId: 'o', kind: 'instalments', total: cny('1.00'), instalments: [] } as const;
    const draft: Draft = { type: 'PlanAgreed', ...plan, agreedAt: '2026-05-02T02:00:00Z', ...agreed };
    const account = told(due, { draft, at: '2026-05-02T02:00:00Z' });

    expect(limitationOf({ ...account, jurisdiction: 'UK' }, CN, NOW)?.endsOn).toBe(counts ? '2032-05-02' : '2032-02-18');
    expect(limitationOf(account, CN, NOW)?.endsOn).toBe('2029-05-02');
  });

  it('run anew from what interrupts them there, the last of it', () => {
    const rows: Interruption[] = [
      { kind: 'payment', on: '2028-01-10' },
      { kind: 'demand', on: '2030-12-31' },
    ];
    expect(limitationBy('2026-02-18', rows, THREE_YEARS)).toEqual({
      rule: 'X.LIMITATION',
      endsOn: '2033-12-31',
      interruptedBy: rows[1],
    });
    expect(limitationBy('2026-02-18', rows, { ...THREE_YEARS, interruptedBy: ['payment'] }).endsOn).toBe('2031-01-10');
  });

  it('are not revived once they are over, and what came before the due date does nothing', () => {
    const last: Interruption = { kind: 'payment', on: '2029-02-18' };
    expect(limitationBy('2026-02-18', [last], THREE_YEARS).endsOn).toBe('2032-02-18');
    expect(limitationBy('2026-02-18', [{ ...last, on: '2029-02-19' }], THREE_YEARS).endsOn).toBe('2029-02-18');
    expect(limitationBy('2026-02-18', [{ ...last, on: '2026-02-17' }], THREE_YEARS)).not.toHaveProperty('interruptedBy');
  });
});

describe('what the timeline says of the limitation', () => {
  const account = anAccount().build();

  it('is a payment, until it is reversed', () => {
    const one = told(account, paid('pay-1', '2026-03-05'));
    expect(limitationOf(one, CN, NOW)).toMatchObject({ endsOn: '2029-03-05', interruptedBy: { kind: 'payment', on: '2026-03-05' } });
    const reversal: Draft = { type: 'PaymentReversed', paymentId: 'pay-1', reversedAt: '2026-03-09T02:00:00Z' };
    expect(limitationOf(told(one, { draft: reversal, at: '2026-03-09T02:00:00Z' }), CN, NOW)).not.toHaveProperty('interruptedBy');
  });

  it('is a promise, an agreement, a conversation and a demand that arrived, and no attempt that reached nobody', () => {
    const answered = (outcome: string): Draft => ({
      type: 'TaskOutcomeReported',
      taskId: 't',
      outcome,
      by: 'c',
      reportedAt: '2026-03-20T02:00:00Z',
      onDate: '2026-03-20',
      minutesOfDay: 600,
      contactPointId: 'cp-2',
    });
    const kindAfter = (draft: Draft) => told(account, { draft, at: '2026-03-20T02:00:00Z' }).interruptions?.map(({ kind }) => kind);
    expect(kindAfter(answered('refused'))).toEqual(['demand']);
    for (const outcome of ['no-answer', 'third-party-answered', 'deceased', 'approve'])
      expect(kindAfter(answered(outcome))).toBeUndefined();
    const promise: Draft = { type: 'PromiseRecorded', promiseId: 'p', taskId: 't', amount: cny('1.00'), date: '2026-03-25' };
    expect(kindAfter(promise)).toEqual(['promise']);
    const reported: Draft = {
      type: 'ContactReported',
      contactId: 'con-1',
      customerId: 'cus-1',
      channel: 'voice',
      direction: 'outbound',
      kind: 'conversation',
      reportedAt: '2026-03-20T02:00:00Z',
      onDate: '2026-03-20',
      minutesOfDay: 600,
      actor: 'agency-7',
      outcome: 'refused',
    };
    expect(kindAfter(reported)).toEqual(['demand']);
    expect(kindAfter({ ...reported, customerId: 'cus-9' })).toBeUndefined();
    expect(kindAfter({ ...reported, direction: 'inbound' })).toBeUndefined();
  });

  it('is a message that was reported as delivered, and the service of the notice', () => {
    const driver = drive(anAccount().overdueBy(95)).runDays(40);
    const kinds = driver.world().account.interruptions?.map(({ kind }) => kind);
    expect(driver.entriesOf('LegalNoticeServed').length).toBe(1);
    expect(kinds).toContain('demand');
  });

  it('is no demand that came back, however late that is known', () => {
    const owing = anAccount().overdueBy(30).build();
    const message = {
      caseId: owing.case?.caseId ?? '',
      contactId: 'm-1',
      key: 'k-1',
      channel: 'email',
      template: 'reminder-first',
    } as const;
    const at = '2026-03-20T02:00:00Z';
    const reserved: Draft = {
      type: 'ContactReserved',
      ...message,
      contactPointId: 'cp-3',
      purpose: 'collection',
      stage: 'reminder',
      rule: 'r',
    };
    const sent: Draft = { type: 'ContactSent', ...message, locale: 'zh-CN', bodyHash: 'h', providerRef: 'p', onDate: '2026-03-20' };
    const gone = told(owing, { draft: reserved, at }, { draft: sent, at });
    const report = (status: DeliveryStatus, reportedAt: string) => ({
      draft: { type: 'DeliveryReported', ...message, status, reportedAt, how: 'provider' } satisfies Draft,
      at: '2026-05-01T02:00:00Z',
    });
    const [arrived, back] = [report('delivered', '2026-03-21T02:00:00Z'), report('returned', '2026-04-02T02:00:00Z')];
    const again = report('delivered', '2026-04-03T02:00:00Z');

    expect(told(gone, arrived).interruptions).toEqual([{ kind: 'demand', on: '2026-03-21' }]);
    for (const reports of [[arrived, back], [back, arrived], [back]]) expect(told(gone, ...reports).interruptions ?? []).toEqual([]);
    expect(told(gone, arrived, back, again).interruptions).toEqual([{ kind: 'demand', on: '2026-04-03' }]);
  });

  it('is kept in a few rows without a gap that was not there', () => {
    const kinds: readonly InterruptionKind[] = ['demand', 'payment', 'promise'];
    const days = fc.array(fc.record({ day: fc.integer({ min: 0, max: 365 * 12 }), kind: fc.constantFrom(...kinds) }), { maxLength: 60 });
    fc.assert(
      fc.property(days, fc.subarray([...kinds]), (rows, interruptedBy) => {
        const all = rows.map(({ day, kind }) => ({ kind, on: addDays('2026-02-18', day) }));
        const folded = all.reduce((before, { kind, on }) => {
          const at = `${on}T02:00:00Z`;
          if (kind === 'payment') return told(before, paid(`pay-${on}`, on));
          const by: Draft =
            kind === 'promise'
              ? { type: 'PromiseRecorded', promiseId: 'p', taskId: 't', amount: cny('1.00'), date: on }
              : { type: 'LegalNoticeServed', contactIds: [], how: 'reported' };
          return told(before, { draft: by, at });
        }, account);
        const sorted = [...all].sort((one, other) => (one.on < other.on ? -1 : 1));
        const provision = { ...THREE_YEARS, interruptedBy };
        expect(limitationBy('2026-02-18', folded.interruptions ?? [], provision).endsOn).toBe(
          limitationBy('2026-02-18', sorted, provision).endsOn,
        );
        expect(folded.interruptions?.length ?? 0).toBeLessThanOrEqual(13 * kinds.length * 2);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a suit', () => {
  const legal = {
    noticeContactKeys: [],
    intentConfirmedBy: 'a',
    intentConfirmedAt: '2026-05-01T02:00:00Z',
    noticeServedAt: '2026-05-02T02:00:00Z',
    evidenceHash: 'e',
    evidenceAt: '2026-05-20T02:00:00Z',
    approvedBy: 'b',
  };
  const ready = anAccount().overdueBy(100).build();

  function worldAt(dueDate: string, change: Partial<Account> = {}, deployment = {}, current: object = {}) {
    const { figure } = ready;
    if (figure === undefined || ready.case === undefined) throw new Error('The account has a case and a figure');
    const planOfferedAt = '2026-04-01T02:00:00Z';
    // The core was advised of the old debt before.
    const account = { ...ready, advised: { 'charge-off-review': ready.case.caseId }, figure: { ...figure, dueDate }, ...change };
    const governor = aCustomer().build();
    return worldOf(
      account,
      { ...ready.case, stage: 'legal', writtenDemands: 2, planOfferedAt, legal, ...current },
      governor,
      aSetting({ now: NOW, governor, deployment }),
    );
  }

  it('is proposed until the last day of the limitation, and not on the day after it', () => {
    const lastDay = addMonths('2026-06-01', -36);
    expect(decide(worldAt(lastDay)).proposal.act).toBe('refer');
    const late = decide(worldAt(addDays(lastDay, -1)));
    expect(late.proposal.act).not.toBe('refer');
    expect(late.next.why).toContain('the debt is time-barred since 2026-05-31');
  });

  it('that would come too late leaves calls and messages as they are', () => {
    const driver = drive(anAccount().overdueBy(3 * 365 + 60)).runDays(60);
    const entered = driver.entriesOf('StageEntered').find((entry) => entry.stage === 'legal');
    expect(driver.case.stage).toBe('legal');
    expect(driver.entriesOf('TaskOpened').filter(({ queue }) => queue === 'legal-review')).toEqual([]);
    expect(driver.sent.filter(({ stage, at }) => stage === 'legal' && at > (entered?.at ?? '')).length).toBeGreaterThan(0);
    expect(driver.entriesOf('TaskOpened').filter(({ queue, stage }) => queue === 'call' && stage === 'legal').length).toBeGreaterThan(0);
    expect(driver.decision().next.why).toContain('No suit yet: the debt is time-barred since');
    driver.check();
  });

  it('waits for the days that the law of the place asks for where these are more than the ladder', () => {
    const served = (days: number) => ({ legal: { ...legal, noticeServedAt: addDays('2026-06-01', -days).concat('T02:00:00Z') } });
    const british = { jurisdiction: 'UK' };
    expect(missingForReferral(worldAt('2026-02-01', british, {}, served(30)))).toEqual(['the notice period runs']);
    expect(missingForReferral(worldAt('2026-02-01', british, {}, served(31)))).toEqual([]);
    expect(missingForReferral(worldAt('2026-02-01', {}, {}, served(16)))).toEqual([]);
  });

  it('is out of the question while a hold lasts, and for whom a named person must approve it first', () => {
    const hold = { holdId: 'h', kind: 'deceased' as const, placedAt: '2026-05-30T02:00:00Z' };
    expect(missingForReferral(worldAt('2026-02-01', { holds: [hold] }))).toEqual(['the customer has died']);
    expect(missingForReferral(worldAt('2026-02-01', { holds: [{ ...hold, kind: 'manual' }] }))).toEqual(['a hold (manual) stops it']);
    const words: [Partial<Account>, object, string][] = [
      [{ flags: ['vulnerable'] }, {}, 'the customer is vulnerable'],
      [{}, { hardshipAt: '2026-05-01T02:00:00Z' }, 'the customer is in hardship'],
      [{ facts: { flags: [], timesOverdueLast12Months: 0 } }, {}, 'it is the first time that the customer is overdue'],
    ];
    for (const [change, current, why] of words) {
      const missing = [`${why}, and no named person approved considering a suit`];
      expect(missingForReferral(worldAt('2026-02-01', change, {}, current))).toEqual(missing);
      expect(missingForReferral(worldAt('2026-02-01', change, {}, { ...current, approvals: ['legal'] }))).toEqual([]);
      expect(decide(worldAt('2026-02-01', change, {}, current)).next.why).toContain(why);
    }
  });
});
