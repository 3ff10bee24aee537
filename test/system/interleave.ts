import { AwsError } from '../../local/kernel/errors.ts';
import type { Call } from '../../local/kernel/kernel.ts';
import { aSystem, type Forgiven, type System } from './cloud.ts';
import { silenceProviders } from './feedback.ts';
import { copyState } from './fork.ts';

/** A world at rest, and something that is then let happen in it. */
export interface Scene {
  readonly name: string;
  /** Absent: a world in which nothing happened yet. */
  readonly stateDir?: string;
  readonly act: (system: System) => Promise<void>;
}

/** Functions that do not act for a case: publishing takes no part in any decision, the others look after all accounts. */
const OTHERS = /publish-events|sweep-cases|take-in-events|send-notices/;

/** Which calls take part: of the case's execution and of the functions that act for it. */
export function isOfTheCase({ origin }: Pick<Call, 'origin'>): boolean {
  return origin.startsWith('states:') || (origin.startsWith('lambda:') && !OTHERS.test(origin));
}

export function isOf(...functions: readonly string[]) {
  return ({ origin }: Pick<Call, 'origin'>): boolean => functions.some((name) => origin === `lambda:overdue-journeys-${name}`);
}

function label({ origin, service, operation }: Call): string {
  return `${origin.replace(/^lambda:overdue-journeys-/, '').replace(/^states:.*/, 'execution')} ${service}.${operation}`;
}

/** Providers report nothing: what is let happen in a scene is what disturbs it. */
export async function begin(scene: Scene, forgiven: Forgiven = {}): Promise<System> {
  const system = await aSystem(scene.stateDir === undefined ? {} : { stateDir: copyState(scene.stateDir) }, forgiven);
  silenceProviders(system);
  return system;
}

/** The calls that a scene makes when nobody disturbs it, in order. */
export async function callsOf(scene: Scene, concerns: (call: Call) => boolean): Promise<string[]> {
  const system = await begin(scene);
  const calls: string[] = [];
  system.cloud.kernel.intercept((call, next) => {
    if (concerns(call)) calls.push(label(call));
    return next();
  });
  await scene.act(system);
  await system.close();
  return calls;
}

/** Runs a scene and stops it before its call number `position` until something else has happened entirely. */
export async function disturbedAt(
  scene: Scene,
  position: number,
  concerns: (call: Call) => boolean,
  disturb: (system: System) => Promise<void>,
) {
  const system = await begin(scene);
  let seen = 0;
  let disturbed = false;
  const once = async () => {
    if (disturbed) return;
    disturbed = true;
    await disturb(system);
  };
  system.cloud.kernel.intercept(async (call, next) => {
    if (!concerns(call)) return next();
    seen += 1;
    if (seen === position + 1) await once();
    return next();
  });
  await scene.act(system);
  await once();
  await system.cloud.settle();
  return system;
}

const TURNS_MAX = 100_000;

/** Puts an event on the bus and lets everything go on until its message is done with: recorded, and whoever waits woken. */
export async function wholeEvent(system: System, type: string, detail: object): Promise<void> {
  await system.putOnly(type, detail);
  const { QueueUrls: urls } = await system.cloud.call<{ QueueUrls: string[] }>('sqs', 'ListQueues', {});
  const QueueUrl = urls.find((url) => !url.endsWith('dead-letters'));
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const { Attributes: counts } = await system.cloud.call<{ Attributes: Record<string, string> }>('sqs', 'GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['All'],
    });
    if (counts.ApproximateNumberOfMessages === '0' && counts.ApproximateNumberOfMessagesNotVisible === '0') return;
    await new Promise(setImmediate);
  }
  throw new Error(`${type} was not taken in`);
}

/**
 * Runs a scene and lets the function that makes call number `position` die right after it: the call has its effect, its caller never
 * hears of it, and nothing that the same invocation does afterwards happens.
 */
export async function crashedAfter(scene: Scene, position: number, concerns: (call: Call) => boolean): Promise<System> {
  const system = await begin(scene);
  let seen = 0;
  let dead: string | undefined;
  const died = () => new AwsError('Crashed', 'The invocation that made this call is dead.', 400);
  system.cloud.kernel.intercept(async (call, next) => {
    if (call.service === 'lambda' && call.operation === 'Invoke') {
      const answer = await next();
      if (dead === undefined || !dead.endsWith(String(call.input.FunctionName).split(':').at(-1) ?? '')) return answer;
      dead = undefined;
      return {
        StatusCode: 200,
        FunctionError: 'Unhandled',
        Payload: JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: 'crashed' }),
      };
    }
    if (dead !== undefined && call.origin === dead) throw died();
    if (!concerns(call)) return next();
    seen += 1;
    const answer = await next();
    if (seen !== position + 1) return answer;
    dead = call.origin;
    throw died();
  });
  await scene.act(system);
  dead = undefined;
  return system;
}
