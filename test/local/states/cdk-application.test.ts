import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineAliasCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetActivityTaskCommand,
  ListMapRunsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  TestStateCommand,
} from '@aws-sdk/client-sfn';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import {
  Activity,
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  CsvHeaders,
  DefinitionBody,
  DistributedMap,
  ItemBatcher,
  Pass,
  ProcessorMode,
  ProcessorType,
  QueryLanguage,
  ResultWriterV2,
  S3CsvItemReader,
  StateMachine,
  StateMachineType,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsInvokeActivity } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2 } from 'aws-cdk-lib/cx-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** What CDK's own constructs make of a file's rows, an Express workflow, an activity, and an alias. */
function application(): string {
  return synthesize((app) => {
    const stack = new Stack(app, 'App');
    stack.node.setContext(STEPFUNCTIONS_USE_DISTRIBUTED_MAP_RESULT_WRITER_V2, true);
    new CfnBucket(stack, 'Data', { bucketName: 'data' });
    const bucket = Bucket.fromBucketName(stack, 'DataByName', 'data');
    const rows = DistributedMap.jsonata(stack, 'EachRow', {
      itemReader: new S3CsvItemReader({ bucket, key: 'rows.csv', csvHeaders: CsvHeaders.useFirstRow() }),
      itemBatcher: new ItemBatcher({ maxItemsPerBatch: 2 }),
      resultWriterV2: new ResultWriterV2({ bucket, prefix: 'out' }),
      toleratedFailurePercentage: 10,
      maxConcurrency: 5,
      label: 'rows',
    }).itemProcessor(Pass.jsonata(stack, 'Count', { outputs: '{% $count($states.input.Items) %}' }), {
      mode: ProcessorMode.DISTRIBUTED,
      executionType: ProcessorType.STANDARD,
    });
    const machines = {
      Rows: DefinitionBody.fromChainable(rows),
      Work: DefinitionBody.fromChainable(
        StepFunctionsInvokeActivity.jsonata(stack, 'Worker', { activity: new Activity(stack, 'Activity', { activityName: 'work' }) }),
      ),
      Fast: DefinitionBody.fromChainable(Wait.jsonata(stack, 'Linger', { time: WaitTime.duration(Duration.seconds(5)) })),
    };
    for (const [name, definitionBody] of Object.entries(machines)) {
      const stateMachineType = name === 'Fast' ? StateMachineType.EXPRESS : StateMachineType.STANDARD;
      const machine = new StateMachine(stack, name, {
        stateMachineName: name,
        definitionBody,
        queryLanguage: QueryLanguage.JSONATA,
        stateMachineType,
      });
      new CfnOutput(stack, `${name}Arn`, { value: machine.stateMachineArn });
      if (name !== 'Rows') continue;
      const version = new CfnStateMachineVersion(stack, 'Version', {
        stateMachineArn: machine.stateMachineArn,
        stateMachineRevisionId: machine.stateMachineRevisionId,
      });
      const alias = new CfnStateMachineAlias(stack, 'Alias', {
        name: 'live',
        deploymentPreference: { stateMachineVersionArn: version.attrArn, type: 'CANARY', percentage: 10, interval: 5 },
      });
      new CfnOutput(stack, 'AliasArn', { value: alias.ref });
    }
  });
}

