import { nextAdviceAt } from '../advice.ts';
import { addBusinessDays, addDays, DAY, HOUR, localDate, startOfDay, toInstant, toMillis } from '../calendar.ts';
import { isCured } from '../case-status.ts';
import { reviewDue } from '../holds.ts';
import type { Hold } from '../model.ts';
import { wishSentence } from '../plans/wish.ts';
import { contactInDoubt } from '../reducer/parties.ts';
import { leaderOf } from '../strategy/accounts.ts';
import { messageChannels } from '../strategy/channels.ts';
import { answering, isFigureStale } from '../strategy/figures.ts';
import { firstContactFrom } from '../strategy/first-contacts.ts';
import { isGranted, proposeFlagReview, treatmentOf } from '../strategy/flags.ts';
import { proposePartyMessages } from '../strategy/parties.ts';
import { isPaused, pauseEnds, proposePressureReview } from '../strategy/pressure.ts';
import { instalmentChanges, openPromises, promiseEndings, proposePlanActs, proposePromiseActs } from './arrangement.ts';
import { proposeBureauNotice } from './bureau-notice.ts';
import { proposeCall } from './calls.ts';
import { askForContactData } from './contact-data.ts';
import { proposeClosing, proposeNewsReview } from './court.ts';
import { proposeHardshipAnswer } from './hardship.ts';
import { missingForIntent, proposeLegalStep, proposeServed } from './legal.ts';
import { canOffer, proposeMessage, proposeStageMessage } from './messages.ts';
import { proposeBookingCheck, proposePlanReview, proposeProof, proposeWaiverCheck } from './plan-reviews.ts';
import { dueRecords } from './records.ts';
import { proposeRequestAnswer } from './request-answer.ts';
import { missingMinimum, proposeArrange, proposeFall, proposeReturn, proposeRise } from './stage-moves.ts';
import { missingForVisit, proposeVisit } from './visits.ts';
import { endOfWait, type Proposal, quietEnds, type World } from './world.ts';

/** A reservation younger than this may still be in the hands of a sender: its function's timeout and a margin. */
const SENDER_MILLIS_MAX = 60_000;

export interface Decision {
  /** What is due now, or a wait. */
  readonly proposal: Proposal;
  /** When to decide again at the latest; strictly after now (protocol: a deadline in the past would spin). */
  readonly until: number;
  /** For people: what comes next, when, and why not yet. */
  readonly next: { readonly what: string; readonly notBefore: string; readonly why: string };
}

/**
 * What is due for a case. Pure: the same world gives the same decision. Everything is read afresh each time, so a late or repeated
 * wake-up costs a turn and never a wrong act.
 */
export function decide(world: World): Decision {
  const proposals = [...proposalsFor(world), ...comingHolds(world), ...comingRecords(world), ...inList(proposeNewsReview(world))];
  const due = proposals.find((proposal) => proposal.at <= world.now && proposal.kind !== 'wait');
  const ahead = proposals.filter((proposal) => proposal.at > world.now).sort((a, b) => a.at - b.at);
  const first = ahead[0];
  // The core is advised on its day, also where nothing else is due then; that is no answer to what comes next.
  const advice = nextAdviceAt(world) ?? Number.POSITIVE_INFINITY;
  const until = Math.max(world.now + 1000, Math.min(first?.at ?? Number.POSITIVE_INFINITY, endOfWait(world), advice));
  const named = due ?? ahead.find((proposal) => proposal.kind !== 'wait') ?? first;
  const next = {
    what: named?.act ?? 'wait',
    notBefore: toInstant(Math.max(named?.at ?? until, world.now)),
    why: withWish(world, whyNot(world, named)),
  };
  return { proposal: due ?? { kind: 'wait', act: 'wait', at: world.now, why: next.why }, until, next };
}

function whyNot(world: World, named: Proposal | undefined): string {
  const why = withheld(world, named) ?? named?.why ?? 'Nothing is planned; the case is looked at again on its review date';
  if (world.hold !== undefined || world.current.plan?.status === 'active' || isCured(world.account, world.setting.ladder)) return why;
  if (world.current.stage === 'field-visit') return join(why, 'No visit yet', missingForVisit(world));
  if (world.current.stage === 'legal' && world.current.legal.referredAt === undefined)
    return join(why, 'No suit yet', missingForIntent(world));
  const missing = missingMinimum(world);
  return missing === undefined ? why : `${why}. Before the case may rise, ${missing}`;
}

/** What a customer asked for waits or was answered beside whatever comes next. */
function withWish({ account, current, setting }: World, why: string): string {
  const said = wishSentence(account, current, setting);
  return said === undefined ? why : `${why}. ${said}`;
}

/** What a message that is due waits for: a stop, its provider, the rate, the switch. */
function withheld({ current }: World, named: Proposal | undefined): string | undefined {
  if (named?.kind !== 'send' || current.withheld?.key !== named.contact.key) return undefined;
  return `${named.why}; it waits: ${current.withheld.why}`;
}

function join(why: string, prefix: string, missing: readonly string[]): string {
  return missing.length === 0 ? why : `${why}. ${prefix}: ${missing.join('; ')}`;
}

