import { createHash } from 'node:crypto';
import { arrivalOf } from '../arrivals.ts';
import { broughtAlong } from '../imports.ts';
import { canonical, type Line } from '../stored.ts';
import { type Finding, nameOf, type PackLine } from './form.ts';
import { LedgerReading, ROWS } from './ledger.ts';

/** Whether what a pack says follows from the timeline in it: a second reading, without the application's code. */

export interface PackContent {
  readonly head: Readonly<Record<string, unknown>>;
  readonly timeline: readonly Line[];
  readonly lines: readonly PackLine[];
}

type Facts = Readonly<Record<string, unknown>>;

export function contentOf(lines: readonly PackLine[]): PackContent {
  const timeline = lines.flatMap(({ part, body }) => (part === 'timeline' ? [body.entry as Line] : []));
  return { head: lines[0]?.body ?? {}, timeline, lines };
}

const of = ({ lines }: PackContent, part: PackLine['part']): PackLine[] => lines.filter((line) => line.part === part);

/** The account's timeline, by its own chain of hashes, from the first entry to the one that the head of the pack names. */
export function checkTimeline(content: PackContent): Finding[] {
  const { head } = content;
  if (head.format !== 'overdue-journeys-evidence/1') return [{ entry: 'entry 0 (pack)', why: `has the format ${String(head.format)}` }];
  let previous = '0'.repeat(64);
  for (const [index, line] of of(content, 'timeline').entries()) {
    const entry = line.body.entry as Line & { previousHash?: unknown };
    const hash = createHash('sha256').update(canonical(entry)).digest('hex');
    const finding = (why: string): Finding[] => [{ entry: nameOf(line), why }];
    if (hash !== line.body.hash) return finding('was changed after it was written');
    if (entry.seq !== index + 1) return finding(`must be number ${index + 1} of the timeline`);
    if (entry.previousHash !== previous) return finding('does not follow the one before it');
    previous = hash;
  }
  if (content.timeline.length !== head.upTo)
    return [{ entry: 'entry 0 (pack)', why: `says that the timeline has ${String(head.upTo)} entries` }];
  return previous === head.headHash ? [] : [{ entry: 'entry 0 (pack)', why: 'names another last entry of the timeline' }];
}

/** Each message of the case once, as its entries tell of it; the text, where it is left, is what was hashed when it was sent. */
export function checkContacts(content: PackContent): Finding[] {
  const { head, timeline } = content;
  const own = timeline.filter((row) => row.caseId === head.caseId && row.notice === undefined);
  const begun = own.filter(({ type }) => type === 'ContactReserved' || type === 'ContactSuppressed');
  const contacts = of(content, 'contact');
  const findings: Finding[] = [];
  for (const line of contacts) {
    const why = contactProblem(line.body, own);
    if (why !== undefined) findings.push({ entry: nameOf(line), why });
  }
  const told = contacts.map(({ body }) => body.contactId);
  for (const contactId of new Set(begun.map((row) => row.contactId)))
    if (told.filter((id) => id === contactId).length !== 1)
      findings.push({ entry: 'the contacts', why: `must tell once of ${String(contactId)}, which the timeline tells of` });
  return findings;
}

function contactProblem(body: Facts, own: readonly Line[]): string | undefined {
  const rows = own.filter((row) => row.contactId === body.contactId);
  const begun = rows.findLast(({ type }) => type === 'ContactReserved' || type === 'ContactSuppressed');
  if (begun === undefined) return 'the timeline tells of no such message';
  const differing = ['key', 'channel', 'contactPointId', 'template', 'purpose', 'seq', 'customerId', 'role'].find(
    (name) => body[name] !== begun[name],
  );
  if (differing !== undefined) return `its ${differing} is not the timeline's`;
  const sent = rows.findLast(({ type }) => type === 'ContactSent');
  if (body.bodyHash !== sent?.bodyHash || body.sentAt !== sent?.at || body.providerRef !== sent?.providerRef)
    return 'what it says of the sending is not what the timeline says';
  const reported = rows.filter(({ type }) => type === 'DeliveryReported').map(({ seq, status, reportedAt }) => [seq, status, reportedAt]);
  const listed = ((body.deliveries ?? []) as readonly Facts[]).map(({ seq, status, at }) => [seq, status, at]);
  if (canonical(reported) !== canonical(listed)) return 'its deliveries are not those of the timeline';
  const text = body.text as { subject?: string; body: string; salt: string } | undefined;
  if (text === undefined || sent === undefined) return undefined;
  const hash = createHash('sha256')
    .update(`${text.salt}\n${text.subject ?? ''}\n${text.body}`)
    .digest('hex');
  return hash === sent.bodyHash ? undefined : 'its text is not the one that was sent';
}

/** Every figure and movement of money once, and overdue amount and balance after each, computed anew. */
export function checkStatement(content: PackContent): Finding[] {
  const ledger = new LedgerReading();
  const rows = of(content, 'statement-row');
  const findings: Finding[] = [];
  let index = 0;
  for (const entry of content.timeline) {
    ledger.learn(entry);
    if (!ROWS.includes(entry.type)) continue;
    const line = rows[index];
    index += 1;
    if (line === undefined) return [...findings, { entry: 'the statement', why: `has no row for entry ${entry.seq} of the timeline` }];
    const { seq, recordedAt, what, after, ...facts } = line.body;
    const strayed = Object.keys(facts).find((name) => canonical(facts[name]) !== canonical(entry[name]));
    if (seq !== entry.seq || recordedAt !== entry.at || what !== entry.type)
      findings.push({ entry: nameOf(line), why: `must tell of entry ${entry.seq} of the timeline` });
    else if (strayed !== undefined) findings.push({ entry: nameOf(line), why: `its ${strayed} is not the timeline's` });
    else findings.push(...totalsProblem(line, after as Facts, ledger));
  }
  if (index !== rows.length) findings.push({ entry: 'the statement', why: 'has rows that the timeline knows nothing of' });
  const [statement] = of(content, 'statement');
  if (statement === undefined) return [...findings, { entry: 'the statement', why: 'is missing' }];
  return [...findings, ...totalsProblem(statement, statement.body, ledger)];
}

