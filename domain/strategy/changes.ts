import { addDays, daysBetween, localDate, toMillis } from '../calendar.ts';
import { ceilingAt, isCured } from '../case-status.ts';
import { breaksOn, openPromises } from '../decide/arrangement.ts';
import type { World } from '../decide/world.ts';
import { isActive, stoppedDays } from '../holds.ts';
import { overdueMinor, remainingArrears } from '../ledger.ts';
import { type Objective, STAGES, type Task } from '../model.ts';
import { moneyOf } from '../money.ts';
import { isFigureStale } from './figures.ts';

/** What would change what comes next: for people who ask why not yet. */

export interface Change {
  /** What would have to happen. */
  readonly what: string;
  readonly then: string;
}

function change(what: string, then: string): Change {
  return { what, then };
}

/** Nothing of this is advice: it says what the decisions would read, were it so. */
export function whatWouldChange(world: World): Change[] {
  const { account, current, setting } = world;
  if (isCured(account, setting.ladder)) return [];
  if (world.hold !== undefined) return [...byPayment(world), ...byHolds(world)];
  if (!account.customerKnown) return [...byPayment(world), change("The bank sends the customer's data", 'The first message is planned')];
  if (current.plan?.status === 'active') return [...byPayment(world), ...byInstalment(world)];
  if (current.legal.referredAt !== undefined) return [...byPayment(world), ...BY_COURT, ...byTasks(world)];
  return [
    ...byPayment(world),
    ...byPartPayment(world),
    ...byPending(world),
    ...byPromises(world),
    ...byFigure(world),
    ...byTasks(world),
    ...byCustomer(world),
  ];
}

function money({ account }: World, minor: number): string {
  const { amount, currency } = moneyOf(account, minor);
  return `${currency} ${amount}`;
}

function byPayment(world: World): Change[] {
  const { account, setting } = world;
  const short = overdueMinor(account) - (setting.ladder.toleranceMinor[account.currency ?? ''] ?? 0);
  return [change(`A payment of at least ${money(world, short)}`, 'The case is cured and closes')];
}

/** The least that clears so many of the oldest arrears that the days past due allow only a lower stage. */
function byPartPayment(world: World): Change[] {
  const { account, current, setting, today } = world;
  const [oldest, ...later] = remainingArrears(account);
  let paid = oldest?.amountMinor ?? 0;
  for (const { dueDate, amountMinor } of later) {
    const stage = ceilingAt(daysBetween(dueDate, today) - stoppedDays(account, dueDate, today), setting.ladder);
    if (STAGES.indexOf(stage) < STAGES.indexOf(current.stage))
      return [change(`A payment of at least ${money(world, paid)}`, `The case falls back to ${stage}`)];
    paid += amountMinor;
  }
  return [];
}

const BY_COURT: readonly Change[] = [
  change('The suit is settled', 'The case closes'),
  change('The suit is withdrawn', 'The case goes on in its stage'),
];

function byHolds({ account, governor, now }: World): Change[] {
  const own = account.holds.map((hold) => hold.holdId);
  const holds = [...account.holds, ...(governor?.holds ?? []).filter((hold) => !own.includes(hold.holdId))].filter((hold) =>
    isActive(hold, now),
  );
  const then = holds.length === 1 ? 'The case goes on where it stopped' : 'One hold less stops contact';
  return holds.map(({ holdId, kind, expiresAt }) =>
    kind === 'placed'
      ? change('The core recalls the account from its agency', then)
      : change(`Hold ${holdId} (${kind}) is released${expiresAt === undefined ? '' : `, or ends on ${expiresAt}`}`, then),
  );
}

function byInstalment(world: World): Change[] {
  const { current, setting } = world;
  const instalment = current.plan?.instalments.find((row) => row.status !== 'paid');
  if (instalment === undefined) return [];
  const last = addDays(breaksOn(instalment, setting.ladder.plan.cureDays), -1);
  return [
    change(`${money(world, instalment.amountMinor)} of the arrangement is paid by ${last}`, 'The arrangement goes on'),
    change('It is not paid by then', 'The arrangement is broken and the ladder goes on'),
  ];
}

