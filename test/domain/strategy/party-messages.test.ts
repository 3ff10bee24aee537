import { describe, expect, it } from 'vitest';
import type { Party } from '../../../domain/account-facts.ts';
import { DAY, toInstant } from '../../../domain/calendar.ts';
import type { Governor } from '../../../domain/customer.ts';
import { decide } from '../../../domain/decide/decide.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import type { Draft } from '../../../domain/entries.ts';
import type { Account, Case } from '../../../domain/model.ts';
import { Journal } from '../../../domain/record/journal.ts';
import { PARTIES_KEPT } from '../../../domain/reducer/parties.ts';
import { partiesInReach, proposePartyMessages, worldOfParty } from '../../../domain/strategy/parties.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

const joint = (customerId: string): Party => ({ customerId, role: 'joint', liable: true });
const recordOf = (customerId: string): Governor => ({ ...aCustomer().build(), customerId });
const TO = { customerId: 'cus-2', role: 'joint' } as const;

interface Change {
  readonly parties?: readonly Party[];
  readonly records?: readonly Governor[];
  readonly current?: Partial<Case>;
}

/** An account in the stage of calls whose customer had a demand that arrived: a joint holder may be told. */
function aWorld({ parties = [joint('cus-2')], records, current = {} }: Change = {}): World {
  const account = anAccount().overdueBy(12).with({ parties }).build();
  if (account.case === undefined) throw new Error('The builder opens a case');
  const governor = aCustomer().build();
  const kept: Case = { ...account.case, stage: 'call', writtenDemands: 1, ...current };
  const world = worldOf({ ...account, case: kept }, kept, governor, aSetting({ governor }));
  return { ...world, parties: records ?? parties.map(({ customerId }) => recordOf(customerId)) };
}

/** Who is written to, in order, and how long the waits beside are, in days. */
function plan(world: World): { readonly to: readonly (string | undefined)[]; readonly waits: readonly number[] } {
  const proposals = proposePartyMessages(world);
  return {
    to: proposals.flatMap((row) => (row.kind === 'send' ? [row.contact.to?.customerId] : [])),
    waits: proposals.flatMap((row) => (row.kind === 'wait' ? [(row.at - world.now) / DAY] : [])),
  };
}

