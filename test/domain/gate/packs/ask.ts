import { judgeLine, type Result } from '../../../../tools/gate/cases.ts';

/** A wall time with its offset, such as `2026-04-10T22:00+08:00`, as the instant that it is. */
function utc(wall: string): string {
  return new Date(Date.parse(wall)).toISOString().replace('.000Z', 'Z');
}

export interface Past {
  readonly at: string;
  readonly channel?: string;
  readonly kind?: 'attempt' | 'conversation';
  readonly [field: string]: unknown;
}

export interface Asked {
  readonly channel?: string;
  readonly at: string;
  readonly zone?: string | null;
  readonly flags?: readonly string[];
  readonly history?: readonly Past[];
}

/** Asks the gate as `npm run gate` does; times are wall times with their offset, a call unless told otherwise. */
export function ask(jurisdiction: string, zone: string | null, asked: Asked): Result {
  return judgeLine(
    JSON.stringify({
      id: 'asked',
      jurisdiction,
      channel: asked.channel ?? 'call',
      nowUtc: utc(asked.at),
      customerTimeZone: asked.zone === undefined ? zone : asked.zone,
      flags: asked.flags ?? [],
      history: (asked.history ?? []).map(({ at, ...row }) => ({ channel: 'call', kind: 'attempt', ...row, atUtc: utc(at) })),
    }),
  );
}

export const ALLOWED = { decision: 'allow' };

/** Deferred to a wall time with its offset. */
export function deferredTo(wall: string, rule?: string): object {
  return { decision: 'defer', notBeforeUtc: utc(wall), ...(rule === undefined ? {} : { rule }) };
}

export function denied(rule: string): object {
  return { decision: 'deny', rule };
}
