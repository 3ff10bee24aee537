import { DAY, toMillis } from '../calendar.ts';
import type { Proposal, World } from '../decide/world.ts';
import type { Case, Purpose } from '../model.ts';
import { rulesOf } from './tracks.ts';

/** How much contact a customer has had, when a person is asked whether to go on, and what a no means. */

/** Notices that the law asks for, and answers to a payment, stand outside the caps and outside this review. */
const APART: readonly Purpose[] = ['formal-notice', 'statutory-notice', 'reply', 'payment-acknowledgement'];

export function pressureOf(current: Case): { readonly contacts: number; readonly conversations: number } {
  return { contacts: current.contactCount ?? 0, conversations: current.conversationCount ?? 0 };
}

/** Contacts of the customer, whatever account they were about, in the days that the ladder looks back. */
function recentContacts({ governor, setting, now }: World): number {
  const since = now - setting.ladder.pressure.days * DAY;
  return (governor?.contacts ?? []).filter(
    (row) => toMillis(row.at) >= since && !APART.includes(row.purpose) && !(row.channel === 'voice' && row.kind === 'attempt'),
  ).length;
}

function whyTooMuch(world: World): string | undefined {
  const { contacts, days } = world.setting.ladder.pressure;
  const recent = recentContacts(world);
  if (recent >= contacts && !wasAsked(world)) return `${recent} contacts in ${days} days`;
  const sinceReview = pressureOf(world.current).contacts - (world.current.pressureReviewedContacts ?? 0);
  return sinceReview >= rulesOf(world).contactsMax ? `${pressureOf(world.current).contacts} contacts in this case` : undefined;
}

/** A person is asked whether to go on: too much in the last months, or too much for a case of this track. */
export function proposePressureReview(world: World): Proposal[] {
  const why = isPaused(world) ? undefined : whyTooMuch(world);
  if (why === undefined) return [];
  return [
    {
      kind: 'task',
      act: 'open-review',
      at: world.now,
      why,
      task: { queue: 'case-review', objective: 'review-pressure', subject: 'pressure' },
    },
  ];
}

/** The case that a person is asked about, and when. */
type Asked = Pick<World, 'current' | 'setting' | 'now'>;

function wasAsked(world: Asked): boolean {
  const until = reviewHoldsUntil(world);
  return until !== undefined && until > world.now;
}

function reviewHoldsUntil({ current, setting }: Asked): number | undefined {
  return current.pressureReviewedAt === undefined ? undefined : toMillis(current.pressureReviewedAt) + setting.ladder.pressure.days * DAY;
}

/** Nobody is called, written to or visited while a person is asked, nor in the time for which one said no. */
export function isPaused(world: Asked): boolean {
  return pauseEnds(world) !== undefined || world.current.tasks.some((task) => task.objective === 'review-pressure');
}

/** When contact goes on although a person said no; undefined where nobody did, or that time is over. */
export function pauseEnds(world: Asked): number | undefined {
  return world.current.refusals.includes('pressure') && wasAsked(world) ? reviewHoldsUntil(world) : undefined;
}
