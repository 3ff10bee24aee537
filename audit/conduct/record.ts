import type { Line } from '../stored.ts';
import { type Ask, earlierOf, samePerson, type Told } from './told.ts';

/** The record itself: in order of time, each payment once, nobody's address on it, and packs of evidence that are of this timeline. */

/** The longest run of a function: one may have read the clock so long before it wrote. */
const SKEW_MILLIS = 15 * 60_000;
/** Names of the bank's own people may be addresses. */
const PEOPLE = ['by', 'staff', 'approvedBy', 'requestedBy', 'asks', 'previousHash'];
const ADDRESS = /[\w.+-]+@[\w-]+\.[\w.-]+|(?:^|[\s:"])\+\d{8,15}\b/;

export function checkRecord(told: Told, ask: Ask): void {
  const { lines } = told.account;
  const booked = new Set<unknown>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const [index, line] of lines.entries()) {
    const at = Date.parse(line.at);
    ask('RECORD.ORDER', line, at < latest - SKEW_MILLIS ? `it is dated before ${new Date(latest).toISOString()}` : sayNoTime(at));
    latest = Math.max(latest, Number.isNaN(at) ? latest : at);
    ask('RECORD.PRIVATE', line, sayPrivate(line));
    if (line.type === 'PaymentReceived' && line.state === 'posted') {
      ask('PAYMENT.ONCE', line, booked.has(line.paymentId) ? 'it was booked before' : undefined);
      booked.add(line.paymentId);
    }
    if (line.type === 'EvidenceAssembled') ask('EVIDENCE.CHAIN', line, sayEvidence(line, lines.slice(0, index), told));
    if (line.type === 'LegalReferred') ask('REFERRAL.BY', line, sayApprover(line, earlierOf(told, line)));
  }
}

function sayNoTime(at: number): string | undefined {
  return Number.isNaN(at) ? 'it has no time' : undefined;
}

function sayPrivate(line: Line): string | undefined {
  const found = Object.entries(line).find(([name, value]) => !PEOPLE.includes(name) && ADDRESS.test(JSON.stringify(value)));
  return found === undefined ? undefined : `${found[0]} holds an address or a number`;
}

/** The hash of the entry that a pack goes up to is on the entry that follows it. */
function sayEvidence(line: Line, before: readonly Line[], { account }: Told): string | undefined {
  const upTo = Number(line.upTo);
  if (!Number.isInteger(upTo) || upTo < 1 || upTo > before.length) return `it goes up to entry ${String(line.upTo)} of ${before.length}`;
  const next = account.lines[upTo];
  if (next?.previousHash !== line.headHash) return `its hash is not that of entry ${upTo}`;
  return /^[0-9a-f]{64}$/.test(String(line.manifestHash)) ? undefined : 'it has no hash';
}

function sayApprover(line: Line, before: readonly Line[]): string | undefined {
  const approved = before.findLast(({ type }) => type === 'ReferralApproved');
  return approved !== undefined && samePerson(approved.by, line.approvedBy) ? undefined : 'who is named did not approve it';
}
