import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { eventTime } from './entries.ts';
import type { EventLog, LoggedEvent } from './event-log.ts';
import { busArn, busName, type Envelope } from './events-service.ts';
import { listed, startingWith } from './listing.ts';
import { type EventPattern, matches } from './pattern.ts';

/** An archive as the template defines it. It keeps nothing itself: it is a view of the log of all events. */
export interface Archive {
  readonly name: string;
  readonly bus: string;
  readonly pattern?: { readonly text: string; readonly compiled: EventPattern };
  /** Events older than so many days are not there any more; undefined: all are. */
  readonly retentionDays?: number;
}

interface ReplayRow {
  readonly name: string;
  readonly archive: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly at: number;
  readonly lastEvent: number | null;
  readonly filters: string;
}

/** Hands an event to the rules of a bus, or to those of them with these ARNs; writes down what that leads to in this very call. */
export type Route = (bus: string, envelope: Envelope, ruleArns: readonly string[] | undefined) => void;

const NAME = /^[.\-_A-Za-z0-9]{1,64}$/;
const DAY_MILLISECONDS = 86_400_000;

/**
 * Archives and their replays (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html). A replay happens at
 * once and in the order in which the events came; each carries the name of the replay, and is archived no second time.
 */
export class Replays {
  readonly #kernel: Kernel;
  readonly #log: EventLog;
  readonly #route: Route;
  readonly #archives = new Map<string, Archive>();

  constructor(kernel: Kernel, log: EventLog, route: Route) {
    this.#kernel = kernel;
    this.#log = log;
    this.#route = route;
    kernel.store.define(`
      CREATE TABLE IF NOT EXISTS events_replays (name TEXT PRIMARY KEY, archive TEXT NOT NULL, start_time INTEGER NOT NULL,
        end_time INTEGER NOT NULL, at INTEGER NOT NULL, last_event INTEGER, filters TEXT NOT NULL) WITHOUT ROWID;`);
  }

  createArchive(archive: Archive): void {
    this.#archives.set(archive.name, archive);
  }

  start(input: JsonObject): JsonObject {
    const name = String(input.ReplayName ?? '');
    if (!NAME.test(name)) throw invalid('ReplayName', 'It must be 1 to 64 letters, digits, dots, hyphens and underscores');
    const archive = this.#archive(nameIn(input.EventSourceArn, 'archive'));
    const { Arn, FilterArns } = (input.Destination ?? {}) as { Arn?: unknown; FilterArns?: unknown };
    if (busName(Arn) !== archive.bus) throw invalid('Destination.Arn', 'Cross event bus replay is not permitted');
    if (FilterArns !== undefined && !(Array.isArray(FilterArns) && FilterArns.every((arn) => typeof arn === 'string')))
      throw invalid('Destination.FilterArns', 'It must be a list of ARNs of rules');
    const [startTime, endTime] = [timeOf(input, 'EventStartTime'), timeOf(input, 'EventEndTime')];
    if (startTime >= endTime) throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime');
    if (this.#find(name) !== undefined) throw new AwsError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    const filters = FilterArns === undefined || FilterArns.length === 0 ? undefined : (FilterArns as string[]);
    const lastEvent = this.#replay(name, archive, startTime, endTime, filters);
    const now = this.#kernel.now();
    this.#kernel.store.run(
      'INSERT INTO events_replays (name, archive, start_time, end_time, at, last_event, filters) VALUES (?, ?, ?, ?, ?, ?, ?)',
      name,
      archive.name,
      startTime,
      endTime,
      now,
      lastEvent ?? null,
      JSON.stringify(filters ?? []),
    );
    return { ReplayArn: arnOf('replay', name), State: 'STARTING', ReplayStartTime: now / 1000 };
  }

  describe(input: JsonObject): JsonObject {
    const row = this.#find(String(input.ReplayName));
    if (row === undefined) throw new AwsError('ResourceNotFoundException', `Replay ${String(input.ReplayName)} does not exist.`);
    const filters = JSON.parse(row.filters) as string[];
    const { bus } = this.#archive(row.archive);
    return {
      ...this.#summary(row),
      ReplayArn: arnOf('replay', row.name),
      Destination: { Arn: busArn(bus), ...(filters.length > 0 && { FilterArns: filters }) },
    };
  }

  list(input: JsonObject): JsonObject {
    const rows = this.#kernel.store
      .all<ReplayRow & Record<string, never>>(`SELECT ${COLUMNS} FROM events_replays ORDER BY name`)
      .filter(
        ({ name, archive }) =>
          startingWith(input.NamePrefix)(name) && (input.EventSourceArn ?? arnOf('archive', archive)) === arnOf('archive', archive),
      );
    const chosen = isStateOr(input.State, REPLAYED, REPLAY_STATES) ? rows : [];
    return listed(
      'Replays',
      chosen,
      ({ name }) => name,
      (row) => this.#summary(row),
      input,
    );
  }