function byPending(world: World): Change[] {
  return Object.entries(world.account.payments)
    .filter(([, payment]) => payment.state === 'pending' && payment.reversedAt === undefined)
    .map(([paymentId, payment]) =>
      change(`Payment ${paymentId} of ${money(world, payment.amountMinor)} is booked`, 'It counts towards what is overdue'),
    );
}

function byPromises(world: World): Change[] {
  const { graceDays } = world.setting.ladder.promise;
  return openPromises(world).flatMap((promise) => [
    change(`${money(world, promise.amountMinor)} is paid by ${addDays(promise.date, graceDays)}`, 'The promise is kept'),
    change('It is not paid by then', 'The promise is broken and the ladder goes on'),
  ]);
}

function byFigure({ account, setting, now }: World): Change[] {
  if (!isFigureStale(account, setting.deployment, now)) return [];
  return [change(`The core sends a figure newer than ${account.figure?.asOf}`, 'Collection goes on')];
}

/** What the answer to a task brings: granted or done, and refused. */
const ANSWERS: Readonly<Record<Objective, readonly [what: string, then: string][]>> = {
  recover: [['brings a promise', 'Only its reminder goes until the date']],
  'agree-a-plan': [['brings an arrangement', 'Collection stops while it is kept']],
  'understand-hardship': [['brings an application for relief', 'Contact stops while it is looked into']],
  'call-back': [['brings a promise', 'Only its reminder goes until the date']],
  'approve-visit': [
    ['is approved', 'A visit is assigned'],
    ['is rejected', 'No visit is asked for until the ladder asks again'],
  ],
  visit: [['finds the customer', 'What was agreed decides']],
  'confirm-intent': [
    ['confirms the intent', 'The formal notice is served'],
    ['is rejected', 'No suit is considered'],
  ],
  'approve-referral': [
    ['is approved', 'The case is referred'],
    ['is returned', 'The evidence is assembled anew'],
  ],
  'review-hold': [['is approved', 'The hold is lifted']],
  'review-placement': [['is approved', 'The core is advised to recall the account']],
  'review-field-visit': [
    ['is approved', 'A visit may be requested'],
    ['is rejected', 'No visit is requested'],
  ],
  'review-visit': [
    ['is approved', 'Another visit may be asked for'],
    ['is rejected', 'No further visit is made'],
  ],
  'review-legal': [
    ['is approved', 'A suit may be considered'],
    ['is rejected', 'No suit is considered'],
  ],
  'review-suit': [
    ['is approved', 'The suit goes on, and is asked after when nothing is heard of it for long again'],
    ['is rejected', 'Nobody knows what became of the suit: it is asked after again soon'],
  ],
  'review-flag': [
    ['is approved', 'What the flag put before a person goes on'],
    ['is rejected', 'It is not done, and asked again later'],
  ],
  'review-pressure': [
    ['is approved', 'Contact goes on'],
    ['is rejected', 'Contact stays away for the days that the ladder gives'],
  ],
  'approve-plan': [
    ['is approved', 'What was asked for may be agreed'],
    ['is rejected', 'What is offered to everybody stays'],
  ],
  'approve-waiver': [
    ['is approved', 'What was asked for may be agreed'],
    ['is rejected', 'What is offered to everybody stays'],
  ],
  'confirm-booking': [['is approved', 'The arrangement counts as booked']],
  'obtain-proof': [['is approved', 'The arrangement has its proof']],
  'complete-contact-data': [['brings new contact data', 'Contact goes on with them']],
};

function byTasks({ current }: World): Change[] {
  return current.tasks.flatMap((task: Task) =>
    ANSWERS[task.objective].map(([what, then]) => change(`Task ${task.taskId} (${task.objective}) ${what}`, then)),
  );
}

/** What only the customer can change: wishes, and addresses that are no good any more. */
function byCustomer(world: World): Change[] {
  const { governor, current, account, now } = world;
  if (governor === undefined) return [];
  const changes: Change[] = governor.wishes.optedOut.map((channel) =>
    change(`The customer opts in to ${channel} again`, `The customer can be reached by ${channel}`),
  );
  const quiet = current.quietUntil;
  if (quiet !== undefined && toMillis(quiet) > now)
    changes.push(change(`Nothing is paid by ${localDate(toMillis(quiet), account.timeZone)}`, 'Contact goes on'));
  return changes;
}
