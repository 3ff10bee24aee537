import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANSWERED_BY_ANOTHER,
  afterConsent,
  afterDelivery,
  type DeliveryNews,
  FAILURES_MAX,
  findingOn,
  isAnotherPersons,
  withFinding,
} from '../../../domain/contact-points/health.ts';
import type { AddressFinding, ContactRow, Governor } from '../../../domain/customer.ts';
import { DELIVERY_STATUSES } from '../../../domain/model.ts';
import { aCustomer } from '../../builders/customer.ts';

const MAIL = { channel: 'email', addressKey: 'k-mail' } as const;
const SMS = { channel: 'sms', addressKey: 'k-phone' } as const;
const CALL = { channel: 'voice', addressKey: 'k-phone' } as const;

const NOBODY: Governor = { ...aCustomer().build(), findings: {} };
const hour = (number: number) => new Date(Date.UTC(2026, 2, 2, number)).toISOString().replace('.000Z', 'Z');
const news = (status: DeliveryNews['status'], at: number, contactId = `c-${at}`): DeliveryNews => ({ contactId, status, at: hour(at) });
const learnt = (reports: readonly DeliveryNews[], route: typeof MAIL | typeof SMS = MAIL): Governor =>
  reports.reduce((governor, report) => afterDelivery(governor, route, report), NOBODY);
const found = (governor: Governor, route: typeof MAIL | typeof SMS | typeof CALL = MAIL) => findingOn(governor.findings, route);

