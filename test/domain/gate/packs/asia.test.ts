import { describe, expect, it } from 'vitest';
import { ALLOWED, type Asked, ask, deferredTo, denied } from './ask.ts';

describe('India', () => {
  const india = (asked: Asked) => ask('IN', 'Asia/Kolkata', asked);
  const NOON = '2026-05-12T12:00+05:30';

  it.each(['sms', 'email', 'visit'])('takes the hours of calls for %s too, by choice, so the customer may name others', (channel) => {
    expect(india({ channel, at: '2026-05-12T19:00+05:30' })).toMatchObject(deferredTo('2026-05-13T08:00+05:30', 'IN.HOURS.OTHER'));
    expect(india({ channel, at: '2026-05-12T20:00+05:30', flags: ['customer_window:19:30-21:00'] })).toMatchObject(ALLOWED);
  });

  it('keeps the hours of calls whatever the customer’s window, and opens them with consent', () => {
    const flags = ['customer_window:18:00-21:00'];

    expect(india({ at: '2026-05-12T19:30+05:30', flags })).toMatchObject(deferredTo('2026-05-13T18:00+05:30', 'IN.HOURS'));
    expect(india({ at: '2026-05-12T19:30+05:30', flags: [...flags, 'consent:outside_hours'] })).toMatchObject(ALLOWED);
  });

  it('dials three times a day, by choice, answered or not', () => {
    const history = [
      { at: '2026-05-12T08:00+05:30' },
      { at: '2026-05-12T09:00+05:30' },
      { at: '2026-05-12T10:00+05:30', kind: 'conversation' as const },
    ];

    expect(india({ at: NOON, history })).toMatchObject(deferredTo('2026-05-13T08:00+05:30', 'IN.FREQ.DAY'));
    expect(india({ at: NOON, history: history.slice(1) })).toMatchObject(ALLOWED);
  });

  it('passes nothing to agents while a complaint is open', () => {
    expect(india({ at: NOON, flags: ['role:third_party', 'objection_pending'] })).toMatchObject(denied('IN.OBJECTION'));
  });

  it('does not apply a draft, not even after the day it is meant for', () => {
    // The draft would have calls and visits in one rule.
    expect(india({ channel: 'visit', at: '2026-08-12T19:00+05:30' })).toMatchObject({ rule: 'IN.HOURS.OTHER' });
  });

  it('leaves a family in mourning alone, unless it asks', () => {
    expect(india({ at: NOON, flags: ['sensitive_occasion:bereavement', 'debtor_requested_contact'] })).toMatchObject(ALLOWED);
    expect(india({ at: NOON, flags: ['sensitive_occasion:wedding'] })).toMatchObject(denied('IN.SENSITIVE_OCCASION'));
  });
});

describe('Hong Kong', () => {
  const hk = (asked: Asked) => ask('HK', 'Asia/Hong_Kong', asked);
  const NOON = '2026-05-12T12:00+08:00';

  it('chooses 08:00 to 21:00 on every day: the code names no hours and no holidays', () => {
    expect(hk({ at: '2026-07-01T20:59+08:00' })).toMatchObject(ALLOWED);
    expect(hk({ at: '2026-07-01T21:00+08:00' })).toMatchObject(deferredTo('2026-07-02T08:00+08:00', 'HK.HOURS'));
  });

  it('counts nothing: the code bars persistent calls and names no number', () => {
    const history = Array.from({ length: 20 }, (_, minute) => ({ at: `2026-05-12T09:${String(minute + 10)}+08:00` }));

    expect(hk({ at: NOON, history })).toMatchObject(ALLOWED);
  });

  it('stops with a bankruptcy', () => {
    expect(hk({ at: NOON, flags: ['bankruptcy_order'] })).toMatchObject(denied('HK.BANKRUPTCY'));
  });

  it('lets no agency collect of which the customer was not told in writing', () => {
    expect(hk({ at: NOON, flags: ['role:third_party', 'agency_notice_missing'] })).toMatchObject(denied('HK.AGENCY.NOTICE'));
  });

  it('collects from no referee, not even for an address, and from who signed a guarantee', () => {
    expect(hk({ at: NOON, flags: ['target:referee', 'purpose:locate', 'debtor_unreachable'] })).toMatchObject(denied('HK.THIRD_PARTY'));
    expect(hk({ at: NOON, flags: ['target:guarantor'] })).toMatchObject(ALLOWED);
  });
});

describe('Singapore', () => {
  const sg = (asked: Asked) => ask('SG', 'Asia/Singapore', asked);
  const NOON = '2026-05-12T12:00+08:00';

  it('rests on public holidays, and on the Monday after one on a Sunday', () => {
    expect(sg({ at: '2026-08-08T21:30+08:00' })).toMatchObject(deferredTo('2026-08-11T08:00+08:00', 'SG.HOURS'));
  });

  it('asks no calendar where the customer named the hours', () => {
    expect(sg({ at: '2030-08-09T12:00+08:00' })).toMatchObject(denied('CALENDAR_HORIZON'));
    expect(sg({ at: '2030-08-09T12:00+08:00', flags: ['customer_window:10:00-13:00'] })).toMatchObject(ALLOWED);
  });

  it('dials three times a day, by choice', () => {
    const history = ['08', '09', '10'].map((hour) => ({ at: `2026-05-12T${hour}:00+08:00` }));

    expect(sg({ at: NOON, history })).toMatchObject(deferredTo('2026-05-13T08:00+08:00', 'SG.FREQ.DAY'));
  });

  it('lets no agency without a licence collect since the midnight that began March 2024 in Singapore', () => {
    const flags = ['role:third_party', 'agency_unlicensed', 'consent:outside_hours'];

    expect(sg({ at: '2024-02-29T23:59:59+08:00', flags })).toMatchObject(ALLOWED);
    expect(sg({ at: '2024-03-01T00:00+08:00', flags })).toMatchObject(denied('SG.AGENCY.LICENCE'));
  });

  it('finds that what opens tomorrow will be forbidden then', () => {
    const flags = ['role:third_party', 'agency_unlicensed'];

    expect(sg({ at: '2024-02-29T22:00+08:00', flags })).toMatchObject(denied('SG.AGENCY.LICENCE'));
  });
});
