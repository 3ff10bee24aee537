import { strict as assert } from 'node:assert';
import { addDays, daysBetween, instantAt, localDate, localMinutes, toInstant, toMillis } from '../../domain/calendar.ts';
import { openCase, statusOf } from '../../domain/case-status.ts';
import type { Governor } from '../../domain/customer.ts';
import { decide } from '../../domain/decide/decide.ts';
import { proposePlanReview } from '../../domain/decide/plan-reviews.ts';
import { dueRecords } from '../../domain/decide/records.ts';
import { openedTask } from '../../domain/decide/task-opened.ts';
import { worldOf } from '../../domain/decide/world.ts';
import { oldestDueDate, overdueMinor } from '../../domain/ledger.ts';
import type { Account, Objective, Queue, Stage, Task } from '../../domain/model.ts';
import { toMoney } from '../../domain/money.ts';
import { recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { catalogueOn, offersOn } from '../../domain/plans/offers.ts';
import { recordAccountOverdue, recordHoldPlaced, recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { withContactRows, withFinding } from '../../domain/record/contacts.ts';
import { recordAccountStatus, recordLegalStatus } from '../../domain/record/endings.ts';
import { Journal, Refusal } from '../../domain/record/journal.ts';
import { isContactOutcome, recordOutcome } from '../../domain/record/outcome.ts';
import { isConversation } from '../../domain/reducer/case.ts';
import { anAccount, anOverdueFact, cny, type OverdueFact } from '../builders/account.ts';
import { aSetting } from '../builders/setting.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';

/** What the next act is after an outcome of a task, in any stage, with a payment at any time: for the table of them all. */

const ZONE = 'Asia/Shanghai';
/** No payment; one that cures before the outcome is told; a part while the task is open; one that cures afterwards. */
export const PAYMENTS = ['none', 'before', 'during', 'after'] as const;
export type PaymentTime = (typeof PAYMENTS)[number];

export interface Asked {
  readonly queue: Queue;
  readonly objective: Objective;
  /** What is asked about, where one objective asks about several things. */
  readonly subject?: string;
  readonly outcome: string;
  readonly stage: Stage;
  readonly payment: PaymentTime;
}

interface Standing {
  readonly account: Account;
  readonly governor: Governor;
  /** When the outcome is told; the task opened twenty minutes before. */
  readonly now: number;
}

const MINUTE = 60_000;
const found = new Map<string, Standing>();

/** Objectives whose tasks come up by themselves on the way of a case that nobody is reached for, with the stages in which they do. */
const NATURAL: Partial<Record<Objective, readonly Stage[]>> = {
  recover: ['call'],
  'agree-a-plan': ['plan', 'field-visit', 'legal'],
  'approve-visit': ['field-visit'],
  visit: ['field-visit'],
  'confirm-intent': ['legal'],
  'approve-referral': ['legal'],
};

/**
 * An account in a stage, having climbed there while nobody was reached and everything was granted: with the task open where such a task
 * comes up by itself, else at ten on the morning of the stage's first day.
 */
function standingIn(stage: Stage, objective: Objective): Standing {
  const natural = NATURAL[objective]?.includes(stage) ?? false;
  const key = natural ? `${stage} ${objective}` : stage;
  const known = found.get(key);
  if (known !== undefined) return known;
  const isWanted = (task: Task) => natural && task.objective === objective && task.stage === stage;
  const driver = drive(
    anAccount().overdueBy(stage === 'reminder' ? 4 : 12),
    patientDesk((task) => (isWanted(task) ? 'lies' : undefined)),
  );
  for (let hour = 0; !driver.case.tasks.some(isWanted) && (natural || driver.case.stage !== stage); hour += 1) {
    assert(hour < 150 * 24, `No case of the table ever came to ${key}`);
    driver.runTo(driver.now + 60 * MINUTE);
  }
  const now = natural ? driver.now + 20 * MINUTE : instantAt(driver.today, 10 * 60, ZONE);
  const standing = { account: driver.account, governor: driver.governor, now };
  found.set(key, standing);
  return standing;
}

/** What has to be on the timeline before a task of this objective is asked, and what the task is then about. */
const BEFORE: Partial<Record<Objective, (journal: Journal, about: string | undefined) => string | undefined>> = {
  visit: (journal) => {
    journal.add({ type: 'VisitApproved', taskId: 'earlier', by: 'lead-1' });
    return undefined;
  },
  'review-hold': (journal) => {
    recordHoldPlaced(journal, { holdId: 'hold-1', kind: 'manual', placedAt: toInstant(journal.setting.now) });
    return 'hold-1';
  },
  'review-placement': (journal) => {
    recordAccountStatus(journal, { status: 'placed', changedAt: toInstant(journal.setting.now), reference: 'agency-3' });
    return journal.account.holds.find(({ kind }) => kind === 'placed')?.holdId;
  },
  'review-flag': (journal, about) => {
    say(journal, { flags: [about === 'contact' ? 'minor' : 'vulnerable'] });
    return about;
  },
  'review-suit': (journal) => {
    recordLegalStatus(journal, { status: 'filed', reportedAt: toInstant(journal.setting.now), reference: 'docket-7' });
    return 'judgment';
  },
  'approve-plan': (journal) => askFor(journal, 'long-instalments-24'),
  'approve-waiver': (journal) => {
    const components = { principal: cny('17900.00'), interest: cny('610.00'), fees: cny('90.00') };
    say(journal, { components, risk: { timesOverdueLast12Months: 2, willingness: 'willing', ability: 'unable' } });
    return askFor(journal, 'waiver-1');
  },
  'confirm-booking': (journal) => agreed(journal, 'app'),
  'obtain-proof': (journal) => agreed(journal, 'voice'),
  'review-pressure': () => 'pressure',
  'review-field-visit': () => 'field-visit',
  'review-visit': () => 'visits',
  'review-legal': () => 'legal',
};

function agreed(journal: Journal, channel: string): string {
  const { account, setting } = journal;
  const offer = offersOn(account, setting, localDate(setting.now, ZONE)).find(({ key }) => key === 'instalments-12');
  return recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt: toInstant(setting.now), channel });
}

