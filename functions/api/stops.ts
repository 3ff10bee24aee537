import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant } from '../../domain/calendar.ts';
import { type ActiveStop, liftedBy, STOP_SCOPES, type Stop } from '../../domain/sending/stops.ts';
import { canonicalJson } from '../../domain/timeline.ts';
import { type Item, keyItem, N, number, S, text } from '../adapters/table.ts';
import type { StopBody } from '../contract/stops.ts';
import { controlsKey, stopKey } from '../protocol/items.ts';
import { controlsOf } from '../protocol/sending-controls.ts';
import type { Ports } from '../protocol/signal.ts';
import { Conflict, Malformed, NotFound, TryAgain } from './problem.ts';

/** The stops of sending: each an item of its own with its history, and the list of those in force, which every sender reads. */

/** All of them lie in one item that every sender reads: more than this is a case for the sending switch. */
const ACTIVE_MAX = 50;
const LISTED_MAX = 200;
const TRIES_MAX = 5;

/** Places a stop; one person may. The same again answers the same. */
export async function placeStop(ports: Ports, body: StopBody): Promise<Stop> {
  const { by, reason, ...scope } = body;
  return write(ports, body.stopId, (known, active) => {
    if (known !== undefined) {
      if (canonicalJson(contentOf(known)) !== canonicalJson(JSON.parse(JSON.stringify(body)) as object))
        throw new Conflict('A stop of this id with other content was placed before.');
      return known;
    }
    if (active >= ACTIVE_MAX) throw new Conflict(`${ACTIVE_MAX} stops are in force; to stop everything, turn the sending switch off.`);
    return { ...scope, reason, status: 'active', history: [{ what: 'placed', by, at: toInstant(ports.now) }] } as Stop;
  });
}

/** Agrees to lift a stop; the second person who does lifts it. */
export async function liftStop(ports: Ports, stopId: string, by: string): Promise<Stop> {
  return write(ports, stopId, (known) => {
    if (known === undefined) throw new NotFound(`There is no stop ${stopId}.`);
    return liftedBy(known, by, toInstant(ports.now));
  });
}

/** The stops in force, with their histories; with `status=all` the lifted ones too. */
export async function listStops(ports: Ports, query: Readonly<Record<string, string | undefined>>): Promise<unknown> {
  const { status = 'active' } = query;
  if (status !== 'active' && status !== 'all') throw new Malformed('status must be active or all', 'status');
  if (status === 'all') {
    const items = await ports.table.list(controlsKey.pk, stopKey('').sk, { limit: LISTED_MAX });
    return { stops: items.map((item) => stopOf(item)) };
  }
  const { stops } = controlsOf(await ports.table.get(controlsKey));
  const items = await Promise.all(stops.map(({ stopId }) => ports.table.get(stopKey(stopId))));
  return { stops: items.map((item) => stopOf(item)) };
}

/** Reads stop and list in one picture and writes both under what was read, so that neither can say what the other does not. */
async function write(ports: Ports, stopId: string, change: (known: Stop | undefined, active: number) => Stop): Promise<Stop> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const [item, controls] = await ports.table.snapshot([stopKey(stopId), controlsKey]);
    const known = stopOf(item);
    const { stops } = controlsOf(controls);
    const next = change(known, stops.length);
    if (next === known) return next;
    const others = stops.filter((stop) => stop.stopId !== stopId);
    const active = next.status === 'active' ? [...others, scopeOf(next)] : others;
    const written = await ports.table.write([stopPut(ports, next, known), listUpdate(ports, active, number(controls, 'stopsVersion'))]);
    if (written.ok) return next;
  }
  throw new TryAgain('Others are changing the stops.');
}

function stopOf(item: Item): Stop;
function stopOf(item: Item | undefined): Stop | undefined;
function stopOf(item: Item | undefined): Stop | undefined {
  return item === undefined ? undefined : (JSON.parse(text(item, 'stop') ?? 'null') as Stop);
}

function scopeOf(stop: Stop): ActiveStop {
  const scope = Object.fromEntries(STOP_SCOPES.flatMap((name) => (stop[name] === undefined ? [] : [[name, stop[name]]])));
  return { stopId: stop.stopId, ...scope };
}

/** What it was placed with. */
function contentOf(stop: Stop): object {
  return { ...scopeOf(stop), by: stop.history[0]?.by ?? '', reason: stop.reason };
}

function stopPut(ports: Ports, stop: Stop, known: Stop | undefined): TransactWriteItem {
  const before = known === undefined ? undefined : S(JSON.stringify(known));
  return {
    Put: {
      TableName: ports.table.name,
      Item: { ...keyItem(stopKey(stop.stopId)), stop: S(JSON.stringify(stop)) },
      ...(before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'stop = :before', ExpressionAttributeValues: { ':before': before } }),
    },
  };
}

/** Beside the list the item holds the breakers, which are written by others: only the list is touched. */
function listUpdate(ports: Ports, active: readonly ActiveStop[], version: number | undefined): TransactWriteItem {
  return {
    Update: {
      TableName: ports.table.name,
      Key: keyItem(controlsKey),
      ConditionExpression: version === undefined ? 'attribute_not_exists(stopsVersion)' : 'stopsVersion = :version',
      UpdateExpression: 'SET stops = :stops, stopsVersion = :next',
      ExpressionAttributeValues: {
        ':stops': S(JSON.stringify(active)),
        ':next': N((version ?? 0) + 1),
        ...(version === undefined ? {} : { ':version': N(version) }),
      },
    },
  };
}
