import { describe, expect, it } from 'vitest';
import { judge, ledgerHorizonMillis } from '../../../domain/gate/gate.ts';
import { HOUSE_RULES } from '../../../domain/policy/packs/house.ts';
import { type Overlay, overlayProblem, overlaysFor, tighten } from '../../../domain/policy/packs/overlay.ts';
import { packFor } from '../../../domain/policy/packs/registry.ts';
import { aConversation, aRequest, aRow, shanghai, someFacts } from '../gate/builders.ts';

const overlay = (rule: string, change: Partial<Overlay>): Overlay => ({ product: '*', rule, ...change });

describe('an overlay that tightens', () => {
  it.each([
    { rule: 'CN.FREQ.CONNECTED', change: { max: 3 } },
    { rule: 'CN.FREQ.CONNECTED', change: { max: 1 } },
    { rule: 'CN.HOURS', change: { from: '09:00', to: '20:00' } },
    { rule: 'CN.HOURS', change: { to: '21:30' } },
    { rule: 'CN.GRACE', change: { days: 7 } },
    { rule: 'US.FREQ.7IN7', change: { max: 5, windowDays: 14 } },
    { rule: 'HOUSE.NUMBER.APART', change: { minutes: 240 } },
    { rule: 'AU.LIMITATION', change: { years: 3 } },
    { rule: 'UK.RETENTION', change: { keptDays: 1 } },
    { rule: 'CN.RETENTION', change: { keptDays: 731 } },
    { rule: 'US.RETENTION', change: { keptDays: 1096 } },
  ])('$rule by $change is taken', ({ rule, change }) => {
    expect(overlayProblem(overlay(rule, change))).toBeUndefined();
  });

  it('holds at the gate: fewer calls, shorter hours, a longer grace', () => {
    const overlays = [
      overlay('CN.FREQ.CONNECTED', { max: 1 }),
      overlay('CN.HOURS', { from: '10:00', to: '18:00' }),
      overlay('CN.GRACE', { days: 30 }),
    ];
    const at = Date.parse(shanghai('2026-04-15T12:00'));
    const ledger = [aConversation(shanghai('2026-04-15T11:00'))];
    const facts = someFacts({ house: false, overlays, standing: { daysPastDue: 31 } });

    expect(judge(aRequest('voice'), { ...facts, ledger }, at)).toMatchObject({
      rule: 'CN.FREQ.CONNECTED',
      notBefore: Date.parse(shanghai('2026-04-16T10:00')),
    });
    expect(judge(aRequest('email'), facts, Date.parse(shanghai('2026-04-15T18:00')))).toMatchObject({
      decision: 'defer',
      rule: 'CN.HOURS',
    });
    expect(judge(aRequest('email'), { ...facts, standing: { ...facts.standing, daysPastDue: 30 } }, at)).toMatchObject({
      rule: 'CN.GRACE',
    });
  });

  it('holds for the rules of the house as well', () => {
    const overlays = [overlay('HOUSE.NUMBER.APART', { minutes: 240 }), overlay('HOUSE.HOURS.CALL', { from: '10:30' })];
    const facts = someFacts({ overlays, ledger: [aRow(shanghai('2026-04-15T11:00'), 'voice')] });

    expect(judge(aRequest('voice'), facts, Date.parse(shanghai('2026-04-15T13:30')))).toMatchObject({
      rule: 'HOUSE.NUMBER.APART',
      notBefore: Date.parse(shanghai('2026-04-15T15:00')),
    });
    // The holiday hours of the same rule begin later too.
    expect(judge(aRequest('voice'), { ...facts, ledger: [] }, Date.parse(shanghai('2026-05-01T10:15')))).toMatchObject({
      notBefore: Date.parse(shanghai('2026-05-01T10:30')),
    });
  });

  it('of two on one rule the stricter holds', () => {
    const pack = packFor('CN', Date.parse('2026-04-15T00:00:00Z'));
    const tightened = pack && tighten(pack, [overlay('CN.FREQ.CONNECTED', { max: 2 }), overlay('CN.FREQ.CONNECTED', { max: 1 })]);

    expect(tightened?.counts.find(({ rule }) => rule === 'CN.FREQ.CONNECTED')?.max).toBe(1);
    expect(pack?.counts.find(({ rule }) => rule === 'CN.FREQ.CONNECTED')?.max).toBe(3);
  });

  it('is for its product, and for all where no product is known', () => {
    const overlays = [overlay('CN.HOURS', { to: '20:00' }), { ...overlay('CN.HOURS', { to: '18:00' }), product: 'car-loan' }];

    expect(overlaysFor(overlays, 'credit-card')).toEqual([overlays[0]]);
    expect(overlaysFor(overlays, 'car-loan')).toEqual(overlays);
    expect(overlaysFor(overlays, undefined)).toEqual(overlays);
    expect(overlaysFor(undefined, 'car-loan')).toBeUndefined();
  });
});

