import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { Alarms } from '../constructs/alarms.ts';
import { Feedback } from '../constructs/feedback.ts';
import { HttpApis } from '../constructs/http-apis.ts';
import { Intake } from '../constructs/intake.ts';
import { Notices } from '../constructs/notices.ts';
import { type Platform, platformOf, stateMachineArns } from '../constructs/platform.ts';
import { StageMachine } from '../constructs/stage-machine.ts';
import { type FunctionName, pascalCase, physicalName, type Stage, stages } from '../names.ts';
import type { DataStack } from './data-stack.ts';
import { createFunctions } from './functions.ts';

/** Where the code of the application lies. */
export interface Sources {
  /** Holds `<function>/index.js`: the output of `tools/bundle.ts`. */
  readonly bundles: string;
  /** Holds `<stage>.asl.json`. */
  readonly workflows: string;
}

/** Everything without a memory: functions, machines, intake, API, alarms. It can be rolled back or made anew at any time. */
export class AppStack extends Stack {
  readonly #platform: Platform;
  readonly #functions: Record<FunctionName, lambda.Function>;

  constructor(scope: Construct, id: string, props: StackProps & { config: Config; data: DataStack; sources: Sources }) {
    super(scope, id, props);
    this.#platform = platformOf(this, props.config, props.data);
    this.#functions = createFunctions(this, this.#platform, props.sources.bundles);
    const machines = this.#createMachines(props.sources.workflows);
    const intake = new Intake(this, 'Intake', this.#platform);
    intake.feed(this.#functions['take-in-events']);
    this.#publishFromStream();
    this.#sweep();
    new Notices(this, 'Notices', { platform: this.#platform, sender: this.#functions['send-notices'] });
    new Feedback(this, 'Feedback', { platform: this.#platform, handler: this.#functions['take-in-feedback'] });
    new HttpApis(this, 'Http', { platform: this.#platform, handler: this.#functions['serve-api'] });
    new Alarms(this, 'Alarms', { platform: this.#platform, intake: intake.queue, functions: this.#functions, machines });
  }

  #createMachines(workflows: string): Record<Stage, sfn.StateMachine> {
    const functions = {
      Decide: this.#functions.decide,
      SendContact: this.#functions['send-contact'],
      OpenTask: this.#functions['open-task'],
      RecordStep: this.#functions['record-step'],
      AssembleEvidence: this.#functions['assemble-evidence'],
      MoveCase: this.#functions['move-case'],
    };
    const machines = stages.map((stage) => {
      const id = `${pascalCase(stage)}StateMachine`;
      const { machine } = new StageMachine(this, id, { platform: this.#platform, stage, workflows, functions });
      new CfnOutput(this, `${id}Arn`, { value: machine.stateMachineArn, description: `The machine of the ${stage} stage` });
      return [stage, machine] as const;
    });
    return Object.fromEntries(machines) as Record<Stage, sfn.StateMachine>;
  }

  /**
   * Events out come from the table's stream only: of new timeline entries and rejections, nothing else. A record that cannot be
   * published holds up its shard for at most ten tries, is split off from its batch, and is reported to the dead-letter queue by its
   * place in the stream.
   */
  #publishFromStream(): void {
    const publisher = this.#functions['publish-events'];
    const inserted = (keys: Record<string, unknown>): Record<string, unknown> =>
      lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.isEqual('INSERT'), dynamodb: { Keys: keys } });
    new lambda.EventSourceMapping(this, 'TimelineStream', {
      target: publisher,
      ...(this.#platform.table.tableStreamArn === undefined ? {} : { eventSourceArn: this.#platform.table.tableStreamArn }),
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      retryAttempts: 10,
      onFailure: { bind: () => ({ destination: this.#platform.deadLetterQueue.queueArn }) },
      filters: [
        inserted({ sk: { S: lambda.FilterRule.beginsWith('T#') } }),
        inserted({ pk: { S: lambda.FilterRule.beginsWith('REJECTED#') } }),
      ],
    });
  }

  /** Every ten minutes for what nobody reported, and at once for an execution of ours that ended without handing over. */
  #sweep(): void {
    const { config, deadLetterQueue } = this.#platform;
    const target = (): targets.LambdaFunction =>
      new targets.LambdaFunction(this.#functions['sweep-cases'], { deadLetterQueue, retryAttempts: 10, maxEventAge: Duration.hours(1) });
    new events.Rule(this, 'SweepSchedule', {
      ruleName: physicalName(config, 'sweep'),
      description: 'Looks for cases that slept past their wake-up time',
      schedule: events.Schedule.rate(Duration.minutes(10)),
      targets: [target()],
    });
    new events.Rule(this, 'DeadExecutions', {
      ruleName: physicalName(config, 'dead-executions'),
      description: 'Executions that failed, timed out or were stopped',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: stateMachineArns(this, config) },
      },
      targets: [target()],
    });
  }
}
