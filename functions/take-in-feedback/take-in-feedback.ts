import { type Feedback, readFeedback } from '../adapters/feedback.ts';
import type { CountMetric } from '../adapters/metrics.ts';
import { findContact, takeDelivery } from '../facts/delivery.ts';
import { contactKey, providerRefKey } from '../protocol/items.ts';
import { type Ports, ReusedId } from '../protocol/signal.ts';

export interface FeedbackPorts extends Ports {
  /** Where an error is told of: the id of the report and the error, never its content. */
  readonly report: (id: string, error: unknown) => void;
  /** How many were about messages that others in this AWS account sent, or that are long forgotten. */
  readonly unknown: CountMetric;
}

/** The batch comes again as a whole, twice, and then lies in the dead-letter queue; what was recorded is known by then. */
class FeedbackNotTaken extends Error {
  override readonly name = 'FeedbackNotTaken';
}

/** A log's batch can have thousands; each takes a few calls of the table. */
const CONCURRENCY_MAX = 10;

/**
 * Takes in what providers report of our messages. Each report is recorded once however often it comes. One on a message that is not
 * known is counted and dropped: in the account's log of text messages that is normal, and no repeat would find it.
 *
 * @throws FeedbackNotTaken where some could not be recorded or read
 */
export async function takeInFeedback(event: unknown, ports: FeedbackPorts): Promise<void> {
  const all = readFeedback(event);
  const left = [...all];
  let unknown = 0;
  let failed = 0;
  const work = async () => {
    for (let feedback = left.shift(); feedback !== undefined; feedback = left.shift()) {
      try {
        if ((await takeOne(feedback, ports)) === 'unknown') unknown += 1;
      } catch (error) {
        ports.report(feedback.id, error);
        failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY_MAX, all.length) }, work));
  ports.unknown(unknown, ports.now);
  if (failed > 0) throw new FeedbackNotTaken(`${failed} of ${all.length} reports could not be taken in`);
}

async function takeOne(feedback: Feedback, ports: FeedbackPorts): Promise<'done' | 'unknown'> {
  if (feedback.kind === 'ignored') return 'done';
  if (feedback.kind === 'unreadable') throw new Error('A report is not what its provider documents');
  const key = 'contactId' in feedback ? contactKey(feedback.contactId) : providerRefKey(feedback.providerRef);
  const contact = await findContact(ports.table, key);
  if (contact === undefined) return 'unknown';
  try {
    await takeDelivery(ports, contact, feedback.report);
  } catch (error) {
    // A provider may report the same end of a message at two instants: the first stands.
    if (!(error instanceof ReusedId)) throw error;
  }
  return 'done';
}
