import { describe, expect, it } from 'vitest';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { type LadderOverlay, ladderFor, ladderProblem } from '../../../domain/policy/ladder-for.ts';
import type { Deployment } from '../../../domain/record/journal.ts';
import { settingFor } from '../../../domain/record/setting.ts';
import { anAccount } from '../../builders/account.ts';
import { aSetting } from '../../builders/setting.ts';

const SOFTER: LadderOverlay = {
  fromDaysPastDue: { call: 10, legal: 120 },
  messageEveryDays: { reminder: 5 },
  callEveryDays: { call: 3 },
  visitMinimumMinor: { CNY: 1_000_000, EUR: 100_000 },
  partiesFromDaysPastDue: { guarantor: 90 },
};

describe('the ladder of an account', () => {
  it.each([
    { product: 'loan', overlays: { 'credit-card': { ladder: SOFTER } } },
    { product: undefined, overlays: { 'credit-card': { ladder: SOFTER } } },
    { product: 'credit-card', overlays: { 'credit-card': {}, '*': { ladder: SOFTER } } },
    { product: 'credit-card', overlays: {} },
  ])('is the one of all products where $product has no overlay', ({ product, overlays }) => {
    expect([ladderFor(product, 'CN', overlays), ladderFor(product, 'US', overlays)]).toEqual([LADDER, LADDER]);
  });

  it.each([
    { product: 'credit-card', overlays: { 'credit-card': { ladder: SOFTER } } },
    { product: 'loan', overlays: { '*': { ladder: SOFTER } } },
    { product: undefined, overlays: { '*': { ladder: SOFTER } } },
  ])('is softened as the overlay of $product says, and in nothing else', ({ product, overlays }) => {
    const { ceilings, messageEveryDays, callEveryDays, fieldVisit, parties, ...rest } = ladderFor(product, 'CN', overlays);

    expect(ceilings.map(({ fromDaysPastDue }) => fromDaysPastDue)).toEqual([120, 61, 31, 10, -1]);
    expect(messageEveryDays).toEqual({ ...LADDER.messageEveryDays, reminder: 5 });
    expect(callEveryDays).toEqual({ ...LADDER.callEveryDays, call: 3 });
    expect(fieldVisit).toEqual({ ...LADDER.fieldVisit, minimumOverdueMinor: { CNY: 1_000_000, EUR: 100_000 } });
    expect(parties.rules.guarantor).toEqual({ ...LADDER.parties.rules.guarantor, minimumDaysPastDue: 90 });
    expect([parties.rules.joint, parties.rules.supplementary]).toEqual([LADDER.parties.rules.joint, undefined]);
    expect(LADDER).toMatchObject(rest);
  });

  it('is in the setting by which its account is judged', () => {
    const facts = { reportsToBureau: false, suspendsCard: false, placesWithAgencies: false };
    const { deployment, now } = aSetting({ deployment: { products: { loan: { ...facts, ladder: SOFTER } } } });
    const account = anAccount().build();
    const setting = (product: string) => settingFor(deployment, { facts: { ...account.facts, product } }, now);

    expect([setting('loan').ladder.messageEveryDays.reminder, setting('card').ladder]).toEqual([5, LADDER]);
  });
});

describe('the days of grace', () => {
  const graceOf = (deployment: Partial<Deployment>, jurisdiction?: string) => {
    const { deployment: made, now } = aSetting({ deployment });
    const { facts } = anAccount().build();
    return settingFor(made, { facts, ...(jurisdiction === undefined ? {} : { jurisdiction }) }, now).ladder.graceDays;
  };

  it('are those of the pack in force where the account is, if that has more than the ladder', () => {
    expect(['CN', 'UK', 'EU-GR'].map((jurisdiction) => graceOf({}, jurisdiction))).toEqual([3, 3, 10]);
  });

  it('are as many as the bank has lengthened them to', () => {
    const overlays = [{ product: '*', rule: 'HOUSE.GRACE', days: 7 }];
    expect([graceOf({ overlays, house: true }), graceOf({ overlays, house: false })]).toEqual([7, 3]);
  });
});

describe('an overlay of the ladder', () => {
  it.each<LadderOverlay>([
    {},
    SOFTER,
    { fromDaysPastDue: { reminder: -1, call: 6 } },
    { fromDaysPastDue: { plan: 200, 'field-visit': 300, legal: 400 } },
  ])('may soften: %j', (overlay) => {
    expect(ladderProblem(overlay)).toBeUndefined();
  });

  it.each<{ overlay: LadderOverlay; field: string; rule: string }>([
    { overlay: { fromDaysPastDue: { call: 5 } }, field: 'fromDaysPastDue.call', rule: 'at least 6, at most 730' },
    { overlay: { fromDaysPastDue: { legal: 731 } }, field: 'fromDaysPastDue.legal', rule: 'at least 90, at most 730' },
    { overlay: { fromDaysPastDue: { call: 31 } }, field: 'fromDaysPastDue.call', rule: 'must be before the day of the stage that follows' },
    { overlay: { messageEveryDays: { plan: 9 } }, field: 'messageEveryDays.plan', rule: 'at least 10, at most 90' },
    { overlay: { callEveryDays: { legal: 91 } }, field: 'callEveryDays.legal', rule: 'at least 7, at most 90' },
    { overlay: { callEveryDays: { reminder: 90 } }, field: 'callEveryDays.reminder', rule: 'must not be harder' },
    { overlay: { visitMinimumMinor: { CNY: 499_999 } }, field: 'visitMinimumMinor.CNY', rule: 'at least 500000' },
    { overlay: { partiesFromDaysPastDue: { guarantor: 30 } }, field: 'partiesFromDaysPastDue.guarantor', rule: 'at least 31, at most 730' },
    {
      overlay: { partiesFromDaysPastDue: { supplementary: 60 } },
      field: 'partiesFromDaysPastDue.supplementary',
      rule: 'at least Infinity',
    },
    { overlay: { visitMinimumMinor: { EUR: -1 } }, field: 'visitMinimumMinor.EUR', rule: 'at least 0' },
  ])('may not harden, nor mix up the stages: $overlay', ({ overlay, field, rule }) => {
    const found = ladderProblem(overlay);

    expect(found?.field.join('.')).toBe(field);
    expect(found?.problem).toContain(rule);
  });
});
