import { localTime } from '../clock.ts';
import type { Line } from '../stored.ts';
import { zoneAt } from '../timeline-states.ts';
import { type Ask, daysPastDue, earlierOf, localOf, type Told } from './told.ts';

/** How a case moves: it opens once, rises one stage a day at most when its stage has done its part, and acts while it is open only. */

const STAGES = ['reminder', 'call', 'plan', 'field-visit', 'legal'];
/** A product may begin a stage later, never sooner. */
const FROM_DAYS: Readonly<Record<string, number>> = { call: 6, plan: 31, 'field-visit': 61, legal: 90 };
const ANSWER_DAYS = 3;

/** What is done for a case by the bank, its systems and its people; facts from outside may come at any time. */
const ACTS = [
  ...['StageEntered', 'TaskOpened', 'TaskForgone', 'AccountCured', 'CaseEnded', 'ContactReserved', 'ContactSuppressed'],
  ...['PromiseRecorded', 'PlanOffered', 'PlanAgreed', 'PlanBroken', 'PlanApproved', 'Approved', 'VisitApproved', 'VisitAssigned'],
  ...['IntentConfirmed', 'LegalNoticeServed', 'EvidenceAssembled', 'ReferralApproved', 'LegalReferred'],
];
/** What ends with the word that ends a case, before its machine closes it. */
const AFTER_THE_END = ['JourneyClosed', 'CaseEnded'];

interface Running {
  readonly caseId: unknown;
  ended: boolean;
  stage: string | undefined;
  /** The local day on which it opened or rose last. */
  rose: number;
  arranged: boolean;
}

export function checkCourse(told: Told, ask: Ask): void {
  let running: Running | undefined;
  for (const line of told.account.lines) {
    if (line.type === 'JourneyOpened') {
      ask('CASE.ONE', line, running === undefined ? undefined : `the case ${String(running.caseId)} is open`);
      running = { caseId: line.caseId, ended: false, stage: undefined, rose: localOf(told, line).day, arranged: false };
      continue;
    }
    if (ACTS.includes(line.type) && line.caseId !== undefined) ask('CASE.OPEN', line, sayClosed(line, running));
    if (running === undefined || line.caseId !== running.caseId) continue;
    if (line.type === 'StageEntered') enter(line, running, told, ask);
    if (line.type === 'PlanAgreed' || line.type === 'PlanReopened') running.arranged = true;
    if (['PlanBroken', 'PlanCompleted', 'PlanEnded'].includes(line.type)) running.arranged = false;
    if (line.type === 'CaseEnded') running.ended = true;
    if (line.type === 'JourneyClosed') running = undefined;
  }
}

function sayClosed(line: Line, running: Running | undefined): string | undefined {
  if (running === undefined || running.caseId !== line.caseId) return `the case ${String(line.caseId)} is not open`;
  // A message about a payment or a due date is no step of the case; the record of a suit is assembled when it is over.
  const isRecord = line.type === 'EvidenceAssembled' && line.closing === true;
  if (!running.ended || AFTER_THE_END.includes(line.type) || line.notice !== undefined || isRecord) return undefined;
  return `the case ${String(line.caseId)} has ended`;
}

function enter(line: Line, running: Running, told: Told, ask: Ask): void {
  const { stage: from, rose } = running;
  const to = String(line.stage);
  const { day } = localOf(told, line);
  const before = earlierOf(told, line);
  running.stage = to;
  const isTaken = before.at(-1)?.type === 'CaseTakenOver';
  if (from === undefined) {
    ask('STAGE.ENTRY', line, to === 'reminder' ? undefined : `the case began in the ${to} stage`);
    return;
  }
  const step = STAGES.indexOf(to) - STAGES.indexOf(from);
  ask('STAGE.ORDER', line, sayOrder(line, from, step, isTaken ? before.at(-1) : undefined, running.arranged));
  if (step > 0 && !(to === 'plan' && running.arranged && line.rise !== true)) ask('STAGE.DAYS', line, sayDays(line, to, told));
  if (line.rise !== true) return;
  running.rose = day;
  ask('STAGE.PACE', line, day > rose ? undefined : 'it rose or opened on the same day');
  ask('STAGE.MINIMUM', line, sayMinimum(from, before, told, day));
}

function sayOrder(line: Line, from: string, step: number, taken: Line | undefined, arranged: boolean): string | undefined {
  const to = String(line.stage);
  if (line.from !== from) return `it left ${String(line.from)} and was in ${from}`;
  if (taken !== undefined)
    return STAGES.indexOf(to) <= STAGES.indexOf(String(taken.claimed)) ? undefined : `it was taken over from ${String(taken.claimed)}`;
  if (line.rise === true) return step === 1 ? undefined : `it rose from ${from} to ${to}`;
  if (step < 0 || (to === 'plan' && arranged)) return undefined;
  return `it went from ${from} to ${to} and did not rise`;
}

function sayDays(line: Line, to: string, told: Told): string | undefined {
  const days = daysPastDue(told, line, zoneAt(told.account, line.seq));
  if (days === undefined) return 'nothing is known to have fallen due';
  const from = FROM_DAYS[to] ?? 0;
  const reached = days.contract - days.stopped;
  return reached >= from ? undefined : `${reached} days past due, and ${to} begins with ${from}`;
}

/** What a stage has to have done, or found impossible; what was done before a case was taken over stands for it. */
function sayMinimum(from: string, before: readonly Line[], told: Told, day: number): string | undefined {
  const has = (type: string, test: (row: Line) => boolean = () => true): boolean => before.some((row) => row.type === type && test(row));
  // What another party of the account was told is no step of the case.
  const inStage = ({ stage, role }: Line): boolean => stage === from && role === undefined;
  if (has('CaseTakenOver') || has('MessageImpossible', inStage)) return undefined;
  if (from === 'reminder') {
    const reserved = before.filter((row) => row.type === 'ContactReserved' && inStage(row)).map(({ contactId }) => contactId);
    const gone = before.some(
      (row) => ['ContactSent', 'ContactLost', 'DeliveryReported'].includes(row.type) && reserved.includes(row.contactId),
    );
    return gone || has('ContactSuppressed', inStage) || has('ContactShared') ? undefined : 'no reminder had gone';
  }
  if (from === 'call') {
    const opened = before.filter((row) => row.type === 'TaskOpened' && row.queue === 'call').map(({ taskId }) => taskId);
    const done = has('TaskClosed', (row) => opened.includes(row.taskId) && ['outcome', 'expired'].includes(String(row.reason)));
    return done || has('TaskForgone', inStage) ? undefined : 'no call had been worked or had expired';
  }
  if (from !== 'plan') return undefined;
  const offered = before.find(({ type }) => type === 'PlanOffered' || type === 'PlanAgreed');
  if (offered === undefined) return 'no arrangement had been offered';
  const since = day - localTime(Date.parse(offered.at), zoneAt(told.account, offered.seq)).day;
  return since >= ANSWER_DAYS ? undefined : `${since} days to answer the offer, ${ANSWER_DAYS} are asked for`;
}
