import { addDays, instantAt, isWeekend, localDate, toMillis } from '../calendar.ts';
import type { ContactPoint } from '../customer.ts';
import type { LocalDate, Objective, Tries } from '../model.ts';
import { answeredInstant, quietAfterConversation } from '../strategy/answers.ts';
import { areCallsRefused, isGranted } from '../strategy/flags.ts';
import { paced, rulesOf } from '../strategy/tracks.ts';
import { gateVerdict, ownPoints, type Proposal, plannedInstant, spread, type World, whenAllowed } from './world.ts';

/** Call tasks: whom to ring on which number, and when the task opens. */

const EVENING_SPREAD_MINUTES = 75;

/** What the proof that a number was tried still lacks (docs/ladder.md, "exhausted"). */
function missingTry(tries: Tries | undefined): 'evening' | 'weekend' | undefined {
  if (tries === undefined || tries.days < 2) return undefined;
  if (!tries.evening) return 'evening';
  return tries.weekend ? undefined : 'weekend';
}

function nextWeekend(date: LocalDate): LocalDate {
  let day = date;
  while (!isWeekend(day)) day = addDays(day, 1);
  return day;
}

/** The own number to ring next: the one tried on the fewest days, work numbers last. */
function numberToRing(world: World): ContactPoint | undefined {
  const work = (world.governor?.points ?? []).filter((point) => point.channel === 'voice' && point.owner === 'work');
  const points = [...ownPoints(world, 'voice'), ...work].filter(
    (point) => gateVerdict(world, 'voice', point, 'collection', world.now).decision !== 'deny',
  );
  return points.sort((a, b) => (world.current.tries[a.id]?.days ?? 0) - (world.current.tries[b.id]?.days ?? 0))[0];
}

function plannedCall(world: World, point: ContactPoint, due: LocalDate): number {
  const lacks = missingTry(world.current.tries[point.id]);
  // A try that is to be made at its own hour waits for the next such hour, however long it is due.
  const soonest = due < world.today ? world.today : due;
  if (lacks === 'evening') {
    const minutes =
      world.setting.ladder.fieldVisit.eveningFromMinutes + Math.floor(spread(world.account.accountId, 'evening') * EVENING_SPREAD_MINUTES);
    return instantAt(soonest, minutes, world.account.timeZone);
  }
  if (lacks === 'weekend') return plannedInstant(world, nextWeekend(soonest), 'call');
  return answeredInstant(world, due, 'call', (at) => gateVerdict(world, 'voice', point, 'collection', at).decision === 'allow');
}

/** Who may be unable to pay is asked about that first; else the days past due say what the call is for. */
function objectiveOf({ current, track }: World): Objective {
  if (track === 'hardship') return 'understand-hardship';
  return current.stage === 'call' ? 'recover' : 'agree-a-plan';
}

/** The next call task of the stage; undefined where the stage does not call or nobody can be rung. */
export function proposeCall(world: World): Proposal | undefined {
  const { account, current, setting } = world;
  const everyDays = setting.ladder.callEveryDays[current.stage];
  if (current.tasks.some((task) => task.queue === 'call')) return undefined;
  const asked = current.callBackAt === undefined ? undefined : toMillis(current.callBackAt);
  if (everyDays === undefined && asked === undefined) return undefined;
  if (asked === undefined && !isGranted(world, 'call')) return undefined;
  const point = numberToRing(world);
  if (point === undefined) return undefined;
  const objective = asked === undefined ? objectiveOf(world) : 'call-back';
  const last = current.lastCallEndedAt === undefined ? undefined : localDate(toMillis(current.lastCallEndedAt), account.timeZone);
  const due = last === undefined ? current.stageEnteredOn : addDays(last, paced(everyDays ?? 1, rulesOf(world).callPace));
  const quiet = quietAfterConversation(world) ?? 0;
  const quietOver = localDate(quiet, account.timeZone);
  const from = asked ?? plannedCall(world, point, due > quietOver ? due : quietOver);
  const reachable = whenAllowed(world, 'voice', point, 'collection', from);
  if (reachable === undefined) return undefined;
  const forgone = current.callForgone === undefined ? '' : ` (the last was not made: ${current.callForgone})`;
  const why = asked === undefined ? `The next call of this stage${forgone}` : 'The customer asked to be called back';
  return {
    kind: 'task',
    act: 'queue-call',
    at: reachable.at,
    why: reachable.at > from && reachable.at > world.now ? `${why}; ${reachable.why}` : why,
    task: { queue: 'call', objective, contactPointId: point.id },
  };
}

/** Nobody can be rung: the stage's minimum is recorded as impossible. */
export function cannotCall(world: World): boolean {
  return numberToRing(world) === undefined || areCallsRefused(world);
}
