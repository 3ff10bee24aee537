import { toMillis } from '../calendar.ts';
import type { Contact, DeliveryStatus, Instant } from '../model.ts';

/** What reports say about one message: reports of it may come in any order, and more than one. */

export interface Delivery {
  readonly status: DeliveryStatus;
  readonly at: Instant;
}

/**
 * How much a status decides. That a message was taken says nothing of its arrival. A failure is a try that a later one can mend, or an
 * automatic answer of somebody whom the message reached. The others are ends, of which the latest is true.
 */
const WEIGHT: Readonly<Record<DeliveryStatus, number>> = { accepted: 0, failed: 1, delivered: 2, bounced: 2, returned: 2, refused: 2 };
/** Of two ends at one instant the one that asks for another try. */
const DOUBT: readonly DeliveryStatus[] = ['accepted', 'failed', 'delivered', 'refused', 'returned', 'bounced'];

/** Of two reports on one message the one that holds; the same whichever came first. */
export function holding<T extends Delivery>(one: T | undefined, other: T): T {
  if (one === undefined) return other;
  const order =
    WEIGHT[one.status] - WEIGHT[other.status] ||
    toMillis(one.at) - toMillis(other.at) ||
    DOUBT.indexOf(one.status) - DOUBT.indexOf(other.status);
  return order >= 0 ? one : other;
}

/** A report says that the message did not reach its address. */
export function isUndelivered({ delivery }: Pick<Contact, 'delivery'>): boolean {
  return delivery !== undefined && delivery.status !== 'accepted' && delivery.status !== 'delivered';
}

/** A report says that it did. */
export function isDelivered({ delivery }: Pick<Contact, 'delivery'>): boolean {
  return delivery?.status === 'delivered';
}

/** A report says that it left: it arrived, or somebody has taken it to deliver. */
export function hasGone({ delivery }: { readonly delivery?: Pick<Delivery, 'status'> }): boolean {
  return delivery?.status === 'accepted' || delivery?.status === 'delivered';
}
