import { describe, expect, it } from 'vitest';
import { toMillis } from '../../../domain/calendar.ts';
import type { ContactRow, Governor } from '../../../domain/customer.ts';
import { factsOf } from '../../../domain/gate/facts.ts';
import { judge } from '../../../domain/gate/gate.ts';
import type { Account } from '../../../domain/model.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { recordAccountOverdue } from '../../../domain/record/bank-facts.ts';
import type { Deployment } from '../../../domain/record/journal.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer, aPoint } from '../../builders/customer.ts';
import { aSetting, START } from '../../builders/setting.ts';
import { CaseDriver } from '../case-driver.ts';
import { aRequest, aRow } from './builders.ts';

function subject(change: { account?: Account; governor?: Governor; deployment?: Partial<Deployment>; now?: string } = {}) {
  const { deployment } = aSetting({ deployment: change.deployment ?? {} });
  return {
    governor: change.governor ?? aCustomer().build(),
    account: change.account,
    deployment,
    ladder: LADDER,
    now: toMillis(change.now ?? START),
  };
}

describe('the facts of a contact about an account', () => {
  it('are those of its case, its figures and its customer', () => {
    const facts = factsOf(subject({ account: anAccount().overdueBy(12).build() }));

    expect(facts).toMatchObject({
      jurisdiction: 'CN',
      timeZones: ['Asia/Shanghai'],
      standing: { caseOpen: true, cured: false, arranged: false, daysPastDue: 12 },
      house: true,
      role: 'first-party',
    });
    expect(judge(aRequest('sms'), facts, toMillis(START))).toMatchObject({ decision: 'allow' });
  });

  it('ask for both clocks where account and customer are in different zones', () => {
    const account = anAccount().with({ timeZone: 'Asia/Shanghai' }).build();

    expect(factsOf(subject({ account, governor: aCustomer().in('Asia/Urumqi').build() })).timeZones).toEqual([
      'Asia/Shanghai',
      'Asia/Urumqi',
    ]);
  });

  it('carry the overlays of its product, and of all', () => {
    const overlays = [
      { product: 'credit-card', rule: 'CN.FREQ.CONNECTED', max: 2 },
      { product: 'mortgage', rule: 'CN.FREQ.CONNECTED', max: 1 },
    ];

    expect(factsOf(subject({ account: anAccount().build(), deployment: { overlays } })).overlays).toEqual([overlays[0]]);
    expect(factsOf(subject({ deployment: { overlays } })).overlays).toEqual(overlays);
  });

  it('say which addresses are at work', () => {
    const governor = aCustomer()
      .withPoints(aPoint('voice', { id: 'p-work', owner: 'work' }))
      .build();

    expect(factsOf(subject({ governor })).workKeys).toEqual(['a-p-work']);
  });

  it('say that the only number is at work, which some packs ask', () => {
    const work = aPoint('voice', { id: 'p-work', owner: 'work' });
    const onlyWork = aCustomer().reachableBy('sms').withPoints(work).build();
    const both = aCustomer().withPoints(work).build();

    expect(factsOf(subject({ governor: onlyWork })).facts).toContain('work-number-only');
    expect(factsOf(subject({ governor: both })).facts).not.toContain('work-number-only');
  });

  it('say who collects', () => {
    expect(factsOf(subject({ deployment: { role: 'third-party' } })).role).toBe('third-party');
  });

  it('hold until a payment on its way has had its days', () => {
    const driver = new CaseDriver();
    driver.tell((journal) => recordAccountOverdue(journal, anAccount().fact()));
    const { account } = driver;
    const payments = {
      'pay-1': { amountMinor: 100, currency: 'CNY', paidAt: START, postedAt: START, state: 'pending' },
    } as const;

    // Monday, and three business days after it.
    expect(factsOf(subject({ account: { ...account, payments } })).standing.quietUntil).toBe('2026-03-05T16:00:00Z');
    expect(factsOf(subject({ account })).standing.quietUntil).toBeUndefined();
  });
});