describe('an application of CDK constructs, over the port', () => {
  let server: RunningServer;
  let sfn: SFNClient;
  let s3: S3Client;
  let outputs: Record<string, string>;
  beforeAll(async () => {
    server = await startServer({ port: 0, assembly: application(), start: '2026-03-02T01:00:00Z', seed: 5 });
    const config = {
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'thing' },
      maxAttempts: 1,
    };
    // AWS serves StartSyncExecution and TestState at a host of their own (`sync-states`), which a client is told not to look for here.
    sfn = new SFNClient({ ...config, disableHostPrefix: true });
    s3 = new S3Client({ ...config, forcePathStyle: true });
    outputs = server.cloud.outputs();
  });
  afterAll(() => {
    sfn.destroy();
    s3.destroy();
    return server.close();
  });

  const move = (seconds: number) =>
    fetch(`${server.url}/_local/clock`, { method: 'POST', body: JSON.stringify({ advance: `PT${seconds}S` }) });

  /** A request has come so far that it waits for the clock. */
  const timerAfter = async (milliseconds: number): Promise<void> => {
    const { kernel } = server.cloud;
    while (kernel.nextTimerAt() !== kernel.now() + milliseconds) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('maps over the rows of a file by way of an alias', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'rows.csv', Body: 'id,amount\n1,10\n2,20\n3,30\n' }));
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.AliasArn, name: 'first' }));
    await server.cloud.settle();
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({
      status: 'SUCCEEDED',
      stateMachineVersionArn: `${outputs.RowsArn}:1`,
      stateMachineAliasArn: `${outputs.RowsArn}:live`,
    });
    const { mapRuns } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    const run = await sfn.send(new DescribeMapRunCommand({ mapRunArn: mapRuns?.[0]?.mapRunArn }));
    expect(run).toMatchObject({ status: 'SUCCEEDED', itemCounts: { total: 3 }, executionCounts: { total: 2, resultsWritten: 2 } });
    const { ResultWriterDetails: written } = JSON.parse(described.output ?? '') as { ResultWriterDetails: { Bucket: string; Key: string } };
    const manifest = await s3.send(new GetObjectCommand(written));
    const { ResultFiles: files } = JSON.parse((await manifest.Body?.transformToString()) ?? '') as {
      ResultFiles: { SUCCEEDED: { Key: string }[] };
    };
    const file = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: files.SUCCEEDED[0]?.Key }));
    const results = JSON.parse((await file.Body?.transformToString()) ?? '') as { Output: string }[];
    expect(results.map(({ Output }) => Output)).toEqual(['2', '1']);
  });

  it('holds the answer of an Express workflow until the clock has moved', async () => {
    const answer = sfn.send(new StartSyncExecutionCommand({ stateMachineArn: outputs.FastArn, input: '{"n":1}' }));
    await timerAfter(5_000);
    await move(5);
    expect(await answer).toMatchObject({ status: 'SUCCEEDED', output: '{"n":1}', billingDetails: { billedDurationInMilliseconds: 5000 } });
  });

  it('tests a state by itself', async () => {
    const state = {
      Type: 'Task',
      QueryLanguage: 'JSONata',
      Resource: 'arn:aws:states:::states:startExecution',
      Arguments: { StateMachineArn: outputs.FastArn, Input: { n: '{% $states.input.n %}' } },
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      End: true,
    };
    const given = { definition: JSON.stringify(state), input: '{"n":5}' };
    const roleArn = 'arn:aws:iam::000000000000:role/r';
    const answer = await sfn.send(new TestStateCommand({ ...given, roleArn, inspectionLevel: 'DEBUG' }));
    await move(5);
    expect(answer).toMatchObject({
      status: 'SUCCEEDED',
      output: expect.stringContaining('"ExecutionArn"'),
      inspectionData: { input: '{"n":5}', afterArguments: JSON.stringify({ StateMachineArn: outputs.FastArn, Input: { n: 5 } }) },
    });
    const failure = { errorOutput: { error: 'Busy', cause: 'c' } };
    expect(await sfn.send(new TestStateCommand({ ...given, mock: failure, inspectionLevel: 'TRACE' }))).toMatchObject({
      status: 'RETRIABLE',
      error: 'Busy',
      inspectionData: { errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 1 } },
    });
  });

  it('holds the poll of a worker until there is a task', async () => {
    const activityArn = 'arn:aws:states:us-east-1:000000000000:activity:work';
    const polled = sfn.send(new GetActivityTaskCommand({ activityArn, workerName: 'w' }));
    await timerAfter(60_000);
    await move(30);
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.WorkArn, name: 'a', input: '"do it"' }));
    const { taskToken, input } = await polled;
    expect(input).toBe('"do it"');
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"done"' }));
    await server.cloud.settle();
    expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  });

  it('answers whoever is held when it goes back to a snapshot', async () => {
    // Prepare: the poll and the execution are of after the snapshot, which knows nothing of them.
    const activityArn = 'arn:aws:states:us-east-1:000000000000:activity:work';
    await server.cloud.snapshots.save('before');
    const polled = sfn.send(new GetActivityTaskCommand({ activityArn }));
    await timerAfter(60_000);
    const answer = sfn.send(new StartSyncExecutionCommand({ stateMachineArn: outputs.FastArn }));
    const refused = expect(answer).rejects.toMatchObject({ name: 'ExecutionDoesNotExist', $metadata: { attempts: 1 } });
    await timerAfter(5_000);

    // Act
    await server.cloud.snapshots.restore('before');

    // Assess: as at the end of a poll's minute; and what is held now is the restored cloud's.
    expect((await polled).taskToken).toBeUndefined();
    await refused;
    const again = sfn.send(new StartSyncExecutionCommand({ stateMachineArn: outputs.FastArn }));
    await timerAfter(5_000);
    await move(5);
    expect(await again).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('refuses an alias of weights that do not make a hundred with a message of its own', async () => {
    const command = new CreateStateMachineAliasCommand({
      name: 'bad',
      routingConfiguration: [{ stateMachineVersionArn: `${outputs.RowsArn}:1`, weight: 50 }],
    });
    await expect(sfn.send(command)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(server.cloud.kernel.failures()).toEqual([]);
  });
});