describe('what is due for a joint holder', () => {
  it('is a text of their own, by a channel of theirs, under a key that is nobody else’s', () => {
    const [proposal] = proposePartyMessages(aWorld());
    expect(proposal).toMatchObject({
      kind: 'send',
      act: 'send-message-instead',
      contact: { template: 'overdue-joint', channel: 'sms', purpose: 'collection', track: 'standard', to: TO },
    });
    const keys = ['cus-2', 'cus-3'].map((id) => proposePartyMessages(aWorld({ parties: [joint(id)] }))[0]);
    const [one, other] = keys.map((row) => (row?.kind === 'send' ? row.contact.key : ''));
    expect(one).toMatch(/^party-[0-9a-f]{12}-1_1$/);
    expect(one).not.toBe(other);
  });

  it('is nothing where nobody read their records, and the customer’s acts are the same either way', () => {
    const { parties: _none, ...world } = aWorld();
    expect(proposePartyMessages(world)).toEqual([]);
    expect(decide(world).proposal).toEqual(decide({ ...world, parties: [] }).proposal);
  });

  it('comes after everything that is due for the customer', () => {
    const sent = (current: Partial<Case>) => {
      const { proposal } = decide(aWorld({ current }));
      return proposal.kind === 'send' ? (proposal.contact.to ?? 'the customer') : proposal.kind;
    };
    expect([sent({}), sent({ writeNext: true })]).toEqual([TO, 'the customer']);
  });

  it('waits for the ladder’s days where the bank said nothing of them or nothing may go, and a moment where nobody read', () => {
    const days = aWorld().setting.ladder.parties.lookEveryDays;
    expect(plan(aWorld({ records: [{ ...recordOf('cus-2'), known: false }] }))).toEqual({ to: [], waits: [days] });
    const hold = { holdId: 'h', kind: 'deceased', placedAt: '2026-01-01T00:00:00Z' } as const;
    expect(plan(aWorld({ records: [{ ...recordOf('cus-2'), holds: [hold] }] }))).toEqual({ to: [], waits: [days] });
    expect(plan(aWorld({ records: [] }))).toEqual({ to: [], waits: [1000 / DAY] });
  });

  it('is left to the other where the one’s message found no way before', () => {
    const parties = [joint('cus-2'), joint('cus-3')];
    expect(plan(aWorld({ parties })).to).toEqual(['cus-2', 'cus-3']);
    const [first] = proposePartyMessages(aWorld({ parties }));
    const key = first?.kind === 'send' ? first.contact.key : '';
    const told = {
      role: 'joint',
      contacts: [],
      sentByStage: {},
      writtenDemands: 0,
      withheld: { key, since: toInstant(0), why: 'stopped' },
    } as const;
    expect(plan(aWorld({ parties, current: { parties: { 'cus-2': told } } })).to).toEqual(['cus-3', 'cus-2']);
  });

  it('is not said twice: to one, while another may still hear it', () => {
    const world = aWorld({ parties: [joint('cus-2'), joint('cus-3')] });
    const said = world.current.parties ?? {};
    const [first] = proposePartyMessages(world);
    const text = first?.kind === 'send' ? (first.contact.text ?? '') : '';
    const told = {
      role: 'joint',
      contacts: [],
      sentByStage: {},
      writtenDemands: 0,
      textsSent: [`${text} p-sms`, `${text.replace(' sms ', ' email ')} p-email`],
    } as const;
    const next = proposePartyMessages({ ...world, current: { ...world.current, parties: { ...said, 'cus-2': told } } });
    // From the 14th day past due on it says something new.
    expect(next.map(({ at }) => at > world.now + DAY)).toEqual([true, false]);
  });

  it('comes at the pace of the stage since the last one, and no faster where the customer is evasive', () => {
    const last = '2026-03-01T04:00:00Z';
    const told = { role: 'joint', contacts: [], sentByStage: { call: 1 }, writtenDemands: 1, lastMessageAt: last } as const;
    const dateIn = (change: Partial<World>) => {
      const world = { ...aWorld({ current: { parties: { 'cus-2': told } } }), ...change };
      const [proposal] = proposePartyMessages(world);
      return toInstant((proposal?.at ?? 0) + 8 * 3_600_000).slice(0, 10);
    };
    expect([dateIn({}), dateIn({ track: 'evasive' }), dateIn({ track: 'hardship' })]).toEqual(['2026-03-04', '2026-03-04', '2026-03-07']);
  });
});

describe('who is in reach', () => {
  it('is each person once, never the account’s own customer, and never a third party', () => {
    const parties: Party[] = [
      joint('cus-1'),
      joint('cus-2'),
      { ...joint('cus-2'), role: 'guarantor' },
      { ...joint('cus-3'), role: 'supplementary' },
      { ...joint('cus-4'), liable: false },
    ];
    expect(partiesInReach(aWorld({ parties })).map(({ customerId }) => customerId)).toEqual(['cus-2']);
  });

  it('are so many of a case at most, so that no number of a message comes twice', () => {
    const told = { role: 'joint', contacts: [], sentByStage: {}, writtenDemands: 0 } as const;
    const known = Object.fromEntries(Array.from({ length: PARTIES_KEPT }, (_, index) => [`old-${index}`, told]));
    expect(partiesInReach(aWorld({ current: { parties: known } }))).toEqual([]);
    expect(partiesInReach(aWorld({ parties: [joint('old-1')], current: { parties: known } }))).toHaveLength(1);
  });

  it('is nobody while the one demand is on its way, and the wait ends when it has had its time', () => {
    const contact = {
      key: 'reminder-1_1',
      channel: 'sms',
      contactPointId: 'p-sms',
      template: 'reminder-first',
      purpose: 'collection',
      stage: 'reminder',
      status: 'sent',
      at: '2026-03-01T01:30:00Z',
      sentAt: '2026-03-01T01:30:00Z',
    } as const;
    const world = aWorld({ current: { contacts: [contact] } });
    expect(partiesInReach(world)).toEqual([]);
    expect(plan(world)).toEqual({ to: [], waits: [2] });
    const arrived = { ...contact, delivery: { status: 'delivered', at: '2026-03-01T02:00:00Z' } } as const;
    expect(partiesInReach(aWorld({ current: { contacts: [arrived] } }))).toHaveLength(1);
  });

  it('is a party whose customer cannot be reached by anything', () => {
    const world = aWorld({ current: { writtenDemands: 0 } });
    const findings = Object.fromEntries(['p-sms', 'p-voice', 'p-email'].map((id) => [`a-${id}`, 'number-dead' as const]));
    expect(partiesInReach(world)).toEqual([]);
    const governor: Governor = { ...aCustomer().build(), findings };
    expect(partiesInReach({ ...world, governor })).toHaveLength(1);
  });
});

