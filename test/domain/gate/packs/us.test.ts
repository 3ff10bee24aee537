import { describe, expect, it } from 'vitest';
import { ALLOWED, type Asked, ask, deferredTo, denied, type Past } from './ask.ts';

const NOON = '2026-06-10T12:00-04:00';
const collector = (asked: Asked) => ask('US', 'America/New_York', { ...asked, flags: ['role:third_party', ...(asked.flags ?? [])] });
const creditor = (asked: Asked) => ask('US', 'America/New_York', { ...asked, flags: ['role:first_party', ...(asked.flags ?? [])] });
/** Calls at 10:00 on days of June 2026. */
const calls = (days: readonly number[], more: Partial<Past> = {}): Past[] =>
  days.map((day) => ({ at: `2026-06-${String(day).padStart(2, '0')}T10:00-04:00`, ...more }));
const SEVEN = [4, 5, 6, 7, 8, 9, 10];

describe('Regulation F', () => {
  it.each(['call', 'sms', 'email', 'letter', 'visit'])('closes %s at 21:00: the rule speaks of any communication', (channel) => {
    expect(collector({ channel, at: '2026-06-10T20:59:59-04:00' })).toMatchObject(ALLOWED);
    expect(collector({ channel, at: '2026-06-10T21:00-04:00' })).toMatchObject(deferredTo('2026-06-11T08:00-04:00', 'US.HOURS'));
  });

  it('frees the eighth call on the eighth day, whatever the hour of the first', () => {
    expect(collector({ at: NOON, history: calls(SEVEN.slice(1)) })).toMatchObject(ALLOWED);
    expect(collector({ at: NOON, history: calls(SEVEN) })).toMatchObject(deferredTo('2026-06-11T08:00-04:00', 'US.FREQ.7IN7'));
  });

  it('counts voicemails and limited-content messages, and no call that was not put through', () => {
    expect(collector({ at: NOON, history: calls(SEVEN, { outcome: 'voicemail_lcm' }) })).toMatchObject({ decision: 'defer' });
    expect(collector({ at: NOON, history: calls(SEVEN, { outcome: 'not_connected' }) })).toMatchObject(ALLOWED);
  });

  it('counts by debt: a call about two debts needs room for both', () => {
    const history = calls(SEVEN, { debtId: 'D1' });

    expect(collector({ at: NOON, history, flags: ['debt:D2'] })).toMatchObject(ALLOWED);
    expect(collector({ at: NOON, history, flags: ['debt:D2', 'debt:D1'] })).toMatchObject({ decision: 'defer' });
    // Nobody says what it is about: it may be about that one.
    expect(collector({ at: NOON, history })).toMatchObject({ decision: 'defer' });
  });

  it('calls an attorney of the customer as often as is needed, for the limit is on calls to the customer', () => {
    expect(collector({ at: NOON, history: calls(SEVEN), flags: ['target:attorney', 'attorney_represented'] })).toMatchObject(ALLOWED);
  });

  it('lets a consent given directly exceed the counts for seven days, its own being the first', () => {
    const flags = ['direct_consent_at:2026-06-04T18:00:00Z'];

    expect(collector({ at: NOON, history: calls(SEVEN), flags })).toMatchObject(ALLOWED);
    expect(
      collector({ at: NOON, history: [{ ...calls([9])[0], kind: 'conversation', at: '2026-06-09T10:00-04:00' }], flags }),
    ).toMatchObject(ALLOWED);
  });

  it('leaves out calls made under such a consent once it has ended, and only those', () => {
    const flags = ['direct_consent_at:2026-06-01T14:00:00Z'];

    // 1 to 7 June stand under the consent: of ten calls since 4 June six count.
    expect(collector({ at: '2026-06-13T12:00-04:00', history: calls([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]), flags })).toMatchObject(ALLOWED);
    expect(collector({ at: '2026-06-14T12:00-04:00', history: calls([8, 9, 10, 11, 12, 13, 14]), flags })).toMatchObject(
      deferredTo('2026-06-15T08:00-04:00'),
    );
  });

  it('finds that a consent which ends tonight does not help tomorrow morning', () => {
    const flags = ['direct_consent_at:2026-06-04T14:00:00Z'];
    const history = calls([11, 11, 11, 11, 11, 11, 11]);

    // At 22:00 on the last day of consent the hours are shut; when they open the consent has ended, and seven calls wait for tomorrow.
    expect(collector({ at: '2026-06-10T22:00-04:00', history, flags })).toMatchObject(deferredTo('2026-06-18T08:00-04:00'));
  });

  it('gives the hours no way round a consent to calls: consent is for what it was given', () => {
    expect(collector({ at: '2026-06-10T22:00-04:00', flags: ['direct_consent_at:2026-06-10T14:00:00Z'] })).toMatchObject({
      decision: 'defer',
    });
  });

  it('starts the cool-down with a conversation that the customer began, and with no call that stayed unanswered', () => {
    const inbound = { at: '2026-06-08T12:00-04:00', kind: 'conversation' as const, direction: 'inbound' };

    expect(collector({ at: NOON, history: [inbound] })).toMatchObject(deferredTo('2026-06-15T08:00-04:00', 'US.FREQ.POSTCONV'));
    expect(collector({ at: NOON, history: [{ ...inbound, kind: 'attempt' }] })).toMatchObject(ALLOWED);
    expect(collector({ at: NOON, channel: 'email', history: [inbound] })).toMatchObject(ALLOWED);
  });

  it('answers a customer who writes at night once, and then waits for the morning', () => {
    const asked = { at: '2026-06-10T22:10-04:00', channel: 'email', direction: 'inbound' };
    const reply = { at: '2026-06-10T22:15-04:00', channel: 'email' };
    const now = { at: '2026-06-10T22:20-04:00', channel: 'email', flags: ['debtor_requested_contact'] };

    expect(collector({ ...now, history: [asked] })).toMatchObject(ALLOWED);
    expect(collector({ ...now, history: [asked, reply] })).toMatchObject(deferredTo('2026-06-11T08:00-04:00'));
  });

  it('rings again who asked for a call and did not pick up', () => {
    const asked = { at: '2026-06-10T10:00-04:00', kind: 'conversation' as const, direction: 'inbound' };
    const flags = ['debtor_requested_contact'];

    expect(collector({ at: NOON, flags, history: [asked, { at: '2026-06-10T11:00-04:00' }] })).toMatchObject(ALLOWED);
    expect(collector({ at: NOON, flags, history: [asked, { at: '2026-06-10T11:00-04:00', kind: 'conversation' }] })).toMatchObject(
      deferredTo('2026-06-17T08:00-04:00', 'US.FREQ.POSTCONV'),
    );
  });

  it('writes to an address at work once the customer has written from it', () => {
    const flags = ['contact_point:work_email'];
    const inbound = { at: '2026-06-09T10:00-04:00', channel: 'email', direction: 'inbound', contactPoint: 'work_email' };

    expect(collector({ at: NOON, channel: 'email', flags })).toMatchObject(denied('US.WORK_EMAIL'));
    expect(collector({ at: NOON, channel: 'email', flags, history: [inbound] })).toMatchObject(ALLOWED);
    expect(collector({ at: NOON, channel: 'email', flags: [...flags, 'direct_consent_at:2026-06-01T14:00:00Z'] })).toMatchObject(ALLOWED);
  });

  it.each([
    {
      name: 'after a written refusal, a notice that a remedy will be used',
      flags: ['refuses_to_pay_written', 'purpose:remedy_notice'],
      expected: ALLOWED,
    },
    { name: 'after a written refusal, a demand', flags: ['refuses_to_pay_written'], expected: denied('US.CEASE') },
    { name: 'an attorney who does not answer', flags: ['attorney_represented', 'attorney_unresponsive'], expected: ALLOWED },
    {
      name: 'an attorney, and a customer who asks for a call all the same',
      flags: ['attorney_represented', 'debtor_requested_contact'],
      expected: denied('US.ATTORNEY'),
    },
    { name: 'a spoken dispute', flags: ['dispute_oral'], expected: ALLOWED },
    { name: 'a validation period without a dispute', flags: ['validation_period_open'], expected: ALLOWED },
    { name: 'an old debt, and a threat to sue', flags: ['time_barred', 'purpose:legal_threat'], expected: denied('US.TIME_BARRED') },
    { name: 'somebody else, asked where the customer is', flags: ['target:third_party', 'purpose:location'], expected: ALLOWED },
    {
      name: 'the same, asked again',
      flags: ['target:third_party', 'purpose:location', 'location_contacted_before'],
      expected: denied('US.THIRD_PARTY'),
    },
    { name: 'the spouse, who is a consumer to the rule', flags: ['target:spouse'], expected: ALLOWED },
  ])('$name: $expected.decision', ({ flags, expected }) => {
    expect(collector({ at: NOON, flags })).toMatchObject(expected);
  });

  it('refuses where nothing is known of the place, for a country has six clocks', () => {
    expect(collector({ at: NOON, zone: null })).toMatchObject(denied('ZONE.UNKNOWN'));
  });
});

