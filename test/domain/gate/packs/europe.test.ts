import { describe, expect, it } from 'vitest';
import { ALLOWED, type Asked, ask, deferredTo, denied } from './ask.ts';

const uk = (asked: Asked) => ask('UK', 'Europe/London', asked);
const NOON = '2026-05-12T12:00+01:00';

describe('the pack of the United Kingdom', () => {
  it('rests on Sundays and bank holidays by its own choice, which gives way to the customer’s hours and days', () => {
    expect(uk({ at: '2026-05-23T17:00+01:00' })).toMatchObject(deferredTo('2026-05-26T08:00+01:00', 'UK.HOURS'));
    expect(uk({ at: '2026-05-25T18:30+01:00', flags: ['customer_window:18:00-20:00'] })).toMatchObject(ALLOWED);
  });

  it('rests on the substitute day of a bank holiday', () => {
    expect(uk({ at: '2027-12-24T20:30+00:00' })).toMatchObject(deferredTo('2027-12-29T08:00+00:00'));
  });

  it('sends letters at any hour, where a call must wait', () => {
    expect(uk({ channel: 'letter', at: '2026-05-24T06:00+01:00' })).toMatchObject(ALLOWED);
  });

  it('talks once in seven days and dials three times a day, by its own choice', () => {
    const answered = [{ at: '2026-05-08T12:00+01:00', kind: 'conversation' as const }];
    const rung = ['09', '10', '11'].map((hour) => ({ at: `2026-05-12T${hour}:00+01:00` }));

    expect(uk({ at: NOON, history: answered })).toMatchObject(deferredTo('2026-05-15T08:00+01:00', 'UK.FREQ.CONVERSATION'));
    expect(uk({ at: NOON, history: rung })).toMatchObject(deferredTo('2026-05-13T08:00+01:00', 'UK.FREQ.DAY'));
  });

  it('counts the sixty days of a breathing space from its first day on', () => {
    const flags = ['breathing_space_started:2026-03-02'];

    expect(uk({ at: '2026-04-30T19:59+01:00', flags })).toMatchObject({
      ...denied('UK.BREATHING_SPACE'),
      why: expect.stringContaining('2026-04-30'),
    });
    expect(uk({ at: '2026-05-01T08:00+01:00', flags })).toMatchObject(ALLOWED);
    expect(uk({ at: '2026-02-27T12:00+00:00', flags })).toMatchObject(ALLOWED);
  });

  it.each([
    { name: 'on the moratorium itself', more: 'purpose:moratorium_notice', expected: ALLOWED },
    { name: 'that statute asks for', more: 'purpose:statutory_notice', expected: ALLOWED },
    { name: 'that the customer asked for', more: 'debtor_requested_contact', expected: ALLOWED },
    { name: 'to chase the debt', more: 'purpose:demand_payment', expected: denied('UK.BREATHING_SPACE') },
  ])('within a breathing space contact $name: $expected.decision', ({ more, expected }) => {
    expect(uk({ at: '2026-04-01T12:00+01:00', flags: ['breathing_space_started:2026-03-02', more] })).toMatchObject(expected);
  });

  it.each([
    { name: 'an old debt', flags: ['time_barred'], expected: ALLOWED },
    {
      name: 'an old debt that the customer will not pay',
      flags: ['time_barred', 'customer_refuses_time_barred'],
      expected: denied('UK.TIME_BARRED.REFUSED'),
    },
    { name: 'somebody who answers the door', flags: ['target:occupier'], expected: denied('UK.THIRD_PARTY') },
    { name: 'a debt disputed on valid grounds', flags: ['dispute_valid_grounds'], expected: denied('UK.DISPUTE') },
    { name: 'a bankrupt customer', flags: ['bankruptcy_order'], expected: denied('UK.BANKRUPTCY') },
  ])('$name: $expected.decision', ({ flags, expected }) => {
    expect(uk({ at: NOON, flags })).toMatchObject(expected);
  });
});

