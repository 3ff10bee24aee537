import { localTime } from './clock.ts';
import { checkCounts } from './counts.ts';
import type { Contact, CustomerRecord, Setting, Violation } from './facts.ts';
import { type Hearing, isAbout, newest } from './hearing.ts';
import { PACKS } from './packs.ts';
import { isOutbound, type Pack, type Seen } from './rules.ts';
import { checkStates } from './states.ts';
import { checkTimes } from './times.ts';

export interface Findings {
  readonly violations: readonly Violation[];
  /** How many contacts each rule was asked about. */
  readonly checked: ReadonlyMap<string, number>;
}

/**
 * Judges every contact of a customer that somebody answers for: the outbound ones made through the gate. Each by the rules of its own
 * instant (when permission was taken, for calls and visits) and by what was recorded by then, so that nobody is blamed for what was
 * reported later. Contacts of one instant come in the order in which they were recorded.
 */
export function checkCustomer(record: CustomerRecord): Findings {
  const violations: Violation[] = [];
  const checked = new Map<string, number>();
  const all = [...record.contacts].sort((one, other) => learntAt(one) - learntAt(other));
  for (const [index, contact] of all.entries()) {
    if (!isJudged(contact)) continue;
    const at = contact.reservedAt ?? contact.at;
    const earlier = all.slice(0, index).flatMap((other) => asKnown(other, Date.parse(at)));
    const asked = judgeAsWhatItSuits(record, contact, Date.parse(at), earlier);
    for (const [rule, why] of asked) {
      checked.set(rule, (checked.get(rule) ?? 0) + 1);
      if (why !== undefined) violations.push({ rule, contactId: contact.id, at, why });
    }
  }
  return { violations, checked };
}

/** Whether somebody answers for a contact: it was made through the gate, by us. */
export function isJudged(contact: Contact): boolean {
  return contact.reported !== true && isOutbound(contact);
}

/** What every rule that was asked has against a contact: a reason, or nothing. */
type Asked = ReadonlyMap<string, string | undefined>;

/** A contact about no account in particular may have been about any of the customer's: it is judged as about the one it suits best. */
function judgeAsWhatItSuits(record: CustomerRecord, contact: Contact, now: number, earlier: readonly Seen[]): Asked {
  const accounts = contact.accountId === undefined ? new Set(record.settings.flatMap(({ accountId }) => accountId ?? [])) : [];
  const about = [...accounts].map((accountId) => ({ ...contact, accountId }));
  const all = (about.length === 0 ? [contact] : about).map((one) => judge(record, one, now, earlier));
  const complaints = (asked: Asked): number => [...asked.values()].filter((against) => against !== undefined).length;
  return all.reduce((best, one) => (complaints(one) < complaints(best) ? one : best));
}

function learntAt(contact: Contact): number {
  return Date.parse(contact.reservedAt ?? contact.recordedAt ?? contact.at);
}

/** An earlier contact as the record showed it at an instant: nothing, where a reservation ran out and nobody had reported on it. */
function asKnown(contact: Contact, now: number): Seen[] {
  const { reservedAt, pendingUntil, recordedAt, kind } = contact;
  const isReported = recordedAt === undefined ? pendingUntil === undefined : Date.parse(recordedAt) <= now;
  if (isReported) return [{ contact, at: Date.parse(contact.at), unanswered: kind === 'attempt', answered: kind === 'conversation' }];
  if (pendingUntil === undefined || Date.parse(pendingUntil) <= now) return [];
  return [{ contact, at: Date.parse(reservedAt ?? contact.at), unanswered: true, answered: true }];
}

function judge(record: CustomerRecord, contact: Contact, now: number, earlier: readonly Seen[]): Asked {
  const asked = new Map<string, string | undefined>();
  const rule: Hearing['rule'] = (name, against) => void asked.set(name, asked.get(name) ?? against);
  const setting = newest(record.settings, contact, now);
  const pack = setting === undefined ? undefined : PACKS[setting.jurisdiction];
  rule('PACK.UNKNOWN', pack === undefined ? `there are no rules for the jurisdiction ${setting?.jurisdiction ?? '(none)'}` : undefined);
  if (setting === undefined || pack === undefined) return asked;
  const zones = zonesOf(setting, pack);
  rule('ZONE.UNKNOWN', zones.length === 0 ? 'nobody knew where the customer is' : undefined);
  const local = zones.map((zone) => localTime(now, zone));
  const told = newest(record.wishes, contact, now);
  const hearing: Hearing = { record, contact, now, earlier, setting, wishes: told, pack, local, rule };
  checkStates(hearing);
  checkTimesByWishes(hearing);
  checkCounts(hearing);
  return asked;
}

/** By the wishes that the timeline knew of; or by newer ones that were recorded already, where the contact keeps to those. */
function checkTimesByWishes(hearing: Hearing): void {
  const { record, contact, now, wishes: told } = hearing;
  const since = told?.asOf === undefined ? undefined : Date.parse(told.asOf);
  const perhapsKnown = record.wishes.filter(
    ({ asOf, accountId }) =>
      asOf !== undefined &&
      Date.parse(asOf) <= now &&
      (since === undefined || Date.parse(asOf) > since) &&
      (accountId === undefined || isAbout(contact, accountId)),
  );
  const judgements = [told, ...perhapsKnown].map((wishes) => {
    const asked = new Map<string, string | undefined>();
    checkTimes({ ...hearing, wishes, rule: (name, against) => void asked.set(name, asked.get(name) ?? against) });
    return asked;
  });
  const kept = judgements.find((asked) => [...asked.values()].every((against) => against === undefined));
  for (const [name, against] of kept ?? judgements[0] ?? []) hearing.rule(name, against);
}

function zonesOf({ zones }: Setting, pack: Pack): string[] {
  return [...new Set([...zones, ...zones.flatMap((zone) => pack.legalZones?.[zone] ?? [])])];
}
