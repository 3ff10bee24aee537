import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../../domain/calendar.ts';
import { decide } from '../../../domain/decide/decide.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import type { Case, Task } from '../../../domain/model.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { pressureOf } from '../../../domain/strategy/pressure.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';
import type { CaseDriver } from '../case-driver.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const NOW = toMillis('2026-06-01T02:00:00Z');

function aWorld(current: Partial<Case>, daysPastDue = 40): World {
  const account = anAccount().at(toInstant(NOW)).overdueBy(daysPastDue).build();
  if (account.case === undefined) throw new Error('The builder opens a case');
  const governor = aCustomer().build();
  return worldOf(account, { ...account.case, stage: 'plan', ...current }, governor, aSetting({ now: NOW, governor }));
}

const asksAboutPressure = (world: World): boolean => {
  const { proposal } = decide(world);
  return proposal.kind === 'task' && proposal.task.objective === 'review-pressure';
};

describe('the pressure of a whole journey', () => {
  it.each([
    ['standard', {}],
    ['hardship', { hardshipAt: toInstant(NOW - DAY) }],
    ['evasive', { refusalCount: 3 }],
  ] as const)('on the %s track is looked at by a person from its cap on, not before', (track, change) => {
    const { contactsMax } = LADDER.tracks[track];

    expect(aWorld(change).track).toBe(track);
    expect(asksAboutPressure(aWorld({ ...change, contactCount: contactsMax - 1 }))).toBe(false);
    expect(asksAboutPressure(aWorld({ ...change, contactCount: contactsMax }))).toBe(true);
  });

  it('is looked at again only after as many more contacts', () => {
    const { contactsMax } = LADDER.tracks.standard;
    const reviewed = { pressureReviewedAt: toInstant(NOW - 10 * DAY), pressureReviewedContacts: contactsMax, approvals: ['pressure'] };

    expect(asksAboutPressure(aWorld({ ...reviewed, contactCount: 2 * contactsMax - 1 }))).toBe(false);
    expect(asksAboutPressure(aWorld({ ...reviewed, contactCount: 2 * contactsMax }))).toBe(true);
  });

  it('counts every message, call and visit of a case, and the conversations apart', () => {
    const talks = patientDesk((task) =>
      task.queue === 'call' && task.taskId.endsWith('t2') ? { outcome: 'reached-no-commitment' } : undefined,
    );
    const driver = drive(anAccount().overdueBy(7), talks).runDays(14);

    const calls = driver.entriesOf('TaskOutcomeReported').length;
    expect(calls).toBeGreaterThan(3);
    expect(pressureOf(driver.case)).toEqual({ contacts: driver.sent.length + calls, conversations: 1 });
    driver.check();
  });
});

describe('the pressure of the last months', () => {
  it.each([
    ['collection', true],
    ['payment-acknowledgement', false],
    ['statutory-notice', false],
  ] as const)('is looked at when it counts too many messages (%s: %s)', (purpose, asks) => {
    const contacts = Array.from({ length: LADDER.pressure.contacts }, (_, index) => ({
      id: `m-${index}`,
      at: toInstant(NOW - (index + 1) * DAY),
      channel: 'sms' as const,
      kind: 'attempt' as const,
      purpose,
    }));
    const { account, current } = aWorld({});
    const governor = { ...aCustomer().build(), contacts };

    expect(asksAboutPressure(worldOf(account, current, governor, aSetting({ now: NOW, governor })))).toBe(asks);
  });
});

/** A desk that reaches nobody and answers reviews of pressure as told. */
const answering = (outcome: 'approve' | 'reject') =>
  patientDesk((task: Task) => (task.objective === 'review-pressure' ? { outcome, by: 'reviewer-1' } : undefined));
const contactsAfter = (driver: CaseDriver, seq: number) =>
  driver.entries.filter(
    (entry) =>
      entry.seq > seq &&
      (entry.type === 'ContactReserved' || (entry.type === 'TaskOpened' && ['call', 'field-visit'].includes(entry.queue))),
  );

describe('the answer to a review of pressure', () => {
  const hardship = () => anAccount().overdueBy(1).flagged('vulnerable').owing('4000.00', '4500.00');

  it('that says yes lets contact go on', () => {
    const driver = drive(hardship(), answering('approve')).runDays(120);

    const yes = driver.entriesOf('Approved').find((entry) => entry.subject === 'pressure');
    expect(yes).toBeDefined();
    expect(contactsAfter(driver, yes?.seq ?? 0).length).toBeGreaterThan(3);
    driver.check();
  });

  it('that says no stops calls, messages and visits for its days, and the case wakes when they are over', () => {
    const driver = drive(hardship(), answering('reject')).runDays(220);

    const asked = driver.entriesOf('TaskOpened').find((entry) => entry.objective === 'review-pressure');
    const no = driver.entriesOf('Refused').find((entry) => entry.subject === 'pressure');
    const next = contactsAfter(driver, no?.seq ?? 0)[0];
    const ends = toMillis(asked?.at ?? '') + LADDER.pressure.days * DAY;
    expect(toMillis(next?.at ?? '')).toBeGreaterThanOrEqual(ends);
    // Not at the next of the case's monthly looks, which may be weeks later.
    expect(toMillis(next?.at ?? '')).toBeLessThan(ends + 2 * DAY);
    driver.check();
  });

  it('that follows a no with a yes lets contact go on at once', () => {
    const current = { pressureReviewedAt: toInstant(NOW - DAY), approvals: [], refusals: ['pressure'] };
    const refused = decide(aWorld(current));
    const granted = decide(aWorld({ ...current, approvals: ['pressure'], refusals: [] }));

    expect(refused.proposal.kind).toBe('wait');
    expect(refused.next.why).toContain('A person decided against more contact until then');
    expect(granted.next.what).not.toBe('wait');
  });

  it('is awaited without any contact', () => {
    const driver = drive(
      hardship(),
      patientDesk((task) => (task.objective === 'review-pressure' ? 'lies' : undefined)),
    ).runDays(150);

    const asked = driver.entriesOf('TaskOpened').find((entry) => entry.objective === 'review-pressure');
    expect(asked).toBeDefined();
    expect(contactsAfter(driver, asked?.seq ?? 0)).toEqual([]);
  });
});