describe('the base pack of the European Union', () => {
  const eu = (asked: Asked) => ask('EU', 'Europe/Berlin', asked);

  it('is open Monday to Saturday from nine to seven, by choice', () => {
    expect(eu({ at: '2026-05-16T18:59+02:00' })).toMatchObject(ALLOWED);
    expect(eu({ at: '2026-05-16T19:00+02:00' })).toMatchObject(deferredTo('2026-05-18T09:00+02:00', 'EU.HOURS'));
  });

  it('rests on the days that all share, and on those it is told of', () => {
    expect(eu({ at: '2026-05-01T12:00+02:00' })).toMatchObject(deferredTo('2026-05-02T09:00+02:00'));
    expect(eu({ at: '2026-10-03T12:00+02:00', flags: ['holiday:2026-10-03'] })).toMatchObject(deferredTo('2026-10-05T09:00+02:00'));
  });

  it('contacts once a day, whatever the channel', () => {
    expect(eu({ at: '2026-05-12T12:00+02:00', history: [{ at: '2026-05-12T10:00+02:00', channel: 'email' }] })).toMatchObject(
      deferredTo('2026-05-13T09:00+02:00', 'EU.FREQ.DAY'),
    );
  });

  it('needs to know the place: the Union has three clocks', () => {
    expect(eu({ at: '2026-05-12T12:00+02:00', zone: null })).toMatchObject(denied('ZONE.UNKNOWN'));
  });

  it('lets nobody else learn of the debt, a guarantor aside', () => {
    expect(eu({ at: '2026-05-12T12:00+02:00', flags: ['target:family'] })).toMatchObject(denied('EU.THIRD_PARTY'));
    expect(eu({ at: '2026-05-12T12:00+02:00', flags: ['target:guarantor'] })).toMatchObject(ALLOWED);
  });
});

describe('Greece', () => {
  const gr = (asked: Asked) => ask('EU-GR', 'Europe/Athens', asked);

  it('is open on weekdays from nine to eight', () => {
    expect(gr({ at: '2026-05-15T20:00+03:00' })).toMatchObject(deferredTo('2026-05-18T09:00+03:00', 'GR.HOURS'));
  });

  it('calls every other day, and leaves messages uncounted', () => {
    const history = [{ at: '2026-05-12T10:00+03:00' }];

    expect(gr({ at: '2026-05-13T12:00+03:00', history })).toMatchObject(deferredTo('2026-05-14T09:00+03:00', 'GR.FREQ'));
    expect(gr({ at: '2026-05-13T12:00+03:00', channel: 'sms', history })).toMatchObject(ALLOWED);
  });

  it('leaves the first ten days in peace', () => {
    expect(gr({ at: '2026-05-12T12:00+03:00', flags: ['days_past_due:10'] })).toMatchObject(denied('GR.GRACE'));
    expect(gr({ at: '2026-05-12T12:00+03:00', flags: ['days_past_due:11'] })).toMatchObject(ALLOWED);
  });

  it('rings at work only where there is no other number', () => {
    expect(gr({ at: '2026-05-12T12:00+03:00', flags: ['contact_point:workplace'] })).toMatchObject(denied('GR.WORK'));
  });

  it('has no rule on holidays, so asks no calendar', () => {
    expect(gr({ at: '2031-10-28T12:00+02:00' })).toMatchObject(ALLOWED);
  });
});

describe('Romania', () => {
  const ro = (asked: Asked) => ask('EU-RO', 'Europe/Bucharest', asked);

  it('has hours of its own, by a code of conduct, and the customer’s window does not widen them', () => {
    expect(ro({ at: '2026-05-16T14:00+03:00' })).toMatchObject(deferredTo('2026-05-18T08:00+03:00', 'RO.HOURS'));
    expect(ro({ at: '2026-05-12T12:00+03:00', flags: ['customer_window:20:30-22:00'] })).toMatchObject(
      deferredTo('2026-05-12T20:30+03:00'),
    );
    expect(ro({ at: '2026-05-12T21:00+03:00', flags: ['customer_window:20:30-22:00'] })).toMatchObject(
      deferredTo('2026-05-13T20:30+03:00'),
    );
  });
});
