import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { Activities } from './activities.ts';
import type { Engine } from './engine.ts';
import type { MachineRow, Machines } from './machines.ts';
import { checkArn } from './request.ts';
import type { Tags } from './tags.ts';
import { isVersionNumber, parseMachineArn, type Versions } from './versions.ts';

/** What operations work on. */
export interface Environment {
  readonly engine: Engine;
  readonly machines: Machines;
  readonly versions: Versions;
  readonly activities: Activities;
  readonly tags: Tags;
}

export type Operation = (environment: Environment, input: JsonObject, origin: string) => unknown;

export const ARN_MAX = 2000;
export const MEGABYTE = 1_048_576;

export function noMachine(arn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** What an ARN that names a version or an alias leads to. As recorded in `control_lifecycle.json` of radkawar/stackd. */
export function noQualified(arn: string, qualifier: string | undefined): AwsError {
  if (!isVersionNumber(qualifier)) return noMachine(arn);
  return new AwsError('StateMachineDoesNotExist', `State Machine Version Does Not Exist: '${arn}'`);
}

/** A state machine by its own ARN, without a version or alias. Throws `StateMachineDoesNotExist`. */
export function machineRow({ machines }: Environment, arn: string): MachineRow {
  const row = machines.row(checkArn(arn));
  if (row === undefined) throw noMachine(arn);
  return row;
}

/** The parts of an ARN that may carry a version or an alias. Throws `InvalidArn`. */
export function qualifiedArn(arn: string): { readonly machine: string; readonly qualifier: string | undefined } {
  const parts = parseMachineArn(checkArn(arn));
  if (parts === undefined)
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn.split(':')[5] ?? ''}'`);
  return parts;
}