describe('an overlay is refused', () => {
  it.each([
    { name: 'that allows more', rule: 'CN.FREQ.CONNECTED', change: { max: 4 }, field: 'max' },
    { name: 'that allows nothing at all', rule: 'CN.FREQ.CONNECTED', change: { max: 0 }, field: 'max' },
    { name: 'that counts over fewer days', rule: 'US.FREQ.7IN7', change: { windowDays: 6 }, field: 'windowDays' },
    { name: 'that counts over more days than contacts are kept', rule: 'US.FREQ.7IN7', change: { windowDays: 91 }, field: 'windowDays' },
    { name: 'that gives days to a count by the day', rule: 'CN.FREQ.CONNECTED', change: { windowDays: 7 }, field: 'windowDays' },
    { name: 'that opens earlier', rule: 'CN.HOURS', change: { from: '07:59' }, field: 'from' },
    { name: 'that shuts later', rule: 'CN.HOURS', change: { to: '22:01' }, field: 'to' },
    { name: 'that leaves nothing open', rule: 'CN.HOURS', change: { from: '12:00', to: '12:00' }, field: 'from' },
    { name: 'that brings calls nearer', rule: 'HOUSE.NUMBER.APART', change: { minutes: 119 }, field: 'minutes' },
    { name: 'that shortens a grace', rule: 'GR.GRACE', change: { days: 9 }, field: 'days' },
    { name: 'that lengthens a limitation', rule: 'CN.LIMITATION', change: { years: 4 }, field: 'years' },
    { name: 'that leaves no year for a suit', rule: 'CN.LIMITATION', change: { years: 0 }, field: 'years' },
    { name: 'that keeps longer', rule: 'UK.RETENTION', change: { keptDays: 2193 }, field: 'keptDays' },
    { name: 'that keeps nothing', rule: 'UK.RETENTION', change: { keptDays: 0 }, field: 'keptDays' },
    { name: 'that keeps less than the law wants', rule: 'US.RETENTION', change: { keptDays: 1095 }, field: 'keptDays' },
    { name: 'that keeps less than the text asks for', rule: 'CN.RETENTION', change: { keptDays: 730 }, field: 'keptDays' },
    { name: 'that keeps what is not kept', rule: 'CN.GRACE', change: { keptDays: 7 }, field: 'keptDays' },
    { name: 'that lengthens a retention as if it were a grace', rule: 'UK.RETENTION', change: { days: 3000 }, field: 'days' },
    { name: 'that says nothing', rule: 'CN.HOURS', change: {}, field: 'rule' },
    { name: 'of a rule that there is not', rule: 'CN.SLEEP', change: { max: 1 }, field: 'rule' },
    { name: 'that does not fit its rule', rule: 'CN.HOURS', change: { max: 1 }, field: 'max' },
  ])('$name, naming field and rule', ({ rule, change, field }) => {
    const found = overlayProblem(overlay(rule, change));

    expect(found?.field).toBe(field);
    expect(found?.problem).toContain(rule);
  });
});

it('no overlay looks back further than the ledger is kept', () => {
  const longest = Math.max(...HOUSE_RULES.counts.map(({ window }) => (window.kind === 'rollingDays' ? window.days : 0)));

  expect(overlayProblem(overlay('US.FREQ.7IN7', { windowDays: longest }))).toBeUndefined();
  expect(ledgerHorizonMillis()).toBe((longest + 2) * 86_400_000);
});
