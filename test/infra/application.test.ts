import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildApplication } from '../../infra/application.ts';
import { addChecks } from '../../infra/checks.ts';
import { environmentNames, loadConfig } from '../../infra/config/index.ts';
import { parseConfig } from '../../infra/config/schema.ts';
import { functionNames } from '../../infra/names.ts';
import { everything, type Json, resourcesOf, resourceWith, stubSources, synthesize, temporaryFolder } from './synthesized.ts';

const { data, app } = synthesize();

describe('the templates', () => {
  it('have the outputs that the contract names', () => {
    const named = Object.entries({ ...data.Outputs, ...app.Outputs }).filter(([, { Export }]) => Export === undefined);
    expect(named.map(([name]) => name).sort()).toEqual([
      'ApiUrl',
      'CallStateMachineArn',
      'CaseTableName',
      'DeadLetterQueueUrl',
      'EventBusName',
      'EvidenceBucketName',
      'FieldVisitStateMachineArn',
      'LegalStateMachineArn',
      'PlanStateMachineArn',
      'ReminderStateMachineArn',
      'SystemsApiUrl',
    ]);
  });

  it.each(environmentNames)('of %s name no Region, account or partition', (environment) => {
    // Act
    const templates = JSON.stringify(synthesize(loadConfig(environment)));
    // Assess
    expect(templates.match(/\b[a-z]{2}(-[a-z]+)+-\d\b/g)).toBeNull();
    expect(templates.match(/"\d{12}"|:\d{12}:/g)).toBeNull();
    expect(templates.match(/arn:aws/g)).toBeNull();
  });

  it('have no custom resource and no parameter: the embedded cloud runs them as they are', () => {
    const types = new Set([data, app].flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));
    expect([...types].filter((type) => /^Custom::|CustomResource|CDK::Metadata/.test(type))).toEqual([]);
    expect([data, app].map((template) => (template as unknown as Json).Parameters)).toEqual([undefined, undefined]);
  });

  it('let the data stack stand alone, so that the app stack can go and come again', () => {
    expect(JSON.stringify(data)).not.toContain('Fn::ImportValue');
  });
});

describe('every function', () => {
  const handler = (name: string) => resourceWith('AWS::Lambda::Function', 'FunctionName', `overdue-journeys-${name}`, app);
  const variables = (name: string): Json => (handler(name).Properties.Environment as Json).Variables as Json;
  const common = ['CASE_TABLE', 'DEPLOYMENT', 'POWERTOOLS_SERVICE_NAME', 'STATE_MACHINE_ARN_PREFIX'];

  it.each(functionNames)('%s runs the bundle on Node 24 and arm64 with a timeout', (name) => {
    expect(handler(name).Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
    expect(Number(handler(name).Properties.Timeout)).toBeGreaterThanOrEqual(28);
  });

  it.each([
    { name: 'take-in-events', own: [] },
    { name: 'decide', own: [] },
    { name: 'send-contact', own: ['MESSAGES_BUCKET', 'SENDER_EMAIL', 'SENDER_ID', 'SENDING_PARAMETER', 'SES_CONFIGURATION_SET'] },
    { name: 'open-task', own: [] },
    { name: 'record-step', own: [] },
    { name: 'assemble-evidence', own: ['EVIDENCE_BUCKET'] },
    { name: 'move-case', own: [] },
    { name: 'publish-events', own: ['DEAD_LETTER_QUEUE_URL', 'EVENT_BUS_NAME'] },
    { name: 'serve-api', own: [] },
    { name: 'sweep-cases', own: [] },
    { name: 'take-in-feedback', own: [] },
  ])('$name is told what it needs', ({ name, own }) => {
    expect(Object.keys(variables(name)).sort()).toEqual([...common, ...own].sort());
    expect(JSON.parse(String(variables(name).DEPLOYMENT))).toEqual(parseConfig('test', everything).deployment);
  });
});

describe('the application', () => {
  it('passes the AWS Solutions rules and the validation of its templates', () => {
    // Prepare
    const checked = buildApplication(parseConfig('test', everything), stubSources(), { outdir: temporaryFolder() });
    addChecks(checked);
    // Act, Assess
    expect(() => checked.synth()).not.toThrow();
  });

  it('says what is missing instead of deploying half of itself', () => {
    // Prepare
    const sources = stubSources();
    rmSync(join(sources.bundles, 'decide'), { recursive: true });
    rmSync(join(sources.workflows, 'legal.asl.json'));
    // Act, Assess
    expect(() => synthesize(everything, sources)).toThrow('missing: functions/decide/handler.ts, workflows/legal.asl.json');
  });

  it('is named by its prefix throughout, so that two can live in one account', () => {
    // Act
    const other = synthesize({ ...everything, prefix: 'second', eventBusName: 'second-bus' });
    // Assess
    const names = Object.values({ ...other.data.Resources, ...other.app.Resources }).flatMap(({ Properties }) =>
      Object.entries(Properties ?? {}).filter(([key]) => /^(\w*Name|Name)$/.test(key)),
    );
    const texts = names.map(([, value]) => value).filter((value) => typeof value === 'string');
    expect(texts.filter((text) => text.includes('overdue-journeys'))).toEqual([]);
    expect(resourcesOf('AWS::Events::EventBus', other.data)[0]?.Properties.Name).toBe('second-bus');
  });
});
