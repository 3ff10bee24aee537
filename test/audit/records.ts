import type { Channel, Contact, CustomerRecord, Setting } from '../../audit/facts.ts';

/** Records of a customer for the checker: one in China, of an account acc-1, with nothing against contact. */

function aSetting(change: Partial<Setting> = {}): Setting {
  return { jurisdiction: 'CN', zones: ['Asia/Shanghai'], role: 'first-party', house: true, ...change };
}

export function aRecord(
  contacts: readonly Contact[],
  change: Partial<CustomerRecord> & { setting?: Partial<Setting> } = {},
): CustomerRecord {
  const { setting, ...rest } = change;
  return { customerId: 'cus-1', contacts, settings: [aSetting(setting)], wishes: [], states: [], dues: [], ...rest };
}

let contacts = 0;

/** An attempt to collect, on the customer's own address of the channel. */
export function aContact(at: string, channel: Channel, change: Partial<Contact> = {}): Contact {
  contacts += 1;
  return {
    id: `c${contacts}`,
    at,
    channel,
    kind: 'attempt',
    purpose: 'collection',
    accountId: 'acc-1',
    addressKey: `a-${channel}`,
    ...change,
  };
}

/** A wall time in Shanghai, which has had +08:00 all year since 1992, as an instant. */
export function shanghai(time: string, day = '2026-04-15'): string {
  return new Date(Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}+08:00`)).toISOString();
}