  listArchives(input: JsonObject): JsonObject {
    const archives = [...this.#archives.values()].filter(
      ({ name, bus }) => startingWith(input.NamePrefix)(name) && (input.EventSourceArn ?? busArn(bus)) === busArn(bus),
    );
    const chosen = isStateOr(input.State, ARCHIVING, ARCHIVE_STATES) ? archives : [];
    return listed('Archives', chosen, ({ name }) => name, describeArchive, input);
  }

  describeArchive(input: JsonObject): JsonObject {
    const archive = this.#archive(String(input.ArchiveName));
    return {
      ArchiveArn: arnOf('archive', archive.name),
      ...describeArchive(archive),
      ...(archive.pattern && { EventPattern: archive.pattern.text }),
    };
  }

  /** The time of the last event that was replayed. */
  #replay(name: string, archive: Archive, from: number, to: number, ruleArns: readonly string[] | undefined): number | undefined {
    const kept = archive.retentionDays === undefined ? 0 : this.#kernel.now() - archive.retentionDays * DAY_MILLISECONDS;
    let last: number | undefined;
    for (const page of this.#log.pages())
      for (const { eventBusName, ...envelope } of page as LoggedEvent[]) {
        const time = Date.parse(envelope.time);
        if (eventBusName !== archive.bus || time < Math.max(from, kept) || time > to) continue;
        if (archive.pattern !== undefined && !matches(archive.pattern.compiled, envelope)) continue;
        this.#route(archive.bus, { ...envelope, 'replay-name': name }, ruleArns);
        last = Math.max(last ?? 0, time);
      }
    return last;
  }

  #archive(name: string): Archive {
    const archive = this.#archives.get(name);
    if (archive === undefined) throw new AwsError('ResourceNotFoundException', `Archive ${name} does not exist.`);
    return archive;
  }

  #find(name: string): ReplayRow | undefined {
    return this.#kernel.store.get<ReplayRow>(`SELECT ${COLUMNS} FROM events_replays WHERE name = ?`, name);
  }

  #summary({ name, archive, startTime, endTime, at, lastEvent }: ReplayRow): JsonObject {
    return {
      ReplayName: name,
      EventSourceArn: arnOf('archive', archive),
      State: REPLAYED,
      EventStartTime: startTime / 1000,
      EventEndTime: endTime / 1000,
      ...(lastEvent !== null && { EventLastReplayedTime: lastEvent / 1000 }),
      ReplayStartTime: at / 1000,
      ReplayEndTime: at / 1000,
    };
  }
}

/** Whether a list of what has one state is asked for just that, or for any. */
function isStateOr(wanted: unknown, state: string, known: readonly string[]): boolean {
  if (wanted === undefined || wanted === null) return true;
  if (!known.includes(String(wanted))) throw invalid('State', `It must be one of ${known.join(', ')}`);
  return wanted === state;
}

const REPLAYED = 'COMPLETED';
const REPLAY_STATES = ['STARTING', 'RUNNING', 'CANCELLING', 'COMPLETED', 'CANCELLED', 'FAILED'];
const ARCHIVING = 'ENABLED';
const ARCHIVE_STATES = ['ENABLED', 'DISABLED', 'CREATING', 'UPDATING', 'CREATE_FAILED', 'UPDATE_FAILED'];
const COLUMNS = 'name, archive, start_time AS startTime, end_time AS endTime, at, last_event AS lastEvent, filters';

export function arnOf(kind: 'archive' | 'replay', name: string): string {
  return `arn:aws:events:${REGION}:${ACCOUNT}:${kind}/${name}`;
}

function describeArchive({ name, bus, retentionDays }: Archive): JsonObject {
  return { ArchiveName: name, EventSourceArn: busArn(bus), State: ARCHIVING, RetentionDays: retentionDays ?? 0 };
}

function nameIn(arn: unknown, kind: 'archive'): string {
  const prefix = arnOf(kind, '');
  if (typeof arn !== 'string' || !arn.startsWith(prefix)) throw invalid('EventSourceArn', `It must be the ARN of an ${kind}`);
  return arn.slice(prefix.length);
}

function timeOf(input: JsonObject, name: string): number {
  const at = eventTime(input[name], Number.NaN);
  if (Number.isNaN(at)) throw invalid(name, 'It must be a time');
  return at;
}

function invalid(parameter: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Parameter ${parameter} is not valid. Reason: ${reason}.`);
}
