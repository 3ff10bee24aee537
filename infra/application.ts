import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, type AppProps, DefaultStackSynthesizer, type IReusableStackSynthesizer } from 'aws-cdk-lib';
import type { Config } from './config/schema.ts';
import { functionNames, physicalName, stages } from './names.ts';
import { AppStack, type Sources } from './stacks/app-stack.ts';
import { DataStack } from './stacks/data-stack.ts';

/**
 * The context this application is synthesized with, here instead of in `cdk.json`, so that `node infra/app.ts`, the CDK command and
 * the tests produce the same templates.
 */
const context: Readonly<Record<string, unknown>> = {
  '@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard': true,
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
  '@aws-cdk/aws-events:requireEventBusPolicySid': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  // Exports and imports: CloudFormation then refuses to take away what the app stack still uses.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  // The CDK command sets these two by itself.
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:enable-path-metadata': true,
};

/**
 * Builds both stacks of one environment.
 * @throws Error naming every function and workflow that is missing.
 */
export function buildApplication(config: Config, sources: Sources, props: AppProps = {}): App {
  assertComplete(sources);
  const app = new App({ ...props, analyticsReporting: false, postCliContext: { ...context }, defaultStackSynthesizer: synthesizer() });
  const data = new DataStack(app, physicalName(config, 'data'), {
    description: 'Overdue journeys: what must survive (table, bus, key, dead letters)',
    terminationProtection: config.deletionProtection,
    config,
  });
  new AppStack(app, physicalName(config, 'app'), {
    description: 'Overdue journeys: functions, state machines, API, alarms',
    config,
    data,
    sources,
  });
  return app;
}

/**
 * Without the rule on the bootstrap version, which asks for a parameter that only AWS has; the CDK command checks the version itself.
 * The assertion bridges CDK's types, which are not written for `exactOptionalPropertyTypes`.
 */
function synthesizer(): IReusableStackSynthesizer {
  return new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IReusableStackSynthesizer;
}

function assertComplete(sources: Sources): void {
  const missing = [
    ...functionNames.filter((name) => !existsSync(join(sources.bundles, name, 'index.js'))).map((name) => `functions/${name}/handler.ts`),
    ...stages.filter((stage) => !existsSync(join(sources.workflows, `${stage}.asl.json`))).map((stage) => `workflows/${stage}.asl.json`),
  ];
  if (missing.length > 0) throw new Error(`The application is not complete; missing: ${missing.join(', ')}`);
}
