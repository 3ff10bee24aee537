import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, DAY, HOUR, localDate, toInstant, toMillis } from '../../../domain/calendar.ts';
import { proposeStageMessage } from '../../../domain/decide/messages.ts';
import type { DeliveryStatus } from '../../../domain/model.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import { recordDelivery } from '../../../domain/record/delivery.ts';
import { templateOf } from '../../../domain/words/templates.ts';
import { anAccount, cny } from '../../builders/account.ts';
import { aCustomer, aPoint } from '../../builders/customer.ts';
import type { CaseDriver, Sent } from '../case-driver.ts';
import { emptyDesk, patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const ZONE = 'Asia/Shanghai';
const dayOf = (at: string) => localDate(toMillis(at), ZONE);

/** What becomes of the newest message, by report an hour after it went. */
function report(driver: CaseDriver, status: DeliveryStatus): void {
  const contact = driver.case.contacts.findLast((row) => row.sentAt !== undefined);
  if (contact === undefined) throw new Error('No message went');
  const { key, channel } = contact;
  const { caseId } = driver.case;
  const at = toInstant(driver.now);
  driver.tell((journal) =>
    recordDelivery(journal, { contactId: `${caseId}-${key}`, key, channel, caseId }, { status, at, how: 'provider' }, undefined),
  );
}

/** Runs until so many messages went. */
function untilSent(driver: CaseDriver, count: number, days = 30): Sent {
  for (let hour = 0; hour < days * 24 && driver.sent.length < count; hour += 1) {
    driver.runTo(driver.now + HOUR);
    // A look from outside is a reason to decide.
    driver.facts += 1;
  }
  const message = driver.sent[count - 1];
  if (message === undefined) throw new Error(`Only ${driver.sent.length} messages went`);
  return message;
}

describe('a message that did not arrive', () => {
  it.each(['bounced', 'failed', 'returned', 'refused'] as const)('(%s) goes at once by another channel, with the same words', (status) => {
    const driver = drive(anAccount().overdueBy(4), emptyDesk);
    const first = untilSent(driver, 1);
    report(driver, status);
    const second = untilSent(driver, 2);

    expect([first.channel, second.channel]).toEqual(['sms', 'email']);
    expect([first.template, second.template]).toEqual(['reminder-first', 'reminder-first']);
    expect(dayOf(second.at)).toBe(dayOf(first.at));
    driver.check();
  });

  it('is not made good where it was delivered: the next goes at the stage’s pace, with other words', () => {
    const driver = drive(anAccount().overdueBy(4), emptyDesk);
    const first = untilSent(driver, 1);
    report(driver, 'delivered');
    const second = untilSent(driver, 2);

    expect(second.template).toBe('reminder-again');
    expect(dayOf(second.at)).toBe(addDays(dayOf(first.at), LADDER.secondReminderAfterDays));
  });

  it('goes at once only so many times in a row, then the pace holds again', () => {
    const driver = drive(anAccount().overdueBy(33).owing('150.00'), emptyDesk, {
      governor: aCustomer()
        .withPoints(aPoint('sms', { id: 'p-sms-2' }), aPoint('email', { id: 'p-email-2' }))
        .build(),
      deployment: { house: false },
    });
    for (let sent = 1; sent <= LADDER.messageAttemptsMax; sent += 1) {
      untilSent(driver, sent);
      report(driver, 'failed');
    }
    const last = driver.sent.at(-1);
    driver.runTo(driver.now + DAY);

    expect(driver.sent.length).toBe(LADDER.messageAttemptsMax);
    expect(new Set(driver.sent.map((message) => dayOf(message.at))).size).toBe(1);
    const next = untilSent(driver, LADDER.messageAttemptsMax + 1);
    expect(dayOf(next.at) > dayOf(last?.at ?? '')).toBe(true);
    driver.check();
  });

  it('after missed calls is made good without further calls', () => {
    const driver = drive(anAccount().overdueBy(7), patientDesk());
    const calls = () => driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call').length;
    untilSent(driver, 2);
    expect(driver.sent[1]?.template).toBe('call-missed');
    const before = calls();
    report(driver, 'bounced');
    const next = untilSent(driver, 3);

    expect(next.channel).not.toBe(driver.sent[1]?.channel);
    expect(calls()).toBe(before);
    driver.check();
  });

  it('that its provider refused goes another way before it comes back to the same', () => {
    const driver = drive(anAccount().overdueBy(4), emptyDesk, { deployment: { house: false } });
    const tried: string[] = [];
    driver.provider = ({ channel }) => {
      tried.push(channel);
      return tried.length > 2;
    };
    untilSent(driver, 1);

    expect(tried).toEqual(['sms', 'email', 'sms']);
    driver.check();
  });
});

describe('the channels of a stage', () => {
  const everywhere = aCustomer().reachableBy('sms', 'email', 'push', 'in-app', 'im', 'post', 'voice', 'visit').build();

  it('take turns in the ladder’s order, as far as the deployment has them', () => {
    const all = drive(anAccount().overdueBy(4), emptyDesk, {
      governor: everywhere,
      deployment: { channels: ['im', 'push', 'email', 'sms'] },
    }).runDays(2);
    const few = drive(anAccount().overdueBy(4), emptyDesk, { governor: everywhere, deployment: { channels: ['im'] } }).runDays(2);

    expect(all.sent.map((message) => message.channel)).toEqual(['sms', 'email']);
    expect(few.sent.map((message) => message.channel)).toEqual(['im', 'im']);
  });

  it('are the track’s own where it has some', () => {
    const driver = drive(anAccount().overdueBy(4).owing('300.00'), emptyDesk, {
      governor: everywhere,
      deployment: { channels: ['sms', 'email', 'push', 'in-app'] },
    }).runDays(2);

    expect(driver.sent.map((message) => message.channel)).toEqual(['in-app', 'push']);
  });

  it('write letters only in the later stages, and no oftener than those say', () => {
    const unsued = anAccount().overdueBy(31).owing('4000.00', '4500.00');
    const deployment = { channels: ['sms', 'email', 'post'] as const };
    const driver = drive(unsued, patientDesk(), { governor: everywhere, deployment }).runDays(140);
    const sued = drive(anAccount().overdueBy(75), patientDesk(), { governor: everywhere, deployment }).runDays(60);

    const letters = driver.sent.filter((message) => message.channel === 'post' && message.purpose === 'collection');
    expect(letters.length).toBeGreaterThanOrEqual(2);
    expect(letters.every((message) => message.stage === 'field-visit' || message.stage === 'legal')).toBe(true);
    const gaps = letters.slice(1).map((message, index) => (toMillis(message.at) - toMillis(letters[index]?.at ?? '')) / DAY);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(29.9);
    expect(sued.sent.some((message) => message.purpose === 'formal-notice' && message.channel === 'post')).toBe(true);
    driver.check();
  });
});

describe('no text is said twice', () => {
  it('and a dated text is one that names the days', () => {
    for (const id of LADDER.datedTexts) expect(templateOf(id).slots).toContain('daysPastDue');
  });

  it('to the same customer with the same amount, whatever arrives and whoever pays', () => {
    const statuses: readonly (DeliveryStatus | undefined)[] = [
      undefined,
      'accepted',
      'delivered',
      'bounced',
      'failed',
      'returned',
      'refused',
    ];
    const events = fc.array(fc.record({ day: fc.integer({ min: 0, max: 110 }), what: fc.constantFrom('pays', ...statuses.slice(1)) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), events, fc.constantFrom('legal', 'own'), (days, happens, risk) => {
        const driver = drive(
          anAccount()
            .overdueBy(days)
            .with(risk === 'own' ? { risk: { willingness: 'unwilling', ability: 'able' } } : {}),
          patientDesk(),
        );
        for (const [index, { day, what }] of happens.entries()) {
          driver.at(driver.now + day * DAY, () => {
            if (driver.case.status === 'closed') return;
            if (what === 'pays') {
              const at = toInstant(driver.now);
              driver.tell((journal) =>
                recordPaymentReceived(journal, { paymentId: `p${index}`, amount: cny('50.00'), paidAt: at, postedAt: at, state: 'posted' }),
              );
            } else if (driver.case.contacts.some((row) => row.sentAt !== undefined)) report(driver, what as DeliveryStatus);
          });
        }
        driver.runDays(120);
        driver.check();
        const series = driver.sent.filter((message) => message.purpose === 'collection');
        for (const [index, message] of series.entries()) {
          const before = series.slice(0, index).findLast((row) => row.channel === message.channel && row.caseId === message.caseId);
          if (before === undefined || before.overdueMinor !== message.overdueMinor || before.template !== message.template) continue;
          // The same words to the same inbox only where the days that they name moved on, or the first never came there.
          expect(LADDER.datedTexts.includes(message.template) || before.contactPointId !== message.contactPointId).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('and where everything was said it waits for something new to say, and says so', () => {
    const driver = drive(anAccount().overdueBy(6), emptyDesk, { governor: aCustomer().reachableBy('sms').build() });
    const sentAll = untilSent(driver, 1);
    driver.runTo(toMillis(sentAll.at) + DAY);
    const world = driver.world();
    const said = LADDER.texts.call.map((template) => `${template} sms 625000 p-sms`);
    const dated = LADDER.datedTexts.map((template) => `${template} sms 625000-${Math.floor(world.daysPastDue / LADDER.textDays)} p-sms`);
    const current = { ...world.current, textsSent: [...(world.current.textsSent ?? []), ...said, ...dated] };

    const before = proposeStageMessage(world);
    const after = proposeStageMessage({ ...world, current });

    expect(world.current.stage).toBe('call');
    expect(before?.kind).toBe('send');
    // The text that names the days says something new on the day on which it does.
    expect(after?.kind === 'send' ? after.contact.template : after?.why).toBe('overdue-continuing');
    expect(localDate(after?.at ?? 0, ZONE)).toBe(addDays(world.today, LADDER.textDays - (world.daysPastDue % LADDER.textDays)));
  });

  it('nor is there anything new to say where no text of the stage names the days', () => {
    const driver = drive(anAccount().overdueBy(4), emptyDesk, { governor: aCustomer().reachableBy('sms').build() });
    untilSent(driver, 1);
    const world = driver.world();
    const said = LADDER.texts.reminder.map((template) => `${template} sms 625000 p-sms`);
    const current = { ...world.current, textsSent: [...(world.current.textsSent ?? []), ...said] };

    expect(proposeStageMessage({ ...world, current })).toMatchObject({
      kind: 'wait',
      why: 'Every text of this stage was said; the next waits until there is something new to say',
    });
  });
});
