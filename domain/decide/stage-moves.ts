import { addDays, localDate, startOfDay, toMillis } from '../calendar.ts';
import { ceilingAt, isArranged } from '../case-status.ts';
import { missingIn } from '../minima.ts';
import type { LocalDate, Stage } from '../model.ts';
import { isHigher, nextStage } from '../transitions.ts';
import { type Proposal, spread, type World } from './world.ts';

/** When a case moves between stages: days past due are a ceiling on severity, never a start. */

const MIDNIGHT_SPREAD_MILLIS = 10 * 60_000;

/** What the stage still owes before the case may rise; undefined when its minimum is on the timeline. */
export function missingMinimum({ account, current, setting, today }: World): string | undefined {
  return missingIn(current.stage, current, { today, timeZone: account.timeZone, ladder: setting.ladder });
}

/** Falls at once; undefined where the stage is not above what the days past due allow. */
export function proposeFall(world: World): Proposal | undefined {
  const { current, setting } = world;
  const ceiling = ceilingAt(world.daysPastDue, setting.ladder);
  if (!isHigher(current.stage, ceiling)) return undefined;
  return {
    kind: 'hand-over',
    act: 'hand-over',
    at: world.now,
    to: ceiling,
    move: 'fall',
    why: `${world.daysPastDue} days past due allow no more than ${ceiling}`,
  };
}

/**
 * A case whose arrangement was broken comes back one stage above the one in which that was agreed, as far as the days past due allow; one
 * whose arrangement ended otherwise comes back to that stage itself. It stands in `plan` then, whatever it had done before: from there it
 * falls, once, or stays, or rises at the pace of every case.
 */
export function proposeReturn(world: World): Proposal | undefined {
  const { plan, stage, stageEnteredAt } = world.current;
  if (plan?.endedAt === undefined || plan.agreedIn === undefined || plan.status === 'active') return undefined;
  const broken = plan.status === 'broken';
  const to = broken ? (nextStage(plan.agreedIn) ?? plan.agreedIn) : plan.agreedIn;
  const since = toMillis(stageEnteredAt) > toMillis(plan.endedAt);
  if (since || !isHigher(stage, to)) return undefined;
  const why = broken
    ? `The arrangement was agreed in the ${plan.agreedIn} stage and broken: the case comes back one stage above`
    : `The arrangement was agreed in the ${plan.agreedIn} stage and has ended: the case goes on there`;
  return { kind: 'hand-over', act: 'hand-over', at: world.now, to, move: 'fall', why };
}

/** An agreed arrangement is looked after by the plan machine, whatever stage it was agreed in. */
export function proposeArrange(world: World): Proposal | undefined {
  const { current } = world;
  if (!isArranged(current) || current.stage === 'plan') return undefined;
  return { kind: 'hand-over', act: 'hand-over', at: world.now, to: 'plan', move: 'arrange', why: 'The customer agreed an arrangement' };
}

/** The next rise: one stage, at a local midnight on which the days past due allow it and the stage's minimum is met. */
export function proposeRise(world: World): Proposal | undefined {
  const { account, current, setting, today } = world;
  const to = nextStage(current.stage);
  if (to === undefined) return undefined;
  const from = setting.ladder.ceilings.find((row) => row.stage === to)?.fromDaysPastDue ?? Number.POSITIVE_INFINITY;
  const missing = missingMinimum(world);
  if (missing !== undefined && !waitsForAnswer(current.stage, world)) return undefined;
  const byDays = addDays(today, Math.max(0, from - world.daysPastDue));
  const byPace = addDays(current.roseOn, 1);
  const byAnswer =
    current.stage === 'plan' && current.planOfferedAt !== undefined
      ? addDays(localDate(toMillis(current.planOfferedAt), account.timeZone), setting.ladder.plan.answerDays)
      : today;
  const onDate = [byDays, byPace, byAnswer, byMinimum(world)].sort().at(-1) as string;
  const at = startOfDay(onDate, account.timeZone) + Math.floor(spread(account.accountId, 'midnight') * MIDNIGHT_SPREAD_MILLIS);
  return {
    kind: 'hand-over',
    act: 'hand-over',
    at,
    to,
    move: 'rise',
    why: `${from} days past due and the ${current.stage} stage has done its part`,
  };
}

/** The first midnight after the stage did its part: what was done today lets the case rise tomorrow. */
function byMinimum({ account, current, today }: World): LocalDate {
  const last = current.stage === 'call' ? current.lastCallEndedAt : current.stage === 'reminder' ? current.lastMessageAt : undefined;
  const done = [last, current.messageImpossibleAt[current.stage]].filter((at) => at !== undefined);
  return done.some((at) => localDate(toMillis(at), account.timeZone) === today) ? addDays(today, 1) : today;
}

/** Only time is missing: the offer was made and its days run. */
function waitsForAnswer(stage: Stage, world: World): boolean {
  return stage === 'plan' && world.current.planOfferedAt !== undefined;
}
