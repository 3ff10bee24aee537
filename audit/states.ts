import { dayNumber } from './clock.ts';
import type { Contact, State } from './facts.ts';
import { binds, type Hearing, isAbout, isInForce, stands } from './hearing.ts';
import * as house from './house.ts';
import { type BanRule, hasPurpose, isNoCollection, type StopRule } from './rules.ts';
import { EVERYWHERE } from './stops.ts';

/** What forbids a contact whatever the time. */
export function checkStates(hearing: Hearing): void {
  const { contact, pack, setting } = hearing;
  for (const stop of EVERYWHERE) checkStop(stop, hearing);
  // Even thanks for a payment do not go to the dead.
  for (const stop of pack.stops) if (!isNoCollection(contact) || stop.state === 'deceased') checkStop(stop, hearing);
  if (!isNoCollection(contact)) {
    checkPersons(hearing);
    for (const ban of pack.bans) checkBan(ban, hearing);
  }
  for (const ban of setting.house ? house.BANS : []) checkBan(ban, hearing);
  checkGrace(hearing);
}

function checkStop(stop: StopRule, hearing: Hearing): void {
  const { contact, record, rule } = hearing;
  if (!binds(stop, hearing)) return;
  const state = record.states.find((row) => row.name === stop.state && isInForce(row, hearing));
  const isLifted = stop.lets?.(contact) === true || (stop.unless !== undefined && stands(stop.unless, hearing));
  rule(stop.name, state !== undefined && !isLifted ? sayState(stop, state, contact) : undefined);
}

function sayState(stop: StopRule, state: State, { purpose }: Contact): string {
  const detail = state.detail === undefined ? '' : ` (${state.detail})`;
  const since = state.from === undefined ? '' : ` since ${state.from.at}`;
  return `a contact with the purpose ${purpose} in the state ${stop.state}${detail}${since}`;
}

function checkBan(ban: BanRule, hearing: Hearing): void {
  if (!binds(ban, hearing)) return;
  const isBanned = ban.concerns(hearing.contact) && !(ban.unlessInvited && wasInvited(hearing));
  hearing.rule(ban.name, isBanned ? ban.why : undefined);
}

function wasInvited({ contact, earlier, now, record }: Hearing): boolean {
  if ((record.directConsents ?? []).some((given) => Date.parse(given) <= now)) return true;
  return earlier.some(
    ({ contact: { channel, addressKey, direction } }) =>
      direction === 'inbound' && channel === contact.channel && addressKey !== undefined && addressKey === contact.addressKey,
  );
}

function checkPersons(hearing: Hearing): void {
  const { contact, pack, rule } = hearing;
  if (contact.isParty) {
    rule('PARTY.THIRD', contact.stranger);
    rule('PARTY.PRIMARY_FIRST', contact.early);
  }
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

/** Before the due date nothing is late, and what serves a plan or asks for nothing is no collection. */
const isOutsideGrace = hasPurpose('pre-due', 'plan-servicing', 'reply', 'verification', 'moratorium-notice');

/** Of several accounts the youngest debt says. */
function checkGrace({ contact, pack, setting, record, local, now, rule }: Hearing): void {
  if (isNoCollection(contact) || isOutsideGrace(contact)) return;
  const known = record.dues.filter((due) => isAbout(contact, due.accountId) && Date.parse(due.from.at) <= now);
  const newest = new Map(known.map(({ accountId, dueDate }) => [accountId, dayNumber(dueDate)]));
  const days = Math.min(...[...newest.values()].flatMap((due) => local.map(({ day }) => day - due)));
  for (const grace of [...(pack.grace === undefined ? [] : [pack.grace]), ...(setting.house ? [house.GRACE] : [])]) {
    rule(grace.name, days <= grace.days ? `on day ${days} after the due date, and not before day ${grace.days + 1}` : undefined);
  }
}
