import type { JsonObject } from '../../../kernel/kernel.ts';
import { callService } from '../calls.ts';
import type { Exit } from '../definition.ts';
import { DATA_LIMIT, type ErrorOutput, errorMatches, QueryError, RUNTIME, StateError, TIMEOUT } from '../errors.ts';
import { evaluateTyped } from '../expression.ts';
import { backoffOf, mayRetry } from '../failure.ts';
import { noChoice } from '../interpreter.ts';
import { exceedsPayload, textOf } from '../json.ts';
import { checkArguments, inputTooLarge, resultTooLarge, secondsOf } from '../tasks.ts';
import { assignedTexts } from '../variables.ts';
import { untilOf } from '../wait.ts';
import { prepareMap } from './map.ts';
import { invalid } from './mock.ts';
import { scopeFor, type Test } from './test.ts';

/** What a state has come to before its `Assign` and `Output`. `text`: the result as it was given. */
type Outcome = { readonly error: ErrorOutput } | { readonly result: unknown; readonly text: string; readonly exit?: Exit };

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html: a test takes no longer. */
const TEST_MAX_MS = 5 * 60_000;

/** Runs the state and answers as `TestState` does, without `inspectionData`. */
export async function runTest(test: Test): Promise<JsonObject> {
  try {
    const outcome = await outcomeOf(test);
    if ('error' in outcome) return await failed(test, outcome.error);
    return { status: 'SUCCEEDED', ...(await leave(test, outcome.exit ?? test.state.exit, outcome.text, { result: outcome.result })) };
  } catch (error) {
    return failed(test, errorOf(error));
  }
}

/** Recorded: unlike in an execution, a cause does not begin with where it happened. */
function errorOf(error: unknown): ErrorOutput {
  if (error instanceof QueryError) return { Error: error.error, Cause: error.message };
  if (error instanceof StateError) return { Error: error.error, Cause: error.message };
  throw error;
}

async function outcomeOf(test: Test): Promise<Outcome> {
  const { engine, state, input, inputText: text } = test;
  switch (state.type) {
    case 'Task':
      return task(test);
    case 'Wait':
      // Nobody waits for it; that it can be told how long is what is tested.
      await untilOf(state, scopeFor(test), engine.kernel.now());
      return { result: input, text };
    case 'Choice':
      return { result: input, text, exit: await choose(test) };
    case 'Fail':
      return { error: { Error: await stringOf(test, 'Error'), Cause: await stringOf(test, 'Cause') } };
    case 'Parallel':
      await argumentsOf(test);
      return mocked(test);
    case 'Map': {
      const exceeded = await prepareMap(test);
      return exceeded === undefined || test.mock?.error !== undefined ? mocked(test) : { error: exceeded };
    }
    case 'Pass':
    case 'Succeed':
      return { result: input, text };
  }
}

async function stringOf(test: Test, name: 'Error' | 'Cause'): Promise<string | null> {
  const field = test.state.fields.get(name);
  return field === undefined ? null : ((await evaluateTyped(field, scopeFor(test), 'string')) as string);
}

async function choose(test: Test): Promise<Exit> {
  const { rules, exit } = test.state;
  for (const rule of rules) if ((await evaluateTyped(rule.condition, scopeFor(test), 'boolean')) === true) return rule;
  if (exit.next === undefined) throw noChoice();
  return exit;
}

function mocked({ mock, state, iterations }: Test): Outcome {
  if (mock?.error !== undefined) return { error: mock.error };
  if (mock?.result === undefined) throw new Error(`The state ${state.name} is tested without a mock.`);
  const { value, text } = mock.result;
  if (state.type === 'Map' && Array.isArray(value) && value.length !== iterations)
    throw invalid("Input array does not equal the mocked result array's size");
  return { result: value, text };
}

