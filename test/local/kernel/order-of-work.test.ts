import { describe, expect, it } from 'vitest';
import { Kernel, type KernelOptions } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';

function aKernel(options: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({ store: new Store(), clock: 'virtual', start: 0, ...options });
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

describe('a shuffled order', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

  async function orderOf(seed: number, options: Partial<KernelOptions> = {}): Promise<string> {
    const kernel = aKernel({ seed, shuffled: true, ...options });
    const done: string[] = [];
    kernel.postBehind('gather', () => done.push('!'));
    for (const name of NAMES) kernel.post(name, () => done.push(name));
    await kernel.settle();
    kernel.stop();
    return done.join('');
  }

  it('is the same for the same seed, another for others, and leaves nothing out', async () => {
    const orders = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => orderOf(seed)));
    expect(await orderOf(1)).toBe(orders[0]);
    expect(new Set(orders).size).toBeGreaterThan(3);
    for (const order of orders) expect([...order].sort().join('')).toBe('!abcdef');
    expect(await orderOf(1, { shuffled: false })).toBe('abcdef!');
  });

  it('leaves what was posted behind at the end', async () => {
    for (const seed of [1, 2, 3, 4]) expect((await orderOf(seed)).at(-1)).toBe('!');
  });

  it('is drawn among the timers of one instant too, never across two', async () => {
    const orders = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const kernel = aKernel({ seed, shuffled: true });
      const fired: string[] = [];
      kernel.register({ name: 'clock', call: () => undefined, onTimer: (key) => void fired.push(`${kernel.now()}${key}`) });
      for (const key of ['a', 'b', 'c']) kernel.setTimer('clock', key, 1000);
      kernel.setTimer('clock', 'z', 2000);
      await kernel.advanceTo(3000);
      kernel.stop();
      expect(fired.at(-1)).toBe('2000z');
      orders.push(fired.join(' '));
    }
    expect(new Set(orders).size).toBeGreaterThan(2);
  });

  it('draws no identifier that would be another without it', async () => {
    const [plain, shuffled] = [aKernel({ seed: 3 }), aKernel({ seed: 3, shuffled: true })];
    shuffled.post('one', () => undefined);
    await shuffled.settle();
    expect(shuffled.uuid()).toBe(plain.uuid());
    for (const kernel of [plain, shuffled]) kernel.stop();
  });
});
