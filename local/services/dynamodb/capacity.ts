import type { JsonObject } from '../../kernel/kernel.ts';
import { optionalChoice } from './request.ts';
import type { Table } from './tables.ts';

/**
 * What requests cost: a write unit for each KB, a read unit for each 4 KB (half of one where the read may be stale), both twice
 * in a transaction, and the writes of each index that a write changes.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
}

export interface IndexUnits {
  readonly name: string;
  readonly local: boolean;
  readonly units: number;
}

/** Units used on one table. */
export interface Units {
  readonly table: number;
  readonly indexes: readonly IndexUnits[];
}

export type CapacityMode = 'NONE' | 'TOTAL' | 'INDEXES';

export function capacityMode(input: JsonObject): CapacityMode {
  return optionalChoice(input, 'ReturnConsumedCapacity', ['INDEXES', 'TOTAL', 'NONE'] as const, 'NONE');
}

export function totalUnits(units: Units): number {
  let total = units.table;
  for (const index of units.indexes) total += index.units;
  return total;
}

/** The `ConsumedCapacity` of a call on one table, if the caller asked for it. */
export function consumed(mode: CapacityMode, table: Table, units: readonly Units[]): { ConsumedCapacity?: JsonObject } {
  return mode === 'NONE' ? {} : { ConsumedCapacity: describe(mode, table, units) };
}

/** The `ConsumedCapacity` of a call on several tables. Transactions name the kind of their units too. */
export function consumedByTable(
  mode: CapacityMode,
  used: ReadonlyMap<Table, readonly Units[]>,
  kind?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): { ConsumedCapacity?: JsonObject[] } {
  if (mode === 'NONE') return {};
  return {
    ConsumedCapacity: [...used].map(([table, units]) => {
      const described = describe(mode, table, units);
      return kind === undefined ? described : { ...described, [kind]: described.CapacityUnits };
    }),
  };
}

/** Adds units to those of a table. */
export function addUnits(used: Map<Table, Units[]>, table: Table, units: Units): void {
  const known = used.get(table);
  if (known === undefined) used.set(table, [units]);
  else known.push(units);
}

function describe(mode: CapacityMode, table: Table, list: readonly Units[]): JsonObject {
  let ofTable = 0;
  const global = new Map<string, number>();
  const local = new Map<string, number>();
  for (const units of list) {
    ofTable += units.table;
    for (const index of units.indexes) {
      const group = index.local ? local : global;
      group.set(index.name, (group.get(index.name) ?? 0) + index.units);
    }
  }
  const total = ofTable + [...global.values(), ...local.values()].reduce((sum, units) => sum + units, 0);
  if (mode === 'TOTAL') return { TableName: table.name, CapacityUnits: total };
  return {
    TableName: table.name,
    CapacityUnits: total,
    Table: { CapacityUnits: ofTable },
    ...(global.size === 0 ? {} : { GlobalSecondaryIndexes: byName(global) }),
    ...(local.size === 0 ? {} : { LocalSecondaryIndexes: byName(local) }),
  };
}

function byName(units: ReadonlyMap<string, number>): JsonObject {
  return Object.fromEntries([...units].map(([name, value]) => [name, { CapacityUnits: value }]));
}

/** How many requests were made and what they used, since this process started. */
export interface Counts {
  readonly reads: number;
  readonly writes: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

export class Counters {
  #reads = 0;
  #writes = 0;
  #readUnits = 0;
  #writeUnits = 0;

  read(units: number): void {
    this.#reads += 1;
    this.#readUnits += units;
  }

  write(units: number): void {
    this.#writes += 1;
    this.#writeUnits += units;
  }

  counts(): Counts {
    return { reads: this.#reads, writes: this.#writes, readUnits: this.#readUnits, writeUnits: this.#writeUnits };
  }
}
