import type { System } from '../system/cloud.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** So many milliseconds from now, as the contract writes instants. */
export function instantIn(system: System, milliseconds: number): string {
  return new Date(system.cloud.now() + milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The date, in UTC, so many days from now. */
export function dateIn(system: System, days: number): string {
  return instantIn(system, days * DAY).slice(0, 10);
}
