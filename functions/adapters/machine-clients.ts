import { SFNClient } from '@aws-sdk/client-sfn';
import { required } from './environment.ts';
import { Machines } from './machines.ts';

/** The stage machines, for the functions that start or wake executions. */
export function stageMachines(): Machines {
  return new Machines(new SFNClient({}), required('STATE_MACHINE_ARN_PREFIX'));
}
