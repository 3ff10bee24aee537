import type { TimerFunctions } from './own-timers.ts';

/** The clocks that Node has beside `Date`, on the cloud's clock: they begin when the code is loaded. */
export interface OwnClock {
  readonly performance: object;
  readonly hrtime: ((earlier?: readonly [number, number]) => [number, number]) & { bigint(): bigint };
  /** Seconds. */
  readonly uptime: () => number;
}

const NANOSECONDS = 1_000_000n;

export function ownClock(now: () => number): OwnClock {
  const origin = now();
  const elapsed = () => now() - origin;
  const hrtime = (earlier?: readonly [number, number]): [number, number] => {
    const milliseconds = elapsed() - (earlier === undefined ? 0 : earlier[0] * 1000 + earlier[1] / 1e6);
    const seconds = Math.floor(milliseconds / 1000);
    return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
  };
  return {
    performance: ownPerformance(origin, elapsed),
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(elapsed()) * NANOSECONDS }),
    uptime: () => elapsed() / 1000,
  };
}

/** Node's own methods take no other object for theirs. */
function ownPerformance(origin: number, elapsed: () => number): object {
  return new Proxy(performance, {
    get(target, name) {
      if (name === 'now') return elapsed;
      if (name === 'timeOrigin') return origin;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** `AbortSignal`, whose time-outs are those of the cloud's clock. */
export function ownAbortSignal({ setTimeout }: TimerFunctions): typeof AbortSignal {
  const timeout = (milliseconds: number): AbortSignal => {
    const controller = new AbortController();
    const late = () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    setTimeout(late, milliseconds).unref();
    return controller.signal;
  };
  return new Proxy(AbortSignal, { get: (target, name) => (name === 'timeout' ? timeout : Reflect.get(target, name)) });
}
