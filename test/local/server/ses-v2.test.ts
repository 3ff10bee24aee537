import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from '../cloud/sample-app.ts';

/** Mail by the second version of SES, which is JSON over REST; stock clients are tried in test/outside. */

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
});
afterAll(() => server.close());

const SIMPLE = { Simple: { Subject: { Data: 'Second' }, Body: { Text: { Data: 'text' } } } };
const MAIL = { FromEmailAddress: 'a@b.example', Destination: { ToAddresses: ['c@d.example'] }, Content: SIMPLE };

async function send(body: unknown, path = '/v2/email/outbound-emails') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(server.url + path, { method: 'POST', body: text });
  const json = (await response.json()) as { MessageId?: string; message?: string };
  return { status: response.status, code: response.headers.get('x-amzn-errortype'), json };
}

describe('SES version 2', () => {
  it('sends what is simple and what is raw', async () => {
    const tags = [{ Name: 'accountId', Value: 'acc-v2' }];
    expect(await send({ ...MAIL, EmailTags: tags })).toEqual({ status: 200, code: null, json: { MessageId: expect.any(String) } });
    const raw = Buffer.from('From: a@b.example\r\nTo: e@f.example\r\nSubject: Raw\r\n\r\nraw').toString('base64');
    expect((await send({ Content: { Raw: { Data: raw } }, EmailTags: tags })).status).toBe(200);
    expect(server.cloud.outbox('acc-v2')).toMatchObject([
      { to: 'c@d.example', subject: 'Second', body: 'text' },
      { to: 'e@f.example', subject: 'Raw', body: 'raw' },
    ]);
  });

  it.each([
    ['{', 'SerializationException', 'not JSON'],
    [[], 'BadRequestException', 'must be a structure'],
    [{ ...MAIL, Content: {} }, 'BadRequestException', 'Simple or Raw'],
    [{ ...MAIL, Content: { Simple: { ...SIMPLE.Simple, Attachments: [] } } }, 'BadRequestException', 'Attachments'],
    [{ ...MAIL, Content: { Template: {} } }, 'BadRequestException', 'Template in Content'],
    [{ ...MAIL, Content: { ...SIMPLE, Raw: { Data: 'eA==' } } }, 'BadRequestException', 'not both'],
    [{ ...MAIL, Destination: { ToAddresses: ['c@d.example'], Others: [] } }, 'BadRequestException', 'Others in Destination'],
    [{ ...MAIL, FromEmailAddress: 'nobody' }, 'BadRequestException', 'Illegal address'],
    [{ Content: { Raw: { Data: 'eA==' } }, ReplyToAddresses: ['a@b.example'] }, 'BadRequestException', 'ReplyToAddresses'],
    [{ ...MAIL, ListManagementOptions: {} }, 'BadRequestException', 'ListManagementOptions'],
    [{ ...MAIL, Destination: { ToAddresses: 'c@d.example' } }, 'BadRequestException', 'Destination.ToAddresses must be a list'],
    [{ ...MAIL, Destination: {} }, 'BadRequestException', 'Missing final recipient'],
    [{ ...MAIL, ConfigurationSetName: 'none' }, 'NotFoundException', 'none'],
  ])('refuses %j as %s', async (body, code, message) => {
    expect(await send(body)).toMatchObject({ status: 400, code, json: { message: expect.stringContaining(message) } });
  });

  it('names what it does not do', async () => {
    expect(await send({}, '/v2/email/identities')).toMatchObject({ status: 404, code: 'UnknownOperationException' });
  });
});
