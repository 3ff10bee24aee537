import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../../domain/calendar.ts';
import type { ContactRow } from '../../../domain/customer.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import type { Account, Case, Task } from '../../../domain/model.ts';
import { onContactShared } from '../../../domain/reducer/contacts.ts';
import { leaderOf, listedWith, sharedWith } from '../../../domain/strategy/accounts.ts';
import { failedInARow } from '../../../domain/strategy/channels.ts';
import { textOf } from '../../../domain/strategy/texts.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

/** Noon in Shanghai. */
const NOW = toMillis('2026-06-01T04:00:00Z');

interface Owing {
  readonly id: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly change?: Partial<Case>;
}

function owing({ id, amount = '500.00', currency = 'CNY', change = {} }: Owing): Account {
  const account = anAccount().at(toInstant(NOW)).called(id).owing(amount, amount, currency).overdueBy(4).build();
  if (account.case === undefined) throw new Error('The builder opens a case');
  return { ...account, case: { ...account.case, ...change } };
}

/** How the first of a customer's accounts sees the others. */
function seenBy(own: Owing, ...others: readonly Owing[]): World {
  const account = owing(own);
  const governor = aCustomer().build();
  const rest = others.map((other) => ({ account: owing(other), version: 1 }));
  return worldOf(account, account.case as Case, governor, aSetting({ now: NOW, governor }), rest);
}

const PAUSED: Partial<Case> = {
  refusals: ['pressure'],
  pressureReviewedAt: toInstant(NOW - DAY),
};

const REVIEW: Task = {
  taskId: 'c-1-t1',
  queue: 'case-review',
  objective: 'review-pressure',
  stage: 'reminder',
  openedAt: toInstant(NOW - DAY),
  dueAt: toInstant(NOW + DAY),
};

describe('of the accounts of one customer', () => {
  it('exactly one leads, whatever their currencies and names are', () => {
    const three: Owing[] = [
      { id: 'a', amount: '100.00' },
      { id: 'b', amount: '50.00', currency: 'USD' },
      { id: 'c', amount: '200.00' },
    ];

    const leading = three.filter((own) => leaderOf(seenBy(own, ...three.filter((other) => other !== own))) === undefined);

    expect(leading).toHaveLength(1);
  });

  it.each([
    ['whose contact a person stopped', PAUSED],
    ['about which the customer was spoken to yesterday', { lastConversationAt: toInstant(NOW - DAY) }],
    ['of which a person is asked whether to go on', { tasks: [REVIEW] }],
  ])('one %s neither leads nor is spoken for', (_what, change) => {
    const small = seenBy({ id: 'small', amount: '100.00' }, { id: 'large', change });
    const point = small.governor?.points.find(({ channel }) => channel === 'sms');
    if (point === undefined) throw new Error('The builder gives a number');

    expect(leaderOf(small)).toBeUndefined();
    expect(listedWith(small, 'sms', point, NOW)).toEqual([]);
  });

  it('one that is not spoken for makes no text a new one', () => {
    const before = seenBy({ id: 'own' }, { id: 'other', amount: '300.00', change: PAUSED });
    const after = seenBy({ id: 'own' }, { id: 'other', amount: '200.00', change: PAUSED });

    expect(textOf(after, 'reminder-first', 'sms')).toBe(textOf(before, 'reminder-first', 'sms'));
    expect(textOf(after, 'reminder-first', 'sms')).not.toBe(textOf(seenBy({ id: 'own' }, { id: 'other' }), 'reminder-first', 'sms'));
  });
});

describe('a message of another account that spoke for this one', () => {
  const contact = (status: 'sent' | 'deferred', number: number, delivery?: 'bounced') => ({
    key: `reminder-2026-05-28-${number}_1`,
    channel: 'sms' as const,
    contactPointId: 'p-sms',
    template: 'reminder-first',
    purpose: 'collection' as const,
    stage: 'reminder' as const,
    status,
    at: toInstant(NOW - 2 * DAY),
    ...(status === 'sent' ? { sentAt: toInstant(NOW - 2 * DAY) } : {}),
    ...(delivery === undefined ? {} : { delivery: { status: delivery, at: toInstant(NOW - 2 * DAY) } }),
  });
  const series = { stageEnteredOn: '2026-05-28', sentByStage: { reminder: 1 } };

  it('is known by its id: one reserved before another may be handed over after it, and none is told twice', () => {
    const row = (id: string, days: number, outcome?: string) => ({
      id,
      at: toInstant(NOW - days * DAY),
      channel: 'sms' as const,
      kind: 'attempt' as const,
      accountId: 'other',
      alsoAbout: ['own'],
      purpose: 'collection' as const,
      ...(outcome === undefined ? {} : { outcome }),
    });
    const own: Owing = { id: 'own', change: { openedAt: toInstant(NOW - 5 * DAY) } };
    const seen = (current: Partial<Case>, ...contacts: readonly ContactRow[]) => {
      const world = seenBy({ ...own, change: { ...own.change, ...current } });
      return sharedWith({ ...world, governor: { ...aCustomer().build(), contacts } }).map(({ id }) => id);
    };
    const told = onContactShared(owing(own).case as Case, {
      type: 'ContactShared',
      contactId: 'later',
      channel: 'sms',
      ledBy: 'other',
      sentAt: toInstant(NOW - DAY),
      seq: 1,
      at: toInstant(NOW),
    });

    expect(seen({}, row('earlier', 2), row('later', 1, 'handed-over'))).toEqual(['later']);
    expect(seen(told, row('earlier', 2, 'handed-over'), row('later', 1, 'handed-over'))).toEqual(['earlier']);
    expect(seen({}, row('before-the-case', 6, 'handed-over'))).toEqual([]);
  });

  it('makes good what did not arrive before it', () => {
    const contacts = [contact('sent', 1, 'bounced')];

    expect(failedInARow(seenBy({ id: 'own', change: { ...series, contacts } }))).toBe(1);
    expect(failedInARow(seenBy({ id: 'own', change: { ...series, contacts, sharedAt: toInstant(NOW - DAY) } }))).toBe(0);
  });

  it('does not set the pace back to before a later one of its own', () => {
    const current = { ...(owing({ id: 'own' }).case as Case), lastMessageAt: toInstant(NOW) };
    const sentAt = toInstant(NOW - DAY);
    const entry = { type: 'ContactShared', contactId: 'c', channel: 'sms', ledBy: 'other', sentAt, seq: 1, at: toInstant(NOW) } as const;

    expect(onContactShared(current, entry).lastMessageAt).toBe(toInstant(NOW));
  });

  it('is not what a put-off attempt to make a failure good looks like: that goes as soon as its provider takes it', () => {
    const contacts = [contact('sent', 1, 'bounced'), contact('deferred', 2)];

    expect(failedInARow(seenBy({ id: 'own', change: { ...series, contacts } }))).toBe(1);
  });
});
