import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aContact, check } from './contacts.ts';
import { aCustomer, aHold, anOverdue, aPayment, aReversal, cny } from './events.ts';
import { anAccountToCall } from './walk.ts';

/** A timeline can never be changed: what people say in words lies beside it and expires. */

const WORDS = 'said by Mrs Li of number 12';
const FIVE_YEARS_SECONDS = 5 * 365 * 86_400;

async function notes(system: System, accountId: string, id: string): Promise<{ notes: unknown; expiresAt: number } | undefined> {
  const { Item } = await system.cloud.call<{ Item?: { notes: { S: string }; expiresAt: { N: string } } }>('dynamodb', 'GetItem', {
    TableName: system.cloud.outputs().CaseTableName,
    Key: { pk: { S: `ACCOUNT#${accountId}` }, sk: { S: `NOTES#${id}` } },
  });
  return Item === undefined ? undefined : { notes: JSON.parse(Item.notes.S), expiresAt: Number(Item.expiresAt.N) };
}

const inFiveYears = (system: System) => Math.floor(Date.parse(system.now()) / 1000) + FIVE_YEARS_SECONDS;

function duplicatesRefused(system: System): number {
  return system.events().filter((event) => event['detail-type'] === 'EventRejected' && event.detail.field === 'detail').length;
}

