import { AwsError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/kernel.ts';
import { REGION } from '../../../template/intrinsics.ts';
import type { CompiledState } from '../definition.ts';
import { type Environment, MEGABYTE } from '../environment.ts';
import { exceedsPayload, isObject, parseJson } from '../json.ts';
import { checkRole } from '../machine-operations.ts';
import { Request } from '../request.ts';
import { defaultContext, givenContext } from './context.ts';
import { invalid, readMock } from './mock.ts';
import { runTest } from './run.ts';
import { namesWithin, subjectOf } from './subject.ts';
import type { Configuration, Test } from './test.ts';

const MEMBERS = [
  'definition',
  'roleArn',
  'input',
  'inspectionLevel',
  'revealSecrets',
  'variables',
  'stateName',
  'mock',
  'context',
  'stateConfiguration',
];
const LEVELS = ['INFO', 'DEBUG', 'TRACE'];

/**
 * Runs one state by itself. https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html; refusals and the data of
 * inspection are those recorded on AWS, in `tests/aws/services/stepfunctions/v2/test_state` of localstack/localstack and in
 * `testdata/aws/stepfunctions/test_state_mock.json` of radkawar/stackd.
 */
export async function testState({ engine }: Environment, given: JsonObject): Promise<unknown> {
  const request = new Request(given, MEMBERS);
  const definition = request.text('definition', MEGABYTE);
  const role = request.optionalText('roleArn', 256);
  const roleArn = role === undefined ? undefined : checkRole(role);
  const level = request.word('inspectionLevel', LEVELS) ?? 'INFO';
  const revealed = request.flag('revealSecrets', false);
  const inputText = request.optionalText('input', MEGABYTE) ?? '{}';
  const input = readInput(inputText);
  const state = subjectOf(definition, request.optionalText('stateName', 80));
  const mock = readMock(given.mock, state);
  if (mock === undefined) checkUnmocked(state, roleArn);
  else if (revealed) throw invalid('TestState does not support RevealSecrets when a mock is specified.');
  const context = request.optionalText('context', MEGABYTE);
  if (context !== undefined && mock === undefined) throw invalid('A context object is only supported when a mock is specified.');
  const variables = readVariables(request.optionalText('variables', MEGABYTE));
  const test: Test = {
    engine,
    state,
    input,
    inputText,
    variables,
    context: context === undefined ? defaultContext(engine.kernel, state, input, roleArn) : givenContext(context, state),
    mock,
    configuration: readConfiguration(given.stateConfiguration, state, given.mock),
    arn: `arn:aws:states:${REGION}:${roleArn?.split(':')[4] ?? '000000000000'}:express:TestState:${engine.kernel.uuid()}`,
    inspected: { input: inputText, variables },
    iterations: 0,
  };
  const answer = await runTest(test);
  return level === 'INFO' ? answer : { ...answer, inspectionData: inspectionOf(test) };
}

function readInput(text: string): unknown {
  const parsed = parseJson(text);
  if (parsed === undefined || exceedsPayload(text))
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${parsed === undefined ? 'the input is not valid JSON' : 'the input exceeds the maximum of 262144 bytes'}'`,
    );
  return parsed.value;
}

function readVariables(text: string | undefined): Record<string, unknown> {
  const variables = text === undefined ? {} : parseJson(text)?.value;
  if (!isObject(variables)) throw invalid("The member 'variables' must be the text of a JSON object");
  return variables;
}

/** What can be tested without a mock: https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html. */
function checkUnmocked({ type, integration }: CompiledState, roleArn: string | undefined): void {
  if (type === 'Map' || type === 'Parallel')
    throw new AwsError(
      'InvalidDefinition',
      'TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]',
    );
  if (type !== 'Task') return;
  if (integration?.pattern !== 'response')
    throw invalid(
      "A mock must be specified when testing a Task state that is an activity or has a '.sync' or '.waitForTaskToken' service integration pattern",
    );
  if (roleArn === undefined) throw invalid('RoleArn must be specified when testing a Task state');
}

function readConfiguration(given: unknown, state: CompiledState, mock: unknown): Configuration {
  if (given !== undefined && given !== null && !isObject(given)) throw invalid("The member 'stateConfiguration' must be an object");
  const request = new Request((given ?? {}) as JsonObject, [
    'retrierRetryCount',
    'errorCausedByState',
    'mapIterationFailureCount',
    'mapItemReaderData',
  ]);
  const failures = request.integer('mapIterationFailureCount', 0, Number.MAX_SAFE_INTEGER);
  if (failures !== undefined && state.type !== 'Map') throw invalid('MapIterationFailureCount is only supported when testing a Map state.');
  const cause = request.optionalText('errorCausedByState', 80);
  // It makes no difference here: the error is the one of the mock, whichever state it came from.
  if (cause !== undefined && !(isObject(mock) && mock.errorOutput !== undefined && namesWithin(state).includes(cause)))
    throw invalid(`ErrorCausedByState must be a state within the Map or Parallel state whose error is mocked, which '${cause}' is not.`);
  return {
    retries: request.integer('retrierRetryCount', 0, Number.MAX_SAFE_INTEGER) ?? 0,
    failures,
    readerData: request.optionalText('mapItemReaderData', MEGABYTE),
  };
}

function inspectionOf({ inspected }: Test): JsonObject {
  const { variables, ...rest } = inspected;
  const empty = !isObject(variables) || Object.keys(variables).length === 0;
  return { ...rest, ...(empty ? {} : { variables: JSON.stringify(variables) }) };
}
