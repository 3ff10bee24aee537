import * as z from 'zod';
import { isTimeZone, toInstant, toMillis } from '../../domain/calendar.ts';
import type { ContactRow } from '../../domain/customer.ts';
import { judge } from '../../domain/gate/gate.ts';
import type { ContactRequest, GateFacts } from '../../domain/gate/types.ts';
import type { Channel } from '../../domain/model.ts';
import { allPacks } from '../../domain/policy/packs/registry.ts';
import { CHANNELS, readFlags, type Told } from './flags.ts';

const HISTORY_MAX = 10_000;
const FLAGS_MAX = 200;

function isInstant(value: string): boolean {
  try {
    return Number.isFinite(toMillis(value));
  } catch {
    return false;
  }
}

const instant = z.string().refine(isInstant, 'must be an instant such as 2026-03-02T01:30:00Z');
const channel = z.enum(['call', 'sms', 'email', 'letter', 'visit']);
const name = z.string().min(1).max(200);

/** Fields that only say what is expected are let through unread. */
const caseSchema = z.object({
  id: z.union([z.string(), z.number()]),
  jurisdiction: z.enum(allPacks().map((pack) => pack.id) as [string, ...string[]], { error: 'must be the id of a policy pack' }),
  channel,
  nowUtc: instant,
  customerTimeZone: z.string().refine(isTimeZone, 'must be a time zone such as Asia/Shanghai, or null').nullish(),
  history: z
    .array(
      z.object({
        channel,
        atUtc: instant,
        kind: z.enum(['attempt', 'conversation']),
        debtId: name.nullish(),
        contactPoint: name.nullish(),
        actor: name.nullish(),
        direction: z.enum(['inbound', 'outbound']).nullish(),
        outcome: z.enum(['not_connected', 'voicemail', 'voicemail_lcm', 'delivered']).nullish(),
      }),
    )
    .max(HISTORY_MAX)
    .default([]),
  flags: z.array(z.string().max(200)).max(FLAGS_MAX).default([]),
});

type Case = z.infer<typeof caseSchema>;

const OUTCOMES = {
  not_connected: 'not-connected',
  voicemail: 'voicemail',
  voicemail_lcm: 'limited-message',
  delivered: 'delivered',
} as const;
const WORK = ['workplace', 'work_email'];

function channelOf(value: Case['channel']): Channel {
  return CHANNELS[value] as Channel;
}

function rowOf(row: Case['history'][number], index: number): ContactRow {
  return {
    id: `h${index + 1}`,
    at: row.atUtc,
    channel: channelOf(row.channel),
    kind: row.kind,
    purpose: 'collection',
    ...(row.debtId ? { accountId: row.debtId } : {}),
    ...(row.contactPoint ? { addressKey: row.contactPoint } : {}),
    ...(row.actor ? { actor: row.actor } : {}),
    ...(row.direction === 'inbound' ? { direction: 'inbound' as const } : {}),
    ...(row.outcome ? { outcome: OUTCOMES[row.outcome] } : {}),
  };
}

function requestOf(given: Case, told: Told): ContactRequest {
  const [accountId, ...alsoAbout] = told.debts;
  const key = told.contactPoint;
  const via = channelOf(given.channel);
  const owner = key !== undefined && WORK.includes(key) ? 'work' : 'self';
  return {
    channel: via,
    purpose: told.purpose ?? 'collection',
    ...(key === undefined ? {} : { point: { id: key, channel: via, owner, addressKey: key } as const }),
    ...(accountId === undefined ? {} : { accountId, alsoAbout }),
    ...(told.target === undefined ? {} : { target: told.target }),
  };
}

/** A place that the customer stated wins; otherwise whatever is known of it must be open. */
function zonesOf(given: Case, told: Told): string[] {
  const own = given.customerTimeZone ?? undefined;
  if (own !== undefined && told.zoneStated) return [own];
  return [...new Set([...(own === undefined ? [] : [own]), ...told.zones])];
}

function factsOf(given: Case, told: Told): GateFacts {
  return {
    jurisdiction: given.jurisdiction,
    timeZones: zonesOf(given, told),
    ledger: given.history.map(rowOf),
    findings: {},
    wishes: { windows: told.windows, inconvenient: told.inconvenient, optedOut: told.optedOut },
    standing: { caseOpen: true, cured: false, arranged: false, daysPastDue: told.daysPastDue ?? Number.POSITIVE_INFINITY },
    house: false,
    facts: [...told.facts],
    since: told.since,
    holidays: told.holidays,
    consentOutsideHours: told.consentOutsideHours,
    workKeys: WORK,
    ...(told.role === undefined ? {} : { role: told.role }),
    ...(told.directConsentAt === undefined ? {} : { directConsentAt: told.directConsentAt }),
  };
}

export type Result =
  | { readonly id: unknown; readonly decision: string; readonly notBeforeUtc?: string; readonly rule: string; readonly why: string }
  | { readonly id: unknown; readonly error: string };

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
}

/** The verdict on one line; a line that is no valid case gives an error and never throws. */
export function judgeLine(line: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, error: 'must be JSON' };
  }
  const parsed = caseSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.length === 0 ? 'case' : path.join('.')}: ${message}`);
    return { id: idOf(value), error: issues.join('; ') };
  }
  const given = parsed.data;
  try {
    const told = readFlags(given.flags);
    const verdict = judge(requestOf(given, told), factsOf(given, told), toMillis(given.nowUtc));
    const { decision, why } = verdict;
    if (verdict.decision !== 'defer') return { id: given.id, decision, rule: verdict.rule, why };
    return { id: given.id, decision, notBeforeUtc: toInstant(verdict.notBefore), rule: verdict.rules.join('+'), why };
  } catch (error) {
    return { id: given.id, error: error instanceof Error ? error.message : 'cannot be judged' };
  }
}
