import jsonata from 'jsonata';
import { type Act, WAITS, type WaitFor } from '../../domain/decide/world.ts';
import type { Stage } from '../../domain/model.ts';
import { MOVES } from '../../domain/transitions.ts';
import { ACTS_OF, FUNCTION_OF } from './acts.ts';
import { calledBy, isWait, type Machine, type State } from './definition.ts';
import type { Rule } from './lint-shape.ts';

/** Where a stage hands over to: its legal moves, and itself when an execution has grown old. */
export function targetsOf(stage: Stage): Set<Stage> {
  return new Set([...MOVES.filter(({ from }) => from === stage).map(({ to }) => to), stage]);
}

const compiled = new Map<string, ReturnType<typeof jsonata>>();

function conditionOf(text: string): ReturnType<typeof jsonata> {
  const known = compiled.get(text) ?? jsonata(text.slice('{%'.length, -'%}'.length));
  compiled.set(text, known);
  return known;
}

interface Turn {
  readonly act: Act;
  readonly waiting: WaitFor;
  readonly to?: Stage;
}

/** The state that a machine's Choice leads to for a turn of Decide, by its own conditions in their order, and by which of them. */
export async function stateFor(machine: Machine, turn: Turn): Promise<{ readonly name: string; readonly rule: number | undefined }> {
  const { StartAt: start, States: states } = machine.definition;
  const choice = states[states[start]?.Next ?? ''];
  for (const [rule, { Condition: condition = '', Next: name }] of (choice?.Choices ?? []).entries()) {
    const holds: unknown = await conditionOf(condition).evaluate({}, { turn });
    if (holds === true) return { name, rule };
    // Step Functions fails an execution whose condition is no boolean.
    if (holds !== false) return { name: `${condition} is ${String(holds)}`, rule };
  }
  return { name: choice?.Default ?? '', rule: undefined };
}

/** The turns that Decide can give for an act in a stage. What a wait is for chooses among the waits; no other act may depend on it. */
function turnsOf(act: Act, stage: Stage): Turn[] {
  const waits = act === 'wait' ? WAITS : (['next-act', 'hold'] as const);
  const targets = act === 'hand-over' ? [...targetsOf(stage)] : [undefined];
  return targets.flatMap((to) => waits.map((waiting) => ({ act, waiting, ...(to === undefined ? {} : { to }) })));
}

function handedTo(state: State): Stage | undefined {
  return (state.Arguments?.Payload as { readonly to?: Stage } | undefined)?.to;
}

function handOvers({ stage, definition }: Machine): string[] {
  const moves = Object.entries(definition.States).filter(([, state]) => calledBy(state) === 'MoveCase');
  const targets = moves.flatMap(([, state]) => {
    const to = handedTo(state);
    return to === undefined ? [] : [to];
  });
  const legal = targetsOf(stage);
  return [
    ...targets.filter((to) => !legal.has(to)).map((to) => `handOvers: ${stage}: no case moves from here to ${to}`),
    ...[...legal].filter((to) => !targets.includes(to)).map((to) => `handOvers: ${stage}: a case may move to ${to} and cannot`),
    ...targets.filter((to, index) => targets.indexOf(to) !== index).map((to) => `handOvers: ${stage}: two states move to ${to}`),
    ...moves.filter(([, state]) => state.End !== true).map(([name]) => `handOvers: ${name}: this execution is done`),
  ];
}

/** For every act the stage can meet there is a state that does it; for an act it cannot meet there is none. */
async function acts(machine: Machine): Promise<string[]> {
  const { stage, definition } = machine;
  const findings = new Set<string>();
  for (const [act, works] of Object.entries(FUNCTION_OF) as [Act, string | undefined][]) {
    for (const turn of turnsOf(act, stage)) {
      const { name } = await stateFor(machine, turn);
      const state = definition.States[name];
      const unknown = state === undefined || state.Type === 'Fail';
      if (!ACTS_OF[stage].includes(act)) {
        if (!unknown) findings.add(`acts: ${name}: the ${stage} stage never meets ${act}`);
      } else if (unknown) findings.add(`acts: ${stage}: nothing does ${act} ${turn.to ?? ''}`);
      else if (act === 'wait' ? !isWait(state) : calledBy(state) !== works) findings.add(`acts: ${name}: is not what does ${act}`);
      else if (handedTo(state) !== turn.to) findings.add(`acts: ${name}: says ${handedTo(state)} where Decide says ${turn.to}`);
    }
  }
  return [...findings];
}

/** No rule of a Choice that can never be the first to hold. */
async function rules(machine: Machine): Promise<string[]> {
  const { StartAt: start, States: states } = machine.definition;
  const reached = new Set<number | undefined>();
  for (const act of ACTS_OF[machine.stage])
    for (const turn of turnsOf(act, machine.stage)) reached.add((await stateFor(machine, turn)).rule);
  const choice = states[states[start]?.Next ?? ''];
  return (choice?.Choices ?? []).flatMap(({ Next }, index) => (reached.has(index) ? [] : [`rules: ${Next}: no turn of Decide leads here`]));
}

export const MOVES_RULES: readonly Rule[] = [handOvers];
export const ACT_RULES: readonly ((machine: Machine) => Promise<string[]>)[] = [acts, rules];
