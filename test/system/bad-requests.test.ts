import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue, cny } from './events.ts';
import { walk } from './walk.ts';

/** A case in the call stage with its first call task open. */
async function prepared(): Promise<{ system: System; taskId: string }> {
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  await walk(system, { until: (journey) => journey.timeline.some((entry) => entry.type === 'TaskOpened') });
  return { system, taskId: (await system.task('call')).taskId };
}

type Wrong = [method: string, path: string, body: unknown, status: number, field: string | undefined];

const outcome = (body: object, status: number, field: string | undefined): Wrong => [
  'POST',
  '/tasks/TASK/outcome',
  { outcome: 'no-answer', by: 'anna', ...body },
  status,
  field,
];
const promise = (amount: unknown, date: string) => ({ outcome: 'promise', promises: [{ amount, date }] });

const WRONG: readonly Wrong[] = [
  ['GET', '/accounts/acc-9/journey', undefined, 404, undefined],
  ['GET', '/accounts/with%20space/journey', undefined, 400, 'accountId'],
  ['GET', '/accounts/acc-1/journey?caseId=c-none', undefined, 404, undefined],
  ['GET', '/tasks', undefined, 400, 'queue'],
  ['GET', '/tasks?queue=lunch', undefined, 400, 'queue'],
  ['GET', '/tasks?queue=call&status=done', undefined, 400, 'status'],
  ['GET', '/tasks?queue=call&cursor=nonsense', undefined, 400, 'cursor'],
  ['GET', '/tasks/none', undefined, 404, undefined],
  ['POST', '/tasks/none/claim', { assignee: 'anna' }, 404, undefined],
  ['POST', '/tasks/TASK/claim', {}, 400, 'assignee'],
  ['POST', '/tasks/TASK/claim', { assignee: 7 }, 400, 'assignee'],
  ['POST', '/tasks/TASK/claim', '{', 400, undefined],
  ['POST', '/tasks/none/outcome', { outcome: 'no-answer', by: 'anna' }, 404, undefined],
  ['POST', '/tasks/TASK/outcome', undefined, 400, 'body'],
  ['POST', '/tasks/TASK/outcome', [], 400, 'body'],
  outcome({ outcome: undefined }, 400, 'outcome'),
  outcome({ by: '' }, 400, 'by'),
  outcome({ at: 'soon' }, 400, 'at'),
  outcome({ at: '2027-01-01T00:00:00Z' }, 400, 'at'),
  outcome({ recordingRef: 'she wept on the phone' }, 400, 'recordingRef'),
  outcome({ evidence: ['photo-1', '门口没人'] }, 400, 'evidence.1'),
  outcome({ outcome: 'approve' }, 422, 'outcome'),
  outcome({ outcome: 'promise' }, 422, 'promises'),
  outcome({ promises: [{ amount: cny('1.00'), date: '2026-03-10' }] }, 422, 'promises'),
  outcome(promise(cny('1'), '2026-03-10'), 400, 'promises.0.amount.amount'),
  outcome(promise(cny('0.00'), '2026-03-10'), 400, 'promises.0.amount.amount'),
  outcome(promise({ amount: '1.00', currency: 'EUR' }, '2026-03-10'), 422, 'promises.0.amount.currency'),
  outcome(promise(cny('1.00'), '2026-03-06'), 422, 'promises.0.date'),
  outcome(promise(cny('1.00'), '2026-04-07'), 422, 'promises.0.date'),
  outcome({ outcome: 'call-back' }, 422, 'callBackAt'),
  outcome({ outcome: 'call-back', callBackAt: '2026-03-07T01:00:00Z' }, 422, 'callBackAt'),
  ['GET', '/accounts/acc-9/plan-offers', undefined, 404, undefined],
  ['POST', '/accounts/acc-9/plans', { offerId: 'o-1', agreedAt: '2026-03-07T01:00:00Z', channel: 'app' }, 404, undefined],
  ['POST', '/accounts/acc-1/plans', { offerId: 'o-1', agreedAt: '2026-03-07T01:00:00Z', channel: 'app' }, 422, 'offerId'],
  ['POST', '/accounts/acc-1/plans', { offerId: 'o-1', channel: 'app' }, 400, 'agreedAt'],
  ['POST', '/accounts/acc-1/plans', { offerId: 'o-1', agreedAt: '2026-03-07T01:00:00Z', channel: '王小明 13800138000' }, 400, 'channel'],
  [
    'POST',
    '/accounts/acc-1/plans',
    { offerId: 'o-1', agreedAt: '2026-03-07T01:00:00Z', channel: 'voice', proofRef: 'heard it' },
    400,
    'proofRef',
  ],
  ['POST', '/accounts/acc-1/holds', { holdId: 'h-1' }, 400, 'kind'],
  ['POST', '/accounts/acc-1/holds', { holdId: 'h 1', kind: 'dispute' }, 400, 'holdId'],
  ['POST', '/accounts/acc-1/holds', { holdId: 'h-1', kind: 'disaster' }, 422, 'expiresAt'],
  ['POST', '/accounts/acc-1/holds', { holdId: 'h-1', kind: 'dispute', placedAt: '2027-01-01T00:00:00Z' }, 400, 'placedAt'],
  ['DELETE', '/holds/none', undefined, 404, undefined],
  ['DELETE', '/holds/none?releasedAt=soon', undefined, 400, 'releasedAt'],
  ['DELETE', '/holds/none?releasedAt=2027-01-01T00:00:00Z', undefined, 400, 'releasedAt'],
  ['DELETE', '/holds/with%20space', undefined, 400, 'holdId'],
];

