import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';

const modes = z.enum(['on', 'shadow', 'off']);
export type SendingMode = z.infer<typeof modes>;
const parameter = z.object({ default: modes, products: z.record(z.string(), modes) });

/** A change reaches every sender within a minute: what was read is believed for half of that. */
const BELIEVED_MILLIS = 30_000;

/**
 * The stop switch per product, in a parameter that an operator can turn (docs/runbooks/deploy.md). One that cannot be read or is
 * malformed stops the sender: nothing goes out on a guess.
 */
export class SendingSwitch {
  readonly #client: SSMClient;
  readonly #name: string;
  #read: { at: number; value: z.infer<typeof parameter> } | undefined;

  constructor(client: SSMClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async mode(product: string | undefined, now: number): Promise<SendingMode> {
    if (this.#read === undefined || now - this.#read.at >= BELIEVED_MILLIS || now < this.#read.at) {
      const { Parameter: found } = await this.#client.send(new GetParameterCommand({ Name: this.#name }));
      this.#read = { at: now, value: parameter.parse(JSON.parse(found?.Value ?? 'null')) };
    }
    const { value } = this.#read;
    return (product === undefined ? undefined : value.products[product]) ?? value.default;
  }
}