describe('what a party was told', () => {
  const reserved: Draft<'ContactReserved'> = {
    type: 'ContactReserved',
    contactId: 'm-1',
    key: 'party-x-1_1',
    channel: 'sms',
    contactPointId: 'p-sms',
    template: 'overdue-joint',
    purpose: 'collection',
    stage: 'call',
    rule: 'CN.PASS',
    text: 'overdue-joint sms 625000-0',
    ...TO,
  };
  const sent: Draft<'ContactSent'> = {
    type: 'ContactSent',
    contactId: 'm-1',
    key: reserved.key,
    channel: 'sms',
    template: 'overdue-joint@1',
    locale: 'zh-CN',
    bodyHash: 'h',
    providerRef: 'p',
    onDate: '2026-03-02',
    ...TO,
  };
  const bounced: Draft<'DeliveryReported'> = {
    type: 'DeliveryReported',
    contactId: 'm-1',
    key: reserved.key,
    channel: 'sms',
    status: 'bounced',
    reportedAt: '2026-03-02T02:00:00Z',
    how: 'provider',
    ...TO,
  };
  const told = (...drafts: readonly Draft[]): Account => {
    const journal = anAccount().journal();
    const all = new Journal(journal.account, journal.setting);
    for (const draft of drafts) all.add(draft);
    return all.account;
  };
  const rest = ({ case: current, ...account }: Account) => {
    const { parties: _told, ...others } = current ?? {};
    return { ...account, others };
  };

  it('changes nothing else of the case or the account, whatever becomes of it', () => {
    const lost: Draft = { type: 'ContactLost', contactId: 'm-1', key: reserved.key, ...TO };
    const delivered = { ...bounced, status: 'delivered' } as const;
    for (const drafts of [
      [reserved],
      [reserved, sent],
      [reserved, sent, bounced],
      [reserved, sent, delivered],
      [reserved, lost, delivered],
    ])
      expect(rest(told(...drafts))).toEqual(rest(told()));
  });

  it('is counted for them by the customer’s own rules', () => {
    const theirs = (...drafts: readonly Draft[]) => told(...drafts).case?.parties?.['cus-2'];
    expect(theirs(reserved, sent)).toMatchObject({ role: 'joint', writtenDemands: 1, sentByStage: { call: 1 } });
    expect(theirs(reserved, sent, bounced)).toMatchObject({ writtenDemands: 0, sentByStage: { call: 1 } });
    expect(theirs(reserved, { type: 'ContactFailed', contactId: 'm-1', key: reserved.key, error: 'x', ...TO })?.textsSent).toEqual([]);
  });

  it('is not begun by a report on a message of another case', () => {
    expect(told({ ...bounced, caseId: 'earlier' }).case?.parties).toBeUndefined();
  });

  it('is judged without what a person allowed with the customer, and without how the customer is treated', () => {
    const world = aWorld({
      current: {
        pressureApprovedAt: '2026-03-01T00:00:00Z',
        textsSent: ['reminder-first sms 1 p-sms'],
        lastMessageAt: '2026-03-01T00:00:00Z',
      },
    });
    const theirs = worldOfParty({ ...world, track: 'hardship' }, joint('cus-2'), recordOf('cus-2'));
    expect(theirs.account.case?.pressureApprovedAt).toBeUndefined();
    expect(theirs).toMatchObject({ track: 'standard', others: [], governor: { customerId: 'cus-2' } });
    expect([theirs.current.textsSent, theirs.current.lastMessageAt, theirs.target]).toEqual([undefined, undefined, undefined]);
  });
});
