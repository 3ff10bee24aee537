import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/kernel/errors.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness, machineArn, ROLE, recorder, returns, START, throws } from './harness.ts';

const task = (Resource: string, Arguments: unknown, more: JsonObject = {}): Record<string, JsonObject> => ({
  T: { Type: 'Task', Resource, Arguments, End: true, ...more },
});

describe('a call', () => {
  it.each([
    {
      resource: 'aws-sdk:dynamodb:updateItem',
      given: { TableName: 'T', Key: { pk: { S: 'a' } }, UpdateExpression: 'SET x = :x' },
      service: 'dynamodb',
      seen: { operation: 'UpdateItem', TableName: 'T', Key: { pk: { S: 'a' } }, UpdateExpression: 'SET x = :x' },
    },
    {
      resource: 'dynamodb:getItem',
      given: { TableName: 'T', Key: {} },
      service: 'dynamodb',
      seen: { operation: 'GetItem', TableName: 'T', Key: {} },
    },
    {
      resource: 'sqs:sendMessage',
      given: { QueueUrl: 'q', MessageBody: { a: 1 } },
      service: 'sqs',
      seen: { operation: 'SendMessage', QueueUrl: 'q', MessageBody: '{"a":1}' },
    },
    {
      resource: 'sns:publish',
      given: { TopicArn: 't', Message: { a: 1 } },
      service: 'sns',
      seen: { operation: 'Publish', TopicArn: 't', Message: '{"a":1}' },
    },
    {
      resource: 'events:putEvents',
      given: { Entries: [{ Detail: { a: 1 } }] },
      service: 'events',
      // As recorded in `test_events_task_service.snapshot.json` of localstack/localstack: an event names its sender.
      seen: {
        operation: 'PutEvents',
        Entries: [{ Detail: '{"a":1}', Resources: [machineArn('test'), `${machineArn('test').replace('stateMachine', 'execution')}:run`] }],
      },
    },
    {
      resource: 'aws-sdk:eventbridge:putEvents',
      given: { Entries: [{ Detail: '{}' }] },
      service: 'events',
      seen: { operation: 'PutEvents', Entries: [{ Detail: '{}' }] },
    },
    {
      resource: 'lambda:invoke',
      given: { FunctionName: 'f', Payload: '{"a":1}' },
      service: 'lambda',
      seen: { operation: 'Invoke', FunctionName: 'f', Payload: '{"a":1}' },
    },
    {
      resource: 'lambda:invoke',
      given: { FunctionName: 'f', Payload: 'text' },
      service: 'lambda',
      seen: { operation: 'Invoke', FunctionName: 'f', Payload: '"text"' },
    },
    {
      resource: 'lambda:invoke',
      given: { FunctionName: 'f', Payload: null },
      service: 'lambda',
      seen: { operation: 'Invoke', FunctionName: 'f', Payload: '{}' },
    },
  ])('of $resource reaches $service as its API has it', async ({ resource, given, service, seen }) => {
    const { calls, handler } = recorder(() => ({ Payload: '1', Answer: true }));
    const harness = new Harness({ services: { [service]: handler } });
    const run = await harness.run(task(`arn:aws:states:::${resource}`, given));
    expect(run).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls).toEqual([seen]);
  });

  it.each([
    { resource: 'aws-sdk:dynamodb:putItem', error: 'DynamoDb.ConditionalCheckFailedException' },
    { resource: 'dynamodb:putItem', error: 'DynamoDB.ConditionalCheckFailedException' },
  ])('of $resource spells its errors $error', async ({ resource, error }) => {
    const harness = new Harness({
      services: {
        dynamodb: () => {
          throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
        },
      },
    });
    const run = await harness.run(task(`arn:aws:states:::${resource}`, { TableName: 'T', Item: {} }));
    expect(run.error).toBe(error);
    expect(run.cause).toContain('The conditional request failed (Service: ');
  });

  // As recorded in testdata/aws/stepfunctions/lambda_integrations.json of radkawar/stackd.
  const failed = { StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: 'Unhandled', Payload: '{"errorType": "E"}' };
  it.each([
    {
      of: 'a function',
      resource: 'aws-sdk:lambda:invoke',
      Payload: { a: 1 },
      answer: returns({ b: 2 }),
      sent: '{"a":1}',
      output: '{"ExecutedVersion":"$LATEST","Payload":"{\\"b\\":2}","StatusCode":200}',
    },
    {
      of: 'a function that failed',
      resource: 'aws-sdk:lambda:invoke',
      Payload: null,
      answer: failed,
      sent: '{}',
      output: '{"ExecutedVersion":"$LATEST","FunctionError":"Unhandled","Payload":"{\\"errorType\\": \\"E\\"}","StatusCode":200}',
    },
    {
      of: 'an event',
      resource: 'aws-sdk:lambda:invoke',
      Payload: '{"a": 1}',
      answer: { StatusCode: 202 },
      sent: '{"a": 1}',
      output: '{"Payload":"","StatusCode":202}',
    },
    {
      of: 'an event',
      resource: 'lambda:invoke',
      Payload: { a: 1 },
      answer: { StatusCode: 202, ExecutedVersion: '$LATEST' },
      sent: '{"a":1}',
      output: /^\{"Payload":null,"SdkHttpMetadata":\{.*"HttpStatusCode":202\},"SdkResponseMetadata":\{.*\},"StatusCode":202\}$/,
    },
  ])('of $resource tells what became of $of', async ({ resource, Payload, answer, sent, output }) => {
    const { calls, handler } = recorder(() => answer);
    const harness = new Harness({ services: { lambda: handler } });
    const run = await harness.run(task(`arn:aws:states:::${resource}`, { FunctionName: 'f', Payload }));
    expect(run.status).toBe('SUCCEEDED');
    expect(run.output).toEqual(typeof output === 'string' ? output : expect.stringMatching(output));
    expect(calls).toMatchObject([{ FunctionName: 'f', Payload: sent }]);
  });

  it('of a function by its ARN hands on what it wrote as it wrote it', async () => {
    const harness = new Harness({ services: { lambda: () => ({ ...returns(0), Payload: '{ "a": 1.0 }' }) } });
    const state = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f' };
    const run = await harness.run({ S: { ...state, Next: 'P' }, P: { Type: 'Pass', End: true } });
    expect(run).toMatchObject({ output: '{ "a": 1.0 }' });
    harness.machine({ S: { ...state, Output: '{% $states.result %}', End: true } }, { name: 'anew' });
    expect(await harness.describe(await harness.start({}, { machine: 'anew' }))).toMatchObject({ output: '{"a":1}' });
  });

  it('of a parameter tells its times as text', async () => {
    const Parameter = { Name: 'n', Value: 'v', LastModifiedDate: Date.parse('2026-03-02T08:00:00Z') / 1000 };
    const harness = new Harness({ services: { ssm: () => ({ Parameter }) } });
    const run = await harness.run(task('arn:aws:states:::aws-sdk:ssm:getParameter', { Name: 'n' }));
    expect(JSON.parse(run.output ?? '')).toEqual({ Parameter: { ...Parameter, LastModifiedDate: '2026-03-02T08:00:00Z' } });
  });

  it.each([
    { resource: 'aws-sdk:dynamodb:putItem', thrown: 'ValidationException', error: 'DynamoDb.DynamoDbException' },
    { resource: 'dynamodb:putItem', thrown: 'ValidationException', error: 'DynamoDB.AmazonDynamoDBException' },
    { resource: 'aws-sdk:dynamodb:putItem', thrown: 'ThrottlingException', error: 'DynamoDb.ThrottlingException' },
    { resource: 'aws-sdk:dynamodb:putItem', thrown: 'InternalServerError', error: 'DynamoDb.InternalServerErrorException' },
    { resource: 'aws-sdk:sqs:sendMessage', thrown: 'MissingParameter', error: 'Sqs.SqsException' },
    { resource: 'sqs:sendMessage', thrown: 'InternalFailure', error: 'SQS.AmazonSQSException' },
    { resource: 'sqs:sendMessage', thrown: 'QueueDoesNotExist', error: 'SQS.QueueDoesNotExistException' },
    { resource: 'aws-sdk:s3:getObject', thrown: 'NoSuchKey', error: 'S3.NoSuchKeyException' },
    { resource: 'aws-sdk:s3:getObject', thrown: 'InvalidArgument', error: 'S3.S3Exception' },
    { resource: 'aws-sdk:s3:getObject', thrown: 'InvalidRequest', error: 'S3.InvalidRequestException' },
    { resource: 'lambda:invoke', thrown: 'AccessDeniedException', error: 'Lambda.AWSLambdaException' },
    { resource: 'lambda:invoke', thrown: 'TooManyRequestsException', error: 'Lambda.TooManyRequestsException' },
  ])('of $resource that fails with $thrown fails with $error', async ({ resource, thrown, error }) => {
    const refuse = () => {
      throw new AwsError(thrown, 'no');
    };
    const harness = new Harness({ services: { dynamodb: refuse, sqs: refuse, lambda: refuse, s3: refuse } });
    const given = resource.includes('dynamodb')
      ? { TableName: 'T', Item: {} }
      : resource.includes('sqs')
        ? { QueueUrl: 'q', MessageBody: 'm' }
        : resource.includes('s3')
          ? { Bucket: 'b', Key: 'k' }
          : { FunctionName: 'f' };
    expect((await harness.run(task(`arn:aws:states:::${resource}`, given))).error).toBe(error);
  });

  it('of a service of this cloud that breaks fails the task and is reported', async () => {
    const harness = new Harness({
      services: {
        dynamodb: () => {
          throw new TypeError('a defect');
        },
      },
    });
    const run = await harness.run(task('arn:aws:states:::dynamodb:putItem', { TableName: 'T', Item: {} }));
    expect(run.error).toBe('States.Runtime');
    expect(harness.kernel.failures()).toHaveLength(1);
  });

  it('refuses members that an expression made up', async () => {
    const run = await new Harness().run(
      task('arn:aws:states:::sqs:sendMessage', "{% {'QueueUrl': 'q', 'Body': 'x', 'MessageBody': 'y'} %}"),
    );
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain("The field 'Body' is not supported by sqs:sendMessage");
  });
});

