import jsonata from 'jsonata';
import { type Act, WAITS } from '../../domain/decide/world.ts';
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

/** The state that a machine's Choice leads to for a turn of Decide, by its own conditions in their order. */
export async function stateFor(machine: Machine, turn: { act: Act; waiting: string; to?: string }): Promise<string> {
  const { StartAt: start, States: states } = machine.definition;
  const choice = states[states[start]?.Next ?? ''];
  for (const { Condition: condition = '', Next: next } of choice?.Choices ?? []) {
    const holds: unknown = await conditionOf(condition).evaluate({}, { turn });
    if (holds === true) return next;
    // Step Functions fails an execution whose condition is no boolean.
    if (holds !== false) return `${condition} is ${String(holds)}`;
  }
  return choice?.Default ?? '';
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
  const findings: string[] = [];
  for (const [act, works] of Object.entries(FUNCTION_OF) as [Act, string | undefined][]) {
    const meets = ACTS_OF[stage].includes(act);
    const to = act === 'hand-over' ? [...targetsOf(stage)] : [undefined];
    for (const target of to) {
      for (const waiting of WAITS) {
        const name = await stateFor(machine, { act, waiting, ...(target === undefined ? {} : { to: target }) });
        const state = definition.States[name];
        if (!meets && state?.Type !== 'Fail') findings.push(`acts: ${name}: the ${stage} stage never meets ${act}`);
        if (!meets) continue;
        if (state === undefined || state.Type === 'Fail')
          findings.push(`acts: ${stage}: nothing does ${act}${target ? ` to ${target}` : ''}`);
        else if (act === 'wait' ? !isWait(state) : calledBy(state) !== works) findings.push(`acts: ${name}: is not what does ${act}`);
        const handed = state === undefined ? undefined : handedTo(state);
        if (handed !== target) findings.push(`acts: ${name}: says ${handed} where Decide says ${target}`);
      }
    }
  }
  return [...new Set(findings)];
}

/** No rule of a Choice that can never be the first to hold. */
async function rules(machine: Machine): Promise<string[]> {
  const { StartAt: start, States: states } = machine.definition;
  const reached = new Set<string>();
  for (const act of ACTS_OF[machine.stage])
    for (const waiting of WAITS) for (const to of targetsOf(machine.stage)) reached.add(await stateFor(machine, { act, waiting, to }));
  const choice = states[states[start]?.Next ?? ''];
  return (choice?.Choices ?? []).filter(({ Next }) => !reached.has(Next)).map(({ Next }) => `rules: ${Next}: no turn of Decide leads here`);
}

export const MOVES_RULES: readonly Rule[] = [handOvers];
export const ACT_RULES: readonly ((machine: Machine) => Promise<string[]>)[] = [acts, rules];
