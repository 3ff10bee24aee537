import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UnsupportedError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/kernel.ts';
import { ACCOUNT, REGION } from './intrinsics.ts';

/** A CloudFormation template as CDK writes it; only the sections this cloud reads. */
export interface Template {
  readonly Parameters?: Record<string, { readonly Type: string; readonly Default?: unknown }>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  readonly Conditions?: Record<string, unknown>;
  readonly Resources?: Record<string, TemplateResource>;
  readonly Outputs?: Record<string, TemplateOutput>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** One stack of a cloud assembly. `assets` maps an object key in the bootstrap bucket to a file or directory on this machine. */
export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
  /** The account and Region that it is meant for, as in the manifest. */
  readonly environment?: string;
  /** The assembly's own, absolute. */
  readonly directory: string;
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  /** `aws://123456789012/eu-west-1`, or `unknown-account` and `unknown-region`. */
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
    readonly directoryName?: string;
  };
}

interface Manifest {
  readonly artifacts?: Record<string, Artifact>;
  /** What the app looked up in an account and did not find in its context. */
  readonly missing?: readonly { readonly key: string }[];
}

interface AssetManifest {
  readonly files?: Record<
    string,
    { readonly source: { readonly path?: string }; readonly destinations: Record<string, { readonly objectKey: string }> }
  >;
}

/** Reads a CDK cloud assembly (`cdk.out`); its stacks come in dependency order, those of nested assemblies (CDK stages) after them. */
export function readAssembly(directory: string): AssemblyStack[] {
  const root = resolve(directory);
  if (!existsSync(join(root, 'manifest.json')))
    throw new UnsupportedError(`${directory} holds no cloud assembly: there is no manifest.json. Synthesize the CDK app first.`);
  const { artifacts = {}, missing = [] } = readJson<Manifest>(join(root, 'manifest.json'));
  if (missing.length > 0)
    throw new UnsupportedError(
      `The application asks an AWS account for ${missing.map(({ key }) => key).join(', ')}. Look it up once with the CDK command, which keeps the answer in cdk.context.json, or do without.`,
    );
  const assets = new Map<string, string>();
  for (const artifact of Object.values(artifacts))
    if (artifact.type === 'cdk:asset-manifest' && artifact.properties?.file !== undefined)
      readAssets(root, artifact.properties.file, assets);

  const stacks = inDependencyOrder(artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => ({
      name: artifact.properties?.stackName ?? id,
      template: localized(readJson<Template>(join(root, artifact.properties?.templateFile ?? `${id}.template.json`)), artifact.environment),
      directory: root,
      ...(artifact.environment !== undefined && { environment: artifact.environment }),
      assets,
    }));
  const nested = Object.values(artifacts).flatMap((artifact) =>
    artifact.type === 'cdk:cloud-assembly' && artifact.properties?.directoryName !== undefined
      ? readAssembly(join(root, artifact.properties.directoryName))
      : [],
  );
  return [...stacks, ...nested];
}

/**
 * The template of a stack that is meant for one account and Region, as it would be for this cloud's: CDK writes them into ARNs, patterns and
 * properties where it otherwise refers to `AWS::AccountId` and `AWS::Region`.
 */
function localized(template: Template, environment = ''): Template {
  const [, account, region] = /^aws:\/\/(\d{12}|unknown-account)\/(.+)$/.exec(environment) ?? [];
  if (account === undefined || (account === ACCOUNT && region === REGION)) return template;
  const inText = (text: string) => {
    if (text === account) return ACCOUNT;
    if (text === region) return REGION;
    return text.replaceAll(/\b(arn:aws:[a-z0-9-]+):([a-z0-9-]*):(\d{12})?:/g, (_, begin: string, where: string, whose = '') =>
      [begin, where === region ? REGION : where, whose === account ? ACCOUNT : whose, ''].join(':'),
    );
  };
  return JSON.parse(JSON.stringify(template), (_, value: unknown) => (typeof value === 'string' ? inText(value) : value)) as Template;
}

/** The stack of a template that is an asset of another's assembly, with the values that its parameters are given. */
export function nestedStack(parent: AssemblyStack, name: string, file: string, given: JsonObject): AssemblyStack {
  const template = localized(readJson<Template>(file), parent.environment);
  const parameters = Object.entries(template.Parameters ?? {}).map(([key, parameter]) => {
    const value = given[key];
    return [key, value === undefined ? parameter : { ...parameter, Default: Array.isArray(value) ? value.join(',') : value }] as const;
  });
  return { ...parent, name, template: { ...template, Parameters: Object.fromEntries(parameters) } };
}

function readAssets(root: string, file: string, assets: Map<string, string>): void {
  const { files = {} } = readJson<AssetManifest>(join(root, file));
  for (const { source, destinations } of Object.values(files))
    if (source.path !== undefined) for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, join(root, source.path));
}

function inDependencyOrder(artifacts: Record<string, Artifact>): [string, Artifact][] {
  const ordered: [string, Artifact][] = [];
  const seen = new Set<string>();
  const visit = (id: string) => {
    const artifact = artifacts[id];
    if (artifact === undefined || seen.has(id)) return;
    seen.add(id);
    for (const dependency of artifact.dependencies ?? []) visit(dependency);
    ordered.push([id, artifact]);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return ordered;
}

function readJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new UnsupportedError(`The cloud assembly's ${file} cannot be read: ${(error as Error).message}`);
  }
}
