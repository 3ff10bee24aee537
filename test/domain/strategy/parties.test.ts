import { describe, expect, it } from 'vitest';
import type { Party } from '../../../domain/account-facts.ts';
import type { Governor } from '../../../domain/customer.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import type { Case, Stage } from '../../../domain/model.ts';
import { PARTY_ROLES, PARTY_RULES } from '../../../domain/policy/parties.ts';
import { partyOf, partyRefusal, verdictForParty } from '../../../domain/strategy/parties.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer, aPoint } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

const party = (role: Party['role'], liable = true): Party => ({ customerId: 'cus-2', role, liable });
const record: Governor = { ...aCustomer().build(), customerId: 'cus-2' };

const OFFERED = '2026-02-20T02:00:00Z';

interface Change {
  readonly stage?: Stage;
  readonly daysPastDue?: number;
  readonly writtenDemands?: number;
  readonly current?: Partial<Case>;
  readonly governor?: Governor;
  readonly parties?: readonly Party[];
}

/** An account in the plan stage, 40 days past due, whose customer had three written demands and an offer ten days ago. */
function aWorld({
  stage = 'plan',
  daysPastDue = 40,
  writtenDemands = 3,
  current = {},
  governor = aCustomer().build(),
  parties,
}: Change = {}) {
  const account = anAccount()
    .overdueBy(daysPastDue)
    .with(parties === undefined ? {} : { parties })
    .build();
  if (account.case === undefined) throw new Error('The builder opens a case');
  return worldOf(account, { ...account.case, stage, writtenDemands, planOfferedAt: OFFERED, ...current }, governor, aSetting({ governor }));
}

function refusal(change: Change, of: Party | undefined, theirs: Governor | undefined = record): string | undefined {
  const found = partyRefusal(aWorld(change), of, theirs);
  return found === undefined ? undefined : `${found.decision} ${found.rule}`;
}

describe('another party of an account', () => {
  const FIRST = 'wait PARTY.PRIMARY-FIRST';
  it.each<readonly [what: string, expected: string | undefined, of: Party, change: Change]>([
    ['a joint holder once reminders brought nothing', undefined, party('joint'), { stage: 'call', daysPastDue: 6, writtenDemands: 1 }],
    ['a joint holder while reminders run', FIRST, party('joint'), { stage: 'reminder' }],
    ['a joint holder before any demand', FIRST, party('joint'), { stage: 'call', writtenDemands: 0 }],
    ['a joint holder a day too early', FIRST, party('joint'), { stage: 'call', daysPastDue: 5 }],
    ['a guarantor after the customer', undefined, party('guarantor'), {}],
    ['a guarantor in the stage of calls', FIRST, party('guarantor'), { stage: 'call' }],
    ['a guarantor after one demand', FIRST, party('guarantor'), { writtenDemands: 1 }],
    [
      'a guarantor before the customer can have answered the offer',
      FIRST,
      party('guarantor'),
      { current: { planOfferedAt: '2026-02-28T02:00:00Z' } },
    ],
    ['a guarantor of 30 days', FIRST, party('guarantor'), { daysPastDue: 30 }],
    ['a guarantor who does not answer for it', 'never PARTY.NOT-LIABLE', party('guarantor', false), {}],
    ['a holder of a second card', 'never PARTY.THIRD', party('supplementary'), { stage: 'legal', daysPastDue: 200 }],
  ])('%s: %s', (_what, expected, of, change) => {
    expect(refusal(change, of)).toBe(expected);
  });

  it('is nobody whom the core did not name, and nobody without a record of their own', () => {
    expect(refusal({}, undefined)).toBe('never PARTY.UNKNOWN');
    expect(refusal({}, party('joint'), { ...record, known: false })).toBe('wait PARTY.NO-RECORD');
    expect(partyRefusal(aWorld(), party('joint'), undefined)?.rule).toBe('PARTY.NO-RECORD');
    const { account } = aWorld({ parties: [party('guarantor')] });
    expect([partyOf(account, 'cus-2')?.role, partyOf(account, 'cus-3')]).toEqual(['guarantor', undefined]);
  });

  it('is never asked before the account’s own customer: every rule starts above the first reminder', () => {
    for (const role of PARTY_ROLES) {
      const rule = PARTY_RULES[role];
      if (rule === undefined) continue;
      expect(rule.fromStage).not.toBe('reminder');
      expect(rule.writtenDemands).toBeGreaterThan(0);
      expect(rule.minimumDaysPastDue).toBeGreaterThan(0);
    }
    expect(PARTY_RULES.supplementary).toBeUndefined();
  });
});

describe('the word on a contact with a party', () => {
  const ask = (world: World, of: Party, theirs: Governor = record) =>
    verdictForParty(world, of, theirs, { channel: 'voice', point: aPoint('voice'), purpose: 'collection' }, world.now);
  const called = (id: string): Governor['contacts'][number] => ({
    id,
    at: '2026-03-02T01:29:00Z',
    channel: 'voice',
    kind: 'conversation',
    purpose: 'collection',
    contactPointId: 'p-voice',
    addressKey: 'a-p-voice',
  });

  it('is their own gate’s: the customer’s counts bind the customer, theirs bind them', () => {
    const busyPrimary = aWorld({ governor: { ...aCustomer().build(), contacts: [called('c-1')] } });
    const busyParty = { ...record, contacts: [called('c-2')] };
    expect(ask(busyPrimary, party('joint')).decision).toBe('allow');
    expect(ask(aWorld(), party('joint'), busyParty).decision).toBe('defer');
  });

  it('heeds their wishes and their holds, and what stops contact about the account', () => {
    const hold = { holdId: 'h', kind: 'bankruptcy', placedAt: '2026-03-01T00:00:00Z' } as const;
    const deaf = { ...record, wishes: { ...record.wishes, optedOut: ['voice' as const] } };
    expect(ask(aWorld(), party('guarantor'), deaf).decision).toBe('deny');
    expect(ask(aWorld(), party('guarantor'), { ...record, holds: [hold] })).toMatchObject({ decision: 'deny', rule: 'STATE.HELD' });
    const heldPrimary = aWorld({ governor: { ...aCustomer().build(), holds: [hold] } });
    expect(ask(heldPrimary, party('guarantor'))).toMatchObject({ decision: 'deny', rule: 'STATE.HELD' });
    const promise = {
      promiseId: 'p',
      taskId: 't',
      recordedAt: '2026-03-01T00:00:00Z',
      amountMinor: 1,
      date: '2026-03-05',
      status: 'open',
    } as const;
    expect(ask(aWorld({ current: { promises: [promise] } }), party('joint'))).toMatchObject({ rule: 'STATE.PROMISED' });
  });

  it('is asked of the party’s own jurisdiction', () => {
    expect(ask(aWorld(), party('guarantor'), { ...record, jurisdiction: 'XX' })).toMatchObject({ decision: 'deny', rule: 'PACK.UNKNOWN' });
  });

  it('says the party’s own refusal first', () => {
    expect(ask(aWorld(), party('supplementary'))).toMatchObject({ decision: 'deny', rule: 'PARTY.THIRD' });
  });
});
