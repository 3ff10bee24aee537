import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, holding, isDelivered, isUndelivered } from '../../../domain/contact-points/delivery.ts';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../domain/model.ts';

const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`;
const report = (status: DeliveryStatus, hour: number): Delivery => ({ status, at: at(hour) });
const heldOf = (...reports: Delivery[]) => reports.reduce<Delivery | undefined>(holding, undefined)?.status;

describe('of several reports on one message', () => {
  it.each([
    { what: 'a delivery counts more than that it was taken', reports: [report('delivered', 1), report('accepted', 2)], holds: 'delivered' },
    { what: 'a later try mends a failure', reports: [report('failed', 1), report('delivered', 2)], holds: 'delivered' },
    {
      what: 'an automatic answer after the delivery is no failure',
      reports: [report('delivered', 1), report('failed', 2)],
      holds: 'delivered',
    },
    { what: 'a message that came back later did not arrive', reports: [report('delivered', 1), report('bounced', 2)], holds: 'bounced' },
    { what: 'a letter that was delivered after all arrived', reports: [report('returned', 1), report('delivered', 2)], holds: 'delivered' },
    { what: 'at one instant the doubt holds', reports: [report('bounced', 1), report('delivered', 1)], holds: 'bounced' },
  ])('$what', ({ reports, holds }) => {
    expect(heldOf(...reports)).toBe(holds);
    expect(heldOf(...reports.reverse())).toBe(holds);
  });

  it('the same one holds whichever came first', () => {
    const reports = fc.array(
      fc.record({ status: fc.constantFrom(...DELIVERY_STATUSES), hour: fc.nat(5) }).map(({ status, hour }) => report(status, hour)),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(reports, fc.nat(5), (list, turn) => {
        const turned = [...list.slice(turn), ...list.slice(0, turn)].reverse();
        expect(heldOf(...turned)).toBe(heldOf(...list));
      }),
    );
  });
});

it.each(DELIVERY_STATUSES)('"%s" either arrived, or did not, or is not known', (status) => {
  const contact = { delivery: report(status, 1) };
  const known = { accepted: [false, false], delivered: [true, false] }[status as 'accepted'] ?? [false, true];
  expect([isDelivered(contact), isUndelivered(contact)]).toEqual(known);
});
