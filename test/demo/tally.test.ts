import { describe, expect, it } from 'vitest';
import { addResults, type DemoResult } from '../../demo/result.ts';
import { Tally } from '../../demo/tally.ts';

function tallyOf(
  ...events: readonly (readonly [accountId: string, seq: number, detailType: string, facts?: Record<string, unknown>])[]
): Tally {
  const tally = new Tally();
  for (const [accountId, seq, detailType, facts] of events) tally.add({ detailType, detail: { accountId, seq, ...facts } });
  return tally;
}

describe('the tally', () => {
  it('counts cases by how they ended, and those still open', () => {
    const tally = tallyOf(
      ['a', 1, 'JourneyOpened'],
      ['a', 2, 'AccountCured', { by: 'payment' }],
      ['a', 3, 'JourneyClosed', { reason: 'cured' }],
      ['a', 9, 'JourneyOpened'],
      ['b', 1, 'JourneyOpened'],
      ['b', 2, 'AccountCured', { by: 'balance' }],
      ['c', 1, 'JourneyOpened'],
      ['c', 2, 'JourneyHeld'],
      ['d', 1, 'JourneyOpened'],
      ['d', 2, 'JourneyClosed', { reason: 'sold' }],
    );
    expect(tally.result()).toMatchObject({ opened: 5, curedByPayment: 1, curedByBalance: 1, openAtEnd: 2 });
  });

  it('counts an event once, however often it comes', () => {
    const again = ['a', 1, 'JourneyOpened'] as const;
    const tally = tallyOf(again, ['a', 2, 'TaskOpened', { queue: 'call' }], again, ['a', 2, 'TaskOpened', { queue: 'call' }]);
    expect(tally.result()).toMatchObject({ opened: 1, tasksOpened: { call: 1 } });
  });

  it('files a case under the deepest stage it reached, not the last', () => {
    const tally = tallyOf(
      ['a', 1, 'JourneyOpened'],
      ['a', 2, 'StageEntered', { stage: 'plan' }],
      ['a', 3, 'StageEntered', { stage: 'call' }],
      ['b', 1, 'JourneyOpened'],
    );
    expect(tally.result().deepestStages).toEqual({ reminder: 1, call: 0, plan: 1, 'field-visit': 0, legal: 0 });
  });

  it('files tasks under their queue and outcome, or why they closed without one', () => {
    const tally = tallyOf(
      ['a', 1, 'TaskClosed', { queue: 'call', reason: 'outcome', outcome: 'refused' }],
      ['a', 2, 'TaskClosed', { queue: 'call', reason: 'cured' }],
    );
    expect(tally.result().tasks).toEqual({ call: { refused: 1, '(cured)': 1 } });
  });

  it('counts rejections with their reason, those without an account too', () => {
    const tally = new Tally();
    const detail = { rejectedType: 'CustomerUpdated', field: 'timeZone', rule: 'must be an IANA time zone' };
    tally.add({ detailType: 'EventRejected', detail });
    expect(tally.result()).toMatchObject({ rejected: 1, rejections: { 'CustomerUpdated timeZone: must be an IANA time zone': 1 } });
  });
});

describe('results of clouds beside each other', () => {
  it('add up name by name', () => {
    // Prepare
    const one = { opened: 1, tasks: { call: { promise: 2 } }, rejections: { a: 1 }, audit: { problems: ['x'] } } as unknown as DemoResult;
    const other = {
      opened: 4,
      tasks: { call: { promise: 1, busy: 5 }, legal: { approve: 1 } },
      rejections: {},
      audit: { problems: ['y'], ungated: 1 },
    } as unknown as DemoResult;
    // Assess
    expect(addResults(one, other)).toEqual({
      opened: 5,
      tasks: { call: { promise: 3, busy: 5 }, legal: { approve: 1 } },
      rejections: { a: 1 },
      audit: { problems: ['x', 'y'], ungated: 1 },
    });
  });
});
