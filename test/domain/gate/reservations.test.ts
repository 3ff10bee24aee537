import { describe, expect, it } from 'vitest';
import type { ContactRow } from '../../../domain/customer.ts';
import { judge } from '../../../domain/gate/gate.ts';
import type { GateFacts } from '../../../domain/gate/types.ts';
import { aConversation, aRequest, aRow, shanghai, someFacts } from './builders.ts';

const at = (time: string): string => shanghai(`2026-04-15T${time}`);
const verdictAt = (time: string, ledger: readonly ContactRow[], change: Partial<GateFacts> = {}) =>
  judge(aRequest('voice', { point: { addressKey: 'n1' } }), someFacts({ house: false, ...change, ledger }), Date.parse(at(time)));

describe('a reservation', () => {
  const answered = (time: string): ContactRow => aConversation(at(time), 'voice', { addressKey: 'n2' });
  const unanswered = (time: string): ContactRow => aRow(at(time), 'voice', { addressKey: 'n1' });
  const reserved = (time: string, until: string): ContactRow => aRow(at(time), 'voice', { addressKey: 'n1', pendingUntil: at(until) });

  it('may become the last answered call of the day, so the next waits until it lapses', () => {
    expect(verdictAt('12:02', [answered('09:00'), answered('10:00'), reserved('12:00', '12:10')])).toMatchObject({
      decision: 'defer',
      rule: 'CN.FREQ.CONNECTED',
      notBefore: Date.parse(at('12:10')),
    });
  });

  it('may become the last unanswered one as well', () => {
    const five = ['08:00', '08:30', '09:00', '09:30', '10:00'].map(unanswered);

    expect(verdictAt('12:02', [...five, reserved('12:00', '12:10')])).toMatchObject({
      rule: 'CN.FREQ.UNANSWERED',
      notBefore: Date.parse(at('12:10')),
    });
  });

  it('that lapsed counts no more', () => {
    expect(verdictAt('12:10', [answered('09:00'), answered('10:00'), reserved('12:00', '12:10')])).toMatchObject({ decision: 'allow' });
  });

  it('that lapses does not help where the day is full without it', () => {
    const ledger = [answered('08:00'), answered('09:00'), answered('10:00'), reserved('12:00', '12:10')];

    expect(verdictAt('12:02', ledger)).toMatchObject({ notBefore: Date.parse(shanghai('2026-04-16T08:00')) });
  });

  it('one after another lapses until there is room', () => {
    const ledger = [answered('09:00'), reserved('12:00', '12:10'), reserved('12:05', '12:20')];

    expect(verdictAt('12:06', ledger)).toMatchObject({ notBefore: Date.parse(at('12:10')) });
  });

  it('keeps two calls to a number apart only while it lasts', () => {
    expect(verdictAt('12:02', [reserved('12:00', '12:10')], { house: true })).toMatchObject({ notBefore: Date.parse(at('12:10')) });
  });

  it('starts a cool-down while it lasts', () => {
    const facts = { jurisdiction: 'US', timeZones: ['America/New_York'] };
    const ledger = [aRow('2026-06-10T16:00:00Z', 'voice', { pendingUntil: '2026-06-10T16:10:00Z' })];
    const verdict = (instant: string) => judge(aRequest('voice'), someFacts({ house: false, ...facts, ledger }), Date.parse(instant));

    expect(verdict('2026-06-10T16:01:00Z')).toMatchObject({ rule: 'US.FREQ.POSTCONV', notBefore: Date.parse('2026-06-10T16:10:00Z') });
    expect(verdict('2026-06-10T16:10:00Z')).toMatchObject({ decision: 'allow' });
  });

  it('keeps nothing waiting past a consent that is dated before its end', () => {
    const ledger = [aRow('2026-03-06T11:35:00Z', 'voice', { pendingUntil: '2026-03-06T11:37:00Z' })];
    const facts = someFacts({
      house: false,
      jurisdiction: 'US',
      timeZones: ['America/New_York'],
      consentOutsideHours: true,
      directConsentAt: '2026-03-06T11:36:00Z',
      ledger,
    });

    expect(judge(aRequest('voice'), facts, Date.parse('2026-03-06T11:35:00Z'))).toMatchObject({
      decision: 'defer',
      notBefore: Date.parse('2026-03-06T11:36:00Z'),
    });
  });
});

