import { describe, expect, it } from 'vitest';
import { withFinding } from '../../../domain/contact-points/health.ts';
import { noneUsable } from '../../../domain/contact-points/usable.ts';
import type { AddressFinding, ContactPoint, Governor } from '../../../domain/customer.ts';
import { CHANNELS, type Channel } from '../../../domain/model.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer, aPoint } from '../../builders/customer.ts';
import { drive } from '../drive.ts';

const ON = ['sms', 'email'] as const;

function withPoints(...points: readonly ContactPoint[]): Governor {
  return aCustomer()
    .reachableBy()
    .withPoints(...points)
    .build();
}

function barred(governor: Governor, finding: AddressFinding, channels: readonly Channel[] = CHANNELS): Governor {
  const points = governor.points.filter((point) => channels.includes(point.channel));
  return points.reduce((learnt, point) => withFinding(learnt, point, finding), governor);
}

describe('of the own contact points', () => {
  it.each([
    ['one to write to', withPoints(aPoint('sms')), ON],
    ['one to ring', withPoints(aPoint('voice')), []],
    ['a place of work to ring', withPoints(aPoint('voice', { owner: 'work' })), ON],
    ['one whose other channel only is barred', barred(withPoints(aPoint('sms'), aPoint('voice')), 'opted-out', ['sms']), ON],
  ] as const)('%s is enough', (_what, governor, channels) => {
    expect(noneUsable(governor, channels)).toBeUndefined();
  });

  it.each([
    ['that came back', barred(withPoints(aPoint('sms')), 'bounced'), { 'p-sms': 'bounced' }],
    ['that is malformed', barred(withPoints(aPoint('email')), 'malformed'), { 'p-email': 'malformed' }],
    [
      'of a channel that is not wanted',
      aCustomer()
        .reachableBy('sms')
        .wishing({ optedOut: ['sms'] })
        .build(),
      { 'p-sms': 'opted-out' },
    ],
    ['that must not be used', withPoints(aPoint('sms', { consent: false })), { 'p-sms': 'no-consent' }],
    ['of a channel that is off', withPoints(aPoint('push')), { 'p-push': 'channel-off' }],
    ['to write to at a place of work', withPoints(aPoint('email', { owner: 'work' })), { 'p-email': 'voice-only' }],
    ["of a third party's", withPoints(aPoint('voice', { owner: 'third-party' })), {}],
    ['to set out to', withPoints(aPoint('visit')), {}],
    ['at all', withPoints(), {}],
  ] as const)('one %s is none', (_what, governor, why) => {
    expect(noneUsable(governor, ON)).toEqual(why);
  });
});

describe('a case whose customer has none left', () => {
  const open = (driver: ReturnType<typeof drive>) => driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'data-quality');

  it('asks for others, with what stands against each, and no third party is asked instead', () => {
    const relative = aPoint('voice', { id: 'p-relative', owner: 'third-party' });
    const governor = barred(aCustomer().reachableBy('sms', 'voice', 'visit').withPoints(relative).build(), 'wrong-number', [
      'sms',
      'voice',
    ]);
    const driver = drive(anAccount().overdueBy(5), undefined, { governor }).runDays(2);
    expect(open(driver)).toMatchObject([
      { objective: 'complete-contact-data', unusable: { 'p-sms': 'wrong-number', 'p-voice': 'wrong-number' } },
    ]);
    expect(driver.entriesOf('ContactReserved')).toEqual([]);
    expect(driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call')).toEqual([]);
    driver.check();
  });

  it('asks once while the task lies, and again when it was answered and nothing came of it', () => {
    const governor = barred(aCustomer().reachableBy('sms').build(), 'bounced');
    const lying = drive(anAccount().overdueBy(5), () => undefined, { governor }).runDays(60);
    const answered = drive(anAccount().overdueBy(5), () => ({ outcome: 'fixed' }), { governor }).runDays(60);
    expect(open(lying).length).toBe(1);
    expect(open(answered).length).toBeGreaterThan(1);
    expect(open(answered).length).toBeLessThan(12);
    for (const driver of [lying, answered]) driver.check();
  });

  it('goes up the ladder meanwhile', () => {
    const governor = barred(aCustomer().reachableBy('sms').build(), 'bounced');
    const driver = drive(anAccount().overdueBy(5), () => undefined, { governor }).runDays(90);
    expect(driver.case.stage).toBe('legal');
    expect(driver.entriesOf('LegalReferred')).toEqual([]);
  });

  it('asks nobody in the days of grace', () => {
    const governor = barred(aCustomer().reachableBy('sms').build(), 'bounced');
    expect(open(drive(anAccount().overdueBy(1), undefined, { governor }).runDays(1))).toEqual([]);
  });
});
