import { describe, expect, it } from 'vitest';
import { readFeedback } from '../../../functions/adapters/feedback.ts';
import { aBounce, aComplaint, aDelivery, aMailEvent, aTextStatus, inLog, onTopic, packed } from '../../builders/feedback.ts';

const AT = '2026-03-06T02:00:00.669Z';
const SECOND = '2026-03-06T02:00:00Z';
const FEEDBACK = /^01000157c44f053b-/;

describe('of mail', () => {
  const read = (...messages: readonly (object | string)[]) => readFeedback(onTopic(...messages));

  it.each([
    ['a delivery', aDelivery('c-1', AT), { status: 'delivered', at: expect.stringMatching(/^2026-03-06T02:00:00/) }],
    ['a permanent bounce', aBounce('c-1', AT), { status: 'bounced', proofRef: expect.stringMatching(FEEDBACK) }],
    ['a full mailbox', aBounce('c-1', AT, 'Transient'), { status: 'failed' }],
    ['an answer that nobody understands', aBounce('c-1', AT, 'Undetermined'), { status: 'failed' }],
    ['a complaint', aComplaint('c-1', AT), { status: 'delivered', finding: 'complained', proofRef: expect.stringMatching(FEEDBACK) }],
    [
      'a text that SES refuses',
      aMailEvent('Reject', 'c-1', AT, { reject: { reason: 'Bad content' } }),
      { status: 'refused', ownFault: true },
    ],
  ])('%s is told by the contact that the mail was tagged with', (_what, message, report) => {
    expect(read(message)).toEqual([{ id: 'n-0', kind: 'report', contactId: 'c-1', report: expect.objectContaining(report) }]);
  });

  it.each([
    ['a complaint that takes a complaint back', aComplaint('c-1', AT, 'not-spam')],
    ['an opening', aMailEvent('Open', 'c-1', AT)],
    ['a mail that was not tagged', aMailEvent('Delivery', undefined, AT, { delivery: { timestamp: AT } })],
    ['the greeting of a new destination', 'Successfully validated SNS topic for Amazon SES event publishing.'],
  ])('%s is left alone', (_what, message) => {
    expect(read(message)).toEqual([{ id: 'n-0', kind: 'ignored' }]);
  });

  it.each([
    ['without an event type', { mail: {} }],
    ['without its own part', aMailEvent('Bounce', 'c-1', AT)],
    ['with a time that is none', aMailEvent('Delivery', 'c-1', AT, { delivery: { timestamp: 'soon' } })],
  ])('a message %s is for somebody to look at, and keeps nothing from the others', (_what, message) => {
    expect(read(message, aDelivery('c-2', AT)).map(({ kind }) => kind)).toEqual(['unreadable', 'report']);
  });
});

describe('of text messages', () => {
  const read = (...messages: readonly (object | string)[]) => readFeedback(inLog(...messages));

  it.each([
    ['Message has been accepted by phone', 'SUCCESS', { status: 'delivered' }],
    ['Invalid phone number', 'FAILURE', { status: 'bounced' }],
    ['Phone number is opted out', 'FAILURE', { status: 'refused', finding: 'opted-out' }],
    ['Phone is currently unreachable/unavailable', 'FAILURE', { status: 'failed' }],
    ['Unknown error attempting to reach phone', 'FAILURE', { status: 'failed' }],
    ['No quota left for account', 'FAILURE', { status: 'failed', ownFault: true }],
    ['This delivery would exceed max price', 'FAILURE', { status: 'failed', ownFault: true }],
    ['Message body is invalid', 'FAILURE', { status: 'failed', ownFault: true }],
    ['Blocked as spam by phone carrier', 'FAILURE', { status: 'failed', ownFault: true }],
  ] as const)('"%s" (%s)', (response, status, report) => {
    const [feedback] = read(aTextStatus('ref-1', SECOND, response, status));
    expect(feedback).toMatchObject({ kind: 'report', providerRef: 'ref-1' });
    expect(feedback).toHaveProperty('report', { how: 'provider', at: '2026-03-06T02:00:01.902Z', ...report });
  });

  it('that a carrier took it is known since it was sent', () => {
    expect(read(aTextStatus('ref-1', SECOND, 'Message has been accepted by phone carrier', 'SUCCESS'))).toMatchObject([
      { kind: 'ignored' },
    ]);
  });

  it.each([
    ['is no JSON', 'nothing'],
    ['is of another kind', { notification: { messageId: 'ref-1' } }],
    ['has a status of its own', { ...aTextStatus('ref-1', SECOND, ''), status: 'PERHAPS' }],
  ])('a line that %s is for somebody to look at', (_what, line) => {
    expect(read(line, aTextStatus('ref-2', SECOND, '')).map(({ kind }) => kind)).toEqual(['unreadable', 'report']);
  });

  it('a control message asks for nothing', () => {
    expect(readFeedback(packed({ messageType: 'CONTROL_MESSAGE', logEvents: [{ id: '1', message: 'CWL CONTROL MESSAGE' }] }))).toEqual([]);
  });
});

it.each([{}, { Records: [{}] }, { awslogs: { data: 'bm90IHBhY2tlZA==' } }, packed({ messageType: 'OTHER' })])(
  '%j is neither, and the error quotes nothing of it',
  (event) => {
    const secret = 'wang@example.com';
    expect(() => readFeedback({ ...event, secret })).toThrow();
    expect(() => readFeedback({ ...event, secret })).not.toThrow(secret);
  },
);