describe('a delivery report', () => {
  it.each(['bounced', 'returned'] as const)('"%s" bars the address at once, on its channel', (status) => {
    const governor = learnt([news(status, 1)], SMS);
    expect([found(governor, SMS), found(governor, CALL)]).toEqual(['bounced', undefined]);
  });

  it.each(['failed', 'refused'] as const)('"%s" bars it the third time in a row', (status) => {
    const counts = [1, 2, 3].map((count) => found(learnt(Array.from({ length: count }, (_, index) => news(status, index)))));
    expect(counts).toEqual([undefined, undefined, 'undeliverable']);
  });

  it('of a delivery between starts the row anew', () => {
    expect(found(learnt([news('failed', 1), news('failed', 2), news('delivered', 3), news('failed', 4)]))).toBeUndefined();
  });

  it('of a delivery later heals what passes', () => {
    const barred = learnt([1, 2, 3].map((at) => news('failed', at)));
    expect(found(afterDelivery(barred, MAIL, news('delivered', 4)))).toBeUndefined();
  });

  it('of a delivery does not heal what stays', () => {
    expect(found(learnt([news('bounced', 1), news('delivered', 2)]))).toBe('bounced');
  });

  it('counts a message that fails twice once', () => {
    expect(found(learnt([news('failed', 1, 'c'), news('refused', 2, 'c'), news('failed', 3, 'd')]))).toBeUndefined();
  });

  it('that a message was taken teaches nothing', () => {
    expect(learnt([news('accepted', 1)])).toBe(NOBODY);
  });

  const reports = fc.array(
    fc.record({ contact: fc.nat(5), status: fc.constantFrom(...DELIVERY_STATUSES), at: fc.nat(12) }).map(({ contact, status, at }) => {
      return news(status, at, `c-${contact}`);
    }),
    { maxLength: 12 },
  );

  it('leads to the same whichever came first', () => {
    fc.assert(
      fc.property(reports, fc.infiniteStream(fc.nat()), (list, dice) => {
        const shuffled = list.map((report) => ({ report, place: dice.next().value as number }));
        const other = shuffled.sort((a, b) => a.place - b.place).map(({ report }) => report);
        expect(learnt(other).findings).toEqual(learnt(list).findings);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(reports, (list) => {
        expect(learnt([...list, ...list])).toEqual(learnt(list));
      }),
    );
  });

  it('bars exactly after a hard end, or enough failed messages since the last that arrived', () => {
    fc.assert(
      fc.property(reports, (list) => {
        const last = Math.max(-1, ...list.filter(({ status }) => status === 'delivered').map(({ at }) => Date.parse(at)));
        const failing = list.filter(({ status, at }) => (status === 'failed' || status === 'refused') && Date.parse(at) > last);
        const hard = list.some(({ status }) => status === 'bounced' || status === 'returned');
        const passing = new Set(failing.map(({ contactId }) => contactId)).size >= FAILURES_MAX;
        expect(found(learnt(list))).toBe(hard ? 'bounced' : passing ? 'undeliverable' : undefined);
      }),
    );
  });

  it('remembers no more of an address than it needs', () => {
    fc.assert(
      fc.property(reports, (list) => {
        for (const { failures } of Object.values(learnt(list).health ?? {})) expect(failures.length).toBeLessThanOrEqual(FAILURES_MAX);
      }),
    );
  });
});

describe('a finding', () => {
  it.each([
    { finding: 'opted-out', elsewhere: undefined },
    { finding: 'complained', elsewhere: undefined },
    { finding: 'number-dead', elsewhere: 'number-dead' },
    { finding: 'wrong-number', elsewhere: 'wrong-number' },
  ] as const)('$finding on calls is $elsewhere for messages to the same number', ({ finding, elsewhere }) => {
    const governor = withFinding(NOBODY, CALL, finding);
    expect([found(governor, CALL), found(governor, SMS)]).toEqual([finding, elsewhere]);
  });

  it('under the plain address of an older record still counts on every channel', () => {
    const findings: Governor['findings'] = { 'k-phone': 'opted-out' };
    expect([findingOn(findings, CALL), findingOn(findings, SMS)]).toEqual(['opted-out', 'opted-out']);
  });

  it.each<[AddressFinding, AddressFinding]>([
    ['opted-out', 'bounced'],
    ['complained', 'undeliverable'],
    ['bounced', 'undeliverable'],
    ['wrong-number', 'number-dead'],
  ])('%s is not forgotten for %s', (stronger, weaker) => {
    const governor = withFinding(NOBODY, MAIL, stronger);
    expect(withFinding(governor, MAIL, weaker)).toBe(governor);
    expect(found(withFinding(withFinding(NOBODY, MAIL, weaker), MAIL, stronger))).toBe(stronger);
  });
});

describe('a new consent', () => {
  const failing = learnt([1, 2, 3].map((at) => news('failed', at)));

  it('gives an address that failed for a while another try', () => {
    expect(found(afterConsent(failing, MAIL, hour(4)))).toBeUndefined();
  });

  it('that is older than the failures does not', () => {
    expect(found(afterConsent(failing, MAIL, hour(0)))).toBe('undeliverable');
  });

  it.each(['bounced', 'complained', 'opted-out'] as const)('leaves %s as it is', (finding) => {
    const governor = withFinding(failing, MAIL, finding);
    expect(found(afterConsent(governor, MAIL, hour(4)))).toBe(finding);
  });
});

describe('a number that somebody else answers', () => {
  const call = (at: number, change: Partial<ContactRow> = {}): ContactRow => ({
    id: `row-${at}`,
    at: hour(at),
    channel: 'voice',
    kind: 'attempt',
    addressKey: 'k-phone',
    purpose: 'collection',
    outcome: ANSWERED_BY_ANOTHER,
    ...change,
  });
  const own = { addressKey: 'k-phone', owner: 'self' } as const;

  it('is theirs the second time', () => {
    expect([[call(1)], [call(1), call(2)]].map((rows) => isAnotherPersons(rows, own))).toEqual([false, true]);
  });

  it('is not, where the customer answered between', () => {
    const spoken: ContactRow = {
      id: 'row-2',
      at: hour(2),
      channel: 'voice',
      kind: 'conversation',
      addressKey: 'k-phone',
      purpose: 'collection',
    };
    expect(isAnotherPersons([call(1), spoken, call(3)], own)).toBe(false);
  });

  it('is not for calls to another number or at a place of work', () => {
    expect(isAnotherPersons([call(1), call(2, { addressKey: 'k-other' })], own)).toBe(false);
    expect(isAnotherPersons([call(1), call(2)], { ...own, owner: 'work' })).toBe(false);
  });
});
