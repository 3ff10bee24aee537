import { createHash } from 'node:crypto';
import { addDays, DAY, toInstant } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import { verdictForOthers } from '../../domain/decide/rests.ts';
import { whyNotSetOut } from '../../domain/decide/setting-out.ts';
import type { Task } from '../../domain/model.ts';
import { recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { offersOn } from '../../domain/plans/offers.ts';
import { recordAttempt } from '../../domain/record/attempts.ts';
import { recordAccountOverdue, recordHoldPlaced, recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { recordContactReported } from '../../domain/record/contacts.ts';
import { Refusal } from '../../domain/record/journal.ts';
import { recordVisitAssigned } from '../../domain/record/visits.ts';
import { type AccountBuilder, anAccount, cny } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { emptyDesk } from './desks.ts';
import { drive } from './drive.ts';
import { NOTHING, unproven, type Witness, witnessed } from './witness.ts';

/**
 * Walks every way that a case can go: at each rest one of a few things happens, the ordinary one or another. All ways with at most so many
 * of the others are walked; what is alike in everything that a decision or a proof reads is walked once.
 */

const MINUTE = 60_000;
const HORIZON_DAYS = 75;
const WAKES_MAX = 60;
const REST_DAYS_MAX = 20;

/** What a person says of a task: the ordinary word first. `lies`: nothing, `alone`: sets out without having been assigned. */
const ANSWERS: Readonly<Record<Task['queue'], readonly string[]>> = {
  call: ['no-answer', 'reached-no-commitment', 'promise', 'paid-already', 'hardship', 'wrong-number', 'lies'],
  'field-visit': ['not-home', 'met-refused', 'unsafe', 'moved', 'assigned', 'alone', 'lies'],
  'legal-review': ['approve', 'return', 'reject', 'lies'],
  'case-review': ['approve', 'reject', 'lies'],
  'plan-review': ['approve', 'reject', 'lies'],
  'data-quality': ['fixed', 'unreachable', 'lies'],
};
const BY_OBJECTIVE: Partial<Record<Task['objective'], readonly string[]>> = {
  'approve-visit': ['approve', 'reject', 'lies'],
  'confirm-intent': ['intent-confirmed', 'return', 'reject', 'lies'],
};
/** What happens by itself beside the tasks. */
const EVENTS = ['pays-part', 'calls-in', 'short-hold', 'open-hold', 'agrees', 'falls', 'turns-vulnerable'] as const;
/** Something happens, and the next act of a person comes before anything follows from it. */
const AT_ONCE = ' (at once)';
type Happening = (typeof EVENTS)[number];

export interface Root {
  readonly name: string;
  readonly account: AccountBuilder;
  readonly change?: Parameters<typeof drive>[2];
  readonly numbers: readonly string[];
  /** The ordinary word on a task where it is not the first of the list. */
  readonly ordinarily?: Partial<Record<Task['objective'], string>>;
}

interface Place {
  readonly driver: CaseDriver;
  readonly witness: Witness;
  readonly lying: readonly string[];
  readonly way: readonly string[];
}

export interface Walked {
  states: number;
  steps: number;
  asked: number;
  assigned: number;
  setOut: number;
  turnedBack: number;
  referred: number;
  /** What was done without its proof, with the way that led there. */
  readonly unproven: string[];
}

const nothingYet = (): Walked => ({ states: 0, steps: 0, asked: 0, assigned: 0, setOut: 0, turnedBack: 0, referred: 0, unproven: [] });

/** @param others how often something else than the ordinary may happen on one way */
export function walkAll(root: Root, others: number): Walked {
  const counts = nothingYet();
  const driver = drive(root.account, emptyDesk, root.change);
  const start = look({ driver, witness: NOTHING, lying: [], way: [] }, 0, root, counts);
  const end = driver.now + HORIZON_DAYS * DAY;
  const seen = new Set<string>();
  let level = [onward(start, root, counts)];
  for (let left = others; level.length > 0; left -= 1) {
    const next: Place[] = [];
    for (let place = level.pop(); place !== undefined; place = level.pop()) {
      const key = keyOf(place);
      if (seen.has(key) || place.driver.now > end || isOver(place)) continue;
      seen.add(key);
      const [ordinary, ...rest] = choicesOf(place, root);
      if (ordinary !== undefined) level.push(take(place, ordinary, root, counts));
      if (left > 0) next.push(...rest.map((choice) => take(place, choice, root, counts)));
    }
    level = next;
  }
  return { ...counts, states: seen.size };
}

function isOver({ driver }: Place): boolean {
  return openCase(driver.account) === undefined || driver.case.legal.referredAt !== undefined;
}

/** Everything that a decision or a proof may read; what only names things is left out. */
function keyOf({ driver, witness, lying }: Place): string {
  const state = JSON.stringify([driver.now, driver.account, driver.governor, witness, lying]);
  return createHash('sha256').update(state).digest('base64');
}

function firstTask({ driver, lying }: Place): Task | undefined {
  return driver.case.tasks.find((task) => !lying.includes(task.taskId));
}

function choicesOf(place: Place, { ordinarily = {} }: Root): string[] {
  const task = firstTask(place);
  const listed = task === undefined ? ['waits'] : (BY_OBJECTIVE[task.objective] ?? ANSWERS[task.queue]);
  const usual = task === undefined ? undefined : ordinarily[task.objective];
  const answers = usual === undefined ? listed : [usual, ...listed.filter((answer) => answer !== usual)];
  // Whoever is about to set out may be quicker than the case's machine.
  const atOnce = task?.objective === 'visit' ? EVENTS.map((event) => `${event}${AT_ONCE}`) : [];
  return [...answers, ...EVENTS, ...atOnce];
}

function take(place: Place, choice: string, root: Root, counts: Walked): Place {
  counts.steps += 1;
  const driver = place.driver.fork(emptyDesk);
  const before = driver.links.length;
  const task = firstTask(place);
  driver.now += 30 * MINUTE;
  let { lying } = place;
  const event = choice.replace(AT_ONCE, '');
  if (isHappening(event)) {
    happen(driver, event);
    if (event === choice) driver.runTo(driver.now + MINUTE);
  } else if (task !== undefined && !answered(driver, task, choice, counts)) lying = [...lying, task.taskId];
  const moved = { driver, witness: place.witness, lying, way: [...place.way, choice] };
  return onward(look(moved, before, root, counts), root, counts);
}

function isHappening(choice: string): choice is Happening {
  return (EVENTS as readonly string[]).includes(choice);
}

/** On to the next rest: somebody is asked for something, or nothing happens for so long. */
function onward(place: Place, root: Root, counts: Walked): Place {
  const { driver, lying } = place;
  const before = driver.links.length;
  const until = driver.now + REST_DAYS_MAX * DAY;
  for (let wakes = 0; wakes < WAKES_MAX && !isOver(place) && driver.now < until; wakes += 1) {
    if (driver.case.tasks.some(({ taskId }) => !lying.includes(taskId))) break;
    const decision = driver.decision();
    driver.runTo(decision.proposal.kind === 'wait' ? Math.min(decision.until, until) : driver.now);
  }
  return look(place, before, root, counts);
}

/** Reads the new entries as the proof does. */
function look(place: Place, from: number, root: Root, counts: Walked): Place {
  let { witness } = place;
  for (const { entry } of place.driver.links.slice(from)) {
    const missing = unproven(witness, entry, root.numbers);
    if (missing.length > 0)
      counts.unproven.push(`${root.name}: ${place.way.join(', ')}: ${entry.type} at ${entry.at} lacks ${missing.join(', ')}`);
    if (entry.type === 'TaskOpened' && entry.objective === 'approve-visit') counts.asked += 1;
    if (entry.type === 'TaskOpened' && entry.objective === 'visit') counts.assigned += 1;
    if (entry.type === 'AttemptReserved') counts.setOut += 1;
    if (entry.type === 'LegalReferred') counts.referred += 1;
    witness = witnessed(witness, entry);
  }
  return { ...place, witness };
}

// ---- what happens ------------------------------------------------------------------------------------------------------

/** @returns false where the task is left lying */
function answered(driver: CaseDriver, task: Task, choice: string, counts: Walked): boolean {
  if (choice === 'lies') return false;
  if (task.objective === 'visit') {
    if (choice === 'alone') return setOut(driver, task, counts);
    driver.tell((journal) => recordVisitAssigned(journal, task.taskId, { staff: ['visitor-1', 'visitor-2'], by: 'lead-1' }));
    if (choice === 'assigned') return true;
    setOut(driver, task, counts);
  }
  const by = { 'legal-review': task.objective === 'approve-referral' ? 'counsel-1' : 'lead-1', 'field-visit': 'visitor-1' } as Record<
    string,
    string
  >;
  const promised = choice === 'promise' ? { promises: [{ amount: cny('500.00'), date: addDays(driver.today, 3) }] } : {};
  try {
    driver.answer(task.taskId, {
      outcome: choice,
      by: choice === 'approve' ? `approver-${task.queue}` : (by[task.queue] ?? 'collector-1'),
      ...promised,
    });
  } catch (error) {
    // No more promises are taken: the customer was spoken to all the same.
    if (!(error instanceof Refusal)) throw error;
    driver.answer(task.taskId, { outcome: 'reached-no-commitment' });
  }
  return true;
}

/** As `POST /tasks/{taskId}/attempts` does: what stands against it, then the gate. */
function setOut(driver: CaseDriver, task: Task, counts: Walked): boolean {
  const world = driver.world();
  const point = driver.governor.points.find(({ id }) => id === task.contactPointId);
  const refused = whyNotSetOut(world, task.taskId, undefined);
  const allowed =
    refused === undefined && point !== undefined && verdictForOthers(world, 'visit', point, 'collection', driver.now).decision === 'allow';
  if (!allowed || point === undefined) {
    counts.turnedBack += 1;
    return true;
  }
  const attempt = {
    attemptId: `${task.taskId}-a${driver.links.length}`,
    taskId: task.taskId,
    channel: 'visit' as const,
    contactPointId: point.id,
    addressKey: point.addressKey,
    purpose: 'collection' as const,
    reservedAt: toInstant(driver.now),
    expiresAt: toInstant(driver.now + 10 * MINUTE),
  };
  driver.tell((journal) => recordAttempt(journal, attempt, 'CN.PASS'));
  return true;
}

const HAPPENS: Readonly<Record<Happening, (driver: CaseDriver) => void>> = {
  'pays-part': (driver) => {
    const at = toInstant(driver.now);
    const payment = { paymentId: `pay-${driver.links.length}`, amount: cny('1500.00'), paidAt: at, postedAt: at, state: 'posted' as const };
    driver.tell((journal) => recordPaymentReceived(journal, payment));
  },
  'calls-in': (driver) => {
    const at = toInstant(driver.now);
    const contactId = `in-${driver.links.length}`;
    const report = { contactId, customerId: 'cus-1', channel: 'voice', direction: 'inbound', kind: 'conversation', at } as const;
    driver.tell((journal) => recordContactReported(journal, { ...report, actor: 'customer', outcome: 'reached', gated: false }));
    const row = { id: contactId, at, channel: 'voice', kind: 'conversation', direction: 'inbound', purpose: 'collection' } as const;
    driver.governor = { ...driver.governor, contacts: [...driver.governor.contacts, { ...row, accountId: driver.account.accountId }] };
  },
  'short-hold': (driver) => {
    const span = { placedAt: toInstant(driver.now), expiresAt: toInstant(driver.now + 4 * DAY) };
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: `h-${driver.links.length}`, kind: 'disaster', ...span }));
  },
  'open-hold': (driver) => {
    const holdId = `h-${driver.links.length}`;
    driver.tell((journal) => recordHoldPlaced(journal, { holdId, kind: 'complaint', placedAt: toInstant(driver.now) }));
  },
  agrees: (driver) => {
    const [offer] = offersOn(driver.account, driver.setting, driver.today);
    if (offer === undefined || driver.case.plan?.status === 'active') return;
    const agreement = { offerId: offer.offerId, agreedAt: toInstant(driver.now), channel: 'app' };
    driver.tell((journal) => recordPlanAgreed(journal, agreement));
  },
  falls: (driver) => {
    const asOf = toInstant(driver.now);
    driver.tell((journal) => recordAccountOverdue(journal, anAccount().at(asOf).overdueBy(40).fact()));
  },
  'turns-vulnerable': (driver) => driver.tell((journal) => journal.add({ type: 'FlagRaised', flag: 'vulnerable' })),
};

function happen(driver: CaseDriver, choice: Happening): void {
  try {
    HAPPENS[choice](driver);
  } catch (error) {
    // What the rules refuse did not happen.
    if (!(error instanceof Refusal)) throw error;
  }
}
