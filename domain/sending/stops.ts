import type { Channel, Instant } from '../model.ts';

/** What a stop is about. Members it does not name do not matter; a stop that names none does not exist. */
export interface StopScope {
  readonly channel?: Channel;
  readonly template?: string;
  readonly jurisdiction?: string;
  /** An outside collector; contacts that the bank makes itself have none. */
  readonly agency?: string;
}

export const STOP_SCOPES = ['channel', 'template', 'jurisdiction', 'agency'] as const satisfies readonly (keyof StopScope)[];

/** A stop in force, as whoever makes contacts sees it. */
export interface ActiveStop extends StopScope {
  readonly stopId: string;
}

/** Something that a person did to a stop. */
export interface StopStep {
  readonly what: 'placed' | 'lift-agreed' | 'lifted';
  readonly by: string;
  readonly at: Instant;
}

/** A stop with its whole history. It stops from the moment it is placed until a second person agreed to lift it. */
export interface Stop extends ActiveStop {
  readonly reason: string;
  readonly status: 'active' | 'lifted';
  readonly history: readonly StopStep[];
}

/**
 * The first stop that a contact falls under: one whose every member says the same of it. What is not known of the contact matches no
 * member: a stop on a template stops no call.
 */
export function stopFor(stops: readonly ActiveStop[], contact: StopScope): ActiveStop | undefined {
  return stops.find((stop) => STOP_SCOPES.every((name) => stop[name] === undefined || stop[name] === contact[name]));
}

/** The stop after one person asked to lift it: the first only agrees, a second and different one lifts. Whoever asks again changes nothing. */
export function liftedBy(stop: Stop, by: string, at: Instant): Stop {
  if (stop.status === 'lifted') return stop;
  const agreed = stop.history.filter((step) => step.what === 'lift-agreed').map((step) => step.by);
  if (agreed.includes(by)) return stop;
  if (agreed.length === 0) return { ...stop, history: [...stop.history, { what: 'lift-agreed', by, at }] };
  return { ...stop, status: 'lifted', history: [...stop.history, { what: 'lifted', by, at }] };
}
