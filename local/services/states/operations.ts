import type { JsonObject } from '../../kernel/kernel.ts';
import { ACTIVITY_OPERATIONS } from './activity-operations.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './callbacks.ts';
import type { Environment, Operation } from './environment.ts';
import { CAUSE_MAX, ERROR_MAX, EXECUTION_OPERATIONS } from './execution-operations.ts';
import { PAYLOAD_MAX_BYTES } from './json.ts';
import { LISTING_OPERATIONS } from './listing-operations.ts';
import { MACHINE_OPERATIONS } from './machine-operations.ts';
import { MAP_RUN_OPERATIONS } from './map-run-operations.ts';
import { Request } from './request.ts';
import { TAG_OPERATIONS } from './tag-operations.ts';
import { testState } from './test-state/operation.ts';
import { VERSION_OPERATIONS } from './version-operations.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html, as far as this cloud goes. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...MACHINE_OPERATIONS,
  ...VERSION_OPERATIONS,
  ...ACTIVITY_OPERATIONS,
  ...EXECUTION_OPERATIONS,
  ...LISTING_OPERATIONS,
  ...MAP_RUN_OPERATIONS,
  ...TAG_OPERATIONS,
  SendTaskSuccess: taskSuccess,
  SendTaskFailure: taskFailure,
  SendTaskHeartbeat: taskHeartbeat,
  TestState: testState,
};

const TOKEN_MAX = 2048;

function taskSuccess({ engine }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['taskToken', 'output']);
  sendTaskSuccess(engine, request.text('taskToken', TOKEN_MAX), request.text('output', PAYLOAD_MAX_BYTES));
  return {};
}

function taskFailure({ engine }: Environment, input: JsonObject): unknown {
  const request = new Request(input, ['taskToken', 'error', 'cause']);
  sendTaskFailure(
    engine,
    request.text('taskToken', TOKEN_MAX),
    request.optionalText('error', ERROR_MAX),
    request.optionalText('cause', CAUSE_MAX),
  );
  return {};
}

function taskHeartbeat({ engine }: Environment, input: JsonObject): unknown {
  sendTaskHeartbeat(engine, new Request(input, ['taskToken']).text('taskToken', TOKEN_MAX));
  return {};
}
