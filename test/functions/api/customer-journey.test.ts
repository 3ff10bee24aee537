import { describe, expect, it } from 'vitest';
import { customerView } from '../../../functions/api/customer-journey.ts';

describe('a journey as its customer sees it', () => {
  it('tells of what was sent to them, and not of what was sent to others who answer for the account', () => {
    const sent = { type: 'ContactSent', channel: 'sms', contactId: 'm-1', seq: 1, at: '2026-03-05T04:00:00Z' };
    const toGuarantor = { ...sent, contactId: 'm-2', seq: 2, customerId: 'cus-2', role: 'guarantor' };
    const { timeline } = customerView({ holds: [], timeline: [sent, toGuarantor] });
    expect(timeline).toEqual([sent]);
  });
});
