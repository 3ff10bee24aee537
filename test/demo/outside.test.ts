import { describe, expect, it } from 'vitest';
import { Outside, type ScriptedEvent } from '../../demo/outside.ts';
import { INBOUND } from '../../functions/contract/inbound-events.ts';

const DAY = 86_400_000;
const START = Date.parse('2005-05-10T02:00:00Z');
const HUNDREDS = Array.from({ length: 300 }, (_, number) => String(number));

let heard = 0;
function event(detailType: string, detail: Readonly<Record<string, unknown>>) {
  heard += 1;
  return { detailType, detail: { eventId: `e-${heard}`, ...detail } };
}

/** Everything that is said in the days after, day by day. */
function saidBy(outside: Outside, days = 200): ScriptedEvent[] {
  return Array.from({ length: days }, (_, day) => outside.speak(START + day * DAY)).flat();
}

const statusesOf = (events: readonly ScriptedEvent[]) => events.map(({ detail }) => detail.status ?? 'none');
const countOf = (events: readonly ScriptedEvent[], detailType: string) => events.filter((row) => row.detailType === detailType).length;

describe('the scripted core and courts', () => {
  it('books most of what was agreed, rejects a little, and leaves a little without a word', () => {
    // Prepare
    const outside = new Outside();
    for (const number of HUNDREDS) outside.hear(event('PlanAgreed', { accountId: `uci-${number}`, planId: `plan-${number}` }), START);
    // Act
    const events = saidBy(outside, 3);
    // Assess
    const [booked, rejected] = [countOf(events, 'PlanBooked'), countOf(events, 'PlanRejected')];
    expect(events).toHaveLength(booked + rejected);
    expect(booked).toBeGreaterThan(250);
    expect(rejected).toBeGreaterThan(0);
    expect(booked + rejected).toBeLessThan(HUNDREDS.length);
  });

  it('answers once what comes twice', () => {
    const outside = new Outside();
    const twice = HUNDREDS.slice(0, 20).map((number) => event('PlanAgreed', { accountId: `uci-${number}`, planId: `plan-${number}` }));
    for (const told of [...twice, ...twice]) outside.hear(told, START);
    const ids = saidBy(outside, 3).map(({ detail }) => detail.planId);
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tells of suits in the order of a court, and of none that ends a case', () => {
    // Prepare
    const outside = new Outside();
    for (const number of HUNDREDS) outside.hear(event('LegalReferred', { accountId: `uci-${number}`, caseId: `c-${number}` }), START);
    // Act
    const events = saidBy(outside);
    const ways = new Set(
      HUNDREDS.map((number) => statusesOf(events.filter(({ detail }) => detail.accountId === `uci-${number}`)).join(' ')),
    );
    // Assess
    expect(ways).toEqual(new Set(['', 'filed withdrawn', 'filed judgment enforcement']));
  });

  it('goes no further against whoever has paid', () => {
    const outside = new Outside();
    for (const accountId of HUNDREDS) outside.hear(event('LegalReferred', { accountId, caseId: `c-${accountId}` }), START);
    for (const accountId of HUNDREDS) outside.hear(event('AccountCured', { accountId }), START + DAY);
    expect(saidBy(outside)).toEqual([]);
  });

  it('has an agency work some accounts that were advised for a charge-off, and takes them back when asked to', () => {
    // Prepare
    const outside = new Outside();
    for (const accountId of HUNDREDS) outside.hear(event('AccountActionAdvised', { accountId, action: 'charge-off-review' }), START);
    const placed = [0, 1, 2].flatMap((day) => outside.speak(START + day * DAY));
    const [first] = placed;
    // Act
    outside.hear(event('AccountActionAdvised', { accountId: first?.detail.accountId, action: 'recall-from-agency' }), START + 3 * DAY);
    const next = outside.speak(START + 4 * DAY);
    const rest = Array.from({ length: 60 }, (_, day) => outside.speak(START + (5 + day) * DAY)).flat();
    // Assess
    expect(new Set(statusesOf(placed))).toEqual(new Set(['placed']));
    expect(placed.length).toBeGreaterThan(50);
    expect(placed.length).toBeLessThan(150);
    expect(next.map(({ detail }) => [detail.accountId, detail.status])).toEqual([[first?.detail.accountId, 'recalled']]);
    expect(statusesOf(rest)).toEqual(placed.slice(1).map(() => 'recalled'));
  });

  it('says nothing that the contract would not read', () => {
    const outside = new Outside();
    for (const number of HUNDREDS) {
      const accountId = `uci-${number}`;
      outside.hear(event('PlanAgreed', { accountId, planId: `plan-${number}` }), START);
      outside.hear(event('LegalReferred', { accountId, caseId: `c-${number}` }), START);
      outside.hear(event('AccountActionAdvised', { accountId, action: 'charge-off-review' }), START);
    }
    const events = saidBy(outside);
    expect(new Set(events.map(({ detailType }) => detailType)).size).toBe(4);
    expect(events.filter(({ detailType, detail }) => !INBOUND[detailType].safeParse(detail).success)).toEqual([]);
  });

  it('remembers what the application would not take of it, and nothing of the portfolio', () => {
    const outside = new Outside();
    const rejection = { field: 'planId', rule: 'must be a plan that was agreed' };
    outside.hear(event('EventRejected', { rejectedType: 'PlanBooked', ...rejection }), START);
    outside.hear(event('EventRejected', { rejectedType: 'AccountOverdue', ...rejection }), START);
    expect(outside.problems).toEqual(['PlanBooked planId: must be a plan that was agreed']);
  });
});
