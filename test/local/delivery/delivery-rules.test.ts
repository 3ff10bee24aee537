import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from '../cloud/sample-app.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
});
beforeEach(() => server.cloud.delivery.clear());
afterAll(() => server.close());

async function ask(method: string, path = '', body?: unknown): Promise<{ status: number; body: unknown }> {
  const init = { method, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) };
  const response = await fetch(`${server.url}/_local/delivery${path}`, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

describe('rules of what becomes of messages', () => {
  it('are added, listed and deleted', async () => {
    // Act
    const bounce = { service: 'ses', match: { to: '/@example\\.com$/', count: 3 }, outcome: 'bounce', reason: 'NoEmail', after: 'PT5M' };
    const added = await ask('POST', '', bounce);
    const other = await ask('POST', '', { service: 'sns', outcome: 'none' });
    // Assess
    expect(added).toEqual({ status: 201, body: { id: expect.any(Number), ...bounce } });
    expect((await ask('GET')).body).toEqual([added.body, other.body]);
    const { id } = added.body as { id: number };
    expect((await ask('DELETE', `/${id}`)).status).toBe(204);
    expect(await ask('DELETE', `/${id}`)).toMatchObject({ status: 404, body: { detail: `There is no delivery rule ${id}.` } });
    expect((await ask('GET')).body).toEqual([other.body]);
    expect((await ask('DELETE')).status).toBe(204);
    expect((await ask('GET')).body).toEqual([]);
  });

  it('decide in the order in which they were given, each as often as it says', async () => {
    const rules = server.cloud.delivery;
    rules.add({ service: 'sns', match: { to: '+1', count: 2 }, outcome: 'failure' });
    rules.add({ service: 'sns', match: { to: '/^\\+/' }, outcome: 'none' });
    const outcomes = ['+2', '+1', '+1', '+1'].map((to) => rules.decide('sns', to)?.outcome);
    expect(outcomes).toEqual(['none', 'failure', 'failure', 'none']);
    expect(rules.decide('ses', '+1')).toBeUndefined();
    expect(rules.throttles('sns', ['+1'])).toBe(false);
  });

  it.each([
    { rule: '{', detail: 'The body must be JSON' },
    { rule: [], detail: 'The rule must be an object' },
    { rule: { service: 'ses', outcome: 'bounce', speed: 1 }, detail: 'The rule must have no member speed' },
    { rule: { service: 'sqs', outcome: 'bounce' }, detail: 'service must be ses or sns' },
    { rule: { service: 'sns', outcome: 'bounce' }, detail: 'outcome of sns must be one of delivery, failure, none, throttle' },
    { rule: { service: 'ses', outcome: 'failure' }, detail: 'outcome of ses must be one of' },
    { rule: { service: 'ses', outcome: 'bounce', match: 'x' }, detail: 'match must be an object' },
    { rule: { service: 'ses', outcome: 'bounce', match: { to: '' } }, detail: 'match.to must be text of 1 to 200 characters' },
    { rule: { service: 'ses', outcome: 'bounce', match: { to: '/(/' } }, detail: 'match.to must be a regular expression' },
    { rule: { service: 'ses', outcome: 'bounce', match: { count: 0 } }, detail: 'match.count must be a whole number from 1' },
    { rule: { service: 'ses', outcome: 'bounce', reason: 'MailboxFull' }, detail: 'reason of a bounce must be one of' },
    { rule: { service: 'ses', outcome: 'delivery', reason: 'x' }, detail: 'reason must not be given with outcome delivery' },
    { rule: { service: 'ses', outcome: 'bounce', after: '5' }, detail: 'after must be an ISO 8601 duration' },
    { rule: { service: 'ses', outcome: 'bounce', after: 'P31D' }, detail: 'after must be at most 30 days' },
    { rule: { service: 'ses', outcome: 'throttle', after: 'PT1S' }, detail: 'after must not be given with outcome throttle' },
  ])('are refused where they are wrong: $detail', async ({ rule, detail }) => {
    const answer = await ask('POST', '', rule);
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
    expect((await ask('GET')).body).toEqual([]);
  });
});