const wait = (at: number, why: string): Proposal => ({ kind: 'wait', act: 'wait', at, why });

/** In order of precedence: the first that is due wins; those ahead say when to look again. */
function proposalsFor(world: World): Proposal[] {
  const { account, current, setting, now } = world;
  const doubt = contactInDoubt(current);
  if (doubt !== undefined) {
    return [
      {
        kind: 'settle',
        act: 'settle',
        at: toMillis(doubt.at) + SENDER_MILLIS_MAX,
        why: 'A message is being handed over',
        contactKey: doubt.key,
      },
    ];
  }
  const { ending } = current;
  if (ending !== undefined) return [proposeClosing(world, `The case has ended: ${ending.reason}`)];
  if (isCured(account, setting.ladder)) return [proposeClosing(world, 'Nothing is overdue any more')];
  const records = dueRecords(world);
  if (records.length > 0)
    return [
      {
        kind: 'record',
        act: records.some((draft) => draft.type === 'PlanBroken') ? 'break-plan' : 'record',
        at: now,
        why: 'Time has brought something to record',
      },
    ];
  const review = proposePlanReview(world);
  if (review !== undefined) return [review];
  const whileHeld = held(world);
  if (whileHeld !== undefined) return whileHeld;
  if (!account.customerKnown) return unknownCustomer(world);
  const arrange = proposeArrange(world);
  if (arrange !== undefined) return [arrange];
  if (current.plan?.status === 'active')
    return [...proposePlanActs(world), ...inList(proposeBookingCheck(world)), ...inList(proposeProof(world))];
  return [...proposeRequestAnswer(world), ...collecting(world)];
}

const inList = (proposal: Proposal | undefined): Proposal[] => (proposal === undefined ? [] : [proposal]);

/** A hold may be placed for a later instant of the day: whatever was planned is looked at again when it begins. */
function comingHolds({ account, now }: World): Proposal[] {
  return account.holds
    .filter((hold) => hold.releasedAt === undefined && toMillis(hold.placedAt) > now)
    .map((hold) => wait(toMillis(hold.placedAt), `A hold (${hold.kind}) begins`));
}

/** What time alone brings is written down when it does, whatever else the case waits for. While it is held no instalment is missed. */
function comingRecords(world: World): Proposal[] {
  const changes = world.hold === undefined ? instalmentChanges(world) : [];
  const served = proposeServed(world);
  return [...promiseEndings(world), ...changes, ...openTasks(world), ...inList(served)].map(({ at, why }) => wait(at, why));
}

/** The core may not have heard, or the agency not have let go: a person finds out, and again while nothing comes of it. */
function recallReviewDue({ account, setting }: World, { reviewedAt }: Hold, advisedAt: string): number {
  const last = reviewedAt !== undefined && reviewedAt > advisedAt ? reviewedAt : advisedAt;
  const asked = addBusinessDays(localDate(toMillis(last), account.timeZone), setting.ladder.advice.recallAgainBusinessDays);
  return startOfDay(addDays(asked, 1), account.timeZone);
}

function held(world: World): Proposal[] | undefined {
  const { account, current } = world;
  if (world.hold === undefined) return undefined;
  const proposals: Proposal[] = [];
  const known = new Set(account.holds.map((hold) => hold.holdId));
  for (const hold of world.governor?.holds ?? []) {
    // Placed on the customer and not yet told to this account: it counts, and its end is nobody's to record here.
    if (known.has(hold.holdId) || hold.releasedAt !== undefined || hold.expiresAt === undefined) continue;
    proposals.push(wait(toMillis(hold.expiresAt), `Held (${hold.kind}) until it ends`));
  }
  for (const hold of account.holds) {
    if (hold.releasedAt !== undefined) continue;
    if (hold.expiresAt !== undefined)
      proposals.push({ kind: 'record', act: 'record', at: toMillis(hold.expiresAt), why: `Held (${hold.kind}) until it ends` });
    const review = hold.recallAdvisedAt === undefined ? reviewDue(hold) : recallReviewDue(world, hold, hold.recallAdvisedAt);
    const objective = hold.kind === 'placed' ? 'review-placement' : 'review-hold';
    const asked = current.tasks.some((task) => task.objective === objective && task.subject === hold.holdId);
    if (review !== undefined && !asked) {
      const why =
        hold.recallAdvisedAt === undefined
          ? `Held (${hold.kind}); somebody reviews it`
          : 'The core was advised to recall the account and has not said that it did';
      proposals.push({
        kind: 'task',
        act: 'open-review',
        at: review,
        why,
        task: { queue: 'case-review', objective, subject: hold.holdId },
      });
    }
  }
  proposals.push(...proposeRequestAnswer(world), ...proposeHardshipAnswer(world));
  if (proposals.length === 0) proposals.push(wait(endOfWait(world), `Held (${world.hold.kind})`));
  return proposals;
}