describe('words of people', () => {
  it.each([
    {
      what: 'of a reported contact',
      type: 'ContactReported',
      detail: (system: System) => aContact(system, { outcome: WORDS, actor: `agency-${WORDS}` }),
      entry: { type: 'ContactReported', outcome: 'other', actor: 'agency', notesRef: 'contact#con-1' },
      id: 'contact#con-1',
      words: { outcome: WORDS, actor: `agency-${WORDS}` },
      change: { outcome: 'said by somebody else' },
    },
    {
      what: 'of a hold on an account',
      type: 'HoldPlaced',
      detail: (system: System) => aHold({ placedAt: system.now(), reason: WORDS }),
      entry: { type: 'HoldPlaced', reason: 'other', notesRef: 'hold#hold-1' },
      id: 'hold#hold-1',
      words: { reason: WORDS },
      change: { reason: 'said by somebody else' },
    },
    {
      what: 'of a hold on a customer',
      type: 'HoldPlaced',
      detail: (system: System) => aHold({ accountId: undefined, customerId: 'cus-1', placedAt: system.now(), reason: WORDS }),
      entry: { type: 'HoldPlaced', reason: 'other', notesRef: 'hold#hold-1' },
      id: 'hold#hold-1',
      words: { reason: WORDS },
      change: { reason: 'said by somebody else' },
    },
    {
      what: 'of a reversal',
      type: 'PaymentReversed',
      detail: (system: System) => aReversal({ reversedAt: system.now(), reason: WORDS }),
      entry: { type: 'PaymentReversed', reason: 'other', notesRef: 'reversal#pay-1' },
      id: 'reversal#pay-1',
      words: { reason: WORDS },
      change: { reason: 'said by somebody else' },
    },
  ])('$what lie beside the timeline, expire, and still tell a repeat from a contradiction', async (row) => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('PaymentReceived', aPayment({ amount: { amount: '10.00', currency: 'CNY' }, paidAt: system.now() }));
    const detail = row.detail(system);

    // Act
    await system.put(row.type, detail);
    await system.put(row.type, detail);
    const afterRepeat = duplicatesRefused(system);
    await system.put(row.type, { ...detail, ...row.change });

    // Assess
    const { timeline } = await system.journey();
    expect(timeline.filter((entry) => entry.type === row.type)).toMatchObject([row.entry]);
    expect(JSON.stringify(timeline)).not.toContain(WORDS);
    expect(await notes(system, 'acc-1', row.id)).toEqual({ notes: row.words, expiresAt: inFiveYears(system) });
    expect([afterRepeat, duplicatesRefused(system)]).toEqual([0, 1]);
  });

  it('lie beside each account that a contact is told to, and not in the record of the contact', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', asOf: system.now() }));

    // Act
    await system.put('ContactReported', aContact(system, { accountId: undefined, outcome: WORDS }));

    // Assess
    for (const accountId of ['acc-1', 'acc-2']) {
      expect(await notes(system, accountId, 'contact#con-1')).toMatchObject({ notes: { outcome: WORDS } });
      expect(JSON.stringify((await system.journey(accountId)).timeline)).not.toContain(WORDS);
    }
    const { Item } = await system.cloud.call<{ Item: { body: { S: string } } }>('dynamodb', 'GetItem', {
      TableName: system.cloud.outputs().CaseTableName,
      Key: { pk: { S: 'FACT#contact#con-1' }, sk: { S: '#FACT' } },
    });
    expect(Item.body.S).not.toContain(WORDS);
  });

  it('are none where a code says it all', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('ContactReported', aContact(system, { outcome: 'voicemail_lcm', actor: 'agency-12' }));
    await system.put('HoldPlaced', aHold({ placedAt: system.now(), reason: 'court-order' }));

    // Assess
    const { timeline } = await system.journey();
    const [contact] = timeline.filter((entry) => entry.type === 'ContactReported');
    const [hold] = timeline.filter((entry) => entry.type === 'HoldPlaced');
    expect(contact).toMatchObject({ outcome: 'voicemail_lcm', actor: 'agency-12' });
    expect(hold).toMatchObject({ reason: 'court-order' });
    for (const entry of [contact, hold]) expect(entry).not.toHaveProperty('notesRef');
    expect(await notes(system, 'acc-1', 'contact#con-1')).toBeUndefined();
  });

  it('for how a payment was made are a code on the timeline, or lie beside it', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const said = ['transfer', 'bank_APP-2', WORDS, 'x'.repeat(33)];

    // Act
    for (const [index, method] of said.entries())
      await system.put('PaymentReceived', aPayment({ paymentId: `pay-${index}`, amount: cny('10.00'), paidAt: system.now(), method }));

    // Assess
    const { timeline } = await system.journey();
    const payments = timeline.filter((entry) => entry.type === 'PaymentReceived');
    expect(payments.map(({ method }) => method)).toEqual(['transfer', 'bank_APP-2', 'other', 'other']);
    expect(payments.map(({ notesRef }) => notesRef)).toEqual([undefined, undefined, 'payment-posted#pay-2', 'payment-posted#pay-3']);
    expect(await notes(system, 'acc-1', 'payment-posted#pay-2')).toEqual({ notes: { method: WORDS }, expiresAt: inFiveYears(system) });
  });

  it('of payments, reversals and imports are in no record of the fact', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const contacts = [{ channel: 'voice', kind: 'conversation', at: '2026-03-01T01:00:00Z', outcome: WORDS, contactPointId: 'cp-2' }];
    const hold = { holdId: 'hold-3', kind: 'complaint', placedAt: '2026-03-01T01:00:00Z', reason: WORDS };
    const imported = {
      ...{ importId: 'imp-1', accountId: 'acc-3', customerId: 'cus-3', asOf: system.now(), openedAt: '2026-01-01T01:00:00Z' },
      ...{ stage: 'call', contacts, promises: [], holds: [hold], notices: [] },
    };

    // Act
    await system.put('PaymentReceived', aPayment({ amount: cny('10.00'), paidAt: system.now(), method: WORDS }));
    await system.put('PaymentReversed', aReversal({ reversedAt: system.now(), reason: WORDS }));
    await system.put('CaseImported', imported);
    await system.put('CaseImported', imported);

    // Assess
    const { items } = await system.snapshot();
    const holders = items.filter((item) => JSON.stringify(item).includes(WORDS)).map(({ pk, sk }) => `${pk} ${sk}`);
    const beside = [
      'acc-1 NOTES#payment-posted#pay-1',
      'acc-1 NOTES#reversal#pay-1',
      'acc-3 NOTES#hold#hold-3',
      'acc-3 NOTES#import#imp-1',
    ];
    expect(holders.sort()).toEqual(beside.map((at) => `ACCOUNT#${at}`));
    expect(duplicatesRefused(system)).toBe(0);
  });

  it('are with the original of a payment that is found later to be in another currency', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const detail = aPayment({ accountId: 'acc-5', amount: { amount: '10.00', currency: 'EUR' }, paidAt: system.now(), method: WORDS });

    // Act
    await system.put('PaymentReceived', detail);
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-5', asOf: system.now() }));

    // Assess
    const { Messages } = await system.cloud.call<{ Messages: { Body: string }[] }>('sqs', 'ReceiveMessage', {
      QueueUrl: system.cloud.outputs().DeadLetterQueueUrl,
    });
    expect(Messages.map(({ Body }) => JSON.parse(Body))).toMatchObject([detail]);
  });

  it('with a hold over the API answer to the caller and stay off the timeline', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    const placed = await system.api('POST', '/accounts/acc-1/holds', { holdId: 'hold-7', kind: 'complaint', reason: WORDS });

    // Assess
    expect(placed).toMatchObject({ status: 200, json: { reason: WORDS } });
    expect(JSON.stringify((await system.journey()).timeline)).not.toContain(WORDS);
    expect(await notes(system, 'acc-1', 'hold#hold-7')).toMatchObject({ notes: { reason: WORDS } });
  });

  it('by which an agency names itself where it asks are not on the timeline of what it reserved', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await check(system, { reserve: true, attemptId: 'dial-1', actor: WORDS });

    // Assess
    const { timeline } = await system.journey();
    expect(timeline.filter((entry) => entry.type === 'AttemptReserved')).toMatchObject([{ attemptId: 'dial-1', actor: 'other' }]);
  });

  it.each(['hardship', 'deceased'])('are not needed to say that "%s" placed a hold', async (outcome) => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('ContactReported', aContact(system, { kind: 'conversation', outcome }));

    // Assess
    const { timeline } = await system.journey();
    expect(timeline.filter((entry) => entry.type === 'HoldPlaced')).toMatchObject([{ reason: 'contact-outcome', contactId: 'con-1' }]);
  });
});

