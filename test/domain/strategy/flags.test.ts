import { describe, expect, it } from 'vitest';
import { needsNamedApproval } from '../../../domain/case-status.ts';
import { missingForIntent } from '../../../domain/decide/legal.ts';
import { verdictForOthers } from '../../../domain/decide/rests.ts';
import { missingForVisit } from '../../../domain/decide/visits.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import { type Case, FLAGS, type Flag, type Task } from '../../../domain/model.ts';
import { FLAG_RULES, FLAGGED_ACTS, type FlaggedAct, type Treatment } from '../../../domain/policy/flags.ts';
import { isConfidential, sendingFor, treatmentOf } from '../../../domain/strategy/flags.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer, aPoint } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

function flagged(...flags: readonly Flag[]) {
  return anAccount()
    .overdueBy(70)
    .flagged(...flags);
}

function worldWith(flags: readonly Flag[], current: Partial<Case> = {}): World {
  const account = flagged(...flags).build();
  if (account.case === undefined) throw new Error('The builder opens a case');
  const governor = aCustomer().build();
  return worldOf(account, { ...account.case, ...current }, governor, aSetting({ governor }));
}

describe('every flag in every act', () => {
  const TABLE: Readonly<Record<Flag, Readonly<Record<FlaggedAct, Treatment>>>> = {
    staff: { message: 'allow', call: 'allow', visit: 'ask', legal: 'ask' },
    vip: { message: 'allow', call: 'allow', visit: 'ask', legal: 'ask' },
    minor: { message: 'never', call: 'never', visit: 'never', legal: 'never' },
    vulnerable: { message: 'allow', call: 'ask', visit: 'ask', legal: 'ask' },
    test: { message: 'pretend', call: 'pretend', visit: 'never', legal: 'never' },
  };
  const cells = FLAGS.flatMap((flag) => FLAGGED_ACTS.map((act) => ({ flag, act, treatment: TABLE[flag][act] })));

  it.each(cells)('$flag, $act: $treatment', ({ flag, act, treatment }) => {
    // Prepare
    const world = worldWith([flag]);
    const point = aPoint(act === 'call' ? 'voice' : 'visit');
    // Act
    const refusals = {
      message: verdictForOthers(world, 'sms', aPoint('sms'), 'collection', world.now).rule === 'STATE.FLAG',
      call: verdictForOthers(world, 'voice', point, 'collection', world.now).rule === 'STATE.FLAG',
      visit: missingForVisit(world).some((why) => why.includes('flagged')),
      legal: missingForIntent(world).some((why) => why.includes('flagged')),
    };
    // Assess: people who would dial need what the ladder itself waits for.
    expect(treatmentOf(world.account, act).treatment).toBe(treatment);
    const asks = act === 'visit' || act === 'legal' ? ['never'] : ['never', 'ask', 'pretend'];
    expect(refusals[act]).toBe(asks.includes(treatment));
    if (act === 'visit' || act === 'legal') expect(needsNamedApproval(world.account, world.current)).toBe(treatment !== 'allow');
    expect(FLAG_RULES[flag].why).toMatch(/^[A-Z].{20,}/);
  });

  it('the strictest of several counts', () => {
    const { account } = worldWith(['vip', 'vulnerable', 'test']);
    expect(FLAGGED_ACTS.map((act) => treatmentOf(account, act).treatment)).toEqual(['pretend', 'pretend', 'never', 'never']);
    expect(isConfidential(account)).toBe(true);
    expect(isConfidential(worldWith(['vulnerable']).account)).toBe(false);
  });

  it('nothing of a test account leaves, and a switch that is off stays off', () => {
    const { account } = worldWith(['test']);
    expect([sendingFor(account, 'on'), sendingFor(account, 'shadow'), sendingFor(account, 'off')]).toEqual(['shadow', 'shadow', 'off']);
    expect(sendingFor(worldWith([]).account, 'on')).toBe('on');
  });
});

const isReview = (task: Pick<Task, 'objective'>) => task.objective === 'review-flag';

describe('a minor', () => {
  it('is asked for nothing, climbs no stage, and a person is asked again after 90 days', () => {
    // Act
    const driver = drive(
      flagged('minor'),
      patientDesk((task) => (isReview(task) ? { outcome: 'reject', by: 'supervisor-1' } : undefined)),
    ).runDays(100);
    // Assess
    driver.check();
    expect(driver.sent).toEqual([]);
    expect(driver.case.stage).toBe('reminder');
    const asked = driver.entriesOf('TaskOpened');
    expect(asked.map(({ objective, subject }) => `${objective} ${subject}`)).toEqual(['review-flag contact', 'review-flag contact']);
    expect((Date.parse(asked[1]?.at ?? '') - Date.parse(asked[0]?.at ?? '')) / 86_400_000).toBeCloseTo(90, 0);
  });

  it('whose account a person has cleared is treated like everybody, except for visits and a suit', () => {
    const driver = drive(flagged('minor'), patientDesk()).runDays(100);
    driver.check();
    expect(driver.sent.length).toBeGreaterThan(3);
    expect(driver.entriesOf('TaskOpened').some(({ queue }) => queue === 'field-visit' || queue === 'legal-review')).toBe(false);
  });
});

describe('a vulnerable customer', () => {
  it('is written to, and called only once a person says so', () => {
    // Prepare: nobody answers the review for a week.
    const driver = drive(
      flagged('vulnerable'),
      patientDesk((task) => (isReview(task) ? { outcome: 'approve', by: 'supervisor-1', afterHours: 200 } : undefined)),
    );
    // Act
    driver.runDays(30);
    // Assess
    driver.check();
    const [granted] = driver.entriesOf('Approved');
    const calls = driver.entriesOf('TaskOpened').filter(({ queue }) => queue === 'call');
    expect(granted).toMatchObject({ subject: 'calls', by: 'supervisor-1' });
    expect(driver.sent.some(({ at }) => at < (granted?.at ?? ''))).toBe(true);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every(({ at }) => at >= (granted?.at ?? ''))).toBe(true);
  });

  it('whom nobody may call is written to instead, and the ladder does not wait for the calls', () => {
    const driver = drive(
      flagged('vulnerable'),
      patientDesk((task) => (isReview(task) ? { outcome: 'reject', by: 'supervisor-1' } : undefined)),
    ).runDays(40);
    driver.check();
    expect(driver.entriesOf('TaskOpened').filter(({ queue }) => queue === 'call')).toEqual([]);
    expect(driver.case.messageImpossibleAt).toHaveProperty('call');
    expect(driver.sent.some(({ stage }) => stage === 'plan')).toBe(true);
  });

  it('who is found vulnerable after calls were granted is asked about anew', () => {
    const driver = drive(flagged('vulnerable'), patientDesk()).runDays(5);
    expect(driver.case.approvals).toContain('calls');
    driver.tell((journal) => journal.add({ type: 'FlagRaised', flag: 'vulnerable' }));
    expect(driver.case.approvals).not.toContain('calls');
  });
});