function totalsProblem(line: PackLine, told: Facts, ledger: LedgerReading): Finding[] {
  return (['overdue', 'balance'] as const).flatMap((name) => {
    const { amount } = (told[name] ?? {}) as { amount?: string };
    const computed = ledger[name];
    const minor = Number(String(amount).replace('.', ''));
    return minor === computed
      ? []
      : [{ entry: nameOf(line), why: `says ${name} ${String(amount)}; the timeline gives ${computed} in minor units` }];
  });
}

/** What says nothing of the customer's having heard: no conversation came of it, or it was with somebody else. */
const UNHEARD = [
  ['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered', 'deceased'],
  ['not-home', 'third-party-met', 'moved', 'address-invalid', 'unsafe'],
  ['approve', 'reject', 'return', 'intent-confirmed', 'fixed', 'unreachable'],
].flat();
const DEMANDS = ['collection', 'plan-offer', 'formal-notice'];
const APART_MILLIS = 30 * 86_400_000;

/** The demands whose receipt is confirmed, and whether two of them lie thirty days apart. */
export function checkDemands(content: PackContent): Finding[] {
  const { head, timeline } = content;
  const own = timeline.filter((row) => row.caseId === head.caseId && row.notice === undefined);
  const heard = own.filter((row) => {
    if (row.type === 'TaskOutcomeReported') return row.contactPointId !== undefined && !UNHEARD.includes(String(row.outcome));
    if (row.type === 'ContactReported')
      return (
        row.kind === 'conversation' &&
        row.direction === 'outbound' &&
        row.customerId === head.customerId &&
        !UNHEARD.includes(String(row.outcome))
      );
    const begun = (other: Line): boolean =>
      ['ContactReserved', 'ContactSuppressed'].includes(other.type) && other.contactId === row.contactId;
    // What another party of the account was told demands nothing of the customer.
    const purpose = own.findLast((other) => other.seq < row.seq && begun(other) && other.role === undefined)?.purpose;
    return row.type === 'DeliveryReported' && row === arrivalOf(row.contactId, own) && DEMANDS.includes(String(purpose));
  });
  const [line] = of(content, 'demands');
  if (line === undefined) return [{ entry: 'the demands', why: 'are missing' }];
  const listed = ((line.body.effective ?? []) as readonly Facts[]).map(({ seq, at }) => `${String(seq)} ${String(at)}`).sort();
  const found = heard.map(({ seq, reportedAt }) => `${seq} ${String(reportedAt)}`).sort();
  const times = heard.map(({ reportedAt }) => Date.parse(String(reportedAt)));
  const apart = times.length > 0 && Math.max(...times) - Math.min(...times) >= APART_MILLIS;
  if (listed.join() !== found.join()) return [{ entry: nameOf(line), why: 'lists other demands than the timeline shows' }];
  return line.body.twoThirtyDaysApart === apart
    ? []
    : [{ entry: nameOf(line), why: `two of them are${apart ? '' : ' not'} thirty days apart` }];
}

/** What invariant 6 asks before a referral, and the entry of the timeline that shows it. Shown, not judged: counsel decides. */
export function gatesOf({ head, timeline }: PackContent): readonly (readonly [gate: string, shown: string])[] {
  const own = timeline.filter((row) => row.caseId === head.caseId);
  const last = (...types: readonly string[]): string => {
    const row = own.findLast(({ type }) => types.includes(type));
    return row === undefined ? 'not found' : `timeline ${row.seq}, ${row.at}${typeof row.by === 'string' ? ` by ${row.by}` : ''}`;
  };
  const purposes = new Map(own.filter(({ type }) => type === 'ContactReserved').map((row) => [row.contactId, String(row.purpose)]));
  const demands = own.filter(
    ({ type, contactId, role }) =>
      type === 'ContactSent' && role === undefined && DEMANDS.slice(0, 2).includes(purposes.get(contactId) ?? ''),
  );
  const brought = broughtAlong(own, timeline);
  const before = brought.demands === 0 ? '' : `, and ${brought.demands} before the case was taken over`;
  const here = last('PlanOffered', 'PlanAgreed');
  return [
    ['written demands', `${demands.length}${before}`],
    ['negotiation offered', here === 'not found' && brought.offers > 0 ? 'before the case was taken over' : here],
    ['intent confirmed', last('IntentConfirmed')],
    ['formal notice served', last('LegalNoticeServed')],
    ...courseOf(own),
  ];
}

/** What became of the suit after the referral, where the pack is the record of one: news as they were recorded, and how the case ended. */
function courseOf(own: readonly Line[]): readonly (readonly [what: string, shown: string])[] {
  const referral = own.find(({ type }) => type === 'LegalReferred');
  if (referral === undefined) return [];
  const shown = ({ seq, at }: Line): string => `timeline ${seq}, ${at}`;
  const news = own.filter(({ type, seq }) => type === 'LegalStatusReported' && seq > referral.seq);
  const end = own.findLast(({ type }) => type === 'CaseEnded' || type === 'AccountCured');
  const reason = end?.type === 'AccountCured' ? 'cured' : String(end?.reason);
  return [
    ['referred', shown(referral)],
    ...news.map((row) => [`court: ${String(row.status)}`, shown(row)] as const),
    ...(end === undefined ? [] : [[`ended: ${reason}`, shown(end)] as const]),
  ];
}
