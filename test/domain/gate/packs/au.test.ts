import { describe, expect, it } from 'vitest';
import { ALLOWED, type Asked, ask, deferredTo, denied } from './ask.ts';

const au = (asked: Asked) => ask('AU', 'Australia/Sydney', asked);
/** A Wednesday. */
const NOON = '2026-03-11T12:00+11:00';
const spoken = (at: string, more = {}) => ({ at, kind: 'conversation' as const, debtId: 'A', ...more });

describe('the Australian guideline', () => {
  it('sends messages within the hours of calls, and letters at any hour', () => {
    expect(au({ channel: 'sms', at: '2026-03-14T08:00+11:00' })).toMatchObject(deferredTo('2026-03-14T09:00+11:00', 'AU.HOURS.WRITTEN'));
    expect(au({ channel: 'letter', at: '2026-03-14T03:00+11:00' })).toMatchObject(ALLOWED);
  });

  it('rests on national public holidays, and goes on at the weekend after Good Friday', () => {
    expect(au({ at: '2026-04-02T21:30+11:00' })).toMatchObject(deferredTo('2026-04-04T09:00+11:00'));
    expect(au({ at: '2026-04-03T12:00+11:00', channel: 'visit', flags: ['visit:preconditions_met'] })).toMatchObject(
      deferredTo('2026-04-04T09:00+11:00', 'AU.HOURS.VISIT'),
    );
  });

  it('rests on the day that stands in for Boxing Day on a Saturday', () => {
    expect(au({ at: '2026-12-28T12:00+11:00' })).toMatchObject(deferredTo('2026-12-29T07:30+11:00'));
  });

  it('knows holidays until the end of 2027 and refuses afterwards, also where the next opening lies there', () => {
    expect(au({ at: '2027-12-31T20:59+11:00' })).toMatchObject(ALLOWED);
    expect(au({ at: '2027-12-31T21:00+11:00' })).toMatchObject(denied('CALENDAR_HORIZON'));
    expect(au({ at: '2031-03-12T12:00+11:00' })).toMatchObject(denied('CALENDAR_HORIZON'));
  });

  it('takes years before its calendar as years without holidays', () => {
    expect(au({ at: '2022-01-26T12:00+11:00' })).toMatchObject(ALLOWED);
  });

  it('counts what reached the customer: an answer, a voicemail, a message; no ringing', () => {
    const reached = [
      spoken('2026-03-09T10:00+11:00'),
      { at: '2026-03-10T10:00+11:00', outcome: 'voicemail', debtId: 'A' },
      { at: '2026-03-10T11:00+11:00', channel: 'sms', debtId: 'A' },
    ];
    const rung = ['09', '10', '11', '12'].map((hour) => ({ at: `2026-03-10T${hour}:30+11:00`, debtId: 'A' }));

    expect(au({ at: NOON, flags: ['debt:A'], history: [...reached, ...rung] })).toMatchObject(
      deferredTo('2026-03-16T07:30+11:00', 'AU.FREQ.WEEK'),
    );
    expect(au({ at: NOON, flags: ['debt:A'], history: [...reached.slice(1), ...rung] })).toMatchObject(ALLOWED);
  });

  it('leaves out what the customer began, and visits', () => {
    const history = [
      spoken('2026-03-09T10:00+11:00'),
      spoken('2026-03-09T14:00+11:00', { direction: 'inbound' }),
      spoken('2026-03-10T10:00+11:00', { channel: 'visit' }),
      spoken('2026-03-10T14:00+11:00'),
    ];

    expect(au({ at: NOON, flags: ['debt:A'], history })).toMatchObject(ALLOWED);
  });

  it('reads the month both ways and keeps the stricter', () => {
    // Ten contacts from 2 to 23 February, no three of them in the last week. 28 days: the rolling month ends after the calendar one.
    const days = ['02', '03', '04', '09', '10', '11', '16', '17', '18', '23'];
    const february = days.map((day) => spoken(`2026-02-${day}T10:00+11:00`));
    const may = days.map((day) => spoken(`2026-05-${day}T10:00+10:00`));

    expect(au({ at: '2026-02-27T12:00+11:00', flags: ['debt:A'], history: february })).toMatchObject(deferredTo('2026-03-04T07:30+11:00'));
    // 31 days: from 2 May on 30 days are over with the month.
    expect(au({ at: '2026-05-29T12:00+10:00', flags: ['debt:A'], history: may })).toMatchObject(deferredTo('2026-06-01T07:30+10:00'));
  });

  it('visits once a month, by the calendar too', () => {
    const visit = { channel: 'visit', flags: ['visit:preconditions_met'] };
    const history = [{ at: '2026-03-01T10:00+11:00', channel: 'visit' }];

    expect(au({ ...visit, at: '2026-03-30T12:00+11:00', history })).toMatchObject(
      deferredTo('2026-04-01T09:00+11:00', 'AU.FREQ.VISIT+AU.FREQ.VISIT.CALENDAR_MONTH'),
    );
    expect(au({ ...visit, at: '2026-03-31T12:00+11:00', history })).toMatchObject(
      deferredTo('2026-04-01T09:00+11:00', 'AU.FREQ.VISIT.CALENDAR_MONTH'),
    );
  });

  it('keeps the hours of work, weekends and holidays out, at a place of work', () => {
    const flags = ['contact_point:workplace'];

    expect(au({ at: '2026-04-02T17:30+11:00', flags })).toMatchObject(deferredTo('2026-04-07T09:00+10:00'));
  });

  it.each([
    { name: 'a counsellor who does not answer', flags: ['represented', 'attorney_unresponsive'], expected: ALLOWED },
    { name: 'a counsellor, and a customer who asks for the call', flags: ['represented', 'debtor_requested_contact'], expected: ALLOWED },
    { name: 'a plan that is kept', flags: ['plan_active'], expected: denied('AU.PLAN') },
    { name: 'a plan that is kept, to serve it', flags: ['plan_active', 'purpose:plan_servicing'], expected: ALLOWED },
    { name: 'family', flags: ['target:spouse'], expected: denied('AU.THIRD_PARTY') },
    { name: 'the executor of an estate', flags: ['deceased', 'target:executor'], expected: ALLOWED },
  ])('$name: $expected.decision', ({ flags, expected }) => {
    expect(au({ at: NOON, flags })).toMatchObject(expected);
  });

  it('goes by every zone where the phone and the address disagree, and by the stated one where the customer stated it', () => {
    const flags = ['phone_tz:Australia/Perth', 'address_tz:Australia/Sydney'];

    // 07:30 in Perth is 10:30 in Sydney.
    expect(au({ at: '2026-03-11T08:00+11:00', zone: null, flags })).toMatchObject(deferredTo('2026-03-11T10:30+11:00'));
    expect(au({ at: '2026-03-11T08:00+11:00', flags: [...flags, 'tz_source:customer_stated'] })).toMatchObject(ALLOWED);
  });
});
