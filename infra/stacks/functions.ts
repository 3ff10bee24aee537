import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { usesGateway } from '../config/schema.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { evidenceArn, evidenceBucketName } from '../constructs/evidence-store.ts';
import { configurationSetName } from '../constructs/feedback.ts';
import { intakeTimeout } from '../constructs/intake.ts';
import { JourneyFunction, type JourneyFunctionProps } from '../constructs/journey-function.ts';
import { messagesArn, messagesBucketName } from '../constructs/message-store.ts';
import {
  deadLetterStatements,
  evidenceStatements,
  executionStatements,
  messageStatements,
  sendingStatements,
  streamStatements,
  tableStatements,
} from '../constructs/permissions.ts';
import type { Platform } from '../constructs/platform.ts';
import { type FunctionName, functionNames, ownSource, pascalCase, physicalName, stages } from '../names.ts';

type FunctionSpec = Omit<JourneyFunctionProps, 'platform' | 'bundles' | 'name'>;

/** The functions: what each is for, how long it may take, and all it may do. */
export function createFunctions(scope: Construct, platform: Platform, bundles: string): Record<FunctionName, lambda.Function> {
  const specs = {
    ...intakeSpecs(scope, platform),
    ...stepSpecs(scope, platform),
    ...edgeSpecs(scope, platform),
    ...noticeSpecs(scope, platform),
    ...feedbackSpecs(scope, platform),
  };
  const created = functionNames.map((name) => {
    const construct = new JourneyFunction(scope, pascalCase(name), { platform, bundles, name, ...specs[name] });
    return [name, construct.function] as const;
  });
  acknowledgeWildcards(scope, platform);
  return Object.fromEntries(created) as Record<FunctionName, lambda.Function>;
}

function intakeSpecs(scope: Construct, platform: Platform): Record<'take-in-events' | 'publish-events' | 'sweep-cases', FunctionSpec> {
  return {
    'take-in-events': {
      description: 'Takes bank events in: validates, records, wakes the case; rejects with a reason',
      timeout: intakeTimeout,
      permissions: [...tableStatements(platform, 'get', 'query', 'write'), ...executionStatements(scope, platform, 'start', 'signal')],
    },
    'publish-events': {
      description: 'Puts what became true on the bus, from the stream of timeline entries and rejections',
      timeout: Duration.seconds(60),
      permissions: [
        ...streamStatements(platform),
        ...deadLetterStatements(platform),
        new iam.PolicyStatement({
          actions: ['events:PutEvents'],
          resources: [platform.bus.eventBusArn],
          conditions: { 'ForAllValues:StringEquals': { 'events:source': ownSource } },
        }),
      ],
      environment: { EVENT_BUS_NAME: platform.bus.eventBusName, DEAD_LETTER_QUEUE_URL: platform.deadLetterQueue.queueUrl },
    },
    'sweep-cases': {
      description: 'Mends cases whose execution died or whose wake-up was lost',
      // Less than the ten minutes between two sweeps, so that they hardly ever overlap; they may.
      timeout: Duration.minutes(4),
      permissions: [
        ...tableStatements(platform, 'get', 'query-indexes', 'write'),
        ...executionStatements(scope, platform, 'start', 'signal', 'describe'),
        ...deadLetterStatements(platform),
      ],
      asynchronous: true,
    },
  };
}

/** The functions that machines call. */
function stepSpecs(
  scope: Construct,
  platform: Platform,
): Record<'decide' | 'send-contact' | 'open-task' | 'record-step' | 'assemble-evidence' | 'move-case', FunctionSpec> {
  const timeout = Duration.seconds(30);
  return {
    decide: {
      description: 'Reads a case and says what is due; writes nothing',
      timeout,
      permissions: tableStatements(platform, 'get'),
    },
    'send-contact': {
      description: 'Gates, reserves, hands to the provider, records',
      timeout,
      permissions: [...tableStatements(platform, 'get', 'write'), ...sendingRights(scope, platform)],
      environment: sendingEnvironment(platform),
    },
    'open-task': {
      description: 'Opens a task for a person',
      timeout,
      permissions: tableStatements(platform, 'get', 'write'),
    },
    'record-step': {
      description: 'Records what a stage did that is neither a contact nor a task',
      timeout,
      permissions: tableStatements(platform, 'get', 'write'),
    },
    'assemble-evidence': {
      description: 'Builds the evidence of a case and puts it under lock',
      // Thousands of entries are read and written once more; the machine waits a little longer.
      timeout: Duration.minutes(2),
      permissions: [...tableStatements(platform, 'get', 'query', 'write'), ...evidenceStatements(platform)],
      environment: { EVIDENCE_BUCKET: evidenceBucketName(platform.config) },
    },
    'move-case': {
      description: 'Hands a case over to another stage, or closes it',
      timeout,
      // Whoever hands over also sees to it that the successor runs or wakes (protocol: Nudge).
      // Whoever closes a case gives the words that were kept for it their end.
      permissions: [...tableStatements(platform, 'get', 'query', 'write'), ...executionStatements(scope, platform, 'start', 'signal')],
    },
  };
}

