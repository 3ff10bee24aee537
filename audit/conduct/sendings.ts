import { goneIn, hadArrived } from '../arrivals.ts';
import type { Line } from '../stored.ts';
import { type Ask, earlierOf, isWorked, type Told } from './told.ts';
import { sayUnreviewed } from './visits.ts';

/** What leaves, and what counts as served: each message under a reservation and once, no notice of a suit that nobody intends. */

const CONTACT_QUEUES = ['call', 'field-visit'];

export function checkSendings(told: Told, ask: Ask): void {
  const { lines } = told.account;
  for (const line of lines) {
    if (line.type === 'ContactSent') ask('CONTACT.RESERVED', line, sayUnreserved(line, lines));
    if (isWorked(line)) ask('CONTACT.PERMITTED', line, sayUnpermitted(line, lines));
    if ((line.type === 'ContactReserved' || line.type === 'ContactSuppressed') && line.purpose === 'formal-notice')
      ask('NOTICE.INTENT', line, sayNoIntent(earlierOf(told, line)));
    if (line.type === 'LegalNoticeServed') ask('NOTICE.SERVED', line, sayUnserved(line, earlierOf(told, line)));
    if (line.type === 'IntentConfirmed') {
      const before = earlierOf(told, line);
      ask('LEGAL.STAGE', line, stageOf(before)?.stage === 'legal' ? undefined : 'the case was not in the legal stage');
      ask('LEGAL.HARDSHIP', line, sayUnreviewed('legal', before, lines, line));
    }
  }
}

/** A reservation is for one message: what was given back by a busy provider needs a new one. */
function sayUnreserved(line: Line, lines: readonly Line[]): string | undefined {
  const about = lines.filter((row) => row.seq < line.seq && row.contactId === line.contactId);
  const reserved = about.findLast(({ type }) => type === 'ContactReserved');
  if (reserved === undefined) return 'nobody had reserved it';
  if (about.some(({ type, seq }) => seq > reserved.seq && ['ContactSent', 'ContactDeferred', 'ContactFailed'].includes(type)))
    return 'its reservation was used up';
  return reserved.channel === line.channel ? undefined : `it was reserved for ${String(reserved.channel)}`;
}

/** A call or a visit that is reported is under a permission, or says that there was none. */
function sayUnpermitted(line: Line, lines: readonly Line[]): string | undefined {
  const task = lines.find((row) => row.type === 'TaskOpened' && row.taskId === line.taskId && row.seq < line.seq);
  if (line.ungated === true || !CONTACT_QUEUES.includes(String(task?.queue))) return undefined;
  const attempt = lines.find((row) => row.type === 'AttemptReserved' && row.attemptId === line.attemptId && row.seq < line.seq);
  if (line.attemptId === undefined || attempt === undefined) return 'nobody had asked whether it may be made';
  return attempt.contactPointId === line.contactPointId ? undefined : `it was asked for ${String(attempt.contactPointId)}`;
}

const stageOf = (before: readonly Line[]): Line | undefined => before.findLast(({ type }) => type === 'StageEntered');

function sayNoIntent(before: readonly Line[]): string | undefined {
  const stage = stageOf(before);
  if (stage?.stage !== 'legal') return 'the case was not in the legal stage';
  const intent = before.findLast(({ type }) => type === 'IntentConfirmed');
  return intent !== undefined && intent.seq > stage.seq ? undefined : 'no person had confirmed that a suit is intended';
}

/** By its way of service: a report says so, or 72 hours passed and none says otherwise. */
function sayUnserved(line: Line, before: readonly Line[]): string | undefined {
  const named = Array.isArray(line.contactIds) ? line.contactIds : [];
  const gone = goneIn(before).filter(({ contactId }) => named.includes(contactId));
  if (gone.length === 0) return 'no notice that it names had left';
  const isNotice = ({ contactId, purpose }: Line): boolean =>
    (purpose ?? before.find((row) => row.type === 'ContactReserved' && row.contactId === contactId)?.purpose) === 'formal-notice';
  if (!gone.every(isNotice)) return 'what it names was no formal notice';
  return gone.some((row) => hadArrived(row, Date.parse(line.at), before)) ? undefined : 'no notice that it names had arrived';
}
