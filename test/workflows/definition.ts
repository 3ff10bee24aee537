import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAGES, type Stage } from '../../domain/model.ts';
import { root } from '../house/sources.ts';

/** A catcher or a choice rule: where it leads, and what it assigns on the way. */
export interface Branch {
  readonly Next: string;
  readonly Condition?: string;
  readonly ErrorEquals?: readonly string[];
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Output?: unknown;
}

/** A state as its definition has it. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Output?: unknown;
  readonly TimeoutSeconds?: unknown;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
  readonly Catch?: readonly Branch[];
  readonly Choices?: readonly Branch[];
  readonly Default?: string;
  readonly Next?: string;
  readonly End?: boolean;
}

export interface Machine {
  readonly stage: Stage;
  /** The file as it is, placeholders included. */
  readonly text: string;
  readonly definition: { readonly QueryLanguage?: string; readonly StartAt: string; readonly States: Readonly<Record<string, State>> };
}

export function machineOf(stage: Stage, text: string): Machine {
  return { stage, text, definition: JSON.parse(text) as Machine['definition'] };
}

/** The five machines as they are in `workflows/`. */
export const MACHINES: readonly Machine[] = STAGES.map((stage) =>
  machineOf(stage, readFileSync(join(root, 'workflows', `${stage}.asl.json`), 'utf8')),
);

/** The edges out of a state, each with the variables that it assigns. */
export function edgesOf(state: State): { readonly to: string; readonly assigns: readonly string[] }[] {
  const names = (assign: State['Assign']) => Object.keys(assign ?? {});
  const branches = [...(state.Catch ?? []), ...(state.Choices ?? [])].map((branch) => ({ to: branch.Next, assigns: names(branch.Assign) }));
  const onward = [state.Next, state.Default].flatMap((to) => (to === undefined ? [] : [{ to, assigns: names(state.Assign) }]));
  return [...branches, ...onward];
}

export const isWait = (state: State): boolean => state.Resource?.endsWith('.waitForTaskToken') === true;

/** The placeholder of the function that a state calls, such as `Decide`; undefined where it calls none. */
export function calledBy(state: State): string | undefined {
  const name = state.Arguments?.FunctionName;
  return typeof name === 'string' ? /^\$\{(\w+)\}$/.exec(name)?.[1] : undefined;
}