describe('a creditor that collects its own debt', () => {
  it('has no federal count, and keeps decent hours of its own choice, which give way to the customer’s', () => {
    expect(creditor({ at: NOON, history: calls(SEVEN) })).toMatchObject(ALLOWED);
    expect(creditor({ at: '2026-06-10T22:00-04:00' })).toMatchObject(deferredTo('2026-06-11T08:00-04:00', 'US.HOURS.FIRST_PARTY'));
    expect(creditor({ at: '2026-06-10T22:00-04:00', flags: ['customer_window:21:00-23:00'] })).toMatchObject(ALLOWED);
  });

  it('stops for the automatic stay like everybody', () => {
    expect(creditor({ at: NOON, flags: ['bankruptcy_filed'] })).toMatchObject(denied('US.BANKRUPTCY'));
  });

  it('becomes bound when an agency takes over: the history stays', () => {
    expect(collector({ at: NOON, history: calls(SEVEN, { actor: 'creditor' }) })).toMatchObject({ decision: 'defer' });
  });
});

describe('Massachusetts', () => {
  const ma = (asked: Asked) => ask('US-MA', 'America/New_York', { ...asked, flags: ['role:first_party', ...(asked.flags ?? [])] });

  it('allows creditors too no more than two calls in seven days', () => {
    expect(ma({ at: NOON, history: calls([9]) })).toMatchObject(ALLOWED);
    expect(ma({ at: NOON, history: calls([8, 9]) })).toMatchObject(deferredTo('2026-06-15T08:00-04:00', 'US-MA.FREQ.WEEK'));
  });

  it('counts calls to a place of work apart, over 30 days', () => {
    const history = calls([1, 2], { contactPoint: 'workplace' });

    expect(ma({ at: NOON, history })).toMatchObject(ALLOWED);
    expect(ma({ at: NOON, history, flags: ['contact_point:workplace'] })).toMatchObject(
      deferredTo('2026-07-01T08:00-04:00', 'US-MA.FREQ.WORK'),
    );
  });

  it('goes by Eastern time beside the customer’s own', () => {
    // 18:30 in Los Angeles is 21:30 in Boston.
    expect(ma({ at: '2026-06-10T18:30-07:00', zone: 'America/Los_Angeles' })).toMatchObject(
      deferredTo('2026-06-11T08:00-07:00', 'US-MA.HOURS'),
    );
  });

  it('keeps the federal limits as well', () => {
    const flags = ['cease_written', 'role:third_party'];

    expect(ask('US-MA', 'America/New_York', { at: NOON, flags })).toMatchObject(denied('US.CEASE'));
  });

  it('leaves text messages uncounted', () => {
    expect(ma({ at: NOON, channel: 'sms', history: calls([8, 9]) })).toMatchObject(ALLOWED);
  });
});
