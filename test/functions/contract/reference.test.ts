import { describe, expect, it } from 'vitest';
import { planBody } from '../../../functions/api/plans.ts';
import { INBOUND } from '../../../functions/contract/inbound-events.ts';
import { outcomeBody } from '../../../functions/contract/outcome.ts';
import { reference } from '../../../functions/contract/values.ts';

const HASH = 'a'.repeat(64);

describe('a reference', () => {
  it.each([
    'rec-1',
    '7',
    '/recordings/2026/03/02/1.wav',
    's3://recordings/2026/03/1.wav?versionId=7&part=2',
    `https://archive.bank.example/rec/1%2B2#sha256=${HASH}`,
    'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'A'.repeat(256),
  ])('is taken: %s', (text) => {
    expect(reference.safeParse(text).success).toBe(true);
  });

  it.each(['', ' ', 'Mr Wang was in tears', 'rec-1\n', '王小明', 'wang@example.com', '+8613800138000', '<a>', 'A'.repeat(257)])(
    'is refused where it could be words or an address: %j',
    (text) => {
      expect(reference.safeParse(text).success).toBe(false);
    },
  );
});

describe('everything that takes a reference', () => {
  const told = { outcome: 'refused', by: 'anna' };
  const item = { ref: 'says he drinks', sha256: HASH, kind: 'photo' };
  const agreed = { offerId: 'o-1', agreedAt: '2026-03-02T01:00:00Z', channel: 'voice' };
  const report = { contactId: 'c-1', status: 'delivered', at: '2026-03-02T01:00:00Z' };

  it.each([
    ['a recording', outcomeBody, { ...told, recordingRef: 'asked his wife' }, 'recordingRef'],
    ['evidence', outcomeBody, { ...told, evidence: ['photo-1', 'nobody opened'] }, 'evidence.1'],
    ['evidence with a hash', outcomeBody, { ...told, evidence: [item] }, 'evidence.0.ref'],
    ['the event of an outcome', INBOUND.TaskOutcomeReported, { taskId: 't-1', ...told, recordingRef: 'a b' }, 'recordingRef'],
    ['the proof of an agreement', planBody, { ...agreed, proofRef: 'on the phone' }, 'proofRef'],
    ['the proof of a delivery', INBOUND.DeliveryReported, { ...report, proofRef: 'signed by Wang' }, 'proofRef'],
  ])('refuses words as %s, and names the field and the rule', (_what, schema, value, field) => {
    // Act
    const [issue] = schema.safeParse(value).error?.issues ?? [];
    // Assess
    expect({ field: issue?.path.join('.'), rule: issue?.message }).toEqual({ field, rule: expect.stringContaining('must be a reference') });
  });

  it('takes a task by an id as every other', () => {
    const taskIds = ['task-1', 'task of Wang', '任务', 'x'.repeat(65)];
    const taken = taskIds.filter((taskId) => INBOUND.TaskOutcomeReported.safeParse({ taskId, ...told }).success);
    expect(taken).toEqual(['task-1']);
  });
});
