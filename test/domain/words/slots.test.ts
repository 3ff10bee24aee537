import { describe, expect, it } from 'vitest';
import { localDate, toMillis } from '../../../domain/calendar.ts';
import { worldOf } from '../../../domain/decide/world.ts';
import type { Account, LegalProgress, MessageChannel } from '../../../domain/model.ts';
import { offersOn } from '../../../domain/plans/offers.ts';
import { recordBalanceUpdated, recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import type { ProductFacts } from '../../../domain/record/journal.ts';
import { render } from '../../../domain/words/render.ts';
import { TYPICAL_SLOTS } from '../../../domain/words/samples.ts';
import { slotsOf } from '../../../domain/words/slots.ts';
import { LOCALES } from '../../../domain/words/template.ts';
import type { TemplateId } from '../../../domain/words/templates.ts';
import { type AccountBuilder, anAccount, cny } from '../../builders/account.ts';
import { aSetting, START } from '../../builders/setting.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const WORDS = { bankName: '上海浦江银行', hotline: '400-820-1234', paymentLink: 'https://pay.example.com/r' };
const PRODUCTS: Readonly<Record<string, ProductFacts>> = {
  'credit-card': { reportsToBureau: true, reportingDay: 20, suspendsCard: true, placesWithAgencies: true },
  '*': { reportsToBureau: false, suspendsCard: false, placesWithAgencies: false },
};
const COMPONENTS = { principal: cny('17900.00'), interest: cny('610.00'), fees: cny('90.00') };

function slotsFor(account: Account, template = 'overdue-continuing', change: { now?: string; legal?: LegalProgress } = {}) {
  const current = account.case;
  if (current === undefined) throw new Error('No case was opened');
  const setting = aSetting({ now: change.now ?? START, deployment: { products: PRODUCTS } });
  const world = worldOf(account, { ...current, legal: change.legal ?? current.legal }, undefined, setting);
  return slotsOf(world, template, '欧阳小明', WORDS);
}

const told = (builder: AccountBuilder, tell: (journal: ReturnType<AccountBuilder['journal']>) => void): Account => {
  const journal = builder.journal();
  tell(journal);
  return journal.account;
};

describe('offers', () => {
  it('are those that may be agreed today, in the text that offers and in no other', () => {
    const account = anAccount().build();

    const { offers } = slotsFor(account, 'plan-offer');

    expect(offers?.map(({ count, first, firstDate }) => [count, first.amountMinor, firstDate])).toEqual(
      offersOn(account, aSetting({}), localDate(toMillis(START), account.timeZone)).map(({ instalments }) => [
        instalments.length,
        instalments[0]?.amountMinor,
        instalments[0]?.dueDate,
      ]),
    );
    expect(offers?.length).toBeGreaterThan(0);
    expect(slotsFor(account)).not.toHaveProperty('offers');
  });

  it.each([
    ['zh-CN', '分3期，首期2026年4月17日：¥4,115.22'],
    ['zh-TW', '分3期，首期2026年4月17日：NT$4,115'],
    ['en', '3 monthly instalments, the first on 17 April 2026: CNY 4,115.22'],
  ] as const)('are a table in a long text in %s', (locale, row) => {
    expect(render('plan-offer', 'email', locale, TYPICAL_SLOTS[locale]).body).toContain(row);
  });

  it.each([
    ['zh-CN', '可以申请分6期还款或延至2026年5月1日还款'],
    ['zh-TW', '可以申請分6期還款或延至2026年5月1日還款'],
    ['en', 'You can ask to pay it in 6 instalments or in one payment on 1 May 2026.'],
  ] as const)('may be one payment later, in %s', (locale, said) => {
    const first = TYPICAL_SLOTS[locale].overdue;
    const offers = [
      { count: 1, first, firstDate: '2026-05-01' },
      { count: 6, first, firstDate: '2026-04-17' },
    ];
    expect(render('plan-offer', 'sms', locale, { ...TYPICAL_SLOTS[locale], offers }).body).toContain(said);
  });
});

describe('components of the balance', () => {
  const split = anAccount().with({ components: COMPONENTS, balance: cny('18600.00') });

  it('are said where the core sent them with the figure', () => {
    const amount = (amountMinor: number) => ({ amountMinor, currency: 'CNY' });

    expect(slotsFor(split.build()).components).toEqual({
      principal: amount(1_790_000),
      interest: amount(61_000),
      fees: amount(9_000),
    });
  });

  it('are not said where the core sent none, or they do not add up to the balance', () => {
    expect(slotsFor(anAccount().build())).not.toHaveProperty('components');
    expect(
      slotsFor(
        anAccount()
          .with({ components: COMPONENTS, balance: cny('18600.01') })
          .build(),
      ),
    ).not.toHaveProperty('components');
  });

  it('are not said of a newer figure that came without them, even of the same amount', () => {
    const account = told(split, (journal) =>
      recordBalanceUpdated(journal, { overdue: cny('6250.00'), balance: cny('18600.00'), asOf: '2026-03-02T02:00:00Z' }),
    );

    expect(slotsFor(account)).not.toHaveProperty('components');
  });

  it('are not said after a payment that the figure does not know', () => {
    const account = told(split, (journal) =>
      recordPaymentReceived(journal, {
        paymentId: 'p-1',
        amount: cny('100.00'),
        paidAt: '2026-03-02T02:00:00Z',
        postedAt: '2026-03-02T02:00:00Z',
        state: 'posted',
      }),
    );

    expect(slotsFor(account)).toMatchObject({ balance: { amountMinor: 1_850_000 } });
    expect(slotsFor(account)).not.toHaveProperty('components');
  });
});

describe('consequences', () => {
  const CONFIRMED = { noticeContactKeys: [], intentConfirmedBy: 'anna', intentConfirmedAt: START } satisfies LegalProgress;

  it.each([
    { days: 3, ids: [] },
    { days: 4, ids: ['interest-and-charges', 'bureau-report'] },
    { days: 31, ids: ['interest-and-charges', 'bureau-report', 'card-suspension'] },
    { days: 61, ids: ['interest-and-charges', 'bureau-report', 'card-suspension', 'agency-placement'] },
  ])('are those of the product at $days days past due', ({ days, ids }) => {
    expect(slotsFor(anAccount().overdueBy(days).build()).consequences).toEqual(ids);
  });

  it('are those of all other products where the product is not named', () => {
    expect(slotsFor(anAccount().overdueBy(70).with({ product: 'car-loan' }).build()).consequences).toEqual(['interest-and-charges']);
  });

  it('count the days of a hold: the agreement goes on', () => {
    const account = told(anAccount().overdueBy(40), (journal) =>
      journal.add({ type: 'HoldPlaced', holdId: 'h-1', kind: 'dispute', placedAt: '2026-02-01T00:00:00Z' }),
    );

    const slots = slotsFor(account, 'overdue-continuing', { now: '2026-03-24T02:00:00Z' });

    expect(slots.daysPastDue).toBe(62);
    expect(slots.consequences).toContain('agency-placement');
  });

  it.each([
    { what: 'before anybody confirmed the intent', legal: { noticeContactKeys: [] }, named: false },
    { what: 'once it is confirmed', legal: CONFIRMED, named: true },
    { what: 'no more when counsel rejected it', legal: { ...CONFIRMED, rejectedAt: START }, named: false },
    { what: 'no more when it is already referred', legal: { ...CONFIRMED, referredAt: START }, named: false },
    { what: 'no more when it would come too late', legal: CONFIRMED, days: 3 * 365 + 2, named: false },
  ])('name a suit: $what ($named)', ({ legal, days = 120, named }) => {
    const { consequences } = slotsFor(anAccount().overdueBy(days).build(), 'overdue-continuing', { legal });

    expect(consequences?.includes('legal-proceedings')).toBe(named);
  });

  it('leave the suit to the formal notice itself', () => {
    const slots = slotsFor(anAccount().overdueBy(120).build(), 'legal-formal-notice', { legal: CONFIRMED });

    expect(slots.consequences).not.toContain('legal-proceedings');
    expect(render('legal-formal-notice', 'email', 'en', slots).body.split('legal proceedings')).toHaveLength(2);
  });
});

describe('other slots', () => {
  it('name the next report for which the notice comes early enough, of a product that is reported', () => {
    expect(slotsFor(anAccount().build()).reportingDate).toBe('2026-03-20');
    expect(slotsFor(anAccount().with({ product: 'car-loan' }).build())).not.toHaveProperty('reportingDate');
  });

  it('show the last characters of the account only, and nothing else of the configuration', () => {
    const slots = slotsOf(
      worldOf(...caseOf(anAccount().called('acc-100123456').build())),
      'reminder-first',
      '欧阳小明',
      Object.assign({ unsubscribe: 'https://bank.example.com/stop' }, WORDS),
    );

    expect(slots.accountRef).toBe('3456');
    expect(slots).not.toHaveProperty('unsubscribe');
  });
});

function caseOf(account: Account): Parameters<typeof worldOf> {
  if (account.case === undefined) throw new Error('No case was opened');
  return [account, account.case, undefined, aSetting({ deployment: { products: PRODUCTS } })];
}

describe('a whole journey', () => {
  it.each([1, 5, 35, 95])('has the values for every message that it sends, in every language: %i days past due', (days) => {
    const driver = drive(anAccount().overdueBy(days), patientDesk(), { deployment: { products: PRODUCTS } });
    const said: { readonly template: string; readonly body: string }[] = [];
    driver.provider = ({ channel, key }) => {
      const contact = driver.case.contacts.findLast((row) => row.key === key);
      if (contact === undefined) throw new Error(`No contact ${key}`);
      const world = driver.world();
      const slots = slotsOf(world, contact.template, '欧阳小明', WORDS);
      const bodies = LOCALES.map(
        (locale) => render(contact.template as TemplateId, channel as MessageChannel, locale, slots, world.track).body,
      );
      said.push({ template: contact.template, body: bodies.join('\n') });
      return true;
    };

    driver.runDays(120);

    const suit = said.filter(({ body }) => /法律程序|legal proceedings/.test(body));
    expect(new Set(said.map(({ template }) => template))).toEqual(new Set(driver.sent.map(({ template }) => template)));
    expect(said.length).toBeGreaterThan(5);
    // The first that speaks of a suit is the notice itself: nobody was threatened with it before it was decided.
    expect(suit[0]?.template).toBe('legal-formal-notice');
  });
});
