import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import type { FunctionDefinition } from './lambda-service.ts';

/** The one stream of each log group. */
export const LOG_STREAM = 'embedded';

/** Who can be told the end of a run. */
interface Answered {
  done(error: unknown, result?: unknown): void;
}

export interface ContextParts {
  readonly definition: FunctionDefinition;
  readonly requestId: string;
  readonly version: string;
  /** The version or alias that was asked for. */
  readonly qualifier: string | undefined;
  readonly clientContext: unknown;
  readonly remaining: () => number;
}

/**
 * What a function is told of its run (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html). The ways to end it that up to
 * Node.js 22 stand beside the callback are made when they are asked for, which hardly any code does.
 */
export class InvocationContext {
  callbackWaitsForEmptyEventLoop = true;
  readonly functionVersion: string;
  readonly functionName: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName = LOG_STREAM;
  readonly clientContext: unknown;
  readonly identity = undefined;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
  #run: Answered | undefined;

  constructor({ definition, requestId, version, qualifier, clientContext, remaining }: ContextParts) {
    const { name, memoryMegabytes, logGroup } = definition;
    this.functionVersion = version;
    this.functionName = name;
    this.memoryLimitInMB = String(memoryMegabytes);
    this.logGroupName = logGroup;
    this.clientContext = clientContext;
    this.invokedFunctionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
    this.awsRequestId = requestId;
    this.getRemainingTimeInMillis = remaining;
  }

  /** Gives the code the ways to end the run. */
  set run(run: Answered) {
    this.#run = run;
  }

  get done(): ((error?: unknown, result?: unknown) => void) | undefined {
    const run = this.#run;
    return run && ((error, result) => run.done(error, result));
  }

  get succeed(): ((result?: unknown) => void) | undefined {
    const run = this.#run;
    return run && ((result) => run.done(null, result));
  }

  get fail(): ((error?: unknown) => void) | undefined {
    const run = this.#run;
    return run && ((error) => run.done(error ?? 'handled'));
  }
}
