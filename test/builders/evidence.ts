import type { Draft, Entry } from '../../domain/entries.ts';
import type { KeptText } from '../../domain/evidence/contacts.ts';
import { EvidenceBuilder } from '../../domain/evidence/evidence.ts';
import type { SealedPack } from '../../domain/evidence/pack.ts';
import { GENESIS, link, sha256 } from '../../domain/timeline.ts';
import { cny } from './account.ts';
import { aSetting } from './setting.ts';

/** A timeline written by hand, and the evidence pack that is built from it. */

export interface Told {
  readonly at: string;
  readonly draft: Draft;
}

const CASE = { caseId: 'acc-1-1' };

export function opened(at = '2026-03-02T01:30:00Z'): Told[] {
  const overdue: Draft = {
    type: 'AccountOverdue',
    customerId: 'cus-1',
    product: 'credit-card',
    dueDate: '2026-02-18',
    overdue: cny('6250.00'),
    minimumDue: cny('6250.00'),
    balance: cny('18600.00'),
    asOf: '2026-03-02T01:00:00Z',
    timeZone: 'Asia/Shanghai',
  };
  const opening: Draft = {
    type: 'JourneyOpened',
    ...CASE,
    customerId: 'cus-1',
    overdue: cny('6250.00'),
    dueDate: '2026-02-18',
    onDate: '2026-03-02',
    policy: 'ladder/2',
  };
  return [
    { at, draft: overdue },
    { at, draft: opening },
  ];
}

export function textOf(key: string): KeptText {
  return { subject: `您的账户 ${key}`, body: `请还款 ${key} — “6,250.00”`, salt: `salt-${key}` };
}

/** A message that was reserved, sent and reported as delivered. */
export function message(
  key: string,
  at: string,
  change: { readonly purpose?: 'collection' | 'formal-notice'; readonly delivered?: string } = {},
): Told[] {
  const { purpose = 'collection', delivered } = change;
  const contact = { ...CASE, contactId: `acc-1-1-${key}`, key, channel: 'email', template: 'reminder-first' } as const;
  const { subject, body, salt } = textOf(key);
  const sent: Draft = {
    type: 'ContactSent',
    ...contact,
    locale: 'zh-CN',
    bodyHash: sha256(`${salt}\n${subject ?? ''}\n${body}`),
    providerRef: `ses-${key}`,
    onDate: at.slice(0, 10),
  };
  const report = { status: 'delivered', how: 'provider', proofRef: `proof-${key}` } as const;
  return [
    { at, draft: { type: 'ContactReserved', ...contact, contactPointId: 'cp-3', purpose, stage: 'legal', rule: 'HOUSE.OK' } },
    { at, draft: sent },
    ...(delivered === undefined
      ? []
      : [{ at: delivered, draft: { type: 'DeliveryReported', ...contact, ...report, reportedAt: delivered } satisfies Draft }]),
  ];
}

export function payment(paymentId: string, at: string, amount = '100.00'): Told {
  return { at, draft: { type: 'PaymentReceived', paymentId, amount: cny(amount), paidAt: at, postedAt: at, state: 'posted' } };
}

/** A case with messages, a recorded call, payments of which one was reversed, a served notice, and a message that another account led. */
export function aLegalTimeline(): Told[] {
  const call: Draft = {
    type: 'TaskOutcomeReported',
    ...CASE,
    taskId: 'acc-1-1-t1',
    outcome: 'refused',
    by: 'collector-7',
    reportedAt: '2026-03-20T02:00:00Z',
    onDate: '2026-03-20',
    minutesOfDay: 600,
    contactPointId: 'cp-2',
    recordingRef: `rec-1#sha256=${'ab'.repeat(32)}`,
    evidence: ['letter-1'],
  };
  return [
    ...opened(),
    ...message('first', '2026-03-03T02:00:00Z', { delivered: '2026-03-03T02:01:00Z' }),
    payment('pay-1', '2026-03-10T02:00:00Z', '250.00'),
    { at: '2026-03-12T02:00:00Z', draft: { type: 'PaymentReversed', paymentId: 'pay-1', reversedAt: '2026-03-12T01:00:00Z' } },
    { at: '2026-03-20T02:05:00Z', draft: call },
    ...message('second', '2026-03-25T02:00:00Z'),
    payment('pay-2', '2026-04-01T02:00:00Z', '1000.00'),
    ...message('notice', '2026-05-30T02:00:00Z', { purpose: 'formal-notice', delivered: '2026-05-30T02:01:00Z' }),
    {
      at: '2026-05-30T02:02:00Z',
      draft: { type: 'LegalNoticeServed', ...CASE, contactIds: ['acc-1-1-notice'], how: 'reported' },
    },
    {
      at: '2026-05-30T02:02:00Z',
      draft: { type: 'ContactShared', ...CASE, contactId: 'acc-2-1-m', channel: 'email', ledBy: 'acc-2', sentAt: '2026-05-30T02:02:00Z' },
    },
  ];
}

export function packOf(told: readonly Told[], texts: readonly string[] = ['first', 'notice']): SealedPack {
  let previous = GENESIS;
  const links = told.map(({ at, draft }, index) => {
    const next = link(draft, index + 1, at, previous);
    previous = next.hash;
    return next;
  });
  const subject = { accountId: 'acc-1', customerId: 'cus-1', ...CASE, upTo: links.length, headHash: previous };
  const builder = new EvidenceBuilder(subject, aSetting().deployment);
  for (const { text, hash } of links) builder.take(JSON.parse(text) as Entry & { previousHash: string }, hash);
  return builder.seal(new Map(texts.map((key) => [key, textOf(key)])));
}
