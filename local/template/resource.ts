import { createHash } from 'node:crypto';
import { UnsupportedError } from '../kernel/errors.ts';
import type { JsonObject, Kernel } from '../kernel/kernel.ts';

/** A resource of the template with its functions evaluated. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/** What `Ref` answers, and each attribute that `Fn::GetAtt` may name. */
export interface Provisioned {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface Provisioning {
  readonly kernel: Kernel;
  /** Where the cloud is reached, without a slash at the end: `http://127.0.0.1:4566`. */
  readonly baseUrl: string;
  /** The directory of the cloud assembly. */
  readonly assembly: string;
  /** The file or directory of an asset by its object key in the bootstrap bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * How one resource type is provisioned. Every property must be listed: `honoured` ones do here what they do on AWS, `inert` ones
 * make no difference on one machine, for the reason given. A property in neither list stops the start by name.
 */
export interface ResourceHandler {
  readonly type: string;
  readonly honoured: readonly string[];
  readonly inert?: Readonly<Record<string, string>>;
  provision(resource: Resource, provisioning: Provisioning): Provisioned;
}

export function unsupported(resource: Resource, what: string): UnsupportedError {
  return new UnsupportedError(`Stack ${resource.stack}: ${resource.logicalId} (${resource.type}): ${what}.`);
}

/** Refuses by name a member of `value` that is neither honoured nor inert. */
export function refuseUnknown(
  resource: Resource,
  path: string,
  value: unknown,
  honoured: readonly string[],
  inert: Readonly<Record<string, string>> = {},
): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value))
    if (!honoured.includes(key) && !Object.hasOwn(inert, key))
      throw unsupported(resource, `property ${path === '' ? key : `${path}.${key}`} is not supported by the embedded cloud`);
}

/** The name given, else a stable one of stack and logical id, so that a restart finds the same resource again. */
export function physicalName(resource: Resource, given: unknown, lengthMax = 64): string {
  if (given !== undefined) return String(given);
  const hash = createHash('sha256').update(`${resource.stack}/${resource.logicalId}`).digest('hex').slice(0, 12);
  const readable = `${resource.stack}-${resource.logicalId}`.slice(0, lengthMax - hash.length - 1);
  return `${readable}-${hash}`;
}

/** CloudFormation accepts numbers as text. */
export function numberProperty(resource: Resource, path: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isFinite(number)) throw unsupported(resource, `property ${path} must be a number, not ${JSON.stringify(value)}`);
  return number;
}

/** A whole number within the bounds that AWS sets. */
export function wholeProperty(
  resource: Resource,
  path: string,
  value: unknown,
  bounds: readonly [min: number, max: number],
  fallback: number,
): number {
  const number = numberProperty(resource, path, value, fallback);
  const [min, max] = bounds;
  if (value !== undefined && !(Number.isInteger(number) && number >= min && number <= max))
    throw unsupported(resource, `property ${path} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`);
  return number;
}

export function booleanProperty(value: unknown, fallback: boolean): boolean {
  return value === undefined ? fallback : value === true || value === 'true';
}
