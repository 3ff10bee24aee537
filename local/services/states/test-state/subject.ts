import { AwsError } from '../../../kernel/errors.ts';
import { type AslContainer, type CompiledContainer, type CompiledState, compileDefinition } from '../definition.ts';
import { isObject, parseJson } from '../json.ts';
import { validateDefinition } from '../validation/validate.ts';

/** What a state is called that is given without a machine, as recorded. */
export const STATE_NAME = 'StateName';

/** The state of a definition that is to be tested: the definition is that state, or a machine that has a state of the name. */
export function subjectOf(definition: string, name: string | undefined): CompiledState {
  if (name === undefined) return alone(definition);
  validateDefinition(definition);
  const found = stateIn(compileDefinition(JSON.parse(definition) as AslContainer), name);
  if (found === undefined) throw new AwsError('ValidationException', 'State not found in definition');
  return found;
}

/** The names of the states within a Parallel or Map, at any depth. */
export function namesWithin({ children }: CompiledState): string[] {
  return children.flatMap(({ states }) => [...states.values()].flatMap((state) => [state.name, ...namesWithin(state)]));
}

/** Recorded: what is wrong with such a state is told as of the one state of a machine. */
function alone(definition: string): CompiledState {
  const state = parseJson(definition)?.value;
  if (!isObject(state)) {
    validateDefinition(definition);
    throw new AwsError(
      'InvalidDefinition',
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Expected value of type Object at /'",
    );
  }
  const machine = {
    ...(state.QueryLanguage === 'JSONata' ? { QueryLanguage: 'JSONata' } : {}),
    StartAt: STATE_NAME,
    States: { ...Object.fromEntries(targetsOf(state).map((name) => [name, { Type: 'Succeed' }])), [STATE_NAME]: state },
  };
  validateDefinition(JSON.stringify(machine));
  const found = compileDefinition(machine as unknown as AslContainer).states.get(STATE_NAME);
  if (found === undefined) throw new Error('The state under test is gone.');
  return found;
}

/** Where a state goes: it is not refused because these are not there. */
function targetsOf(state: Record<string, unknown>): string[] {
  const lists = [state.Choices, state.Catch].filter(Array.isArray).flat().filter(isObject);
  return [state.Next, state.Default, ...lists.map(({ Next }) => Next)].filter((name) => typeof name === 'string');
}

function stateIn({ states }: CompiledContainer, name: string): CompiledState | undefined {
  const own = states.get(name);
  if (own !== undefined) return own;
  for (const { children } of states.values())
    for (const child of children) {
      const inner = stateIn(child, name);
      if (inner !== undefined) return inner;
    }
  return undefined;
}
