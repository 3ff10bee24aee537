/** A mail as far as the outbox shows it. */
export interface Mail {
  /** By lower-case name; RFC 2047 words decoded. */
  readonly headers: ReadonlyMap<string, string>;
  /** The same as they were written, in order. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly to: readonly string[];
  /** The first plain text part, else the first part. */
  readonly body: string;
  /** The first HTML part. */
  readonly html: string | undefined;
}

const NESTING_MAX = 10;

/** Reads a raw message (RFC 5322 and 2045) well enough to show it to a person. */
export function readMime(raw: Buffer): Mail {
  const { headers, fields, content } = split(raw.toString('latin1'));
  const to = ['to', 'cc', 'bcc'].flatMap((name) => (headers.get(name) ?? '').split(',')).map((address) => address.trim());
  const parts = leaves(headers, content, 0);
  const chosen = parts.find((part) => part.type === 'text/plain') ?? parts[0];
  const html = parts.find((part) => part.type === 'text/html')?.text;
  return { headers, fields, to: to.filter((address) => address !== ''), body: chosen?.text ?? '', html };
}

function split(text: string): { headers: Map<string, string>; fields: { name: string; value: string }[]; content: string } {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const fields: { name: string; value: string }[] = [];
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.push({ name: line.slice(0, colon), value: decodeWords(line.slice(colon + 1).trim()) });
  }
  const headers = new Map(fields.map(({ name, value }) => [name.toLowerCase(), value]));
  return { headers, fields, content: end === null ? '' : text.slice(end.index + end[0].length) };
}

function leaves(headers: ReadonlyMap<string, string>, content: string, depth: number): { type: string; text: string }[] {
  const contentType = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary !== undefined && depth < NESTING_MAX)
    return content
      .split(`--${boundary}`)
      .slice(1, -1)
      .flatMap((part) => {
        const inner = split(part.replace(/^\r?\n/, ''));
        return leaves(inner.headers, inner.content, depth + 1);
      });
  const bytes = decodeTransfer(headers.get('content-transfer-encoding') ?? '', content);
  return [{ type: (contentType.split(';')[0] ?? '').trim().toLowerCase(), text: bytes.toString('utf8').trimEnd() }];
}

function decodeTransfer(encoding: string, content: string): Buffer {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(content, 'base64');
    case 'quoted-printable':
      return quotedPrintable(content.replace(/=\r?\n/g, ''));
    default:
      return Buffer.from(content, 'latin1');
  }
}

function quotedPrintable(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function decodeWords(text: string): string {
  return text.replace(/=\?[^?]+\?([BbQq])\?([^?]*)\?=/g, (_, encoding: string, word: string) =>
    encoding.toUpperCase() === 'B'
      ? Buffer.from(word, 'base64').toString('utf8')
      : quotedPrintable(word.replaceAll('_', ' ')).toString('utf8'),
  );
}
