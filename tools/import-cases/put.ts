import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/** How imports get onto the bus: what it did not take is tried again, and told of if that does not help. */

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: entries of a call, and their bytes together. */
const ENTRIES_MAX = 10;
const BYTES_MAX = 256_000;
const TRIES_MAX = 5;
const PAUSE_MILLIS = 200;

export interface Outgoing {
  readonly line: number;
  readonly text: string;
}

/** Takes lines one by one and puts them on a bus by ten; `end` sends the rest. */
export class ImportSender {
  readonly #client: Pick<EventBridgeClient, 'send'>;
  readonly #bus: string;
  #batch: Outgoing[] = [];
  #bytes = 0;
  #sent = 0;
  readonly #lost: number[] = [];

  constructor(client: Pick<EventBridgeClient, 'send'>, bus: string) {
    this.#client = client;
    this.#bus = bus;
  }

  async put(outgoing: Outgoing): Promise<void> {
    const bytes = Buffer.byteLength(outgoing.text);
    if (this.#batch.length === ENTRIES_MAX || this.#bytes + bytes > BYTES_MAX) await this.#flush();
    this.#batch.push(outgoing);
    this.#bytes += bytes;
  }

  /** Sends what is left. @returns how many the bus took, and the lines that it did not */
  async end(): Promise<{ readonly sent: number; readonly lost: readonly number[] }> {
    await this.#flush();
    return { sent: this.#sent, lost: this.#lost };
  }

  async #flush(): Promise<void> {
    let left: readonly Outgoing[] = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    for (let attempt = 1; left.length > 0 && attempt <= TRIES_MAX; attempt += 1) {
      if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS * 2 ** attempt));
      const { Entries: answers = [] } = await this.#client.send(new PutEventsCommand({ Entries: left.map((row) => this.#entry(row)) }));
      const failed = left.filter((_, index) => answers[index]?.ErrorCode !== undefined);
      this.#sent += left.length - failed.length;
      left = failed;
    }
    this.#lost.push(...left.map(({ line }) => line));
  }

  #entry({ text }: Outgoing): PutEventsRequestEntry {
    return { EventBusName: this.#bus, Source: 'bank.take-over', DetailType: 'CaseImported', Detail: text };
  }
}
