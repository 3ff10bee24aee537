import { describe, expect, it } from 'vitest';
import { checkPack, checkRules } from '../../../domain/policy/packs/check.ts';
import { HOUSE_RULES } from '../../../domain/policy/packs/house.ts';
import { CALENDAR_DAY, type CountProvision, type HoursProvision, type Pack, rollingDays } from '../../../domain/policy/packs/pack.ts';
import { allPacks, draftPacks, packFor } from '../../../domain/policy/packs/registry.ts';

const [sound] = allPacks().filter(({ id }) => id === 'AU') as [Pack];
const [hours] = sound.hours as [HoursProvision];
const [count] = sound.counts as [CountProvision];

describe('a pack is refused when it is loaded, by the name of its rule,', () => {
  it.each<{ readonly name: string; readonly change: Partial<Pack>; readonly rule: string }>([
    {
      name: 'for hours that end before they begin',
      change: { hours: [{ ...hours, openings: [{ weekdays: [1], from: '20:00', to: '08:00' }] }] },
      rule: 'AU.HOURS',
    },
    {
      name: 'for hours that are none',
      change: { hours: [{ ...hours, openings: [{ weekdays: [1], from: '8', to: '20:00' }] }] },
      rule: 'AU.HOURS',
    },
    {
      name: 'for an eighth day of the week',
      change: { hours: [{ ...hours, openings: [{ weekdays: [8], from: '08:00', to: '20:00' }] }] },
      rule: 'AU.HOURS',
    },
    { name: 'for hours by a clock that does not exist', change: { hours: [{ ...hours, zone: 'Mars/Olympus' }] }, rule: 'AU.HOURS' },
    { name: 'for a cap of nothing', change: { counts: [{ ...count, max: 0 }] }, rule: 'AU.FREQ.WEEK' },
    { name: 'for a window of no days', change: { counts: [{ ...count, window: rollingDays(0) }] }, rule: 'AU.FREQ.WEEK' },
    { name: 'for a cap on no channel', change: { counts: [{ ...count, limits: [] }] }, rule: 'AU.FREQ.WEEK' },
    { name: 'for a value from memory that claims to be verified', change: { counts: [{ ...count, mark: 'M' }] }, rule: 'AU.FREQ.WEEK' },
    { name: 'for a chosen value that claims a text', change: { counts: [{ ...count, mark: 'H' }] }, rule: 'AU.FREQ.WEEK' },
    { name: 'for a value without a source', change: { counts: [{ ...count, source: '' }] }, rule: 'AU.FREQ.WEEK' },
    { name: 'for two rules of one name', change: { counts: [count, { ...count, window: CALENDAR_DAY }] }, rule: 'AU.FREQ.WEEK' },
    { name: 'for a grace of no days', change: { grace: { ...count, rule: 'AU.GRACE', days: 0 } }, rule: 'AU.GRACE' },
    { name: 'for a place that does not exist', change: { homeZone: 'Oz' }, rule: 'AU.ZONE' },
    { name: 'for a calendar that does not exist', change: { calendar: 'OZ' }, rule: 'OZ' },
    { name: 'for an end before its beginning', change: { effectiveTo: '2020-01-01' }, rule: 'au/1' },
    {
      name: 'for records that nobody keeps',
      change: { duties: { ...sound.duties, retentionDays: { ...sound.duties.retentionDays, days: 0 } } },
      rule: 'AU.RETENTION',
    },
    {
      name: 'for records that a bank could keep for less than nothing',
      change: { duties: { ...sound.duties, retentionDays: { ...sound.duties.retentionDays, leastDays: 0 } } },
      rule: 'AU.RETENTION',
    },
    {
      name: 'for records that are kept for less than they must be',
      change: { duties: { ...sound.duties, retentionDays: { ...sound.duties.retentionDays, leastDays: 3000 } } },
      rule: 'AU.RETENTION',
    },
    {
      name: 'for a limitation of no years',
      change: { duties: { ...sound.duties, limitation: { ...sound.duties.limitation, years: 0 } } },
      rule: 'AU.LIMITATION',
    },
  ])('$name', ({ change, rule }) => {
    expect(() => checkPack({ ...sound, ...change })).toThrow(RangeError);
    expect(() => checkPack({ ...sound, ...change })).toThrow(rule);
  });

  it('and so are the rules of the house', () => {
    expect(() => checkRules({ ...HOUSE_RULES, grace: { ...count, rule: 'HOUSE.GRACE', days: 0 } })).toThrow('HOUSE.GRACE');
  });
});

describe('the registry', () => {
  it('holds every jurisdiction that the rules were read for', () => {
    expect([...new Set(allPacks().map(({ id }) => id))].sort()).toEqual(
      ['AU', 'CN', 'EU', 'EU-GR', 'EU-RO', 'HK', 'IN', 'SG', 'UK', 'US', 'US-MA'].sort(),
    );
  });

  it('judges an instant by the version of its day, from local midnight of the home zone on', () => {
    expect(packFor('CN', Date.parse('2026-01-30T00:00:00+08:00') - 1)?.version).toBe('cn/1');
    expect(packFor('CN', Date.parse('2026-01-30T00:00:00+08:00'))?.version).toBe('cn/2');
    expect(packFor('EU', Date.parse('2026-11-20T00:00:00+01:00') - 1)?.version).toBe('eu/1');
    expect(packFor('EU', Date.parse('2026-11-20T00:00:00+01:00'))?.version).toBe('eu/2');
  });

  it('never has a draft in force', () => {
    expect(draftPacks().map(({ id }) => id)).toEqual(['IN']);
    expect(packFor('IN', Date.parse('2030-01-01T00:00:00Z'))?.version).toBe('in/1');
  });

  it('says of every value that was not checked that it was not', () => {
    for (const pack of [...allPacks(), ...draftPacks()]) {
      const { duties, stops, zones, thirdParties } = pack;
      const optional = [pack.grace, duties.emailUnsubscribe, duties.plan, duties.visit].filter((value) => value !== undefined);
      const provisions = [...pack.hours, ...pack.counts, ...stops, ...optional, ...duties.disclosures, ...duties.noticeDays];
      for (const { rule, mark, verified } of [
        ...provisions,
        zones,
        thirdParties,
        duties.actorScope,
        duties.identityCheck,
        duties.limitation,
        duties.retentionDays,
      ]) {
        expect({ rule, verified: verified ?? true }).toEqual({ rule, verified: mark !== 'M' });
      }
    }
  });
});
