import type { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type HandedOver, type Letter, NotTaken, type Provider } from './providers.ts';

/** S3, as far as messages for a gateway are put there. */
export interface ObjectStore {
  readonly client: Pick<S3Client, 'send'>;
  readonly PutObject: typeof PutObjectCommand;
}

/** Where the message of a contact lies for the gateway: one place a contact, so that the same contact again replaces it. */
function objectKey(contactId: string): string {
  return `contacts/${contactId}.json`;
}

/**
 * Puts the message where only the bank's gateway reads. Putting is all that happens here: the gateway hears of it by the event that the
 * record makes, so an object that nobody was told of was not sent, and whatever goes wrong, nothing was taken.
 *
 * @param open gives S3 when it is first needed: deployments without a gateway never load it
 */
export function throughGateway(bucket: string, open: () => Promise<ObjectStore>): Provider {
  return async (letter): Promise<HandedOver> => {
    const key = objectKey(letter.labels.contactId);
    try {
      const { client, PutObject } = await open();
      await client.send(new PutObject({ Bucket: bucket, Key: key, ContentType: 'application/json', Body: contentOf(letter) }));
    } catch (error) {
      throw new NotTaken(error);
    }
    return { ref: `s3://${bucket}/${key}`, byGateway: true };
  };
}

/** The only place outside the table with address and text together; encrypted, and gone after its days. */
function contentOf({ labels, ...message }: Letter): string {
  return JSON.stringify({ ...labels, ...message });
}
