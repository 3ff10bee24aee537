import { describe, expect, it } from 'vitest';
import type { Line } from '../../audit/stored.ts';
import { ContactCount, type ContactCounts, spreadOf } from '../../demo/contact-count.ts';
import type { Entry, EntryType } from '../../domain/entries.ts';

/** An entry in the application's own types: a member that is renamed there fails to compile here, where the demo reads it by name. */
type Told = { [K in EntryType]: { readonly type: K } & Partial<Entry<K>> }[EntryType];

function countOf(...accounts: readonly (readonly Told[])[]): ContactCounts {
  const count = new ContactCount();
  for (const [index, entries] of accounts.entries()) {
    const lines = entries.map((entry, place): Line => ({ at: '2005-05-10T02:00:00Z', ...entry, seq: place + 1 }));
    count.add({ accountId: `acc-${index}`, lines });
  }
  return count.counts;
}

const opened = (caseId: string): Told => ({ type: 'JourneyOpened', caseId });
const sent = (caseId: string, channel: 'sms' | 'email', template = 'reminder-first@2'): Told => ({
  type: 'ContactSent',
  caseId,
  channel,
  template,
});
const task = (caseId: string, taskId: string, queue: 'call' | 'field-visit'): Told => ({ type: 'TaskOpened', caseId, taskId, queue });
const report = (caseId: string, taskId: string, change: Partial<Entry<'TaskOutcomeReported'>> = {}): Told => ({
  type: 'TaskOutcomeReported',
  caseId,
  taskId,
  ...change,
});
const cured = (caseId: string): Told[] => [
  { type: 'AccountCured', caseId, by: 'payment' },
  { type: 'JourneyClosed', caseId, reason: 'cured' },
];

describe('the contacts of a portfolio', () => {
  it('are messages sent, calls made and visits paid, each for its own case', () => {
    // Act
    const counts = countOf(
      [
        opened('a-1'),
        sent('a-1', 'sms'),
        task('a-1', 't-1', 'call'),
        report('a-1', 't-1', { attemptId: 'x' }),
        ...cured('a-1'),
        opened('a-2'),
      ],
      [opened('b-1'), sent('b-1', 'email', 'bureau-notice@2'), task('b-1', 't-2', 'field-visit'), report('b-1', 't-2', { ungated: true })],
    );
    // Assess
    expect(counts.byChannel).toEqual({ sms: 1, voice: 1, email: 1, visit: 1 });
    expect(counts.perCase).toEqual({ 0: 1, 2: 2 });
    expect(counts.perCuredCase).toEqual({ 2: 1 });
    expect(counts.ofCuredByChannel).toEqual({ sms: 1, voice: 1 });
    expect(counts.bureauNotices).toBe(1);
  });

  it('leave out reviews, and messages that are no part of a case', () => {
    // Act
    const counts = countOf([
      opened('a-1'),
      task('a-1', 't-1', 'field-visit'),
      report('a-1', 't-1', { outcome: 'approve' }),
      { type: 'ContactSent', channel: 'sms', notice: { kind: 'payment-acknowledgement', about: 'p-1' } },
      { type: 'ContactSent', channel: 'email', notice: { kind: 'pre-due', about: 's-1' } },
    ]);
    // Assess
    expect(counts.byChannel).toEqual({});
    expect(counts.notices).toEqual({ 'payment-acknowledgement sms': 1, 'pre-due email': 1 });
    expect(counts.perCase).toEqual({ 0: 1 });
  });

  it('count a call for the case of its task, also when its report comes after the end', () => {
    const counts = countOf([
      opened('a-1'),
      task('a-1', 't-1', 'call'),
      ...cured('a-1'),
      opened('a-2'),
      report('a-2', 't-1', { attemptId: 'x', late: true }),
    ]);
    expect(counts.perCuredCase).toEqual({ 1: 1 });
    expect(counts.perCase).toEqual({ 0: 1, 1: 1 });
  });

  it('tell a cure that was taken back from one that stood', () => {
    const counts = countOf([
      opened('a-1'),
      { type: 'AccountCured', caseId: 'a-1', by: 'payment' },
      { type: 'CureReversed', caseId: 'a-1' },
    ]);
    expect(counts.perCuredCase).toEqual({});
  });

  it('file open cases under the track they ended on', () => {
    const to = (caseId: string, track: 'evasive' | 'hardship'): Told => ({ type: 'TrackChanged', caseId, to: track });
    const counts = countOf(
      [opened('a-1'), to('a-1', 'evasive'), to('a-1', 'hardship')],
      [opened('b-1')],
      [opened('c-1'), to('c-1', 'evasive'), ...cured('c-1')],
    );
    expect(counts.tracks).toEqual({ hardship: 1, standard: 1 });
  });

  it('say what became of messages, and what kept others', () => {
    const counts = countOf([
      opened('a-1'),
      { type: 'DeliveryReported', caseId: 'a-1', channel: 'email', status: 'bounced' },
      { type: 'DeliveryReported', caseId: 'a-1', channel: 'email', status: 'bounced' },
      { type: 'ContactDeferred', caseId: 'a-1' },
      { type: 'ContactFailed', caseId: 'a-1' },
    ]);
    expect(counts.deliveries).toEqual({ 'email bounced': 2 });
    expect(counts.setbacks).toEqual({ 'put off by the provider': 1, failed: 1 });
  });
});

describe('the spread of contacts over cases', () => {
  it.each([
    { what: 'none', cases: {}, spread: { cases: 0, mean: 0, p95: 0, max: 0 } },
    { what: 'one', cases: { 7: 1 }, spread: { cases: 1, mean: 7, p95: 7, max: 7 } },
    // 19 of 20 are 95 of 100: the twentieth alone had more.
    { what: 'one far above the others', cases: { 100: 1, 2: 19 }, spread: { cases: 20, mean: 6.9, p95: 2, max: 100 } },
    { what: 'two far above the others', cases: { 100: 2, 2: 18 }, spread: { cases: 20, mean: 11.8, p95: 100, max: 100 } },
    // By number, not by text: 10 stands behind 9.
    { what: 'numbers of several digits', cases: { 9: 10, 10: 10 }, spread: { cases: 20, mean: 9.5, p95: 10, max: 10 } },
  ])('$what', ({ cases, spread }) => {
    expect(spreadOf(cases as Record<string, number>)).toEqual(spread);
  });
});
