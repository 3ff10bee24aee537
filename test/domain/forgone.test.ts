import { describe, expect, it } from 'vitest';
import { anAccount } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';

/** A call or a visit for which there were too few people. */

const WHY = 'all 10 of the day are taken; here the sum';

/** The case entered the call stage on 3 March; every call that falls due is left out from then on. */
function neverCalled(daysPastDue: number): CaseDriver {
  const driver = drive(anAccount().overdueBy(daysPastDue), patientDesk()).runTo('2026-03-03T00:00:00Z');
  for (let day = 3; day < 40; day += 2) {
    driver.at(Date.UTC(2026, 2, day, 1), () => {
      const { stage } = driver.case;
      if (stage !== 'call' && stage !== 'plan') return;
      driver.tell((journal) => journal.add({ type: 'TaskForgone', queue: 'call', objective: 'recover', stage, budget: 10, why: WHY }));
    });
  }
  return driver;
}

describe('a call that is left out', () => {
  it('is a message at once, and says so until a call is made', () => {
    const driver = drive(anAccount().overdueBy(12), patientDesk()).runTo('2026-03-03T01:00:00Z');
    const sent = driver.sent.length;
    driver.tell((journal) =>
      journal.add({ type: 'TaskForgone', queue: 'call', objective: 'recover', stage: 'call', budget: 10, why: WHY }),
    );
    expect(driver.decision().next).toMatchObject({
      what: 'send-message-instead',
      notBefore: '2026-03-03T01:00:00Z',
      why: expect.stringContaining(`No call was made: ${WHY}`),
    });
    driver.runTo('2026-03-04T12:00:00Z');
    expect(driver.sent.slice(sent).map(({ stage }) => stage)).toEqual(['call']);
    expect(driver.decision().next).toMatchObject({ what: 'queue-call', why: expect.stringContaining(`the last was not made: ${WHY}`) });
    driver.check();
  });

  it('counts as one that expired: the case rises when its days have come, and not before', () => {
    const driver = neverCalled(12).runTo('2026-03-30T00:00:00Z');
    const rises = driver.entriesOf('StageEntered').map(({ stage, onDate }) => [stage, onDate]);
    expect(driver.entriesOf('TaskOpened').filter(({ queue }) => queue === 'call')).toEqual([]);
    expect(rises).toEqual([
      ['reminder', '2026-03-02'],
      ['call', '2026-03-03'],
      ['plan', '2026-03-21'],
    ]);
    driver.check();
  });
});

it('a visit that is left out is looked at again the next day, and is no try', () => {
  const driver = drive(
    anAccount().overdueBy(75),
    patientDesk((task) => (task.objective === 'visit' ? 'lies' : undefined)),
  );
  while (driver.case.visitApprovedAt === undefined) driver.runTo(driver.now + 3_600_000);
  const { stage } = driver.case;
  driver.tell((journal) => journal.add({ type: 'TaskForgone', queue: 'field-visit', objective: 'visit', stage, budget: 1, why: WHY }));
  const today = driver.today;
  driver.runTo(driver.now + 3 * 86_400_000);
  const assigned = driver.entriesOf('TaskOpened').find(({ objective }) => objective === 'visit');
  expect(assigned).toBeDefined();
  expect((assigned?.at ?? '') > `${today}T16:00:00Z`).toBe(true);
  expect(driver.case.visits).toEqual([]);
});