/** What `Arguments` makes of the input. */
async function argumentsOf(test: Test): Promise<unknown> {
  const { state, input, inspected } = test;
  const given = state.fields.get('Arguments');
  if (given === undefined) return input;
  const made = await given.evaluate(scopeFor(test));
  const text = JSON.stringify(made);
  inspected.afterArguments = text;
  if (exceedsPayload(text)) throw inputTooLarge({ state: state.name });
  return made;
}

async function task(test: Test): Promise<Outcome> {
  const { engine, state, mock, inspected, arn } = test;
  const { integration } = state;
  if (integration === undefined) throw new Error(`The state ${state.name} has no resource.`);
  const input = await argumentsOf(test);
  checkArguments(integration, input);
  const seconds = await secondsOf(state, scopeFor(test), 'TimeoutSeconds');
  await secondsOf(state, scopeFor(test), 'HeartbeatSeconds');
  const role = state.fields.get('Credentials/RoleArn');
  if (role !== undefined) await evaluateTyped(role, scopeFor(test), 'string');
  if (mock !== undefined) {
    if (mock.result !== undefined) inspected.result = mock.result.text;
    return mocked(test);
  }
  const begun = engine.kernel.now();
  const { result, error, milliseconds } = await callService(engine, { arn }, integration, input);
  const taken = engine.kernel.now() - begun + milliseconds;
  if (taken > Math.min((seconds ?? Number.POSITIVE_INFINITY) * 1000, TEST_MAX_MS)) return { error: { Error: TIMEOUT, Cause: null } };
  if (error !== undefined) return { error };
  const text = textOf(result);
  inspected.result = text;
  return exceedsPayload(text) ? { error: resultTooLarge(integration) } : { result, text };
}

/** Evaluates `Assign` and `Output` of the way that the state takes. */
async function leave(test: Test, exit: Exit, text: string, extra: Record<string, unknown>): Promise<JsonObject> {
  const made = test.state.type === 'Task' || test.state.type === 'Parallel' || test.state.type === 'Map';
  const scope = scopeFor(test, made || 'errorOutput' in extra ? extra : {});
  const assigned = exit.assign === undefined ? {} : ((await evaluateTyped(exit.assign, scope, 'object')) as Record<string, unknown>);
  const output = exit.output === undefined ? text : JSON.stringify(await exit.output.evaluate(scope));
  assignedTexts(test.state.name, assigned);
  if (exceedsPayload(output))
    throw new StateError(
      DATA_LIMIT,
      `The state/task '${test.state.name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  test.inspected.variables = { ...test.variables, ...assigned };
  return { output, ...(exit.next === undefined ? {} : { nextState: exit.next }) };
}

/** The state has failed: tells which retrier or catcher has it. */
async function failed(test: Test, error: ErrorOutput): Promise<JsonObject> {
  const { state, configuration, inspected } = test;
  const told = { ...(error.Error === null ? {} : { error: error.Error }), ...(error.Cause === null ? {} : { cause: error.Cause }) };
  if (error.Error === RUNTIME) return { status: 'FAILED', ...told };
  const retrier = state.retry.findIndex(({ ErrorEquals }) => errorMatches(ErrorEquals, error.Error, false));
  const retry = state.retry[retrier];
  if (retry !== undefined) {
    const again = mayRetry(retry, configuration.retries);
    inspected.errorDetails = {
      retryIndex: retrier,
      ...(again ? { retryBackoffIntervalSeconds: backoffOf(retry, configuration.retries) } : {}),
    };
    if (again) return { status: 'RETRIABLE', ...told };
  }
  const index = state.catchers.findIndex(({ errors }) => errorMatches(errors, error.Error, false));
  const catcher = state.catchers[index];
  if (catcher === undefined) return { status: 'FAILED', ...told };
  inspected.errorDetails = { catchIndex: index };
  try {
    return {
      status: 'CAUGHT_ERROR',
      ...told,
      ...(await leave(test, catcher, JSON.stringify(error), { errorOutput: error })),
    };
  } catch (second) {
    // A catcher whose own expressions fail is not caught again.
    const { Error: name, Cause: cause } = errorOf(second);
    return { status: 'FAILED', error: name, cause };
  }
}