/** The core says the same again, and something more. */
function say(journal: Journal, more: Partial<OverdueFact>): void {
  const { account, setting } = journal;
  recordAccountOverdue(journal, anOverdueFact({ dueDate: oldestDueDate(account) ?? '', asOf: toInstant(setting.now), ...more }));
}

/** The customer asked a collector for an arrangement that somebody has to approve. */
function askFor(journal: Journal, key: string): string {
  const { account, setting } = journal;
  const onDate = localDate(setting.now, ZONE);
  const offer = catalogueOn(account, setting, onDate).find((row) => row.key === key);
  assert(offer, `Nothing is offered as ${key}`);
  journal.add({
    type: 'TaskOutcomeReported',
    taskId: 'earlier',
    outcome: 'plan-requested',
    by: 'collector-3',
    reportedAt: toInstant(setting.now),
    onDate,
    minutesOfDay: localMinutes(setting.now, ZONE),
    planOfferId: offer.offerId,
  });
  return key;
}

/** The next act as a collections officer would say it: the journey's status, what is next, in how many days. */
export function nextAct(asked: Asked): string {
  const { queue, objective, outcome, stage, payment } = asked;
  const base = standingIn(stage, objective);
  const { now } = base;
  const governor = objective === 'complete-contact-data' ? { ...base.governor, points: [] } : base.governor;
  let account = base.account;
  const tell = (at: number, record: (journal: Journal) => void) => {
    const journal = new Journal(account, aSetting({ now: at, governor }));
    record(journal);
    account = journal.account;
  };
  const pay = (at: number, share: number) => tell(at, (journal) => recordPaymentReceived(journal, paid(account, at, share)));
  if (!account.case?.tasks.some((task) => task.objective === objective))
    tell(now - 20 * MINUTE, (journal) => open(journal, governor, asked));
  const task = openCase(account)?.tasks.find((row) => row.objective === objective);
  assert(task);
  if (payment === 'before') pay(now - 15 * MINUTE, 1);
  if (payment === 'during') pay(now - 15 * MINUTE, 0.2);
  const refused = isRefused(() =>
    tell(now, (journal) =>
      recordOutcome(journal, task, {
        taskId: task.taskId,
        outcome,
        by: outcome === 'approve' ? 'approver-9' : 'collector-9',
        at: toInstant(now),
        ...(outcome.endsWith('promise') ? { promises: [{ amount: cny('500.00'), date: addDays(localDate(now, ZONE), 5) }] } : {}),
        ...(objective === 'obtain-proof' && outcome === 'approve' ? { recordingRef: 'rec-9' } : {}),
        ...(outcome === 'call-back' ? { callBackAt: toInstant(now + 26 * 60 * MINUTE) } : {}),
      }),
    ),
  );
  const counted = isContactOutcome(queue, outcome) ? contacted(governor, task.taskId, queue, outcome, now) : governor;
  if (payment === 'after') pay(now + 30 * MINUTE, 1);
  return `${refused ? 'refused, ' : ''}${said(account, counted, now + 60 * MINUTE)}`;
}

