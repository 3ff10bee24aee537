import { createHash } from 'node:crypto';

/** A mail whose headers SES's own form has no room for. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  /** Further headers, by name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A header that would begin another one, or that mail transport could not carry. */
export class UnsafeHeader extends Error {
  override readonly name = 'UnsafeHeader';
}

const CRLF = '\r\n';
/** RFC 5322, 2.1.1. */
const HEADER_LENGTH_MAX = 998;
/** RFC 2045, 6.8. */
const BASE64_LINE = 76;
/** RFC 2047, 2: an encoded word has at most 75 characters, 12 of them its frame; three bytes make four characters. */
const WORD_BYTES = 45;

/**
 * The mail as it travels: text and HTML as alternatives, both in base64, so that no line is too long and no byte has another meaning on
 * the way. Values of headers are refused where they hold a control character; only the subject may be other than ASCII.
 *
 * @throws UnsafeHeader naming the header
 * @see https://www.rfc-editor.org/rfc/rfc2045
 */
export function mimeOf(mail: Mail): string {
  const headers = { From: mail.from, To: mail.to, Subject: encodedWords(mail.subject), ...mail.headers, 'MIME-Version': '1.0' };
  const lines = Object.entries(headers).map(([name, value]) => headerLine(name, value));
  if (mail.html === undefined) return [...lines, ...part('plain', mail.text)].join(CRLF);
  // The same mail gives the same boundary; a base64 body can hold none.
  const boundary = `=_${createHash('sha256').update(`${mail.subject}\n${mail.text}`).digest('hex').slice(0, 32)}`;
  return [
    ...lines,
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...part('plain', mail.text),
    `--${boundary}`,
    ...part('html', mail.html),
    `--${boundary}--`,
    '',
  ].join(CRLF);
}

function headerLine(name: string, value: string): string {
  const line = `${name}: ${value}`;
  // Folded lines are our own; whatever came from outside may not break one.
  const unfolded = line.replaceAll(`${CRLF} `, ' ');
  if (!/^[A-Za-z][A-Za-z0-9-]*: [\x20-\x7e]*$/.test(unfolded)) throw new UnsafeHeader(`${name}: must be printable ASCII on one line`);
  if (line.split(CRLF).some((piece) => piece.length > HEADER_LENGTH_MAX)) throw new UnsafeHeader(`${name}: is too long`);
  return line;
}

/** A subject that is not plain ASCII as encoded words of whole characters, one a line (RFC 2047). */
function encodedWords(subject: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(subject)) throw new UnsafeHeader('Subject: must have no control characters');
  // A text that looks like an encoded word would be decoded by whoever reads it.
  if (/^[\x20-\x7e]*$/.test(subject) && !subject.includes('=?') && subject.length < BASE64_LINE) return subject;
  const words: string[] = [];
  let word = '';
  for (const character of subject) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((text) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`).join(`${CRLF} `);
}

function part(kind: 'plain' | 'html', text: string): string[] {
  const encoded = Buffer.from(text.replaceAll(/\r?\n/g, CRLF)).toString('base64');
  const lines = encoded.match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? [];
  return [`Content-Type: text/${kind}; charset=UTF-8`, 'Content-Transfer-Encoding: base64', '', ...lines];
}
