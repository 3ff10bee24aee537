import type { Item } from '../../audit/stored.ts';
import type { Draft } from '../../domain/entries.ts';
import { GENESIS, type Link, link } from '../../domain/timeline.ts';

/**
 * A table with the timelines of some accounts, as the application writes them: the entries have its own types, so that a member that is
 * renamed there fails to compile here, where the audit reads it by name.
 */
export class TableBuilder {
  readonly #timelines = new Map<string, Link[]>();
  readonly #others: Item[] = [];

  /** @param at an instant, for all entries that follow in this call */
  entries(accountId: string, at: string, ...drafts: readonly Draft[]): this {
    const timeline = this.#timelines.get(accountId) ?? [];
    for (const draft of drafts) timeline.push(link(draft, timeline.length + 1, at, timeline.at(-1)?.hash ?? GENESIS));
    this.#timelines.set(accountId, timeline);
    return this;
  }

  /** The customer's contact points: a mobile number, a work number, an e-mail address and a neighbour's number. */
  customer(customerId: string, wishes: Partial<Record<'windows' | 'inconvenient' | 'optedOut', readonly string[]>> = {}): this {
    const points = [
      { id: 'cp-sms', channel: 'sms', owner: 'self', addressKey: 'phone' },
      { id: 'cp-voice', channel: 'voice', owner: 'self', addressKey: 'phone' },
      { id: 'cp-second', channel: 'voice', owner: 'self', addressKey: 'second' },
      { id: 'cp-work', channel: 'voice', owner: 'work', addressKey: 'work' },
      { id: 'cp-email', channel: 'email', owner: 'self', addressKey: 'email' },
      { id: 'cp-no', channel: 'email', owner: 'self', addressKey: 'refused', consent: false },
      { id: 'cp-work-email', channel: 'email', owner: 'work', addressKey: 'work-email' },
      { id: 'cp-other', channel: 'voice', owner: 'third-party', addressKey: 'other' },
    ];
    const state = { asOf: '2026-03-01T00:00:00Z', points, wishes: { windows: [], inconvenient: [], optedOut: [], ...wishes } };
    this.#others.push({ pk: `CUSTOMER#${customerId}`, sk: 'GOVERNOR', state: JSON.stringify(state) });
    return this;
  }

  /** A fact under the bank's own id. */
  fact(kind: 'attempt' | 'contact', id: string, body: object): this {
    this.#others.push({ pk: `FACT#${kind}#${id}`, sk: '#FACT', body: JSON.stringify(body) });
    return this;
  }

  build(): Item[] {
    const timelines = [...this.#timelines].flatMap(([accountId, links]): Item[] => {
      const pk = `ACCOUNT#${accountId}`;
      const entries = links.map(({ text, hash }, index) => ({ pk, sk: `T#${String(index + 1).padStart(10, '0')}`, entry: text, hash }));
      return [{ pk, sk: '#HEAD', version: links.length, headHash: links.at(-1)?.hash ?? GENESIS }, ...entries];
    });
    return [...timelines, ...this.#others];
  }
}

const cny = (amount: string) => ({ amount, currency: 'CNY' });

export function overdue(change: Partial<Draft<'AccountOverdue'>> = {}): Draft<'AccountOverdue'> {
  const overdueAmount = cny('6250.00');
  return {
    type: 'AccountOverdue',
    customerId: 'cus-1',
    product: 'credit-card',
    dueDate: '2026-02-18',
    overdue: overdueAmount,
    minimumDue: overdueAmount,
    balance: cny('18600.00'),
    asOf: '2026-03-02T01:00:00Z',
    timeZone: 'Asia/Shanghai',
    ...change,
  };
}

export function payment(state: 'posted' | 'pending', change: Partial<Draft<'PaymentReceived'>> = {}): Draft<'PaymentReceived'> {
  const paidAt = change.paidAt ?? '2026-03-06T02:00:00Z';
  return { type: 'PaymentReceived', paymentId: 'pay-1', amount: cny('6250.00'), paidAt, postedAt: paidAt, state, ...change };
}

let messages = 0;

export function message(change: Partial<Draft<'ContactReserved'>> = {}): Draft<'ContactReserved'> {
  messages += 1;
  return {
    type: 'ContactReserved',
    contactId: `m${messages}`,
    key: `step_${messages}`,
    channel: 'sms',
    contactPointId: 'cp-sms',
    template: 'reminder-first',
    purpose: 'collection',
    stage: 'reminder',
    rule: 'CN.HOURS',
    ...change,
  };
}

export function attempt(attemptId: string, expiresAt: string, change: Partial<Draft<'AttemptReserved'>> = {}): Draft<'AttemptReserved'> {
  return {
    type: 'AttemptReserved',
    attemptId,
    channel: 'voice',
    contactPointId: 'cp-voice',
    purpose: 'collection',
    rule: 'CN.HOURS',
    expiresAt,
    ...change,
  };
}

export function outcome(reportedAt: string, change: Partial<Draft<'TaskOutcomeReported'>> = {}): Draft<'TaskOutcomeReported'> {
  return {
    type: 'TaskOutcomeReported',
    taskId: 't-1',
    outcome: 'no-answer',
    by: 'zhang',
    reportedAt,
    onDate: reportedAt.slice(0, 10),
    minutesOfDay: 600,
    contactPointId: 'cp-voice',
    ...change,
  };
}

export function reported(reportedAt: string, change: Partial<Draft<'ContactReported'>> = {}): Draft<'ContactReported'> {
  return {
    type: 'ContactReported',
    contactId: 'rep-1',
    customerId: 'cus-1',
    channel: 'voice',
    direction: 'outbound',
    kind: 'attempt',
    reportedAt,
    onDate: reportedAt.slice(0, 10),
    minutesOfDay: 600,
    actor: 'agency-1',
    outcome: 'no-answer',
    contactPointId: 'cp-voice',
    ungated: true,
    ...change,
  };
}
