import { describe, expect, it } from 'vitest';
import { audit, isClean, toText } from '../../audit/report.ts';
import type { Draft } from '../../domain/entries.ts';
import type { DeliveryStatus } from '../../domain/model.ts';
import { message, overdue, payment, TableBuilder } from './table.ts';

/** Whether a suit has its gates on the timeline: one that has all of them, and the same with one thing changed. */

const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: false } as const;
const CASE = { caseId: 'c-1' };
const HASH = 'ab'.repeat(32);
const REF = 's3://evidence/c-1/30.jsonl';

interface Told {
  readonly at: string;
  readonly drafts: readonly Draft[];
}

function sent(at: string, purpose: 'collection' | 'formal-notice', contactId: string): Told {
  const channel = 'email';
  const reserved = message({ ...CASE, contactId, purpose, channel, contactPointId: `cp-${channel}` });
  const { key, template } = reserved;
  const left: Draft = {
    type: 'ContactSent',
    ...CASE,
    contactId,
    key,
    channel,
    template,
    locale: 'zh-CN',
    bodyHash: 'h',
    providerRef: 'p',
    onDate: at.slice(0, 10),
  };
  return { at, drafts: [reserved, left] };
}

const one = (at: string, draft: Draft): Told => ({ at, drafts: [{ ...CASE, ...draft } as Draft] });
const report = (at: string, contactId: string, status: DeliveryStatus): Told =>
  one(at, { type: 'DeliveryReported', contactId, key: contactId, channel: 'email', status, reportedAt: at, how: 'provider' });
const stage = (at: string, name: 'legal' | 'plan', onDate: string): Told =>
  one(at, { type: 'StageEntered', stage: name, why: 'days past due', onDate, rise: true });

/** Due on 18 February 2026, in the legal stage on 20 May, notice on 22 May, referred on 7 June; each step by its name. */
const STEPS: Readonly<Record<string, Told>> = {
  overdue: { at: '2026-03-02T02:00:00Z', drafts: [overdue()] },
  opened: one('2026-03-02T02:00:00Z', {
    type: 'JourneyOpened',
    customerId: 'cus-1',
    overdue: { amount: '6250.00', currency: 'CNY' },
    dueDate: '2026-02-18',
    onDate: '2026-03-02',
    policy: 'ladder/2',
  }),
  firstDemand: sent('2026-03-09T04:00:00Z', 'collection', 'd-1'),
  secondDemand: sent('2026-03-16T04:00:00Z', 'collection', 'd-2'),
  offer: one('2026-03-20T04:00:00Z', { type: 'PlanOffered', offerIds: [], how: 'message' }),
  stage: stage('2026-05-20T02:00:00Z', 'legal', '2026-05-20'),
  intent: one('2026-05-21T02:00:00Z', { type: 'IntentConfirmed', taskId: 't-1', by: 'wang' }),
  notice: sent('2026-05-22T02:00:00Z', 'formal-notice', 'n-1'),
  arrived: report('2026-05-22T02:30:00Z', 'n-1', 'delivered'),
  served: one('2026-05-22T03:00:00Z', { type: 'LegalNoticeServed', contactIds: ['n-1'], how: 'reported' }),
  evidence: one('2026-06-07T02:00:00Z', {
    type: 'EvidenceAssembled',
    upTo: 12,
    headHash: HASH,
    manifestHash: HASH,
    packRef: REF,
    lines: 9,
    bytes: 900,
  }),
  approval: one('2026-06-07T03:00:00Z', { type: 'ReferralApproved', taskId: 't-2', by: 'li' }),
  referral: one('2026-06-07T04:00:00Z', { type: 'LegalReferred', approvedBy: 'li', evidenceHash: HASH, evidenceRef: REF }),
};

/** @param change steps that are otherwise; undefined leaves one out */
function reportOf(change: Readonly<Record<string, Told | undefined>> = {}, deployment: Parameters<typeof audit>[1] = DEPLOYMENT) {
  const steps = Object.values({ ...STEPS, ...change }).filter((step) => step !== undefined);
  const table = new TableBuilder().customer('cus-1');
  for (const { at, drafts } of steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) table.entries('acc-1', at, ...drafts);
  return audit(table.build(), deployment);
}

const missing = (change: Readonly<Record<string, Told | undefined>>, deployment?: Parameters<typeof audit>[1]): string[] =>
  reportOf(change, deployment).referrals.problems.map(({ why }) => why);