describe('a Lambda function', () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';

  it('named by its ARN takes the arguments as its event and gives its result bare', async () => {
    const { calls, handler } = recorder(() => returns({ b: 2 }));
    const harness = new Harness({ services: { lambda: handler } });
    expect(await harness.run(task(arn, { a: 1 }))).toMatchObject({ output: '{"b":2}' });
    expect(calls).toEqual([{ operation: 'Invoke', FunctionName: arn, Payload: '{"a":1}' }]);
  });

  it.each([
    { resource: arn, type: 'LambdaFunctionFailed' },
    { resource: 'arn:aws:states:::lambda:invoke', type: 'TaskFailed' },
  ])('that throws fails with the name of its error ($type)', async ({ resource, type }) => {
    const harness = new Harness({ services: { lambda: () => throws('DecideAgain', 'moved') } });
    const run = await harness.run(task(resource, { FunctionName: 'f' }));
    expect(run).toMatchObject({ error: 'DecideAgain', cause: '{"errorType":"DecideAgain","errorMessage":"moved"}' });
    expect(await harness.types(run.arn)).toContain(type);
  });

  it('that does not exist fails with Lambda.ResourceNotFoundException', async () => {
    const harness = new Harness({
      services: {
        lambda: () => {
          throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
        },
      },
    });
    expect((await harness.run(task(arn, {}))).error).toBe('Lambda.ResourceNotFoundException');
  });

  it.each([
    { seconds: 10, status: 'SUCCEEDED' },
    { seconds: 11, status: 'FAILED' },
  ])('that takes $seconds seconds of virtual time has $status under a timeout of 10', async ({ seconds, status }) => {
    const harness = new Harness({ services: { lambda: () => ({ ...returns(1), VirtualDurationMs: seconds * 1000 }) } });
    harness.machine(task(arn, {}, { TimeoutSeconds: 10 }));
    const execution = await harness.start();
    await harness.kernel.advance(60_000);
    expect(await harness.describe(execution)).toMatchObject({ status });
  });

  it('whose result is larger than 256 KiB fails with States.DataLimitExceeded', async () => {
    const harness = new Harness({ services: { lambda: () => returns('x'.repeat(300_000)) } });
    expect((await harness.run(task(arn, {}))).error).toBe('States.DataLimitExceeded');
  });
});

