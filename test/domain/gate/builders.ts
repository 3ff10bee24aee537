import type { ContactPoint, ContactRow } from '../../../domain/customer.ts';
import type { ContactRequest, GateFacts, Standing } from '../../../domain/gate/types.ts';
import type { Channel } from '../../../domain/model.ts';
import type { ContactPurpose } from '../../../domain/policy/packs/pack.ts';

/** A request that names its account and its contact point. */
export type RequestOnPoint = ContactRequest & { readonly point: ContactPoint; readonly accountId: string };

/** A request on one of the customer's own addresses: `a-<channel>` unless told otherwise. */
export function aRequest(channel: Channel, change: { purpose?: ContactPurpose; point?: Partial<ContactPoint> } = {}): RequestOnPoint {
  const point = { id: `p-${channel}`, channel, owner: 'self', addressKey: `a-${channel}`, ...change.point } as const;
  return { channel, point, purpose: change.purpose ?? 'collection', accountId: 'acc-1' };
}

/** Facts that let everything pass in the daytime: an open case, 20 days past due, nothing in the ledger, a visit that was prepared. */
export function someFacts(change: Partial<Omit<GateFacts, 'standing'>> & { standing?: Partial<Standing> } = {}): GateFacts {
  const { standing, ...rest } = change;
  return {
    jurisdiction: 'CN',
    timeZones: ['Asia/Shanghai'],
    ledger: [],
    findings: {},
    wishes: { windows: [], inconvenient: [], optedOut: [] },
    house: true,
    facts: ['visit-prepared'],
    ...rest,
    standing: { caseOpen: true, cured: false, arranged: false, daysPastDue: 20, ...standing },
  };
}

let rows = 0;

export function aRow(at: string, channel: Channel, change: Partial<ContactRow> = {}): ContactRow {
  rows += 1;
  return {
    id: `r${rows}`,
    at,
    channel,
    kind: 'attempt',
    contactPointId: `p-${channel}`,
    addressKey: `a-${channel}`,
    accountId: 'acc-1',
    purpose: 'collection',
    ...change,
  };
}

export function aConversation(at: string, channel: Channel = 'voice', change: Partial<ContactRow> = {}): ContactRow {
  return aRow(at, channel, { kind: 'conversation', ...change });
}

/** A wall time in Shanghai, which has had +08:00 all year since 1992, as an instant. */
export function shanghai(wall: string): string {
  return new Date(Date.parse(`${wall}${wall.length === 16 ? ':00' : ''}+08:00`)).toISOString().replace('.000Z', 'Z');
}