describe('visits', () => {
  const visited = (change: Partial<NonNullable<Account['case']>>): Account => {
    const account = anAccount().build();
    return account.case === undefined ? account : { ...account, case: { ...account.case, ...change } };
  };

  it('are prepared once somebody approved one, and not before', () => {
    expect(factsOf(subject({ account: visited({}) })).facts).not.toContain('visit-prepared');
    expect(factsOf(subject({ account: visited({ visitApprovedAt: START }) })).facts).toContain('visit-prepared');
  });

  it('are over once the customer refused one', () => {
    const visits = [{ taskId: 't-1', at: START, outcome: 'visit-refused' }];
    const facts = factsOf(subject({ account: visited({ visitApprovedAt: START, visits }) }));

    expect(judge(aRequest('visit'), facts, toMillis(START))).toMatchObject({ decision: 'deny', rule: 'CN.VISIT' });
  });
});

describe('the facts of a contact without an account', () => {
  it('are what is known of the customer: contact only while some case is open', () => {
    const openCases = [{ accountId: 'acc-9', caseId: 'acc-9-1' }];
    const none = factsOf(subject());
    const some = factsOf(subject({ governor: { ...aCustomer().build(), openCases } }));

    expect(judge(aRequest('sms'), none, toMillis(START))).toMatchObject({ decision: 'deny', rule: 'STATE.CLOSED' });
    expect(judge(aRequest('sms'), some, toMillis(START))).toMatchObject({ decision: 'allow' });
  });

  it('heed a hold on the customer, and the ledger over all accounts', () => {
    const openCases = [{ accountId: 'acc-9', caseId: 'acc-9-1' }];
    const contacts: ContactRow[] = [aRow(START, 'sms', { accountId: 'acc-9' })];
    const held = aCustomer().held({ holdId: 'h-1', kind: 'deceased', placedAt: '2026-03-01T00:00:00Z' }).build();

    expect(judge(aRequest('sms'), factsOf(subject({ governor: { ...held, openCases } })), toMillis(START))).toMatchObject({
      rule: 'STATE.HELD',
    });
    expect(
      judge(aRequest('sms'), factsOf(subject({ governor: { ...aCustomer().build(), openCases, contacts } })), toMillis(START)),
    ).toMatchObject({ decision: 'defer' });
  });

  it('tell of a death whichever other hold stands before it, while its hold is in force', () => {
    const dispute = { holdId: 'h-1', kind: 'dispute', placedAt: '2026-03-01T00:00:00Z' } as const;
    const death = { holdId: 'h-2', kind: 'deceased', placedAt: '2026-03-01T00:00:00Z' } as const;
    const error = { ...death, releasedAt: '2026-03-01T12:00:00Z' };

    expect(factsOf(subject({ governor: aCustomer().held(dispute).held(death).build() })).facts).toEqual(['deceased']);
    expect(factsOf(subject({ governor: aCustomer().held(dispute).held(error).build() })).facts).toEqual([]);
  });

  it('go by the deployment where nothing is known of the customer', () => {
    const facts = factsOf({ ...subject({ deployment: { jurisdiction: 'SG', timeZone: 'Asia/Singapore' } }), governor: undefined });

    expect(facts).toMatchObject({ jurisdiction: 'SG', timeZones: ['Asia/Singapore'], ledger: [], findings: {} });
  });
});

describe('the review of pressure', () => {
  it('is known to the gate once it approved going on', () => {
    const driver = new CaseDriver();
    driver.tell((journal) => recordAccountOverdue(journal, anAccount().fact()));
    driver.tell((journal) => journal.add({ type: 'Approved', subject: 'pressure', by: 'ann', taskId: 't-1' }));

    expect(factsOf(subject({ account: driver.account })).pressureApprovedAt).toBe(START);
    expect(factsOf(subject({ account: anAccount().build() })).pressureApprovedAt).toBeUndefined();
  });
});