/** Nothing is recorded of an outcome that the state of the case does not allow. */
function isRefused(tell: () => void): boolean {
  try {
    tell();
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

function paid(account: Account, at: number, share: number) {
  const amount = toMoney(Math.floor(overdueMinor(account) * share), 'CNY');
  return { paymentId: `p-${at}`, amount, paidAt: toInstant(at), postedAt: toInstant(at), state: 'posted' as const };
}

/** Opens a task that does not come up by itself here. */
function open(journal: Journal, governor: Governor, { queue, objective, subject: about }: Asked): void {
  const subject = BEFORE[objective]?.(journal, about);
  const current = openCase(journal.account);
  assert(current);
  const point = queue === 'call' ? { contactPointId: 'p-voice' } : queue === 'field-visit' ? { contactPointId: 'p-visit' } : {};
  const world = worldOf(journal.account, current, governor, journal.setting);
  const asked = { queue, objective, ...point, ...(subject === undefined ? {} : { subject }) };
  // What a person approves of an arrangement goes with the question.
  const review = proposePlanReview(world);
  const task = review?.kind === 'task' ? review.task : asked;
  assert.deepEqual([task.objective, task.subject], [objective, subject]);
  journal.add(openedTask(world, task));
}

function contacted(governor: Governor, taskId: string, queue: Queue, outcome: string, at: number): Governor {
  const channel = queue === 'call' ? 'voice' : 'visit';
  const contactPointId = `p-${channel}`;
  const row = {
    id: taskId,
    at: toInstant(at),
    channel,
    kind: isConversation(outcome) ? 'conversation' : 'attempt',
    contactPointId,
    addressKey: `a-${contactPointId}`,
    accountId: 'acc-1',
    purpose: 'collection',
  } as const;
  return withFinding(withContactRows(governor, [row], at), { outcome, channel, contactPointId });
}

/** What is next once everything is written down that time and the outcome have brought. */
function said(account: Account, governor: Governor, now: number): string {
  const setting = aSetting({ now, governor });
  const journal = new Journal(account, setting);
  const world = () => worldOf(journal.account, journal.account.case ?? assert.fail('There is a case'), governor, setting);
  for (const draft of dueRecords(world())) journal.add(draft);
  const status = statusOf(journal.account, setting.ladder, now) ?? 'none';
  if (openCase(journal.account) === undefined) return status;
  const { next } = decide(world());
  const days = daysBetween(localDate(now, ZONE), localDate(toMillis(next.notBefore), ZONE));
  return `${status}: ${next.what} ${days === 0 ? 'today' : `+${days}`}`;
}
