import type { CompiledState } from '../definition.ts';
import type { Engine } from '../engine.ts';
import type { Scope } from '../expression.ts';
import type { Mock } from './mock.ts';

/** `stateConfiguration`: what has happened already in the story that the caller tells. */
export interface Configuration {
  /** How often the retrier that the error is for was used. */
  readonly retries: number;
  /** How many iterations of a Map have failed. */
  readonly failures: number | undefined;
  /** What the `ItemReader` of a Map has read, as JSON. */
  readonly readerData: string | undefined;
}

/** One call of `TestState`. */
export interface Test {
  readonly engine: Engine;
  readonly state: CompiledState;
  readonly input: unknown;
  readonly inputText: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  readonly mock: Mock | undefined;
  readonly configuration: Configuration;
  /** The ARN of the execution that there is none of; whom services see as their caller. */
  readonly arn: string;
  /** `inspectionData`, as far as the test has come. */
  readonly inspected: Record<string, unknown>;
  /** How many iterations a Map would have. */
  iterations: number;
}

/** What the expressions of the state see; `extra` adds `result` or `errorOutput`, `item` the item of a Map. */
export function scopeFor({ engine, input, context, variables }: Test, extra: Record<string, unknown> = {}, item?: unknown): Scope {
  const seen = item === undefined ? context : { ...context, Map: { Item: item } };
  return { states: { input, context: seen, ...extra }, variables, functions: engine.functions };
}
