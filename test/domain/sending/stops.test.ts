import { describe, expect, it } from 'vitest';
import { liftedBy, type Stop, stopFor } from '../../../domain/sending/stops.ts';

const AT = '2026-03-02T01:30:00Z';
const LATER = '2026-03-02T02:30:00Z';

function aStop(change: Partial<Stop> = {}): Stop {
  return { stopId: 'stop-1', reason: 'wrong amounts', status: 'active', history: [{ what: 'placed', by: 'anna', at: AT }], ...change };
}

describe('a stop', () => {
  const message = { channel: 'sms', template: 'reminder-first', jurisdiction: 'CN' } as const;

  it.each([
    { scope: { channel: 'sms' }, stops: true },
    { scope: { channel: 'email' }, stops: false },
    { scope: { template: 'reminder-first' }, stops: true },
    { scope: { jurisdiction: 'CN' }, stops: true },
    { scope: { jurisdiction: 'US' }, stops: false },
    { scope: { channel: 'sms', jurisdiction: 'CN' }, stops: true },
    { scope: { channel: 'sms', jurisdiction: 'US' }, stops: false },
    { scope: { agency: 'agency-1' }, stops: false },
  ] as const)('on $scope stops a text message to China: $stops', ({ scope, stops }) => {
    const found = stopFor([{ stopId: 'stop-1', ...scope }], message);
    expect(found?.stopId).toBe(stops ? 'stop-1' : undefined);
  });

  it('on an agency stops that agency, on every channel', () => {
    const stops = [{ stopId: 'stop-1', agency: 'agency-1' }];
    expect(stopFor(stops, { channel: 'voice', agency: 'agency-1' })).toEqual(stops[0]);
    expect(stopFor(stops, { channel: 'voice', agency: 'agency-2' })).toBeUndefined();
  });

  it('is found behind others that do not concern the contact', () => {
    const stops = [
      { stopId: 'a', channel: 'email' },
      { stopId: 'b', jurisdiction: 'CN' },
    ] as const;
    expect(stopFor(stops, message)?.stopId).toBe('b');
  });
});

describe('lifting a stop', () => {
  it('takes two different people, and whoever placed it may be one of them', () => {
    // Act
    const once = liftedBy(aStop(), 'anna', LATER);
    const twice = liftedBy(once, 'ben', LATER);
    // Assess
    expect(once.status).toBe('active');
    expect(twice.status).toBe('lifted');
    expect(twice.history.map(({ what, by }) => `${what} ${by}`)).toEqual(['placed anna', 'lift-agreed anna', 'lifted ben']);
  });

  it('by the same person again changes nothing', () => {
    const once = liftedBy(aStop(), 'ben', AT);
    expect(liftedBy(once, 'ben', LATER)).toBe(once);
  });

  it('that is lifted changes nothing', () => {
    const lifted = liftedBy(liftedBy(aStop(), 'anna', AT), 'ben', AT);
    expect(liftedBy(lifted, 'carla', LATER)).toBe(lifted);
  });
});
