import { describe, expect, it } from 'vitest';
import { checkCustomer } from '../../audit/check.ts';
import { type GateCase, gateCases, isOnRecord, recordOf } from './gate-cases.ts';

/**
 * The gate's worked cases, asked of the checker: a contact made when the case says "not now" is a violation, and one made at the instant
 * it names is none.
 */

const more = gateCases('more-cases.jsonl').filter((row) => row.strict && isOnRecord(row));
const cases = [...gateCases(), ...more];
const brokenAt = (gateCase: GateCase, at: string): string[] =>
  checkCustomer(recordOf(gateCase, at)).violations.map(({ rule, why }) => `${rule}: ${why}`);

describe('a worked case of the gate', () => {
  it('is one of many', () => {
    expect(cases.length - more.length).toBeGreaterThan(90);
    expect(cases.filter((row) => row.strict).length - more.length).toBeGreaterThan(70);
    expect(more.length).toBeGreaterThan(250);
  });

  it.each(cases.filter((row) => row.expect.decision === 'allow'))('$id: the contact breaks no rule. $why', (gateCase) => {
    expect(brokenAt(gateCase, gateCase.nowUtc)).toEqual([]);
  });

  it.each(cases.filter((row) => row.expect.decision !== 'allow'))('$id: the contact breaks a rule. $why', (gateCase) => {
    expect(brokenAt(gateCase, gateCase.nowUtc)).not.toEqual([]);
  });

  it.each(cases.flatMap((row) => (row.expect.notBeforeUtc === undefined ? [] : [{ ...row, until: row.expect.notBeforeUtc }])))(
    '$id: it breaks one until $until, and none then',
    ({ until, ...gateCase }) => {
      const secondBefore = new Date(Date.parse(until) - 1000).toISOString();

      expect(brokenAt(gateCase, secondBefore)).not.toEqual([]);
      expect(brokenAt(gateCase, until)).toEqual([]);
    },
  );
});
