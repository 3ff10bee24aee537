import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppProps } from 'aws-cdk-lib';
import { afterAll } from 'vitest';
import { buildApplication } from '../../infra/application.ts';
import { local } from '../../infra/config/local.ts';
import { type ConfigInput, parseConfig } from '../../infra/config/schema.ts';
import { functionNames, stages } from '../../infra/names.ts';
import type { Sources } from '../../infra/stacks/app-stack.ts';

/** A JSON object of a template. */
export type Json = Record<string, unknown>;

/** One resource of a template. */
export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
}

/** One synthesized template. */
export interface Template {
  readonly Resources: Record<string, Omit<Resource, 'id'>>;
  readonly Outputs: Record<string, { readonly Value: unknown; readonly Export?: unknown }>;
}

/** An environment with everything optional switched on, so that nothing escapes an assertion by being left out. */
export const everything: ConfigInput = {
  ...local,
  bankAccountIds: ['111122223333'],
  alarmEmail: 'collections-oncall@bank.example',
  jwt: { issuer: 'https://login.bank.example', audience: ['overdue-journeys'] },
  gatewayRoleArns: ['arn:aws:iam::111122223333:role/message-gateway'],
  deployment: {
    ...local.deployment,
    words: { ...local.deployment.words, unsubscribe: 'mailto:stop@bank.example' },
    channels: { push: 'gateway', 'in-app': 'gateway', im: 'gateway', post: 'gateway' },
  },
  deletionProtection: true,
  removalPolicy: 'retain',
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** An empty folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-infra-'));
  folders.push(folder);
  return folder;
}

/** Bundles and definitions that are only there: what they say is tested with functions and workflows. */
export function stubSources(definition: Json = callingDefinition): Sources {
  const folder = temporaryFolder();
  const sources = { bundles: join(folder, 'bundles'), workflows: join(folder, 'workflows') };
  mkdirSync(sources.workflows, { recursive: true });
  for (const name of functionNames) {
    mkdirSync(join(sources.bundles, name), { recursive: true });
    writeFileSync(join(sources.bundles, name, 'index.js'), `exports.handler = async () => '${name}';`);
  }
  for (const stage of stages) writeFileSync(join(sources.workflows, `${stage}.asl.json`), JSON.stringify(definition));
  return sources;
}

const callingDefinition: Json = {
  QueryLanguage: 'JSONata',
  StartAt: 'Decide what is due',
  States: {
    'Decide what is due': {
      Type: 'Task',
      Resource: `arn:\${Partition}:states:::lambda:invoke`,
      Arguments: { FunctionName: `\${Decide}`, Payload: { table: `\${Cases}` } },
      End: true,
    },
  },
};

/** Synthesizes one environment, without the checks, as the embedded cloud does. */
export function synthesize(
  config: ConfigInput = everything,
  sources = stubSources(),
  props: AppProps = {},
): { data: Template; app: Template } {
  const outdir = temporaryFolder();
  const app = buildApplication(parseConfig('test', config), sources, { builtinCloudFormationValidation: false, outdir, ...props });
  const assembly = app.synth();
  const template = (name: string): Template => assembly.getStackByName(`${config.prefix}-${name}`).template as Template;
  return { data: template('data'), app: template('app') };
}

/** The resources of one type, in any of the templates. */
export function resourcesOf(type: string, ...templates: Template[]): Resource[] {
  return templates.flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ id, ...resource })),
  );
}

/** The resource of one type whose property has a value; fails where there is not exactly one. */
export function resourceWith(type: string, property: string, value: unknown, ...templates: Template[]): Resource {
  const found = resourcesOf(type, ...templates).filter(({ Properties }) => JSON.stringify(Properties[property]) === JSON.stringify(value));
  const [resource] = found;
  if (resource === undefined || found.length > 1)
    throw new Error(`${found.length} resources ${type} with ${property} = ${JSON.stringify(value)}`);
  return resource;
}

/** One statement of a policy document, with lists where CloudFormation allows a single value. */
export interface Statement {
  readonly effect: string;
  readonly actions: string[];
  /** As readable text: references in angle brackets. */
  readonly resources: string[];
  readonly conditions: Json;
  readonly raw: Json;
}

/** The statements of a policy document. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement } = document as { Statement: Json[] };
  return Statement.map((raw) => ({
    effect: String(raw.Effect),
    actions: listOf(raw.Action).map(String),
    resources: listOf(raw.Resource).map(readable),
    conditions: (raw.Condition ?? {}) as Json,
    raw,
  }));
}

/** All statements of the policies of the role that a function or machine runs with. */
export function roleStatements(template: Template, runner: Resource): Statement[] {
  const role = readable(runner.Properties.Role ?? runner.Properties.RoleArn).slice(1, -'.Arn>'.length);
  const policies = resourcesOf('AWS::IAM::Policy', template).filter(({ Properties }) =>
    listOf(Properties.Roles).map(readable).includes(`<${role}>`),
  );
  return policies.flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
}

/** A value of a template as text, with references in angle brackets. */
export function readable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [key, content] = Object.entries(value)[0] ?? ['', undefined];
  if (key === 'Ref') return `<${String(content)}>`;
  if (key === 'Fn::GetAtt') return `<${(content as string[]).join('.')}>`;
  if (key === 'Fn::ImportValue') return `<${String(content).split(':').pop()}>`;
  if (key === 'Fn::Join') {
    const [separator, parts] = content as [string, unknown[]];
    return parts.map(readable).join(separator);
  }
  return JSON.stringify(value);
}

/** What lies at a path inside a JSON value; undefined where the path ends early, which no expectation should accept. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const step of path)
    found = typeof found === 'object' && found !== null ? (found as Record<string | number, unknown>)[step] : undefined;
  return found;
}

/** A list, where CloudFormation lets a list of one be written as its element. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
