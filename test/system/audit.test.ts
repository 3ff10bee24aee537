import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { audit, type Report } from '../../audit/report.ts';
import { canonical, type Item, type Line, parsed } from '../../audit/stored.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { isReferred, openTasks, walk } from './walk.ts';

/**
 * What an audit finds in a table that the application itself wrote, once somebody with the right to write there has changed a timeline and
 * hashed it anew: nothing shows the change but what the entries say. Told timelines (test/audit) prove each rule; this, that the rules
 * take hold of the entries as they really are.
 */

const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: true } as const;

type Change = (lines: readonly Line[]) => readonly Line[];

/** A suit at the end of a walk, whose calls and visits nobody asked the gate for; and a visit that went the way it should. */
const tables: Record<'suit' | 'visit', readonly Item[]> = { suit: [], visit: [] };

beforeAll(async () => {
  tables.suit = await aTableOf(async (system) => {
    await walk(system, { until: isReferred });
  });
  tables.visit = await aTableOf(async (system) => {
    await walk(system, { until: (journey) => openTasks(journey).some(({ objective }) => objective === 'visit') });
    const { taskId } = await system.task('field-visit');
    await system.api('POST', `/tasks/${taskId}/assign`, { staff: ['anna', 'bo'], by: 'lead' });
    const { json } = await system.api('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });
    await system.report(taskId, 'not-home', { by: 'anna', attemptId: json.attemptId });
  });
}, 120_000);

async function aTableOf(act: (system: System) => Promise<void>): Promise<readonly Item[]> {
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  await act(system);
  return (await system.snapshot()).items as readonly Item[];
}

/** The table with the entries of its one timeline as a change leaves them: numbered, chained and hashed anew, evidence included. */
function rewritten(stored: readonly Item[], change: Change): Item[] {
  const isEntry = ({ sk }: Item): boolean => sk.startsWith('T#');
  const entries = stored.filter(isEntry).toSorted((one, other) => (one.sk < other.sk ? -1 : 1));
  const pk = entries[0]?.pk ?? '';
  const hashes: string[] = [];
  const before = entries.flatMap(({ entry }) => parsed(entry) ?? []);
  const lines = change(before);
  // A change that finds nothing to change would prove nothing.
  if (change !== asItIs && isDeepStrictEqual(lines, before)) throw new Error('The change leaves the timeline as it is');
  const written = lines.map((line, index): Item => {
    const upTo = line.type === 'EvidenceAssembled' ? { upTo: index, headHash: hashes[index - 1] } : {};
    const text = canonical({ ...line, ...upTo, seq: index + 1, previousHash: hashes[index - 1] ?? '0'.repeat(64) });
    const hash = createHash('sha256').update(text).digest('hex');
    hashes.push(hash);
    return { pk, sk: `T#${String(index + 1).padStart(10, '0')}`, entry: text, hash };
  });
  const rest = stored.filter((item) => !isEntry(item));
  const head = { version: lines.length, headHash: hashes.at(-1) ?? '' };
  return [...rest.map((item) => (item.pk === pk && item.sk === '#HEAD' ? { ...item, ...head } : item)), ...written];
}

const asItIs: Change = (lines) => lines;

function reportOn(table: keyof typeof tables, change: Change): Report {
  return audit(rewritten(tables[table], change), DEPLOYMENT);
}

/** Every entry of a type otherwise, or left out. */
const every =
  (type: string, to: object | undefined, which: (line: Line) => boolean = () => true) =>
  (lines: readonly Line[]): readonly Line[] =>
    lines.flatMap((line) => (line.type !== type || !which(line) ? [line] : to === undefined ? [] : [{ ...line, ...to }]));

const asks = (objective: string) => (line: Line) => line.objective === objective;

describe('an audit of what the application wrote', () => {
  it.each(['suit', 'visit'] as const)('finds nothing in a %s as it is, nor where it was only hashed anew', (table) => {
    expect(audit(tables[table], DEPLOYMENT).conduct.problems).toEqual([]);
    expect(reportOn(table, asItIs)).toMatchObject({ unproven: [], violations: [], referrals: { problems: [] }, conduct: { problems: [] } });
  });

  it.each<[name: string, change: Change, rule: string]>([
    ['a stage was skipped', every('StageEntered', undefined, ({ stage }) => stage === 'plan'), 'STAGE.ORDER'],
    ['the debt was younger than the stages ask for', every('AccountOverdue', { dueDate: '2026-03-20' }), 'STAGE.DAYS'],
    ['no arrangement was offered', every('PlanOffered', undefined), 'STAGE.MINIMUM'],
    ['the intent has no name', every('IntentConfirmed', { by: '' }), 'DECISION.NAMED'],
    ['nobody asked for the intent', every('TaskOpened', undefined, asks('confirm-intent')), 'DECISION.ASKED'],
    ['counsel had asked for the suit', every('IntentConfirmed', { by: 'approver-7' }), 'PERSONS.REQUESTER'],
    ['whoever approved had called', every('TaskOutcomeReported', { by: 'approver-7' }), 'PERSONS.CONTACT'],
    ['nobody approved the visit', every('VisitApproved', undefined), 'VISIT.APPROVED'],
    ['the calls were all in the morning', every('TaskOutcomeReported', { minutesOfDay: 600 }), 'VISIT.EXHAUSTED'],
    ['the notice was sent before the intent', every('IntentConfirmed', undefined), 'NOTICE.INTENT'],
    ['the notice counts as served by another message', every('LegalNoticeServed', { contactIds: ['other'] }), 'NOTICE.SERVED'],
    ['messages left without a reservation', every('ContactReserved', undefined), 'CONTACT.RESERVED'],
    ['somebody else approved the suit', every('LegalReferred', { approvedBy: 'nobody-1' }), 'REFERRAL.BY'],
    ['the case was closed by nobody’s word', closedWith('sold'), 'CLOSE.REASON'],
    [
      'the case was closed with its work left open',
      (lines) => closedWith('cured')(every('TaskClosed', undefined)(lines)),
      'CLOSE.LEFT_OPEN',
    ],
    ['the debt was paid and calls went on', paidAfter('JourneyOpened'), 'REST.PAID'],
    ['an address was written down', every('PlanOffered', { how: 'a@b.example' }), 'RECORD.PRIVATE'],
  ])('sees that %s', (_name, change, rule) => {
    const report = reportOn('suit', change);

    expect(report.unproven).toEqual([]);
    expect(report.conduct.problems.map((problem) => problem.rule)).toContain(rule);
  });

  it.each<[name: string, change: Change, rule: string]>([
    ['one person was sent', every('VisitAssigned', { staff: ['anna'] }), 'VISIT.TWO_PERSONS'],
    ['nobody was sent', every('VisitAssigned', undefined), 'VISIT.TWO_PERSONS'],
    ['somebody else set out', every('AttemptReserved', { by: 'carl' }), 'VISIT.TWO_PERSONS'],
    ['whoever approved was sent', every('VisitAssigned', { staff: ['anna', 'approver-7'] }), 'PERSONS.APPROVER'],
    ['nobody asked whether it may be made', every('AttemptReserved', undefined), 'CONTACT.PERMITTED'],
    ['it was made at another address', every('AttemptReserved', { contactPointId: 'cp-9' }), 'CONTACT.PERMITTED'],
  ])('sees of a visit that %s', (_name, change, rule) => {
    const report = reportOn('visit', change);

    expect(report.unproven).toEqual([]);
    expect(report.conduct.problems.map((problem) => problem.rule)).toContain(rule);
  });

  function closedWith(reason: string) {
    return (lines: readonly Line[]): readonly Line[] => {
      const last = lines.at(-1);
      return [...lines, { seq: 0, at: String(last?.at), type: 'JourneyClosed', caseId: last?.caseId, reason }];
    };
  }

  function paidAfter(type: string) {
    return (lines: readonly Line[]): readonly Line[] =>
      lines.flatMap((line) => {
        if (line.type !== type) return [line];
        const booked = {
          paymentId: 'p-1',
          amount: { amount: '99999.00', currency: 'CNY' },
          paidAt: line.at,
          postedAt: line.at,
          state: 'posted',
        };
        return [line, { seq: 0, at: line.at, type: 'PaymentReceived', ...booked }];
      });
  }
});
