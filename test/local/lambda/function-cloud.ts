import type { Stack as CdkStack } from 'aws-cdk-lib';
import { Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type Cloud, type CloudOptions, startCloud } from '../../../local/cloud.ts';
import { synthesize } from '../cloud/sample-app.ts';

export interface Answer {
  readonly StatusCode: number;
  readonly ExecutedVersion: string;
  readonly Payload?: string;
  readonly FunctionError?: string;
}

interface FunctionCloudOptions extends Partial<CloudOptions> {
  /** Seconds; Lambda's own default without it. */
  readonly timeout?: number;
  readonly runtime?: Runtime;
  readonly more?: (stack: CdkStack, functions: Readonly<Record<string, LambdaFunction>>) => void;
}

/** A cloud with a function for each source text, of its name. */
export function functionCloud(sources: Readonly<Record<string, string>>, options: FunctionCloudOptions = {}): Promise<Cloud> {
  const { timeout, runtime = Runtime.NODEJS_22_X, more, ...cloudOptions } = options;
  const assembly = synthesize((app) => {
    const stack = new Stack(app, 'App');
    const functions: Record<string, LambdaFunction> = {};
    for (const [functionName, source] of Object.entries(sources))
      functions[functionName] = new LambdaFunction(stack, functionName.toUpperCase(), {
        functionName,
        runtime,
        handler: 'index.handler',
        code: Code.fromInline(source),
        ...(timeout !== undefined && { timeout: Duration.seconds(timeout) }),
      });
    more?.(stack, functions);
  });
  return startCloud({ assembly, start: '2026-03-02T01:00:00Z', seed: 3, ...cloudOptions });
}

export async function invoke(cloud: Cloud, name: string, event: unknown = {}): Promise<Answer & { readonly value: unknown }> {
  const answer = await cloud.call<Answer>('lambda', 'Invoke', { FunctionName: name, Payload: JSON.stringify(event) });
  return { ...answer, value: JSON.parse(answer.Payload ?? 'null') };
}

/** What a promise has come to without waiting for it: undefined while it is open. */
export async function peek<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}