describe('a request that cannot be served', () => {
  it('is answered with a problem document that names status, rule and field, and leaves nothing behind', async () => {
    // Prepare
    const { system, taskId } = await prepared();
    const before = (await system.snapshot()).items;

    for (const [method, path, body, status, field] of WRONG) {
      // Act
      const answer = await system.cloud.fetchApi(method, path.replace('TASK', taskId), body);

      // Assess
      const problem = answer.json as { status?: number; title?: string; detail?: string; field?: string };
      const request = `${method} ${path} ${JSON.stringify(body)}`;
      expect({ request, status: answer.status, field: problem?.field }).toEqual({
        request,
        status,
        ...(field === undefined ? {} : { field }),
      });
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(problem).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    }
    expect((await system.snapshot()).items).toEqual(before);
  });

  it('is a conflict where the state does not allow it any more', async () => {
    // Prepare
    const { system, taskId } = await prepared();
    await system.report(taskId, 'no-answer');

    // Act
    const claim = await system.api('POST', `/tasks/${taskId}/claim`, { assignee: 'anna' });
    const release = await system.api('POST', `/tasks/${taskId}/release`, { assignee: 'anna' });

    // Assess
    expect([claim.status, release.status]).toEqual([409, 409]);
  });
});

describe('a request that is repeated', () => {
  it('answers the same and happens once', async () => {
    // Prepare
    const { system, taskId } = await prepared();
    const requests: [string, string, unknown][] = [
      ['POST', `/tasks/${taskId}/claim`, { assignee: 'anna' }],
      ['POST', `/tasks/${taskId}/outcome`, { outcome: 'no-answer', by: 'anna', at: system.now(), notes: 'rang twice' }],
      ['POST', '/accounts/acc-1/holds', { holdId: 'h-1', kind: 'dispute' }],
      ['DELETE', '/holds/h-1', undefined],
    ];

    for (const [method, path, body] of requests) {
      // Act
      const first = await system.api(method, path, body);
      const after = (await system.snapshot()).items;
      await system.advance('PT5M');
      const again = await system.api(method, path, body);

      // Assess
      expect(first.status).toBe(200);
      expect(again).toEqual(first);
      const changed = (await system.snapshot()).items.filter((item) => item.sk.startsWith('T#')).length;
      expect(changed).toBe(after.filter((item) => item.sk.startsWith('T#')).length);
    }
  });

  it('with other content under the same id is a conflict', async () => {
    // Prepare
    const { system } = await prepared();
    await system.api('POST', '/accounts/acc-1/holds', { holdId: 'h-1', kind: 'dispute' });

    // Act
    const other = await system.api('POST', '/accounts/acc-1/holds', { holdId: 'h-1', kind: 'fraud' });

    // Assess
    expect(other.status).toBe(409);
    expect((await system.journey()).holds).toMatchObject([{ holdId: 'h-1', kind: 'dispute' }]);
  });
});