describe('another execution', () => {
  const childArn = `${machineArn('child').replace('stateMachine', 'execution')}:c`;
  const child = {
    W: { Type: 'Wait', Seconds: 10, Next: 'C' },
    C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.ok %}', Next: 'S' }], Default: 'F' },
    S: { Type: 'Succeed', Output: { done: 1 } },
    F: { Type: 'Fail', Error: 'E', Cause: 'c' },
  };
  const parent = (suffix: string, ok: boolean) =>
    task(`arn:aws:states:::states:startExecution${suffix}`, { StateMachineArn: machineArn('child'), Name: 'c', Input: { ok } });

  it('is started and left alone', async () => {
    const harness = new Harness();
    harness.machine(child, { name: 'child' });
    const run = await harness.run(parent('', true));
    const ExecutionArn = `${machineArn('child').replace('stateMachine', 'execution')}:c`;
    expect(Object.entries(JSON.parse(run.output ?? '{}') as object)).toEqual([
      ['ExecutionArn', ExecutionArn],
      ['SdkHttpMetadata', expect.objectContaining({ HttpStatusCode: 200 })],
      ['SdkResponseMetadata', { RequestId: expect.any(String) }],
      ['StartDate', START],
    ]);
  });

  it.each([
    { suffix: '.sync', Output: '{"done":1}' },
    { suffix: '.sync:2', Output: { done: 1 } },
  ])('is waited for with $suffix', async ({ suffix, Output }) => {
    const harness = new Harness();
    harness.machine(child, { name: 'child' });
    harness.machine(parent(suffix, true));
    const arn = await harness.start();
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await harness.kernel.advance(10_000);
    expect(await harness.output(arn)).toMatchObject({
      Name: 'c',
      Status: 'SUCCEEDED',
      Output,
      StartDate: START,
      StopDate: START + 10_000,
      RedriveCount: 0,
      RedriveStatus: 'NOT_REDRIVABLE',
    });
  });

  it.each(['.sync', '.sync:2'])('is not waited for with %s where it is an Express one', async (suffix) => {
    const harness = new Harness();
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'W', States: child });
    harness.states.createStateMachine({ name: 'child', arn: machineArn('child'), definition, roleArn: ROLE, type: 'EXPRESS' });
    const run = await harness.run(parent(suffix, true));
    expect(run).toMatchObject({
      status: 'FAILED',
      error: 'StepFunctions.InvalidArnException',
      cause: expect.stringContaining("Invalid Arn: 'Resource type not valid in this context: express' (Service: AWSStepFunctions;"),
    });
    expect((await harness.types(run.arn)).slice(-3)).toEqual(['TaskSubmitted', 'TaskFailed', 'ExecutionFailed']);
  });

  it('fails the task with States.TaskFailed and its description when it fails', async () => {
    const harness = new Harness();
    harness.machine(child, { name: 'child' });
    harness.machine(parent('.sync', false));
    const arn = await harness.start();
    await harness.kernel.advance(10_000);
    const { error, cause } = await harness.describe(arn);
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause ?? '{}')).toMatchObject({ Error: 'E', Cause: 'c', Status: 'FAILED' });
  });

  it('is stopped with the one that waits for it', async () => {
    const harness = new Harness();
    harness.machine(child, { name: 'child' });
    harness.machine(parent('.sync', true));
    const executionArn = await harness.start();
    await harness.call('StopExecution', { executionArn });
    await harness.kernel.settle();
    expect(await harness.describe(`${machineArn('child').replace('stateMachine', 'execution')}:c`)).toMatchObject({ status: 'ABORTED' });
  });

  it('tells who waits for it after a restart that came between its end and the telling', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const before = new Harness({ directory });
    before.machine(child, { name: 'child' });
    before.machine(parent('.sync', true));
    const arn = await before.start();
    const stopped = before.call('StopExecution', { executionArn: childArn });
    before.kernel.stop();
    await stopped;
    const after = new Harness({ directory });
    after.kernel.resume();
    await after.kernel.settle();
    expect(await after.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    after.kernel.stop();
    rmSync(directory, { recursive: true });
  });

  it('is StepFunctions to the optimized integration and Sfn to the other', async () => {
    const harness = new Harness();
    const input = { StateMachineArn: machineArn('none') };
    expect((await harness.run(task('arn:aws:states:::states:startExecution', input))).error).toBe(
      'StepFunctions.StateMachineDoesNotExistException',
    );
    harness.machine(task('arn:aws:states:::aws-sdk:sfn:startExecution', input), { name: 'sdk' });
    expect(await harness.describe(await harness.start({}, { machine: 'sdk' }))).toMatchObject({
      error: 'Sfn.StateMachineDoesNotExistException',
    });
  });

  it('is described in the spelling of integrations', async () => {
    const harness = new Harness();
    const run = await harness.run(
      task('arn:aws:states:::aws-sdk:sfn:describeExecution', { ExecutionArn: '{% $states.context.Execution.Id %}' }),
    );
    expect(JSON.parse(run.output ?? '{}')).toMatchObject({ Status: 'RUNNING', StartDate: '2026-03-02T09:00:00Z' });
  });
});
