import type { Execution } from './execution.ts';

const last = new WeakMap<Execution, Promise<void>>();

/**
 * Acts when those who asked before have done so: branches of one execution that go on at one instant take turns, each by one state.
 * Recorded, in `testdata/aws/stepfunctions/dataflow_execution.json` of radkawar/stackd, of branches and iterations beside each other and
 * inside each other: what a state leaves in the history stands together, and who goes on to the next is behind all that are ready.
 */
export async function inTurn<T>(x: Execution, act: () => T | Promise<T>): Promise<T> {
  const before = last.get(x);
  const { promise, resolve } = Promise.withResolvers<void>();
  last.set(x, promise);
  await before;
  try {
    return await act();
  } finally {
    resolve();
  }
}
