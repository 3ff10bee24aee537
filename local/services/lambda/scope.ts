import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Where code of a function runs: in a run, or while it is loaded. By it timers, calls and errors that nobody caught are told apart, also
 * where several runs go on beside each other in one instance.
 */
export interface Scope {
  /** The run's identifier; none while code is loaded. */
  readonly requestId: string | undefined;
  /** It was ended from outside: its code goes on, and has no effect any more. */
  over: boolean;
  /** How many of its calls may wait for time. */
  waits: number;
  /** Ends it with an error that nobody caught, and the instance with it. */
  abort(error: unknown): void;
  /** Ends it because its code ended the process. */
  exit(reason: string): void;
}

/** The scope of the code that runs. Code of the cloud that a function's call leads to may still see the function's. */
export const scopes = new AsyncLocalStorage<Scope>();

let listening = false;

/** From now on what a function does not catch ends that function's run, and not the process. */
export function catchForFunctions(): void {
  if (listening) return;
  listening = true;
  process.on('uncaughtException', (error) => {
    const scope = scopes.getStore();
    if (scope !== undefined) scope.abort(error);
    // The process ends, as where nobody listens.
    else if (process.listenerCount('uncaughtException') === 1) throw error;
  });
  process.on('unhandledRejection', (reason) => {
    const scope = scopes.getStore();
    if (scope !== undefined) scope.abort(unhandled(reason));
    // It becomes an exception, as where nobody listens.
    else if (process.listenerCount('unhandledRejection') === 1) throw reason;
  });
}

/** As the runtime tells of it: the reason as text, under its own name. */
function unhandled(reason: unknown): Error {
  return Object.assign(new Error(String(reason)), { name: 'Runtime.UnhandledPromiseRejection' });
}
