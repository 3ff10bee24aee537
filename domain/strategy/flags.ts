import { DAY, toMillis } from '../calendar.ts';
import type { Proposal, World } from '../decide/world.ts';
import type { Account, Channel, Flag } from '../model.ts';
import { FLAG_REVIEW_DAYS, FLAG_RULES, type FlaggedAct, TREATMENTS, type Treatment } from '../policy/flags.ts';

/** Flagged accounts: who is treated otherwise than the ladder treats everybody, in which acts, and why. */

export interface FlaggedTreatment {
  readonly treatment: Treatment;
  /** A sentence for a person; absent where nothing is flagged. */
  readonly why?: string;
}

/** The flags of the bank and those that people raised. */
export function flagsOf({ facts, flags }: Pick<Account, 'facts' | 'flags'>): readonly Flag[] {
  return [...new Set([...facts.flags, ...flags])];
}

/** The strictest word of an account's flags on an act. */
export function treatmentOf(account: Pick<Account, 'facts' | 'flags'>, act: FlaggedAct): FlaggedTreatment {
  let strictest: FlaggedTreatment = { treatment: 'allow' };
  for (const flag of flagsOf(account)) {
    const { acts, why } = FLAG_RULES[flag];
    if (TREATMENTS.indexOf(acts[act]) > TREATMENTS.indexOf(strictest.treatment)) strictest = { treatment: acts[act], why };
  }
  return strictest;
}

/** Whether the account is for a named team alone. */
export function isConfidential(account: Pick<Account, 'facts' | 'flags'>): boolean {
  return flagsOf(account).some((flag) => FLAG_RULES[flag].confidential);
}

/** The position of the sending switch for an account: of a test account nothing leaves, whatever the switch says. */
export function sendingFor<M extends string>(account: Pick<Account, 'facts' | 'flags'>, mode: M): M | 'shadow' {
  return mode === 'on' && treatmentOf(account, 'message').treatment === 'pretend' ? 'shadow' : mode;
}

/** Whether an act that a flag puts before a person was granted for this case, or needs no grant. */
export function isGranted({ account, current }: Pick<World, 'account' | 'current'>, act: 'message' | 'call'): boolean {
  const { treatment } = treatmentOf(account, act);
  if (treatment === 'allow' || treatment === 'pretend') return true;
  // Who may be contacted at all after a person's word may be called too, unless calls need a word of their own.
  return current.approvals.includes(treatment === 'never' ? subjectOf('message') : subjectOf(act));
}

/** What a person is asked to grant, as the timeline names it. */
function subjectOf(act: 'message' | 'call'): string {
  return act === 'message' ? 'contact' : 'calls';
}

/** Whether a flag still puts something before a person. */
export function proposesFlagReview(asked: Pick<World, 'account' | 'current'>): boolean {
  return !isGranted(asked, 'message') || !isGranted(asked, 'call');
}

/** Asks a person what to do about a flagged account; empty where nothing is to be asked. */
export function proposeFlagReview(world: World): Proposal[] {
  const act = !isGranted(world, 'message') ? 'message' : !isGranted(world, 'call') ? 'call' : undefined;
  if (act === undefined || world.current.tasks.some((task) => task.objective === 'review-flag')) return [];
  const { why } = treatmentOf(world.account, act);
  const { flagReviewedAt } = world.current;
  const at = flagReviewedAt === undefined ? world.now : toMillis(flagReviewedAt) + FLAG_REVIEW_DAYS * DAY;
  return [
    {
      kind: 'task',
      act: 'open-review',
      at,
      why: why ?? 'The account is flagged',
      task: { queue: 'case-review', objective: 'review-flag', subject: subjectOf(act) },
    },
  ];
}

/** A person decided that nobody calls about this case. */
export function areCallsRefused({ account, current }: Pick<World, 'account' | 'current'>): boolean {
  return treatmentOf(account, 'call').treatment === 'ask' && current.refusals.includes(subjectOf('call'));
}

/** Why a contact that a person is about to make is refused, by the account's flags; undefined where it is not. */
export function flagDenies(world: World, channel: Channel): { readonly rule: string; readonly why: string } | undefined {
  const act = channel === 'voice' ? 'call' : channel === 'visit' ? 'visit' : 'message';
  const { treatment, why = '' } = treatmentOf(world.account, act);
  const rule = 'STATE.FLAG';
  if (treatment === 'pretend') return { rule, why };
  if (treatment === 'never' && !(act !== 'visit' && isGranted(world, 'message'))) return { rule, why };
  return act === 'call' && !isGranted(world, 'call') ? { rule, why } : undefined;
}
