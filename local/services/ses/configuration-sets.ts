import { AwsError } from '../../kernel/errors.ts';

/** The kinds of events that this SES has reasons to publish. */
export type EventType = 'Send' | 'Reject' | 'Delivery' | 'Bounce' | 'Complaint';

/** Where a configuration set publishes events. */
export interface EventDestination {
  readonly name: string;
  readonly topicArn: string;
  /** Lower case, as the template writes them; other kinds never happen here. */
  readonly types: ReadonlySet<string>;
}

/** The configuration sets and identities of the template: few, and made anew at every start. */
export class ConfigurationSets {
  readonly #destinations = new Map<string, EventDestination[]>();
  readonly #defaults = new Map<string, string>();

  create(name: string): void {
    if (!this.#destinations.has(name)) this.#destinations.set(name, []);
  }

  /** Mail from the identity goes by this set unless the sender names another. */
  setDefault(identity: string, name: string): void {
    this.#defaults.set(identity.toLowerCase(), name);
  }

  addDestination(name: string, destination: EventDestination): void {
    this.#existing(name).push(destination);
  }

  /** The set that a mail goes by; undefined where there is none. An address's own default comes before its domain's. */
  of(named: string | undefined, from: string): string | undefined {
    const address = from.toLowerCase();
    const name = named ?? this.#defaults.get(address) ?? this.#defaults.get(address.slice(address.indexOf('@') + 1));
    if (name !== undefined) this.#existing(name);
    return name;
  }

  /** The topics that hear of such events of the set. */
  topics(name: string, type: EventType): string[] {
    const destinations = this.#destinations.get(name) ?? [];
    return destinations.filter((destination) => destination.types.has(type.toLowerCase())).map((destination) => destination.topicArn);
  }

  #existing(name: string): EventDestination[] {
    const destinations = this.#destinations.get(name);
    if (destinations === undefined)
      throw new AwsError('ConfigurationSetDoesNotExistException', `Configuration set <${name}> does not exist.`);
    return destinations;
  }
}
