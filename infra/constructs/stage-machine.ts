import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { physicalName, type Stage } from '../names.ts';
import { acknowledge } from './acknowledge.ts';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import { tableStatements } from './permissions.ts';
import { type Platform, stateMachineArn } from './platform.ts';

/** What a stage's machine is made of. */
interface StageMachineProps {
  readonly platform: Platform;
  readonly stage: Stage;
  /** Holds `<stage>.asl.json`. */
  readonly workflows: string;
  /** The functions a definition may call, by placeholder. */
  readonly functions: Readonly<Record<string, lambda.IFunction>>;
}

/**
 * The machine of one stage. Its definition is the text of `workflows/<stage>.asl.json`; only `${…}` placeholders are filled in, by
 * CloudFormation. The role may call the functions that this definition names, and no others.
 */
export class StageMachine extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: StageMachineProps) {
    super(scope, id);
    const { config, key, table } = props.platform;
    const definition = readDefinition(props.workflows, props.stage);
    const values: Readonly<Record<string, string>> = {
      ...Object.fromEntries(Object.entries(props.functions).map(([name, { functionArn }]) => [name, functionArn])),
      Cases: table.tableName,
      Partition: Aws.PARTITION,
    };
    const names = placeholdersOf(definition);
    const unknown = names.find((name) => !Object.hasOwn(values, name));
    if (unknown !== undefined) throw new Error(`workflows/${props.stage}.asl.json: nothing fills in the placeholder \${${unknown}}`);
    const role = this.#createRole(props, names);
    this.machine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: physicalName(config, props.stage),
      stateMachineType: sfn.StateMachineType.STANDARD,
      definitionBody: sfn.DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(names.map((name) => [name, values[name] ?? ''])),
      role,
      logs: {
        destination: encryptedLogGroup(this, 'Log', { config, key, owner: '/aws/vendedlogs', name: `states-${props.stage}` }),
        level: sfn.LogLevel.ERROR,
        includeExecutionData: false,
      },
      tracingEnabled: false,
      // The longest period AWS allows: fewer calls to KMS, and the key can still be withdrawn within a quarter of an hour.
      encryptionConfiguration: new sfn.CustomerManagedEncryptionConfiguration(key, Duration.seconds(900)),
    });
    this.#acknowledgeFindings(role);
  }

  #createRole(props: StageMachineProps, placeholders: readonly string[]): iam.Role {
    const called = placeholders.flatMap((name) => props.functions[name]?.functionArn ?? []);
    const role = new iam.Role(this, 'Role', {
      description: `Runs ${physicalName(props.platform.config, props.stage)}`,
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnEquals: { 'aws:SourceArn': stateMachineArn(this, props.platform.config, props.stage) },
        },
      }),
    });
    if (called.length > 0) role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: called }));
    for (const statement of tableStatements(props.platform, 'update')) role.addToPolicy(statement);
    return role;
  }

  #acknowledgeFindings(role: iam.Role): void {
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'Log delivery of Step Functions has no resource-level permissions: docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
    );
    acknowledge(
      this,
      'AwsSolutions-SF1',
      'The execution history holds every event for 90 days, and the case timeline for good. Logging all of them again would cost more ' +
        'than the executions and bring execution data close to the logs; errors are logged, without data.',
    );
    acknowledge(
      this,
      'AwsSolutions-SF2',
      'An execution waits for days or weeks, far longer than a trace may last; the case timeline and the execution link are the trace.',
    );
  }
}

function readDefinition(workflows: string, stage: Stage): string {
  const definition = readFileSync(join(workflows, `${stage}.asl.json`), 'utf8');
  try {
    JSON.parse(definition);
  } catch (error) {
    throw new Error(`workflows/${stage}.asl.json is not JSON`, { cause: error });
  }
  return definition;
}

function placeholdersOf(definition: string): string[] {
  return [...new Set([...definition.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? ''))].sort();
}
