import type { CloudOptions } from './cloud.ts';
import { parseInstant } from './duration.ts';
import { UnsupportedError } from './kernel/errors.ts';
import { type Interceptor, Kernel } from './kernel/kernel.ts';
import { holdsStore, replaceStore, Store } from './kernel/store.ts';
import { makeServices, resourceHandlers, type Services } from './services/all.ts';
import { readAssembly } from './template/assembly.ts';
import { type ProvisionedStack, provision } from './template/provision.ts';

/** What runs: all of it is made anew by a restore, so that nothing of before lives on in memory. */
export interface World {
  readonly kernel: Kernel;
  readonly services: Services;
  readonly stacks: readonly ProvisionedStack[];
}

/** The store that a cloud begins with. */
export function openStore({ stateDir, durability, from, seed }: CloudOptions): Store {
  if (from !== undefined && stateDir !== undefined) {
    if (holdsStore(stateDir))
      throw new UnsupportedError(`STATE_DIR ${stateDir} holds a state already: start from a snapshot in an empty one.`);
    replaceStore(stateDir, from.image);
  }
  const store = new Store(stateDir, {
    ...(durability !== undefined && { durability }),
    ...(from !== undefined && stateDir === undefined && { image: from.image }),
  });
  if (from !== undefined && seed !== undefined) store.run("DELETE FROM kernel WHERE key = 'random'");
  return store;
}

/** Makes every service on a store and provisions the template; closes the store where that fails. */
export function makeWorld(options: CloudOptions, store: Store, interceptors: Interceptor[]): World {
  try {
    const stacks = readAssembly(options.assembly);
    const start = typeof options.start === 'string' ? parseInstant(options.start, 'start') : (options.start ?? Date.now());
    const kernel = new Kernel({
      store,
      clock: options.clock ?? 'virtual',
      start,
      interceptors,
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      ...(options.shuffled !== undefined && { shuffled: options.shuffled }),
    });
    const services = makeServices(kernel, options);
    const baseUrl = options.baseUrl ?? 'http://127.0.0.1:4566';
    const parameter = (...named: Parameters<typeof services.ssm.valueOf>) => services.ssm.valueOf(...named);
    const provisioned = provision({ kernel, stacks, handlers: resourceHandlers(services), baseUrl, parameter });
    services.cloudformation.setStacks(provisioned);
    return { kernel, services, stacks: provisioned };
  } catch (error) {
    store.close();
    throw error;
  }
}
