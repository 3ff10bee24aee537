import { dayNumber } from './clock.ts';
import type { Contact, State } from './facts.ts';
import { binds, type Hearing, isAbout, isInForce, stands } from './hearing.ts';
import * as house from './house.ts';
import { isReceipt, type StopRule } from './rules.ts';
import { EVERYWHERE } from './stops.ts';

/** What forbids a contact whatever the time. */
export function checkStates(hearing: Hearing): void {
  checkStops(hearing);
  checkPersons(hearing);
  if (!isReceipt(hearing.contact)) checkGrace(hearing);
}

/** The states that stop an answer to the customer too. */
const STOP_ANSWERS = ['opted-out', 'unusable-address', 'deceased'];

function checkStops(hearing: Hearing): void {
  const { contact, pack, record, rule } = hearing;
  for (const stop of [...EVERYWHERE, ...pack.stops]) {
    if (!binds(stop, hearing) || (isReceipt(contact) && !STOP_ANSWERS.includes(stop.state))) continue;
    const state = record.states.find((row) => row.name === stop.state && isInForce(row, hearing));
    rule(stop.name, state !== undefined && stop.lets?.(contact) !== true ? sayState(stop, state, contact) : undefined);
  }
  for (const ban of [...pack.bans, ...(hearing.setting.house ? house.BANS : [])]) {
    rule(ban.name, ban.concerns(contact) ? ban.why : undefined);
  }
}

function sayState(stop: StopRule, state: State, { purpose }: Contact): string {
  const detail = state.detail === undefined ? '' : ` (${state.detail})`;
  const since = state.from === undefined ? '' : ` since ${state.from.at}`;
  return `a contact with the purpose ${purpose} in the state ${stop.state}${detail}${since}`;
}

function checkPersons(hearing: Hearing): void {
  const { contact, pack, rule } = hearing;
  const { name, mayHelpFind } = pack.thirdParties;
  const { target, purpose } = contact;
  if (target === undefined || pack.persons.includes(target)) {
    rule(name, undefined);
    return;
  }
  const isNeeded =
    (mayHelpFind === 'when-unreachable' && stands('unreachable', hearing)) ||
    (mayHelpFind === 'once' && !stands('located-before', hearing));
  const mayAsk = purpose === 'location' && isNeeded && !stands('third-party-refused', hearing);
  rule(name, mayAsk ? undefined : `a contact with the purpose ${purpose} with somebody else (${target})`);
}

/** Of several accounts the youngest debt says. */
function checkGrace({ contact, pack, record, local, now, rule }: Hearing): void {
  const { grace } = pack;
  if (grace === undefined) return;
  const known = record.dues.filter((due) => isAbout(contact, due.accountId) && Date.parse(due.from.at) <= now);
  const newest = new Map(known.map(({ accountId, dueDate }) => [accountId, dayNumber(dueDate)]));
  const days = Math.min(...[...newest.values()].flatMap((due) => local.map(({ day }) => day - due)));
  rule(grace.name, days <= grace.days ? `on day ${days} after the due date, and not before day ${grace.days + 1}` : undefined);
}
