import { addDays, addMonths, localDate } from '../calendar.ts';
import { isUndelivered } from '../contact-points/delivery.ts';
import type { LocalDate } from '../model.ts';
import { deployed } from '../strategy/channels.ts';
import { reportingDate } from '../strategy/reporting.ts';
import { proposeMessage } from './messages.ts';
import { type Proposal, plannedInstant, type World } from './world.ts';

/** The notice that an overdue account will be reported to the credit bureau: once a case, so many days before a reporting day. */

const TEMPLATE = 'bureau-notice';

function wasGiven({ current }: World): boolean {
  if (current.bureauNoticeAt === undefined) return false;
  const last = current.contacts.findLast((contact) => contact.template === TEMPLATE && contact.sentAt !== undefined);
  return last === undefined || !isUndelivered(last);
}

/** The notice for the next report that it can still precede by the days it must; undefined where none is due or nobody can be told. */
export function proposeBureauNotice(world: World): Proposal | undefined {
  const next = wasGiven(world) ? undefined : reportingDate(world);
  if (next === undefined) return undefined;
  return noticeBefore(world, next) ?? noticeBefore(world, addMonths(next, 1));
}

function noticeBefore(world: World, report: LocalDate): Proposal | undefined {
  const { current, account, setting } = world;
  const { daysBefore, channels } = setting.ladder.bureauNotice;
  const onDate = addDays(report, -daysBefore);
  const notice = proposeMessage(world, {
    step: `${TEMPLATE}-${report}`,
    template: TEMPLATE,
    purpose: 'statutory-notice',
    act: current.stage === 'call' ? 'send-message-instead' : 'send-message',
    from: plannedInstant(world, onDate, TEMPLATE),
    why: `The account is reported to the credit bureau on ${report}`,
    channels: deployed(world, channels),
  });
  // One that the gate puts off past its day would come too late for this report.
  return notice !== undefined && localDate(notice.at, account.timeZone) <= onDate ? notice : undefined;
}
