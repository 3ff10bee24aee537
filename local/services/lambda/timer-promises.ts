import type { TimerFunctions } from './own-timers.ts';

interface Options {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** `node:timers/promises`. */
export interface PromisedTimers {
  readonly setTimeout: <T>(delay?: number, value?: T, options?: Options) => Promise<T | undefined>;
  readonly setImmediate: <T>(value?: T, options?: Options) => Promise<T | undefined>;
  readonly setInterval: <T>(delay?: number, value?: T, options?: Options) => AsyncGenerator<T | undefined>;
  readonly scheduler: {
    readonly wait: (delay?: number, options?: Options) => Promise<undefined>;
    readonly yield: () => Promise<undefined>;
  };
}

export function promisedTimers(timers: TimerFunctions): PromisedTimers {
  const wait = <T>(value: T | undefined, { signal }: Options, set: (done: () => void) => () => void): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      if (isAborted(signal)) {
        reject(aborted(signal));
        return;
      }
      const abort = () => {
        clear();
        reject(aborted(signal));
      };
      const clear = set(() => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  const promised: Omit<PromisedTimers, 'scheduler'> = {
    setTimeout: (delay, value, options = {}) =>
      wait(value, options, (done) => {
        const timer = timers.setTimeout(done, delay);
        if (options.ref === false) timer.unref();
        return () => timer.close();
      }),
    setImmediate: (value, options = {}) =>
      wait(value, options, (done) => {
        const immediate = timers.setImmediate(done);
        return () => timers.clearImmediate(immediate);
      }),
    setInterval: (delay, value, options = {}) => ticks(timers, delay, value, options),
  };
  return {
    ...promised,
    scheduler: {
      wait: (delay, options) => promised.setTimeout<undefined>(delay, undefined, options),
      yield: () => promised.setImmediate<undefined>(),
    },
  };
}

/** Answers a value each time the interval is over, also for those that passed while nobody asked. */
async function* ticks<T>(
  timers: TimerFunctions,
  delay: number | undefined,
  value: T | undefined,
  { signal, ref }: Options,
): AsyncGenerator<T | undefined> {
  if (isAborted(signal)) throw aborted(signal);
  let ticked = 0;
  let told = Promise.withResolvers<void>();
  const tell = () => told.resolve();
  const timer = timers.setInterval(() => {
    ticked += 1;
    tell();
  }, delay);
  if (ref === false) timer.unref();
  signal?.addEventListener('abort', tell, { once: true });
  try {
    for (;;) {
      if (ticked === 0 && !isAborted(signal)) await told.promise;
      told = Promise.withResolvers<void>();
      for (; ticked > 0; ticked -= 1) yield value;
      if (isAborted(signal)) throw aborted(signal);
    }
  } finally {
    timer.close();
    signal?.removeEventListener('abort', tell);
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** As Node tells of it. */
function aborted(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}
