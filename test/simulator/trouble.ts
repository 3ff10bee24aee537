import type { System } from '../system/cloud.ts';
import type { Chance } from './chance.ts';

type Fault = Parameters<System['cloud']['faults']['add']>[0];

const OF_FUNCTIONS = '/^lambda:/';
const OF_MACHINES = '/^states:/';

/** What can go wrong: each for some calls or by some chance. Nothing here is lost on AWS, it is answered with an error or twice. */
const FAULTS: readonly [Fault, ...Fault[]] = [
  { service: 'dynamodb', match: { origin: OF_FUNCTIONS }, effect: 'throttle' },
  { service: 'dynamodb', match: { operation: 'TransactWriteItems', origin: OF_FUNCTIONS }, effect: 'crash-after-effect' },
  { service: 'dynamodb', match: { operation: 'TransactWriteItems', origin: OF_FUNCTIONS }, effect: 'duplicate' },
  { service: 'dynamodb', match: { operation: 'UpdateItem', origin: OF_MACHINES }, effect: 'fail' },
  { service: 'lambda', match: { origin: OF_MACHINES }, effect: 'throttle' },
  { service: 'lambda', match: { origin: OF_MACHINES }, effect: 'crash-after-effect' },
  { service: 'lambda', match: { origin: OF_MACHINES }, effect: 'delay', after: 'PT20S' },
  { service: 'lambda', match: { origin: '/^(sqs|dynamodb|events|sns|logs)$/' }, effect: 'crash-after-effect' },
  { service: 'states', match: { operation: 'SendTaskSuccess' }, effect: 'fail' },
  { service: 'states', match: { operation: 'SendTaskSuccess' }, effect: 'crash-after-effect' },
  { service: 'states', match: { operation: 'StartExecution' }, effect: 'crash-after-effect' },
  { service: 'states', match: { operation: 'StartExecution' }, effect: 'throttle' },
  { service: 'sqs', match: { operation: 'SendMessage' }, effect: 'duplicate' },
  { service: 'events', match: { operation: 'PutEvents', origin: OF_FUNCTIONS }, effect: 'fail' },
  { service: 'events', match: { operation: 'PutEvents', origin: OF_FUNCTIONS }, effect: 'crash-after-effect' },
  { service: 'sns', match: { operation: 'Publish', origin: OF_FUNCTIONS }, effect: 'fail' },
  { service: 'sns', match: { operation: 'Publish', origin: OF_FUNCTIONS }, effect: 'crash-after-effect' },
  { service: 'ses', match: { operation: 'SendEmail' }, effect: 'throttle' },
  { service: 'ses', match: { operation: 'SendEmail' }, effect: 'crash-after-effect' },
  { service: 'ssm', match: {}, effect: 'fail' },
  { service: 's3', match: { operation: 'PutObject' }, effect: 'fail' },
];

const MAIL = ['delivery', 'bounce', 'transient-bounce', 'complaint', 'reject', 'none'] as const;
const TEXTS = ['delivery', 'failure', 'none'] as const;

/** Services that fail, functions that die, messages that do not arrive, operators who stop what runs. */
export class Trouble {
  readonly #system: System;
  readonly #chance: Chance;

  constructor(system: System, chance: Chance) {
    this.#system = system;
    this.#chance = chance;
  }

  /** Makes something go wrong. @returns what, for the record of the run */
  make(): Promise<string> {
    return this.#chance.weighted<() => Promise<string>>([
      [10, () => this.#fault()],
      [4, () => this.#delivery()],
      [1, () => this.#stopExecution()],
    ])();
  }

  end(): void {
    this.#system.cloud.faults.clear();
    this.#system.cloud.delivery.clear();
  }

  async #fault(): Promise<string> {
    const fault = this.#chance.pick(FAULTS);
    const often = this.#chance.happens(0.5)
      ? { skip: this.#chance.below(6), count: 1 + this.#chance.below(3) }
      : { probability: 0.05 + this.#chance.next() / 2, seed: this.#chance.below(1000), count: 1 + this.#chance.below(25) };
    const asked = { ...fault, match: { ...fault.match, ...often } };
    this.#system.cloud.faults.add(asked);
    return `fault ${JSON.stringify(asked)}`;
  }

  async #delivery(): Promise<string> {
    const count = 1 + this.#chance.below(4);
    const rule = this.#chance.happens(0.5)
      ? ({ service: 'ses', match: { count }, outcome: this.#chance.pick(MAIL) } as const)
      : ({ service: 'sns', match: { count }, outcome: this.#chance.pick(TEXTS) } as const);
    this.#system.cloud.delivery.add(rule);
    return `delivery ${JSON.stringify(rule)}`;
  }

  async #stopExecution(): Promise<string> {
    const { executions } = await this.#system.snapshot();
    const running = executions.filter(({ status }) => status === 'RUNNING');
    const execution = this.#chance.oneOf(running);
    if (execution === undefined) return 'no execution to stop';
    await this.#system.cloud.call('states', 'StopExecution', { executionArn: execution.arn });
    return `stopped ${execution.name}`;
  }
}