function edgeSpecs(scope: Construct, platform: Platform): Record<'serve-api', FunctionSpec> {
  return {
    'serve-api': {
      description: 'Answers the HTTP API',
      // API Gateway gives up after 30 s: the caller hears of it from us first.
      timeout: Duration.seconds(28),
      permissions: [
        ...tableStatements(platform, 'get', 'query', 'query-indexes', 'write'),
        ...executionStatements(scope, platform, 'start', 'signal'),
      ],
    },
  };
}

/** Messages outside the journeys: the same ways out as `send-contact`, and no execution to start or to wake. */
function noticeSpecs(scope: Construct, platform: Platform): Record<'send-notices', FunctionSpec> {
  return {
    'send-notices': {
      description: 'Reminds of statements before they fall due, and acknowledges payments',
      timeout: Duration.minutes(5),
      permissions: [
        ...tableStatements(platform, 'get', 'query-indexes', 'write'),
        ...streamStatements(platform),
        ...sendingRights(scope, platform),
        ...deadLetterStatements(platform),
      ],
      environment: sendingEnvironment(platform),
      asynchronous: true,
    },
  };
}

/** All that handing a message over takes, whoever does it. */
function sendingRights(scope: Construct, platform: Platform): iam.PolicyStatement[] {
  return [...sendingStatements(platform), ...providerStatements(scope, platform), ...messageStatements(platform)];
}

function sendingEnvironment({ config, sendingParameter }: Platform): Record<string, string> {
  const set = configurationSetName(config);
  return {
    SENDING_PARAMETER: sendingParameter.parameterName,
    SENDER_EMAIL: config.sender.email,
    ...(config.sender.smsSenderId === undefined ? {} : { SENDER_ID: config.sender.smsSenderId }),
    ...(usesGateway(config) ? { MESSAGES_BUCKET: messagesBucketName(config) } : {}),
    ...(set === undefined ? {} : { SES_CONFIGURATION_SET: set }),
  };
}

/**
 * SMS to phone numbers and e-mail from our identity, where these leave by AWS; raw e-mail where it says how to stop it. A phone
 * number is no resource of IAM's, so the statement leaves out instead of naming: everything but topics and platform endpoints, which
 * have ARNs.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
function providerStatements(scope: Construct, platform: Platform): iam.PolicyStatement[] {
  const { partition, region, account } = Stack.of(scope);
  const { email, sesIdentity } = platform.config.sender;
  const { channels, words } = platform.config.deployment;
  const sms = new iam.PolicyStatement({ actions: ['sns:Publish'], notResources: [`arn:${partition}:sns:*:*:*`] });
  const mail = new iam.PolicyStatement({
    actions: ['ses:SendEmail', ...(words.unsubscribe === undefined ? [] : ['ses:SendRawEmail'])],
    // Sending by a configuration set is an act on it too.
    resources: [`identity/${sesIdentity}`, `configuration-set/${configurationSetName(platform.config)}`].map(
      (resource) => `arn:${partition}:ses:${region}:${account}:${resource}`,
    ),
    conditions: { StringEquals: { 'ses:FromAddress': email } },
  });
  return [...(channels.sms === 'aws' ? [sms] : []), ...(channels.email === 'aws' ? [mail] : [])];
}

function feedbackSpecs(scope: Construct, platform: Platform): Record<'take-in-feedback', FunctionSpec> {
  return {
    'take-in-feedback': {
      description: 'Takes in what SES and SNS report of messages: delivered, bounced, complained of',
      // A batch of a log can hold thousands of reports.
      timeout: Duration.minutes(5),
      permissions: [
        ...tableStatements(platform, 'get', 'query', 'write'),
        ...executionStatements(scope, platform, 'start', 'signal'),
        ...deadLetterStatements(platform),
      ],
      asynchronous: true,
    },
  };
}

/** The rule spells pseudo parameters in angle brackets. */
function readable(arn: string): string {
  return arn.replace(Aws.PARTITION, '<AWS::Partition>').replace(Aws.ACCOUNT_ID, '<AWS::AccountId>').replace(Aws.REGION, '<AWS::Region>');
}

function acknowledgeWildcards(scope: Construct, platform: Platform): void {
  if (usesGateway(platform.config)) {
    const finding = `AwsSolutions-IAM5[Resource::${readable(messagesArn(platform.config))}]`;
    for (const name of ['send-contact', 'send-notices'])
      acknowledge(scope.node.findChild(pascalCase(name)), finding, 'A message is named by its contact, which is made at run time.');
  }
  acknowledge(
    scope.node.findChild(pascalCase('assemble-evidence')),
    `AwsSolutions-IAM5[Resource::${readable(evidenceArn(platform.config))}]`,
    'A pack is named by its case and its hash, which are made at run time.',
  );
  const sweep = scope.node.findChild(pascalCase('sweep-cases'));
  for (const stage of stages) {
    const arn = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${physicalName(platform.config, stage)}:*`;
    acknowledge(sweep, `AwsSolutions-IAM5[Resource::${arn}]`, 'Executions are named at run time, so the last part of the ARN cannot be.');
  }
}
