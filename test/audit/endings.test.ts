import { describe, expect, it } from 'vitest';
import { audit } from '../../audit/report.ts';
import type { Draft } from '../../domain/entries.ts';
import type { AccountStatus } from '../../domain/model.ts';
import { attempt, message, overdue, TableBuilder } from './table.ts';

const at = (time: string, day = '2026-03-06'): string => new Date(Date.parse(`${day}T${time}:00+08:00`)).toISOString();

type Told = { readonly at: string; readonly entries: readonly Draft[] };
const tell = (time: string, ...entries: readonly Draft[]): Told => ({ at: at(time), entries });

function brokenBy(...told: readonly Told[]): string[] {
  const table = new TableBuilder().customer('cus-1').entries('acc-1', at('09:30', '2026-03-02'), overdue());
  for (const { at: instant, entries } of told) table.entries('acc-1', instant, ...entries);
  return audit(table.build(), { jurisdiction: 'CN', role: 'first-party', house: true }).violations.map(({ rule }) => rule);
}

describe('an audit of an account of which the core has spoken', () => {
  it('finds a contact while an agency works the account, whichever order the core’s words came in, and none after its next word', () => {
    const word = (status: AccountStatus, changedAt: string): Draft => ({
      type: 'AccountStatusChanged',
      status,
      changedAt,
      reference: 'r-1',
    });
    const placed = word('placed', at('10:00'));

    expect(brokenBy(tell('11:00', placed), tell('12:00', message()))).toEqual(['STATE.HELD']);
    expect(brokenBy(tell('11:00', placed, word('recalled', at('09:00'))), tell('12:00', message()))).toEqual(['STATE.HELD']);
    expect(brokenBy(tell('11:00', placed, word('recalled', at('10:30'))), tell('12:00', message()))).toEqual([]);
    expect(brokenBy(tell('11:00', word('recalled', at('10:30')), placed), tell('12:00', message()))).toEqual([]);
    expect(brokenBy(tell('11:00', word('placed', at('11:30'))), tell('11:20', message()))).toEqual([]);
  });

  it('leaves the agency alone that has the account, and nobody else who dials', () => {
    const placed: Draft = { type: 'AccountStatusChanged', status: 'placed', changedAt: at('10:00'), reference: 'agency-7' };
    const dials = (actor: 'agency-7' | 'dialler') => tell('12:00', attempt(`a-${actor}`, at('12:10'), { actor }));

    expect(brokenBy(tell('11:00', placed), dials('agency-7'))).toEqual([]);
    expect(brokenBy(tell('11:00', placed), dials('dialler'))).toEqual(['STATE.HELD']);
  });

  it('finds a contact after the word that ended its case, before and after the case was closed', () => {
    const ended: Draft = { type: 'CaseEnded', reason: 'sold', endedAt: at('10:00'), how: 'status' };
    const closed: Draft = { type: 'JourneyClosed', reason: 'sold' };

    expect(brokenBy(tell('11:00', ended), tell('12:00', message()))).toEqual(['STATE.CLOSED']);
    expect(brokenBy(tell('11:00', ended, closed), tell('12:00', message()))).toEqual(['STATE.CLOSED']);
  });
});
