import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mimeOf, UnsafeHeader } from '../../../functions/adapters/mime.ts';
import { readMime } from '../../../local/services/ses/mime.ts';

const mail = { from: 'notices@bank.example', to: 'wang@example.com', subject: 'Reminder', text: 'Please pay.', headers: {} };

describe('a mail', () => {
  it('without HTML is one part of text', () => {
    expect(mimeOf(mail).split('\r\n')).toEqual([
      'From: notices@bank.example',
      'To: wang@example.com',
      'Subject: Reminder',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: base64',
      '',
      'UGxlYXNlIHBheS4=',
    ]);
  });

  it('with HTML has both as alternatives, the plain text first', () => {
    // Act
    const raw = mimeOf({ ...mail, html: '<p>Please <b>pay</b>.</p>' });
    // Assess
    const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';
    const parts = raw.split(`--${boundary}`);
    expect(parts).toHaveLength(4);
    expect(parts[1]).toContain('text/plain');
    expect(Buffer.from(parts[2]?.split('\r\n\r\n')[1] ?? '', 'base64').toString()).toBe('<p>Please <b>pay</b>.</p>');
    expect(parts[3]).toBe('--\r\n');
  });

  it('of any words is read again as it was written, on lines that mail transport takes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map((value) => value.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' '));
    fc.assert(
      fc.property(text, text, (subject, body) => {
        const raw = mimeOf({ ...mail, subject, text: body });
        const read = readMime(Buffer.from(raw));
        expect(raw.split('\r\n').every((line) => /^[\x20-\x7e]{0,998}$/.test(line))).toBe(true);
        expect(read.body).toBe(body.trimEnd());
        // Words that follow each other are one: the reader of the embedded cloud leaves the space of the fold.
        expect((read.headers.get('subject') ?? '').replaceAll(' ', '')).toBe(subject.replaceAll(' ', ''));
      }),
    );
  });

  it('keeps whole characters in each encoded word, and no word longer than a line allows', () => {
    // Act
    const lines = mimeOf({ ...mail, subject: '您的还款日已过，请尽快安排还款😀'.repeat(6) })
      .split('\r\n')
      .filter((line) => line.includes('=?UTF-8?B?'));
    // Assess
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const word = /=\?UTF-8\?B\?([^?]*)\?=/.exec(line);
      expect(word?.[0].length).toBeLessThanOrEqual(75);
      expect(Buffer.from(word?.[1] ?? '', 'base64').toString()).not.toContain('\ufffd');
    }
  });
});

describe('a header', () => {
  it.each([
    { what: 'address', change: { to: 'wang@example.com\r\nBcc: everybody@example.com' } },
    { what: 'address', change: { to: 'wang@example.com\nBcc: everybody@example.com' } },
    { what: 'address folded like ours', change: { to: 'wang@example.com\r\n\r\nbody' } },
    { what: 'subject', change: { subject: 'Hello\r\nBcc: everybody@example.com' } },
    { what: 'header of our own', change: { headers: { 'List-Unsubscribe': '<mailto:a@b.example>\r\nX: y' } } },
    { what: 'name', change: { headers: { 'X: y\r\nZ': 'z' } } },
    { what: 'address beyond ASCII', change: { to: '王@example.com' } },
    { what: 'header without end', change: { headers: { 'X-Long': 'x'.repeat(1000) } } },
  ])('cannot be made by an $what', ({ change }) => {
    expect(() => mimeOf({ ...mail, ...change })).toThrow(UnsafeHeader);
  });
});
