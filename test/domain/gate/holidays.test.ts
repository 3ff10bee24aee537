import { describe, expect, it } from 'vitest';
import { judge } from '../../../domain/gate/gate.ts';
import type { GateFacts } from '../../../domain/gate/types.ts';
import { aRequest, shanghai, someFacts } from './builders.ts';

const ring = (wall: string, change: Partial<GateFacts> = {}) => judge(aRequest('voice'), someFacts(change), Date.parse(shanghai(wall)));

describe('the house on public holidays', () => {
  it('calls from ten to seven, as on Sundays', () => {
    // Friday, 1 May.
    expect(ring('2026-05-01T09:59:59')).toMatchObject({ rule: 'HOUSE.HOURS.CALL', notBefore: Date.parse(shanghai('2026-05-01T10:00')) });
    expect(ring('2026-05-01T18:59:59')).toMatchObject({ decision: 'allow' });
    expect(ring('2026-05-01T19:00')).toMatchObject({ notBefore: Date.parse(shanghai('2026-05-02T10:00')) });
  });

  it('goes by the calendar of the customer’s jurisdiction', () => {
    const london = { jurisdiction: 'UK', timeZones: ['Europe/London'], wishes: { windows: [], inconvenient: [], optedOut: [] } };

    // 1 May is a holiday in China, not in England; 4 May is one there, and the pack is shut altogether.
    expect(judge(aRequest('voice'), someFacts(london), Date.parse('2026-05-01T08:30:00Z'))).toMatchObject({ decision: 'allow' });
    expect(judge(aRequest('voice'), someFacts(london), Date.parse('2026-05-04T11:00:00Z'))).toMatchObject({ rule: 'UK.HOURS' });
  });

  it('sends messages as on other days', () => {
    expect(judge(aRequest('sms'), someFacts(), Date.parse(shanghai('2026-05-01T09:30')))).toMatchObject({ decision: 'allow' });
  });

  it('refuses to call in a year that the calendar does not know, and when the next opening lies in one', () => {
    expect(ring('2027-12-31T19:59:59')).toMatchObject({ decision: 'allow' });
    expect(ring('2027-12-31T20:00')).toMatchObject({ decision: 'deny', rule: 'CALENDAR_HORIZON' });
    expect(ring('2028-01-15T12:00')).toMatchObject({ decision: 'deny', rule: 'CALENDAR_HORIZON', why: expect.stringContaining('2027') });
  });

  it('needs no calendar for messages, nor where the customer named the hours', () => {
    expect(judge(aRequest('sms'), someFacts(), Date.parse(shanghai('2031-01-15T12:00')))).toMatchObject({ decision: 'allow' });
    expect(ring('2031-01-15T12:00', { wishes: { windows: ['11:00-13:00'], inconvenient: [], optedOut: [] } })).toMatchObject({
      decision: 'allow',
    });
  });

  it('has no holidays before the calendar begins', () => {
    expect(ring('2019-10-01T09:30')).toMatchObject({ decision: 'allow' });
  });
});

describe('holidays that somebody names beside the calendar', () => {
  it('count, however many there are in a row', () => {
    const holidays = Array.from({ length: 30 }, (_, index) =>
      new Date(Date.parse('2026-06-01') + index * 86_400_000).toISOString().slice(0, 10),
    );
    const facts = someFacts({ house: false, jurisdiction: 'SG', timeZones: ['Asia/Singapore'], holidays });

    expect(judge(aRequest('voice'), facts, Date.parse('2026-06-01T04:00:00Z'))).toMatchObject({
      rule: 'SG.HOURS',
      notBefore: Date.parse('2026-07-01T00:00:00Z'),
    });
  });

  it('go by the date where the customer is', () => {
    const facts = someFacts({ house: false, jurisdiction: 'AU', timeZones: ['Australia/Perth'], holidays: ['2026-06-10'] });

    // 23:30 on the 9th in Perth; in Sydney the 10th has begun.
    expect(judge(aRequest('voice'), facts, Date.parse('2026-06-09T12:30:00Z'))).toMatchObject({ decision: 'allow' });
    expect(judge(aRequest('voice'), facts, Date.parse('2026-06-09T23:30:00Z'))).toMatchObject({
      notBefore: Date.parse('2026-06-10T23:30:00Z'),
    });
  });
});
