/** A conformance case, as its README describes it: what of it the runner reads. */
export interface AslCase {
  readonly id: string;
  readonly queryLanguage: 'JSONata' | 'JSONPath' | 'mixed' | 'none';
  readonly definition?: unknown;
  readonly definitionText?: string;
  readonly type?: string;
  readonly input?: unknown;
  readonly lambdas?: Readonly<Record<string, LambdaBehaviour>>;
  readonly sqs?: readonly string[];
  readonly dynamodb?: readonly { readonly name: string; readonly partitionKey: string }[];
  readonly activities?: readonly string[];
  readonly machines?: Readonly<Record<string, unknown>>;
  readonly actions?: readonly Action[];
  readonly env: {
    readonly region: string;
    readonly account: string;
    readonly stateMachineName?: string;
    readonly executionName?: string;
    readonly roleArn?: string;
    readonly clock?: string;
  };
}

export type LambdaBehaviour =
  | { readonly type: 'echo' }
  | { readonly type: 'return'; readonly value: unknown }
  | { readonly type: 'returnRepeated'; readonly text: string; readonly count: number }
  | { readonly type: 'raise'; readonly errorType: string; readonly errorMessage: string }
  | { readonly type: 'sleep'; readonly seconds: number; readonly then: LambdaBehaviour };

/** What happens outside meanwhile: somebody reads a queue, or works for an activity. */
export interface Action {
  readonly on: string;
  readonly queueUrl?: string;
  readonly activityArn?: string;
  readonly workerName?: string;
  readonly times?: number;
  readonly steps: readonly ActionStep[];
}

export interface ActionStep {
  readonly after: number;
  readonly do: 'sendTaskHeartbeat' | 'sendTaskSuccess' | 'sendTaskFailure';
  readonly output?: unknown;
  readonly outputFromMessage?: string;
  readonly outputFromInput?: boolean;
  readonly error?: string;
  readonly cause?: string;
  readonly causeFromInput?: boolean;
}

/** One line of the runner's answer. */
export interface AslResult {
  readonly id: string;
  readonly skip?: string;
  readonly status?: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly states?: readonly string[];
  readonly historyTypes?: readonly string[];
}