describe('an audit of a suit that was handed over', () => {
  it('finds nothing against one with all its gates', () => {
    const report = reportOf();
    expect(report.referrals).toEqual({ count: 1, problems: [] });
    expect(reportOf({ referral: undefined }).referrals.count).toBe(0);
  });

  it.each([
    ['a demand', { secondDemand: undefined }, '1 written demands arrived, 2 are asked for'],
    ['an offer', { offer: undefined }, 'no arrangement was offered'],
    ['the stage', { stage: stage('2026-05-20T02:00:00Z', 'plan', '2026-05-20') }, 'the case was not in the legal stage'],
    ['an intent', { intent: undefined }, 'no named person confirmed the intent'],
    [
      'a name',
      { intent: one('2026-05-21T02:00:00Z', { type: 'IntentConfirmed', taskId: 't', by: '' }) },
      'no named person confirmed the intent',
    ],
    ['service', { served: undefined }, 'no formal notice was served after the intent'],
    ['evidence', { evidence: undefined }, 'no evidence was assembled after the notice'],
    ['approval', { approval: undefined }, 'no named person approved this evidence'],
  ])('says of one without %s what is missing', (_name, change, why) => {
    expect(missing(change)).toContain(why);
  });

  it('says of steps in another order what is missing', () => {
    expect(missing({ approval: { ...(STEPS.approval as Told), at: '2026-06-06T02:00:00Z' } })).toEqual([
      'no named person approved this evidence',
    ]);
    expect(missing({ intent: { ...(STEPS.intent as Told), at: '2026-05-23T02:00:00Z' } })).toEqual([
      'no formal notice was served after the intent',
    ]);
  });

  it('counts a demand only once it arrived: by a report, or by 72 hours without one that says otherwise', () => {
    const short = ['1 written demands arrived, 2 are asked for'];
    expect(missing({ bounced: report('2026-03-18T04:00:00Z', 'd-2', 'bounced') })).toEqual(short);
    expect(missing({ failed: report('2026-03-18T04:00:00Z', 'd-2', 'failed') })).toEqual(short);
    expect(missing({ taken: report('2026-03-18T04:00:00Z', 'd-2', 'accepted') })).toEqual([]);
    const mended = {
      failed: report('2026-03-18T04:00:00Z', 'd-2', 'failed'),
      delivered: report('2026-03-17T04:00:00Z', 'd-2', 'delivered'),
    };
    expect(missing(mended)).toEqual([]);
    const late = (at: string) => ({ secondDemand: sent(at, 'collection', 'd-2') });
    expect(missing(late('2026-06-04T04:00:00Z'))).toEqual([]);
    expect(missing(late('2026-06-04T04:00:01Z'))).toEqual(short);
  });

  it('takes a notice for served only where the record shows its arrival', () => {
    const why = ['no formal notice arrived by the time that it counted as served'];
    expect(missing({ arrived: undefined })).toEqual(why);
    expect(missing({ back: report('2026-05-23T02:00:00Z', 'n-1', 'returned') })).toEqual(why);
    expect(missing({ arrived: report('2026-05-22T02:30:00Z', 'd-1', 'delivered') })).toEqual(why);
  });

  it('counts whole local days between notice and referral, as many as the place asks for', () => {
    const served = { ...(STEPS.served as Told), at: '2026-05-22T16:00:00Z' };
    expect(missing({ served })).toEqual(['14 whole days lie between notice and referral, 15 are asked for']);
    const british = { ...DEPLOYMENT, jurisdiction: 'UK' };
    expect(missing({}, british)).toEqual(['15 whole days lie between notice and referral, 30 are asked for']);
  });

  it('compares what was handed over with what was assembled', () => {
    const other: Draft = { type: 'LegalReferred', approvedBy: 'li', evidenceHash: 'cd'.repeat(32), evidenceRef: REF };
    expect(missing({ referral: one('2026-06-07T04:00:00Z', other) })).toEqual(['other evidence was handed over']);
  });

  it('knows of holds, and of the days that they took away', () => {
    const hold: Draft = { type: 'HoldPlaced', holdId: 'h-1', kind: 'dispute', placedAt: '2026-04-01T02:00:00Z' };
    const release: Draft = { type: 'HoldReleased', holdId: 'h-1', releasedAt: '2026-05-01T02:00:00Z' };
    const [placed, released] = [one('2026-04-01T02:00:00Z', hold), one('2026-05-01T02:00:00Z', release)];
    expect(missing({ placed })).toEqual(['a hold (dispute) was in force', '109 days past due, 67 of them stopped; 90 are asked for']);
    expect(missing({ placed, released })).toEqual(['109 days past due, 30 of them stopped; 90 are asked for']);
    expect(missing({ placed: one('2026-04-01T02:00:00Z', { ...hold, kind: 'cease-contact' }), released })).toEqual([]);
  });

  it('knows until when a suit is in time, and what starts the years anew', () => {
    const old = { overdue: { at: '2026-03-02T02:00:00Z', drafts: [overdue({ dueDate: '2023-06-06' })] } };
    expect(missing(old)).toEqual([]);
    const older = { overdue: { at: '2026-03-02T02:00:00Z', drafts: [overdue({ dueDate: '2023-05-01' })] } };
    // The served notice came after the years were over: it revives nothing.
    expect(missing(older)).toEqual(['the debt was time-barred since 2026-05-01']);
    const paid = {
      at: '2026-04-10T02:00:00Z',
      drafts: [payment('posted', { paidAt: '2026-04-10T02:00:00Z', amount: { amount: '1.00', currency: 'CNY' } })],
    };
    expect(missing({ ...older, paid })).toEqual([]);
    expect(missing({ ...older, paid }, { ...DEPLOYMENT, jurisdiction: 'EU' })).toEqual(['the debt was time-barred since 2026-05-01']);
  });

  it('knows of the shorter years of a bank, for all products or for one', () => {
    const old = { overdue: { at: '2026-03-02T02:00:00Z', drafts: [overdue({ dueDate: '2024-05-01' })] } };
    const with2 = (product?: string) => ({
      ...DEPLOYMENT,
      fewerYears: [{ rule: 'CN.LIMITATION', years: 2, ...(product === undefined ? {} : { product }) }],
    });
    expect(missing(old)).toEqual([]);
    expect(missing(old, with2())).toEqual(['the debt was time-barred since 2026-05-01']);
    expect(missing(old, with2('credit-card'))).toEqual(['the debt was time-barred since 2026-05-01']);
    expect(missing(old, with2('loan'))).toEqual([]);
    expect(missing(old, { ...DEPLOYMENT, fewerYears: [{ rule: 'UK.LIMITATION', years: 1 }] })).toEqual([]);
  });

  it('knows where only a signature starts the years anew, and where there are fewer of them', () => {
    const dated = (dueDate: string, timeZone = 'Asia/Shanghai') => ({
      overdue: { at: '2026-03-02T02:00:00Z', drafts: [overdue({ dueDate, timeZone })] },
    });
    const agreed = (channel: string): Told =>
      one('2026-04-10T02:00:00Z', {
        type: 'PlanAgreed',
        planId: 'p-1',
        offerId: 'o-1',
        kind: 'instalments',
        agreedAt: '2026-04-10T02:00:00Z',
        channel,
        total: { amount: '1.00', currency: 'CNY' },
        instalments: [],
      });
    const [singapore, australia] = ['SG', 'AU'].map((jurisdiction) => ({ ...DEPLOYMENT, jurisdiction }));
    const barred = 'the debt was time-barred since 2026-05-01';
    expect(missing({ ...dated('2020-05-01'), agreed: agreed('phone') }, singapore)).toContain(barred);
    expect(missing({ ...dated('2020-05-01'), agreed: agreed('web') }, singapore)).not.toContain(barred);
    expect(missing(dated('2023-05-01', 'Australia/Darwin'), australia)).toContain(barred);
    expect(missing(dated('2023-05-01', 'Australia/Sydney'), australia)).not.toContain(barred);
  });

  it('takes for a demand that starts the years anew only one that the customer had', () => {
    const older = { overdue: { at: '2026-03-02T02:00:00Z', drafts: [overdue({ dueDate: '2023-05-01' })] } };
    const barred = ['the debt was time-barred since 2026-05-01'];
    const reached = report('2026-03-16T05:00:00Z', 'd-2', 'delivered');
    const talk = (customerId: string): Told =>
      one('2026-04-10T02:00:00Z', {
        type: 'ContactReported',
        contactId: 'con-1',
        customerId,
        channel: 'voice',
        direction: 'outbound',
        kind: 'conversation',
        reportedAt: '2026-04-10T02:00:00Z',
        onDate: '2026-04-10',
        minutesOfDay: 600,
        actor: 'agency-7',
        outcome: 'refused',
      });
    expect(missing({ ...older, reached })).toEqual([]);
    // A third demand, so that two are left where that one is none.
    const others = { ...older, thirdDemand: sent('2026-03-18T04:00:00Z', 'collection', 'd-3'), reached };
    expect(missing({ ...others, back: report('2026-03-19T05:00:00Z', 'd-2', 'bounced') })).toEqual(barred);
    expect(missing({ ...older, talk: talk('cus-1') })).toEqual([]);
    expect(missing({ ...older, talk: talk('cus-9') })).toEqual(barred);
  });

  it('tells a person which account and entry it is about', () => {
    const report = reportOf({ offer: undefined });
    expect(isClean(report)).toBe(false);
    expect(toText(report)).toMatch(
      /Suits handed over: 1; what their timelines do not show: 1\n {2}acc-1 {2}entry 15 .*no arrangement was offered/,
    );
  });
});