/** Sends nothing; after a day somebody is asked for the customer's data. */
function unknownCustomer(world: World): Proposal[] {
  const { current, setting } = world;
  if (current.tasks.some((task) => task.queue === 'data-quality')) return [wait(endOfWait(world), 'The customer is not known yet')];
  const { unknownCustomerHours, dataQualityEveryDays } = setting.ladder;
  const at =
    current.dataAskedAt === undefined
      ? toMillis(current.openedAt) + unknownCustomerHours * HOUR
      : toMillis(current.dataAskedAt) + dataQualityEveryDays * DAY;
  return [
    {
      kind: 'task',
      act: 'open-review',
      at,
      why: 'The customer is not known yet',
      task: { queue: 'data-quality', objective: 'complete-contact-data' },
    },
  ];
}

/** The leading account sends without a word to this one: this one looks every day whether it was spoken for. */
function leadersMessage(world: World): Proposal[] {
  if (leaderOf(world) === undefined) return [];
  return [wait(world.now + DAY, 'Another account of the customer leads')];
}

function collecting(world: World): Proposal[] {
  const { account, current, setting, today } = world;
  // From then on the court's news drive the case, not the days past due.
  if (current.legal.referredAt !== undefined) return [wait(endOfWait(world), "Referred; the court's news is awaited")];
  const fall = proposeFall(world) ?? proposeReturn(world);
  if (fall !== undefined) return [fall];
  const waived = proposeWaiverCheck(world);
  if (waived !== undefined) return [waived];
  const quiet = quietEnds(world);
  if (quiet !== undefined) return [wait(quiet, 'A payment is on its way')];
  if (openPromises(world).length > 0) return proposePromiseActs(world);
  const graceLeft = setting.ladder.graceDays + 1 - world.daysPastDue;
  if (graceLeft > 0) return [wait(startOfDay(addDays(today, graceLeft), account.timeZone), 'The days of grace run')];
  const first = firstContactFrom(world);
  // Who asks is answered before.
  if (first !== undefined && current.planRequestedAt === undefined && current.callBackAt === undefined)
    return [...openTasks(world), wait(first, 'The case was taken over; the first contacts of the book are spread over days')];
  if (!isGranted(world, 'message')) return [...proposeFlagReview(world), wait(endOfWait(world), treatmentOf(account, 'message').why ?? '')];
  const request = answerToRequest(world);
  if (request !== undefined) return [request];
  if (isFigureStale(account, setting.deployment, world.now)) return staleFigure(world);
  const notice = proposeBureauNotice(world);
  const asked = [
    ...askForContactData(world),
    ...(notice === undefined ? [] : [notice]),
    ...proposePressureReview(world),
    ...proposeFlagReview(world),
  ];
  return [...asked, ...ladderActs(world), ...leadersMessage(world)];
}

/** A customer's own request for an arrangement is served in every stage. */
function answerToRequest(world: World): Proposal | undefined {
  const { account, current, setting } = world;
  if (current.planRequestedAt === undefined || !canOffer(world)) return undefined;
  const askedOn = localDate(toMillis(current.planRequestedAt), account.timeZone);
  // A request that could not be answered in all that time is answered by the offer of the plan stage.
  if (world.today > addDays(askedOn, setting.ladder.plan.offerValidDays)) return undefined;
  return proposeMessage(world, {
    step: `plan-request-${askedOn}`,
    template: 'plan-offer',
    purpose: 'plan-offer',
    act: 'offer-arrangement',
    from: toMillis(current.planRequestedAt),
    why: 'The customer asked for an arrangement',
    channels: messageChannels(world),
  });
}

function ladderActs(world: World): Proposal[] {
  const { current } = world;
  const acts: (Proposal | undefined)[] = [proposeRise(world)];
  if (current.stage === 'legal') acts.push(proposeLegalStep(world));
  if ((current.stage === 'field-visit' || current.stage === 'legal') && !isPaused(world)) acts.push(proposeVisit(world));
  acts.push(...openTasks(world));
  const paused = pauseEnds(world);
  if (paused !== undefined) acts.push(wait(paused, 'A person decided against more contact until then'));
  // While somebody may be dialling, no message goes beside the call.
  const openCall = current.tasks.some((task) => task.queue === 'call');
  if (!openCall && !isPaused(world)) acts.push(proposeCall(world), proposeStageMessage(world));
  if (!isPaused(world)) acts.push(...proposePartyMessages(world));
  return acts.filter((act) => act !== undefined);
}

/** The tasks that end by themselves when nobody works them. */
function openTasks({ current, setting }: World): Proposal[] {
  return current.tasks
    .filter((task) => setting.ladder.expires.includes(task.queue))
    .map((task) => ({ kind: 'record', act: 'record', at: toMillis(task.dueAt), why: `A ${task.queue} task is being worked` }));
}

/** Nothing is collected on it, and nothing rises by it: only what is under way is ended, and who asked to be called back is called. */
function staleFigure(world: World): Proposal[] {
  const { account, setting } = world;
  const why = `The newest figure, of ${account.figure?.asOf}, is older than ${setting.deployment.maxFigureAgeHours} hours; a newer one is awaited`;
  const asked = world.current.callBackAt === undefined || isPaused(world) ? undefined : proposeCall(answering(world));
  return [wait(endOfWait(world), why), ...openTasks(world), ...(asked === undefined ? [] : [asked])];
}
