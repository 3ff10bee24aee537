import { describe, expect, it } from 'vitest';
import type { AwsError } from '../../../local/kernel/errors.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { validateDefinition } from '../../../local/services/states/validation/validate.ts';

const machine = (states: Record<string, unknown>, top: JsonObject = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
  ...top,
});
const put = (more: JsonObject) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:s3:putObject',
  Arguments: { Bucket: 'b', Key: 'k', Body: 'x', ...more },
  End: true,
});

const invoke = (more: JsonObject = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  End: true,
  ...more,
});
const pass = (more: JsonObject = {}) => ({ Type: 'Pass', End: true, ...more });

/** What is wrong with a definition; undefined where it is accepted. */
function refusal(definition: unknown): string | undefined {
  try {
    validateDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition));
    return undefined;
  } catch (error) {
    expect((error as AwsError).code).toBe('InvalidDefinition');
    return (error as AwsError).message;
  }
}

describe('a definition', () => {
  it.each<[string, unknown]>([
    [
      'of every state',
      machine({
        P: { Type: 'Pass', Assign: { a: 1 }, Next: 'C' },
        C: { Type: 'Choice', Choices: [{ Condition: '{% $a = 1 %}', Next: 'W' }], Default: 'M' },
        W: { Type: 'Wait', Timestamp: '2026-01-01T00:00:00.5+08:00', Next: 'T' },
        T: invoke({
          End: undefined,
          Next: 'M',
          TimeoutSeconds: '{% 1 %}',
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'F' }],
        }),
        M: {
          Type: 'Map',
          Items: '{% [1] %}',
          ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'I', States: { I: pass() } },
          Next: 'A',
        },
        A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Succeed' } } }], Next: 'S' },
        S: { Type: 'Succeed', Output: '{% $a %}' },
        F: { Type: 'Fail', Error: 'E', Cause: '{% $states.input %}' },
      }),
    ],
    [
      'of JSONata states in a machine that says JSONPath',
      { StartAt: 'P', QueryLanguage: 'JSONPath', States: { P: pass({ QueryLanguage: 'JSONata' }) } },
    ],
    ['with literals that only look like expressions', machine({ P: pass({ Output: [' {% a %} ', '$states.result', '$.x'] }) })],
    [
      'with names inside paths, filters, sorts and lambdas',
      machine({
        P: pass({ Output: '{% $states.input.items[price > 1]^(name).{"n": name, "all": $sum($map(parts, function($p) { $p.n }))} %}' }),
      }),
    ],
    ['in another partition', machine({ T: invoke({ Resource: 'arn:aws-cn:states:::lambda:invoke' }) })],
    [
      'that assigns in an inner scope what the outer one may have',
      machine({
        P: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'B', States: { B: pass({ Assign: { a: 1 } }) } }],
          Catch: [{ ErrorEquals: ['States.ALL'], Assign: { a: 2 }, Next: 'S' }],
          End: true,
        },
        S: { Type: 'Succeed' },
      }),
    ],
  ])('%s is accepted', (_what, definition) => {
    expect(refusal(definition)).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['no JSON', 'not a definition', 'INVALID_JSON_DESCRIPTION'],
    ['empty', {}, 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'],
    ['without StartAt', { States: { P: pass() }, QueryLanguage: 'JSONata' }, 'These fields are required: [StartAt] at /'],
    ['with an unknown top field', machine({ P: pass() }, { Start: 1 }), "Field 'Start' is not supported at /"],
    [
      'with a missing target',
      machine({ A: { Type: 'Pass', Next: 'B' }, C: pass() }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
    ],
    [
      'with a missing Default',
      machine({ A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'C' }], Default: 'B' }, C: pass() }),
      "Missing 'Next' target: B at /States/A/Default",
    ],
    ['whose StartAt is missing', machine({ A: pass() }, { StartAt: 'B' }), "Missing 'Next' target: B at /StartAt"],
    ['with an unreachable state', machine({ A: pass(), B: pass() }), 'MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B'],
    ['that never ends', machine({ A: { Type: 'Pass', Next: 'A' } }), 'MISSING_END_STATE: Workflow has no terminal state at null'],
    [
      'with a state that neither ends nor goes on',
      machine({ A: { Type: 'Pass' } }),
      "Exactly one of 'Next' and 'End' is required at /States/A",
    ],
    ['with an unknown type', machine({ A: { Type: 'Sleep' } }), '/States/A/Type'],
    ['with an unknown field', machine({ A: pass({ Outputs: 1 }) }), "Field 'Outputs' is not supported at /States/A"],
    ['with a field of another type', machine({ A: pass({ Catch: [] }) }), "Field 'Catch' is not supported at /States/A"],
    [
      'with a JSONPath field',
      machine({ A: pass({ ResultPath: '$.x' }) }),
      "field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
    ],
    [
      'with a JSONPath state',
      machine({ A: pass({ QueryLanguage: 'JSONPath' }) }),
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A",
    ],
    [
      'with a JSONPath state inside a Map of a JSONata machine',
      machine({
        M: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'I', States: { I: pass({ QueryLanguage: 'JSONPath' }) } },
          End: true,
        },
      }),
      "can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/M/ItemProcessor/States/I",
    ],
    [
      'whose Map is in JSONata, and the states inside in the language of the machine',
      {
        StartAt: 'M',
        States: { M: { Type: 'Map', QueryLanguage: 'JSONata', ItemProcessor: { StartAt: 'I', States: { I: pass() } }, End: true } },
      },
      "The QueryLanguage of this state is 'JSONPath', and the embedded Step Functions runs 'JSONata' only at /States/M/ItemProcessor/States/I",
    ],
    [
      'with a language for a whole processor',
      machine({
        M: { Type: 'Map', ItemProcessor: { QueryLanguage: 'JSONata', StartAt: 'I', States: { I: pass() } }, End: true },
      }),
      "Field 'QueryLanguage' is not supported at /States/M/ItemProcessor",
    ],
    [
      'in no language',
      machine({ A: pass() }, { QueryLanguage: 'jsonata' }),
      'Value should be one of the following: [JSONPath, JSONata] at /QueryLanguage',
    ],
    [
      'with a state in no language',
      machine({ A: pass({ QueryLanguage: 7 }) }),
      'SCHEMA_VALIDATION_FAILED: Expected value of type [STRING] at /States/A/QueryLanguage',
    ],
    [
      'with a timeout of a Map',
      machine({ M: { Type: 'Map', TimeoutSeconds: 5, ItemProcessor: { StartAt: 'I', States: { I: pass() } }, End: true } }),
      "Field 'TimeoutSeconds' is not supported at /States/M",
    ],
    [
      'in JSONPath',
      { StartAt: 'A', States: { A: pass() } },
      "The QueryLanguage of this state is 'JSONPath', and the embedded Step Functions runs 'JSONata' only at /States/A",
    ],
    [
      'with one name twice',
      machine({ A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: pass() } }], End: true } }),
      'DUPLICATE_STATE_NAME',
    ],
    [
      'with an unknown resource',
      machine({ A: invoke({ Resource: 'arn:aws:states:::ecs:runTask' }) }),
      "The resource 'ecs:runTask' is not supported by the embedded Step Functions at /States/A/Resource",
    ],
    ['with an unknown pattern', machine({ A: invoke({ Resource: 'arn:aws:states:::lambda:invoke.sync' }) }), 'at /States/A/Resource'],
    [
      'with a misspelt argument of the SDK',
      machine({ A: put({ contentType: 't' }) }),
      `The field "contentType" is not supported by Step Functions. Did you mean 'ContentType'? at /States/A/Arguments`,
    ],
    [
      'with another argument of the SDK',
      machine({ A: put({ Bogus: 't' }) }),
      `The field "Bogus" is not supported by Step Functions. Did you mean 'Bucket'? at /States/A/Arguments`,
    ],
    [
      'with an argument unlike any of the SDK',
      machine({ A: put({ Zzz: 't' }) }),
      'The field "Zzz" is not supported by Step Functions at /States/A/Arguments',
    ],
    [
      'without an argument of the SDK',
      machine({ A: put({ bucket: 'b', Bucket: undefined }) }),
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Bucket' is required but was missing at /States/A/Arguments'",
    ],
    [
      'with a misspelt argument',
      machine({ A: invoke({ Arguments: { FunctionName: 'f', PayLoad: 1 } }) }),
      "The field 'PayLoad' is not supported by Step Functions at /States/A/Arguments",
    ],
    [
      'without a required argument',
      machine({ A: invoke({ Arguments: {} }) }),
      "The field 'FunctionName' is required but was missing at /States/A/Arguments",
    ],
    [
      'with a bad timestamp',
      machine({ A: { Type: 'Wait', Timestamp: '2026-02-30T00:00:00Z', End: true } }),
      'String does not match RFC3339 timestamp at /States/A/Timestamp',
    ],
    [
      'with two ways to wait',
      machine({ A: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } }),
      "Exactly one of 'Seconds' and 'Timestamp'",
    ],
    [
      'with credentials that are no role',
      machine({ A: invoke({ Credentials: { Role: 'r' } }) }),
      "These fields are required: [RoleArn] at /States/A/Credentials, SCHEMA_VALIDATION_FAILED: Field 'Role' is not supported",
    ],
    ['with a timeout of nothing', machine({ A: invoke({ TimeoutSeconds: 0 }) }), 'at /States/A/TimeoutSeconds'],
    [
      'with a heartbeat longer than the timeout',
      machine({ A: invoke({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }) }),
      'HeartbeatSeconds must be smaller than TimeoutSeconds',
    ],
    [
      'with a distributed Map',
      machine({
        A: { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'I', States: { I: pass() } }, End: true },
      }),
      '/States/A/ItemProcessor/ProcessorConfig',
    ],
    [
      'with States.ALL among others',
      machine({ A: invoke({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }) }),
      "'States.ALL' must be the only error name",
    ],
    [
      'with an error name the language has not',
      machine({ A: invoke({ Retry: [{ ErrorEquals: ['States.Timeuot'] }] }) }),
      "'States.Timeuot' is no error name",
    ],
    [
      'with a negative MaxAttempts',
      machine({ A: invoke({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: -1 }] }) }),
      '/States/A/Retry[0]/MaxAttempts',
    ],
    [
      'with an expression that does not parse',
      machine({ A: pass({ Output: { v: '{% 1 + %}' } }) }),
      'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output/v',
    ],
    [
      'with a bare name',
      machine({ A: pass({ Output: { v: '{% phone %}' } }) }),
      "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output/v",
    ],
    ['with a bare name in an argument', machine({ A: pass({ Output: '{% $sum(prices) %}' }) }), "Reference to 'prices' at the top level"],
    ['with $', machine({ A: pass({ Output: '{% $.phone %}' }) }), "Reference to '$' at the top level"],
    [
      'with $$ in a filter',
      machine({ A: pass({ Output: '{% $states.input[a = $$.b] %}' }) }),
      "Reference to '$$' is not supported. at /States/A/Output",
    ],
    [
      'with $states.result in Arguments',
      machine({ A: invoke({ Arguments: { FunctionName: '{% $states.result %}' } }) }),
      "Field '$states.result' does not exist. at /States/A/Arguments/FunctionName",
    ],
    ['with $states.result in a Pass', machine({ A: pass({ Output: '{% $states.result %}' }) }), "Field '$states.result' does not exist."],
    [
      'with $states.errorOutput outside a catcher',
      machine({ A: invoke({ Output: '{% $states.errorOutput %}' }) }),
      "Field '$states.errorOutput' does not exist. at /States/A/Output",
    ],
    [
      'with a name at the top of a lambda',
      machine({ A: pass({ Output: '{% $map($states.input.a, function($x) { b }) %}' }) }),
      "Reference to 'b' at the top level",
    ],
    [
      'with $states.context in a place of its own, misspelt',
      machine({ A: pass({ Output: '{% $states.contxt %}' }) }),
      "Field '$states.contxt' does not exist.",
    ],
    ['with a reserved variable', machine({ A: pass({ Assign: { states: 1 } }) }), "Invalid variable name 'states' at /States/A/Assign"],
  ])('%s is refused', (_what, definition, message) => {
    expect(refusal(definition)).toContain(message);
  });

  it('names everything that is wrong at once', () => {
    const message = refusal(machine({ A: pass({ X: 1, Y: 2 }) }));
    expect(message).toBe(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'X' is not supported at /States/A, SCHEMA_VALIDATION_FAILED: Field 'Y' is not supported at /States/A'",
    );
  });
});
