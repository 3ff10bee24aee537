import { createHash } from 'node:crypto';
import { canonical } from '../stored.ts';

/** The form of an evidence pack, read from its description (docs/adr/0048): lines, chain, manifest, seal. */

const PARTS = [
  'pack',
  'timeline',
  'contact',
  'reference',
  'policies',
  'statement-row',
  'statement',
  'demands',
  'limitation',
  'manifest',
  'seal',
] as const;
type Part = (typeof PARTS)[number];

export interface PackLine {
  readonly n: number;
  readonly part: Part;
  readonly previousHash: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** SHA-256 of the line as it stands in the file. */
  readonly hash: string;
}

/** What is wrong, and with which entry. */
export interface Finding {
  readonly entry: string;
  readonly why: string;
}

/** The lines where all of them have the form of one; else what does not. */
export interface ReadPack {
  readonly lines: readonly PackLine[];
  readonly findings: readonly Finding[];
}

const LINE_FEED = 0x0a;
const MEMBERS = ['body', 'n', 'part', 'previousHash'];

/**
 * @returns undefined for bytes that are no pack at all: nothing in them names the hash of a line before it
 */
export function readPack(bytes: Buffer): ReadPack | undefined {
  if (!bytes.includes('"previousHash":"')) return undefined;
  const raw = linesOf(bytes);
  const read = raw.map((line, index) => readLine(line, index));
  const lines = read.filter((line) => typeof line !== 'string');
  const findings = read.flatMap((line, index) => (typeof line === 'string' ? [{ entry: `entry ${index}`, why: line }] : []));
  if (bytes.at(-1) !== LINE_FEED) findings.push({ entry: `entry ${raw.length - 1}`, why: 'does not end with a line feed' });
  return { lines, findings };
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  if (from < bytes.length) lines.push(bytes.subarray(from));
  return lines;
}

/** A line, or why it is none. */
function readLine(raw: Buffer, index: number): PackLine | string {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    value = JSON.parse(text);
  } catch {
    return 'is no JSON in UTF-8';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no JSON object';
  const line = value as Record<string, unknown>;
  const { n, part, previousHash, body } = line;
  if (n !== index) return `says it is number ${String(n)}`;
  if (!(PARTS as readonly unknown[]).includes(part)) return `says it is a part that packs do not have: ${String(part)}`;
  const expected = part === 'seal' ? MEMBERS.slice(1) : MEMBERS;
  if (Object.keys(line).sort().join() !== expected.join()) return `must have the members ${expected.join(', ')}`;
  if (typeof previousHash !== 'string') return 'must name the hash of the line before it';
  if (part !== 'seal' && (typeof body !== 'object' || body === null || Array.isArray(body))) return 'must have an object as its body';
  if (canonical(line) !== text) return 'is not in canonical form';
  const hash = createHash('sha256').update(raw).digest('hex');
  return { n, part: part as Part, previousHash, body: (body ?? {}) as PackLine['body'], hash };
}

/** An entry by its number and by what it is. */
export function nameOf({ n, part, body }: PackLine): string {
  const entry = body.entry as { readonly seq?: unknown; readonly type?: unknown } | undefined;
  const what = [entry?.seq, entry?.type ?? body.contactId ?? body.ref].filter((word) => word !== undefined).join(' ');
  return `entry ${n} (${part}${what === '' ? '' : ` ${what}`})`;
}

interface Listed {
  readonly n: unknown;
  readonly part: unknown;
  readonly sha256: unknown;
}

/**
 * Every line has two witnesses of its hash, the line after it and the manifest: where both speak against it, it was changed; where one
 * does, that one was.
 */
export function findChanges(lines: readonly PackLine[]): Finding[] {
  const [first, manifest, seal] = [lines[0], lines.at(-2), lines.at(-1)];
  if (first?.part !== 'pack') return [{ entry: 'entry 0', why: 'must be the head of a pack' }];
  if (manifest?.part !== 'manifest' || seal?.part !== 'seal')
    return [{ entry: `entry ${lines.length - 1}`, why: 'must be the seal, after the manifest: the pack is cut off' }];
  const findings: Finding[] = [];
  if (first.previousHash !== '0'.repeat(64)) findings.push({ entry: nameOf(first), why: 'must follow nothing' });
  const listed = (Array.isArray(manifest.body.entries) ? manifest.body.entries : []) as readonly Listed[];
  const content = lines.slice(0, -2);
  const changed = new Set<PackLine>();
  for (const line of content) {
    const [inManifest, inNext] = [listed[line.n]?.sha256 === line.hash, lines[line.n + 1]?.previousHash === line.hash];
    const next = lines[line.n + 1];
    if (!inManifest && !inNext) changed.add(line);
    else if (!inManifest) changed.add(manifest);
    else if (!inNext && next !== undefined) changed.add(next);
  }
  const rebuilt = { entries: content.map(({ n, part, hash }) => ({ n, part, sha256: hash })) };
  const asListed = canonical(manifest.body) === canonical(rebuilt);
  if (!asListed && changed.size === 0) changed.add(manifest);
  if (seal.previousHash !== manifest.hash && changed.size === 0) changed.add(seal);
  // A manifest that was changed and sealed anew still names what it names: the lines stand against it.
  for (const line of lines)
    if (changed.has(line)) findings.push({ entry: nameOf(line), why: 'was changed after the pack was sealed, or does not belong here' });
  return findings;
}
