import { describe, expect, it } from 'vitest';
import { ALLOWED, type Asked, ask, deferredTo, denied } from './ask.ts';

const cn = (asked: Asked) => ask('CN', 'Asia/Shanghai', asked);
const NOON = '2026-04-10T12:00+08:00';

describe('the mainland pack', () => {
  it.each(['call', 'sms', 'email', 'letter'])(
    'closes %s at 22:00, because the guide bans calls, visits and other collection',
    (channel) => {
      expect(cn({ channel, at: '2026-04-10T21:59:59+08:00' })).toMatchObject(ALLOWED);
      expect(cn({ channel, at: '2026-04-10T22:00+08:00' })).toMatchObject(deferredTo('2026-04-11T08:00+08:00', 'CN.HOURS'));
    },
  );

  it('takes an agreement to contact at night for what it is: no more calls, only other hours', () => {
    const history = ['19:00', '20:00', '21:00'].map((time) => ({ at: `2026-04-10T${time}+08:00`, kind: 'conversation' as const }));

    expect(cn({ at: '2026-04-10T22:30+08:00', flags: ['consent:outside_hours'] })).toMatchObject(ALLOWED);
    // The next calendar day begins at midnight, and the night is open to this customer.
    expect(cn({ at: '2026-04-10T22:30+08:00', flags: ['consent:outside_hours'], history })).toMatchObject(
      deferredTo('2026-04-11T00:00+08:00', 'CN.FREQ.CONNECTED'),
    );
  });

  it('asks in Xinjiang for both clocks, which are two hours apart, also where the customer stated the place', () => {
    const flags = ['tz_source:customer_stated'];

    expect(cn({ at: '2026-04-10T09:30+08:00', zone: 'Asia/Urumqi', flags })).toMatchObject(deferredTo('2026-04-10T10:00+08:00'));
    expect(cn({ at: '2026-04-10T22:30+08:00', zone: 'Asia/Urumqi', flags })).toMatchObject(deferredTo('2026-04-11T10:00+08:00'));
  });

  it('goes by the place of a customer abroad, not by Shanghai', () => {
    expect(cn({ at: '2026-07-10T12:00+08:00', zone: 'Europe/Berlin' })).toMatchObject(deferredTo('2026-07-10T08:00+02:00'));
  });

  it('goes by legal time where nothing is known of the place', () => {
    expect(cn({ at: '2026-04-10T07:59+08:00', zone: null })).toMatchObject(deferredTo('2026-04-10T08:00+08:00'));
  });

  it('counts answered calls of the bank and all its agencies together, those that the customer made apart', () => {
    const by = (actor: string, hour: string, more = {}) => ({
      at: `2026-04-10T${hour}:00+08:00`,
      kind: 'conversation' as const,
      actor,
      ...more,
    });

    expect(cn({ at: NOON, history: [by('bank', '08'), by('agency-1', '09'), by('agency-2', '10')] })).toMatchObject(
      deferredTo('2026-04-11T08:00+08:00', 'CN.FREQ.CONNECTED'),
    );
    expect(cn({ at: NOON, history: [by('bank', '08'), by('agency-1', '09'), by('x', '10', { direction: 'inbound' })] })).toMatchObject(
      ALLOWED,
    );
  });

  it('counts a row that names no number for every number', () => {
    const history = [1, 2, 3, 4, 5, 6].map((hour) => ({ at: `2026-04-10T0${hour + 2}:00+08:00` }));

    expect(cn({ at: NOON, flags: ['contact_point:p1'], history })).toMatchObject(
      deferredTo('2026-04-11T08:00+08:00', 'CN.FREQ.UNANSWERED'),
    );
  });

  it('takes one text message a day as its own choice, and leaves notices apart', () => {
    const history = [{ at: '2026-04-10T09:00+08:00', channel: 'sms' }];

    expect(cn({ at: NOON, channel: 'sms', history })).toMatchObject(deferredTo('2026-04-11T08:00+08:00', 'CN.FREQ.SMS.DAY'));
    expect(cn({ at: NOON, channel: 'sms', history, flags: ['purpose:formal_notice'] })).toMatchObject(ALLOWED);
  });

  it('lets a payment be confirmed at any hour: it is no collection', () => {
    expect(cn({ at: '2026-04-10T23:30+08:00', channel: 'sms', flags: ['purpose:payment_receipt'] })).toMatchObject(ALLOWED);
  });

  it.each([
    { name: 'a guarantor, who owes like the customer', flags: ['target:guarantor'], expected: ALLOWED },
    {
      name: 'a neighbour while the customer can be reached',
      flags: ['target:neighbour', 'purpose:locate'],
      expected: denied('CN.THIRD_PARTY'),
    },
    {
      name: 'a neighbour, for the number of a lost customer',
      flags: ['target:neighbour', 'purpose:locate', 'debtor_unreachable'],
      expected: ALLOWED,
    },
    {
      name: 'a neighbour who does not want to be asked again',
      flags: ['target:neighbour', 'purpose:locate', 'debtor_unreachable', 'third_party_refused'],
      expected: denied('CN.THIRD_PARTY'),
    },
    { name: 'anybody by a private phone', flags: ['device:private_unapproved'], expected: denied('CN.DEVICE') },
    { name: 'everybody, by posting', flags: ['medium:public_posting'], expected: denied('CN.PUBLIC') },
    { name: 'a customer who objected and has no answer', flags: ['objection_pending'], expected: denied('CN.OBJECTION') },
    { name: 'a customer whose objection was answered', flags: ['objection_pending', 'verification_sent'], expected: ALLOWED },
    { name: 'the number at work, which no text bars', flags: ['contact_point:workplace'], expected: ALLOWED },
    {
      name: 'the number at work that the employer bars',
      flags: ['contact_point:workplace', 'employer_prohibits'],
      expected: denied('CN.WORKPLACE'),
    },
  ])('contacts $name: $expected.decision', ({ flags, expected }) => {
    expect(cn({ at: NOON, flags })).toMatchObject(expected);
  });

  it.each([
    { flags: [], expected: denied('CN.VISIT.PREPARED') },
    { flags: ['visit:preconditions_met'], expected: ALLOWED },
    { flags: ['visit:preconditions_met', 'visit:refused'], expected: denied('CN.VISIT') },
    { flags: ['visit:preconditions_met', 'contact_point:workplace'], expected: denied('CN.VISIT.WORK') },
  ])('visits with $flags: $expected', ({ flags, expected }) => {
    expect(cn({ at: NOON, channel: 'visit', flags })).toMatchObject(expected);
  });

  it('treats holidays as other days, and asks no calendar', () => {
    expect(cn({ at: '2031-10-01T10:00+08:00', flags: ['holiday:2031-10-01'] })).toMatchObject(ALLOWED);
  });
});