describe('what is planned for later', () => {
  const texts = (...days: readonly string[]): ContactRow[] => days.map((day) => aRow(shanghai(`${day}T12:00`), 'sms'));
  const textOn = (day: string, ledger: readonly ContactRow[]) =>
    judge(aRequest('sms'), someFacts({ house: false, ledger }), Date.parse(shanghai(`${day}T13:00`)));

  it('leaves the days before it free, as far as no seven in a row hold too much', () => {
    expect(textOn('2026-04-15', texts('2026-04-16'))).toMatchObject({ decision: 'allow' });
    expect(textOn('2026-04-15', texts('2026-04-16', '2026-04-18', '2026-04-20'))).toMatchObject({
      rule: 'CN.FREQ.SMS.WEEK',
      notBefore: Date.parse(shanghai('2026-04-23T08:00')),
    });
    expect(textOn('2026-04-13', texts('2026-04-16', '2026-04-18', '2026-04-20'))).toMatchObject({ decision: 'allow' });
  });
});

describe('the house counts', () => {
  it('a conversation that the customer began: nobody is rung again the same day', () => {
    const inbound = aConversation(at('10:00'), 'voice', { direction: 'inbound' });

    expect(verdictAt('12:30', [inbound], { house: true })).toMatchObject({ decision: 'defer', rule: 'HOUSE.CONVERSATION.DAY' });
  });

  it('no message of the customer as one of its own', () => {
    const inbound = aRow(at('10:00'), 'sms', { direction: 'inbound' });
    const facts = someFacts({ ledger: [inbound] });

    expect(judge(aRequest('sms'), facts, Date.parse(at('12:30')))).toMatchObject({ decision: 'allow' });
  });

  it('a shared contact once for the customer', () => {
    const shared = aRow(at('10:00'), 'post', { accountId: 'acc-2', alsoAbout: ['acc-1', 'acc-3'] });
    const facts = someFacts({ ledger: [shared] });

    expect(judge(aRequest('sms'), facts, Date.parse(at('12:30')))).toMatchObject({ decision: 'allow' });
  });
});

describe('a contact about several accounts', () => {
  it('cools each of them', () => {
    const shared = aConversation('2026-06-10T16:00:00Z', 'voice', { accountId: 'acc-2', alsoAbout: ['acc-1'] });
    const facts = someFacts({ house: false, jurisdiction: 'US', timeZones: ['America/New_York'], ledger: [shared] });
    const about = (accountId: string) => judge({ ...aRequest('voice'), accountId }, facts, Date.parse('2026-06-11T16:00:00Z'));

    expect(about('acc-1')).toMatchObject({ rule: 'US.FREQ.POSTCONV' });
    expect(about('acc-2')).toMatchObject({ rule: 'US.FREQ.POSTCONV' });
    expect(about('acc-3')).toMatchObject({ decision: 'allow' });
  });
});

describe('45 contacts in 90 days', () => {
  const ledger = Array.from({ length: 45 }, (_, index) =>
    aRow(new Date(Date.parse(at('12:00')) - (index + 1) * 2 * 86_400_000 + 86_400_000).toISOString(), 'post'),
  );
  const text = (change: Partial<GateFacts>) => judge(aRequest('sms'), someFacts({ ledger, ...change }), Date.parse(at('13:00')));

  it('stop contact until a person approved going on: then a fresh 45 begin', () => {
    expect(text({})).toMatchObject({ rule: 'HOUSE.ALL.QUARTER' });
    expect(text({ pressureApprovedAt: at('12:30') })).toMatchObject({ decision: 'allow' });
  });

  it('count again what came after the approval', () => {
    expect(text({ pressureApprovedAt: '2026-01-01T00:00:00Z' })).toMatchObject({ rule: 'HOUSE.ALL.QUARTER' });
  });

  it('and no other cap is forgotten by it', () => {
    const today = [aRow(at('09:30'), 'sms')];

    expect(text({ ledger: today, pressureApprovedAt: at('12:30') })).toMatchObject({ decision: 'defer' });
  });
});
