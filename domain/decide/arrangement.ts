import { addDays, localDate, startOfDay, toMillis } from '../calendar.ts';
import type { Draft } from '../entries.ts';
import type { LocalDate, Promise_ } from '../model.ts';
import { toMoney } from '../money.ts';
import { paidIntoPlan } from '../plans/paid.ts';
import type { Instalment } from '../plans/plan.ts';
import { keptFrom, paidTowards, promiseEnds } from '../record/promises.ts';
import { messageChannels } from '../strategy/channels.ts';
import { missedFrom } from '../strategy/first-contacts.ts';
import { proposeMessage } from './messages.ts';
import { type Proposal, plannedInstant, type World } from './world.ts';

/** Promises and plans: what is due to say about them, and what time has brought. */

// ---- promises --------------------------------------------------------------------------------------------------------

export function openPromises(world: World): Promise_[] {
  return world.current.promises.filter((promise) => promise.status === 'open').sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** While a promise is open only its day-before reminder goes. */
export function proposePromiseActs(world: World): Proposal[] {
  const promises = openPromises(world);
  const acts: Proposal[] = [];
  for (const promise of promises) {
    const eve = addDays(promise.date, -1);
    const recordedOn = localDate(toMillis(promise.recordedAt), world.account.timeZone);
    const isTime = eve > recordedOn && eve >= world.today;
    const step = `promise-${promise.promiseId.split('-t').at(-1)}`;
    const gone = world.current.contacts.some((contact) => contact.key.startsWith(`${step}_`) && contact.sentAt !== undefined);
    if (isTime && !gone) {
      const reminder = proposeMessage(world, {
        step,
        template: 'promise-tomorrow',
        purpose: 'promise-reminder',
        act: 'remind-of-promise',
        from: plannedInstant(world, eve, 'promise'),
        why: 'A promise falls due tomorrow',
        channels: messageChannels(world),
      });
      // A reminder that the gate puts past the day itself would remind of nothing.
      if (reminder !== undefined && reminder.at < startOfDay(promise.date, world.account.timeZone)) acts.push(reminder);
    }
  }
  return [...acts, ...promiseEndings(world)];
}

/** When each open promise is found kept or broken. */
export function promiseEndings(world: World): Proposal[] {
  return openPromises(world).map((promise) => ({
    kind: 'record',
    act: 'record',
    at: promiseEnds(world.account, promise, world.setting.ladder),
    why: 'The promised payment is awaited',
  }));
}

export function promiseRecords(world: World): Draft[] {
  const { account, current, setting } = world;
  const { currency } = account;
  if (currency === undefined) return [];
  return openPromises(world)
    .filter((promise) => promiseEnds(world.account, promise, world.setting.ladder) <= world.now)
    .map((promise) => {
      const paid = paidTowards(current, promise, account.timeZone, setting.ladder.promise.graceDays);
      const { promiseId } = promise;
      if (paid >= keptFrom(promise, setting.ladder.promise.toleranceShare))
        return { type: 'PromiseKept' as const, promiseId, paid: toMoney(paid, currency) };
      return { type: 'PromiseBroken' as const, promiseId, paid: toMoney(paid, currency), partKept: paid > 0 };
    });
}

// ---- plans -----------------------------------------------------------------------------------------------------------

interface OpenInstalment {
  readonly index: number;
  readonly instalment: Instalment;
  /** What should have been paid in all by its due date. */
  readonly cumulativeMinor: number;
}

function nextInstalment(world: World): OpenInstalment | undefined {
  const { plan } = world.current;
  if (plan?.status !== 'active') return undefined;
  const paid = paidIntoPlan(world.current);
  let cumulativeMinor = 0;
  for (const [index, instalment] of plan.instalments.entries()) {
    cumulativeMinor += instalment.amountMinor;
    if (paid < cumulativeMinor) return { index, instalment, cumulativeMinor };
  }
  return undefined;
}

export function proposePlanActs(world: World): Proposal[] {
  const next = nextInstalment(world);
  const { plan } = world.current;
  if (next === undefined || plan === undefined) return [];
  const { index, instalment } = next;
  // A case can have a second arrangement: its first instalment is another step.
  const step = `instalment-${plan.planId.slice(-8)}-${index + 1}`;
  const { ladder } = world.setting;
  const zone = world.account.timeZone;
  const acts: Proposal[] = [];
  const remindOn = addDays(instalment.dueDate, -ladder.plan.noticeDays);
  const sent = (key: string) => world.current.contacts.some((contact) => contact.key.startsWith(`${key}_`) && contact.sentAt !== undefined);
  const say = (
    key: string,
    template: string,
    act: 'remind-of-instalment' | 'warn-of-instalment',
    on: string,
    before: string,
    why: string,
  ) => {
    if (sent(key) || world.today >= before) return;
    const from = plannedInstant(world, on, 'instalment');
    const message = proposeMessage(world, {
      step: key,
      template,
      purpose: 'plan-servicing',
      act,
      from,
      why,
      channels: messageChannels(world),
    });
    if (message !== undefined && message.at < startOfDay(before, zone)) acts.push(message);
  };
  say(`${step}-due`, 'plan-instalment-due', 'remind-of-instalment', remindOn, addDays(instalment.dueDate, 1), 'An instalment falls due');
  const missedOn = missedFrom(world, instalment.dueDate);
  const brokenOn = breaksOn(instalment, ladder.plan.cureDays, missedOn);
  say(
    `${step}-missed`,
    'plan-instalment-missed',
    'warn-of-instalment',
    missedOn,
    brokenOn,
    'An instalment was missed and can still be made good',
  );
  return [...acts, ...instalmentChanges(world)];
}

/** When time alone changes the next instalment: it falls due soon, is missed, and cannot be made good any more. */
export function instalmentChanges(world: World): Proposal[] {
  const next = nextInstalment(world);
  if (next === undefined) return [];
  const { instalment } = next;
  const { plan: rules } = world.setting.ladder;
  const missedOn = missedFrom(world, instalment.dueDate);
  const on = (date: LocalDate, act: 'record' | 'break-plan', why: string): Proposal => ({
    kind: 'record',
    act,
    at: startOfDay(date, world.account.timeZone),
    why,
  });
  if (instalment.status === 'missed')
    return [on(breaksOn(instalment, rules.cureDays, missedOn), 'break-plan', 'The instalment can be made good until then')];
  const soon = on(addDays(instalment.dueDate, -rules.noticeDays), 'record', 'The next instalment falls due soon');
  return [...(instalment.status === 'open' ? [soon] : []), on(missedOn, 'record', 'The instalment is awaited')];
}

/** The days to make an instalment good run from the day it was found unpaid: after a hold or a late reversal too. */
export function breaksOn(instalment: Instalment, cureDays: number, missedOn = addDays(instalment.dueDate, 1)): LocalDate {
  return addDays(instalment.missedOn ?? missedOn, cureDays);
}

export function planRecords(world: World): Draft[] {
  // While a hold stops contact nobody can be warned, so nothing is missed either.
  if (world.hold !== undefined) return [];
  const next = nextInstalment(world);
  const { currency } = world.account;
  const { plan } = world.current;
  if (next === undefined || currency === undefined || plan === undefined) return [];
  const { index, instalment, cumulativeMinor } = next;
  const { ladder } = world.setting;
  const { planId } = plan;
  const paid = paidIntoPlan(world.current);
  const amount = toMoney(instalment.amountMinor, currency);
  if (instalment.status === 'missed' && world.today >= breaksOn(instalment, ladder.plan.cureDays)) {
    return [
      { type: 'PlanBroken', planId, index, paid: toMoney(paid, currency), short: toMoney(cumulativeMinor - paid, currency) },
      ...world.current.tasks
        .filter((task) => task.objective === 'confirm-booking')
        .map(({ taskId, queue, objective }): Draft => ({ type: 'TaskClosed', taskId, queue, objective, reason: 'plan-broken' })),
    ];
  }
  const isMissed = world.today >= missedFrom(world, instalment.dueDate) && instalment.status !== 'missed';
  // A debit that a hold kept from being instructed is instructed first: the days to make the instalment good are its days too.
  if (isMissed && (instalment.status !== 'open' || plan.autodebit === undefined))
    return [{ type: 'InstalmentMissed', planId, index, paid: toMoney(paid, currency), onDate: world.today }];
  if (world.today >= addDays(instalment.dueDate, -ladder.plan.noticeDays) && instalment.status === 'open') {
    const debit = plan.autodebit === undefined ? {} : { autodebit: true as const };
    return [{ type: 'InstalmentDue', planId, index, dueDate: instalment.dueDate, amount, ...debit }];
  }
  return [];
}
