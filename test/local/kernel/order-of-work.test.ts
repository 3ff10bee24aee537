import { expect, it } from 'vitest';
import { Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';

function aKernel(): Kernel {
  return new Kernel({ store: new Store(), clock: 'virtual', start: 0 });
}

it('puts work posted behind after all that is ready, and all that follows from it', async () => {
  // Prepare
  const kernel = aKernel();
  const done: string[] = [];
  kernel.postBehind('gather', () => done.push('gather'));
  kernel.post('first', async () => {
    done.push('first');
    await undefined;
    kernel.post('follows', () => done.push('follows'));
  });
  // Act
  await kernel.settle();
  // Assess
  expect(done).toEqual(['first', 'follows', 'gather']);
  kernel.stop();
});

it('is not quiet before the work posted behind is done, and what follows from that', async () => {
  // Prepare
  const kernel = aKernel();
  const done: string[] = [];
  kernel.postBehind('gather', () => {
    done.push('gather');
    kernel.postBehind('again', () => done.push('again'));
    kernel.post('follows', () => done.push('follows'));
  });
  // Act
  await kernel.settle();
  // Assess
  expect(done).toEqual(['gather', 'follows', 'again']);
  kernel.stop();
});

it('does work posted behind at the instant at which it was posted', async () => {
  // Prepare
  const kernel = aKernel();
  const instants: number[] = [];
  kernel.register({
    name: 'clock',
    call: () => undefined,
    onTimer: () => kernel.postBehind('gather', () => instants.push(kernel.now())),
  });
  kernel.setTimer('clock', 'one', 1000);
  kernel.setTimer('clock', 'two', 2000);
  // Act
  await kernel.advanceTo(5000);
  // Assess
  expect(instants).toEqual([1000, 2000]);
  kernel.stop();
});
