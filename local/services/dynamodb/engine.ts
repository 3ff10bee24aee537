import type { Kernel } from '../../kernel/kernel.ts';
import type { Counters } from './capacity.ts';
import type { Items } from './items.ts';
import type { Streams } from './stream.ts';
import type { Tables } from './tables.ts';

/** What the operations work on. */
export interface Engine {
  readonly kernel: Kernel;
  readonly tables: Tables;
  readonly items: Items;
  readonly streams: Streams;
  readonly counters: Counters;
}