describe('words are kept by the retention of the place', () => {
  const wordsOf = async (system: System) => {
    const { items } = await system.snapshot();
    return items.filter(({ pk, sk }) => pk === 'ACCOUNT#acc-1' && /^(TEXT|NOTES)#/.test(sk));
  };
  const secondsOf = (instant: string) => Math.floor(Date.parse(instant) / 1000);

  /** A text that was sent to a customer of a place, and a note, on an account that nobody has told of before. */
  async function written(place: Record<string, unknown>): Promise<System> {
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer(place));
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-18' }));
    await system.advanceTo('2026-03-20T00:00:00Z');
    await system.put('HoldPlaced', aHold({ placedAt: system.now(), reason: WORDS }));
    return system;
  }

  it('in Greece for a year from each of them', async () => {
    const system = await written({ jurisdiction: 'EU-GR', timeZone: 'Europe/Athens' });
    const sent = (await system.journey()).timeline.filter(({ type }) => type === 'ContactReserved').map(({ at }) => secondsOf(at));

    const words = await wordsOf(system);
    expect(words.filter(({ sk }) => sk.startsWith('TEXT#')).length).toBeGreaterThan(0);
    const ends = [...sent, secondsOf(system.now())].map((at) => at + 366 * 86_400);
    expect(words.map(({ expiresAt }) => expiresAt).sort()).toEqual(ends.sort());
  });

  it('in the United States for three years from the end of the case, which gives all of them their end', async () => {
    // Prepare
    const system = await written({ jurisdiction: 'US', timeZone: 'America/New_York' });
    const before = await wordsOf(system);

    // Act
    const { caseId } = await system.journey();
    await system.api('POST', `/cases/${caseId}/close`, { reason: 'written-off', reference: 'memo-1', by: 'approver-1' });

    // Assess
    const after = await wordsOf(system);
    const closed = (await system.journey()).timeline.find(({ type }) => type === 'JourneyClosed');
    const isText = ({ sk }: { sk: string }) => sk.startsWith('TEXT#');
    expect([before.some(isText), before.some((item) => !isText(item))]).toEqual([true, true]);
    expect(before.map(({ expiresAt, keptForCase }) => [expiresAt, keptForCase])).toEqual(before.map(() => [undefined, caseId]));
    expect(after.map(({ sk }) => sk)).toEqual(before.map(({ sk }) => sk));
    expect(new Set(after.map(({ expiresAt }) => expiresAt))).toEqual(new Set([secondsOf(String(closed?.at)) + 1096 * 86_400]));
  });
});
