import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeLine } from '../../tools/gate/cases.ts';
import { root } from '../house/sources.ts';

interface WorkedCase {
  readonly id: string;
  readonly why: string;
  readonly strict: boolean;
  readonly expect: { readonly decision: string; readonly notBeforeUtc?: string; readonly acceptable?: readonly string[] };
}

const cases = ['cases.jsonl', 'more-cases.jsonl'].flatMap((file) =>
  readFileSync(join(root, 'test/fixtures/contact-gate', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ line, ...(JSON.parse(line) as WorkedCase) })),
);

/** A case that passes unless something is changed. */
function aCase(change: Readonly<Record<string, unknown>> = {}): string {
  const given = { id: 'x', jurisdiction: 'CN', channel: 'call', nowUtc: '2026-04-10T03:00:00Z', customerTimeZone: 'Asia/Shanghai' };
  return JSON.stringify({ ...given, history: [], flags: [], ...change });
}

function run(input: string, ...args: string[]) {
  const { stdout, status } = spawnSync(process.execPath, [join(root, 'tools/gate.ts'), ...args], { input, encoding: 'utf8' });
  return { status, lines: stdout.split('\n').slice(0, -1) };
}

describe('the worked cases', () => {
  it.each(cases.filter(({ strict }) => strict))('$id: $why', ({ line, expect: expected }) => {
    const result = judgeLine(line);

    expect(result).toMatchObject({ decision: expected.decision });
    expect('notBeforeUtc' in result ? result.notBeforeUtc : undefined).toBe(expected.notBeforeUtc);
  });

  it.each(cases.filter(({ strict }) => !strict))('$id, by the reading it names: $why', ({ line, expect: expected }) => {
    const result = judgeLine(line);
    const accepted = [expected.decision, ...(expected.acceptable ?? [])];

    expect(accepted).toContain('decision' in result ? result.decision : undefined);
    if ('decision' in result && result.decision === expected.decision) expect(result.notBeforeUtc).toBe(expected.notBeforeUtc);
  });
});

describe('a line', () => {
  it.each([
    { name: 'no JSON', line: 'call me', id: null, error: 'JSON' },
    { name: 'no object', line: '[]', id: null, error: 'case' },
    { name: 'an unknown jurisdiction', line: aCase({ jurisdiction: 'XX' }), id: 'x', error: 'jurisdiction' },
    { name: 'an unknown channel', line: aCase({ channel: 'fax' }), id: 'x', error: 'channel' },
    { name: 'an instant that is none', line: aCase({ nowUtc: '2026-02-30T00:00:00Z' }), id: 'x', error: 'nowUtc' },
    { name: 'a zone that is none', line: aCase({ customerTimeZone: 'Mars/Olympus' }), id: 'x', error: 'customerTimeZone' },
    {
      name: 'a row of an unknown kind',
      line: aCase({ history: [{ channel: 'call', atUtc: '2026-04-10T01:00:00Z', kind: 'whisper' }] }),
      id: 'x',
      error: 'history.0.kind',
    },
    { name: 'an unknown flag', line: aCase({ flags: ['moon:full'] }), id: 'x', error: 'flags: moon:full' },
    { name: 'a flag named like a property of every object', line: aCase({ flags: ['constructor'] }), id: 'x', error: 'flags: constructor' },
    { name: 'a flag without its value', line: aCase({ flags: ['holiday'] }), id: 'x', error: 'flags: holiday' },
    { name: 'a flag with a value that it does not take', line: aCase({ flags: ['deceased:yes'] }), id: 'x', error: 'flags: deceased:yes' },
    { name: 'a value that is none', line: aCase({ flags: ['visit:maybe'] }), id: 'x', error: 'flags: visit:maybe' },
    { name: 'a window that is none', line: aCase({ flags: ['customer_window:evenings'] }), id: 'x', error: 'customer_window' },
    { name: 'a flag that contradicts another', line: aCase({ flags: ['role:third_party', 'role:first_party'] }), id: 'x', error: 'twice' },
  ])('with $name gives an error that says so, and no verdict', ({ line, id, error }) => {
    const result = judgeLine(line);

    expect(result).toEqual({ id, error: expect.stringContaining(error) });
  });

  it('may leave out history, flags and an unknown zone, and say more than the gate reads', () => {
    const { history: _history, flags: _flags, ...bare } = JSON.parse(aCase({ customerTimeZone: null, basis: 'none' }));

    expect(judgeLine(JSON.stringify(bare))).toMatchObject({ id: 'x', decision: 'allow' });
  });

  it('with a target or purpose of its own is about an unrelated third party, and collection', () => {
    expect(judgeLine(aCase({ flags: ['target:neighbour'] }))).toMatchObject({ decision: 'deny', rule: 'CN.THIRD_PARTY' });
    expect(judgeLine(aCase({ flags: ['purpose:greeting'], nowUtc: '2026-04-10T15:00:00Z' }))).toMatchObject({ decision: 'defer' });
  });

  it('names every rule that stands in the way', () => {
    const night = { nowUtc: '2026-04-10T14:30:00Z' };
    const history = ['01', '02', '03'].map((hour) => ({ channel: 'call', atUtc: `2026-04-10T${hour}:00:00Z`, kind: 'conversation' }));

    expect(judgeLine(aCase({ ...night, history }))).toMatchObject({ rule: 'CN.HOURS+CN.FREQ.CONNECTED' });
  });
});

describe('npm run gate', () => {
  it('answers line by line in the order given and goes on after a bad one, which its exit status tells', () => {
    const { status, lines } = run([aCase({ id: 'a' }), 'nonsense', '', aCase({ id: 3, flags: ['deceased'] })].join('\n'));

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: 'a', decision: 'allow' },
      { id: null, error: expect.any(String) },
      { id: 3, decision: 'deny', rule: 'CN.DECEASED' },
    ]);
    expect(status).toBe(1);
  });

  it('ends well when every line was a case', () => {
    const { status, lines } = run(`${aCase()}\n`);

    expect(lines).toHaveLength(1);
    expect(status).toBe(0);
  });

  it('reads what other systems write: a byte order mark, carriage returns, blank lines, no end of the last line', () => {
    const { status, lines } = run(`\uFEFF${aCase({ id: 'a' })}\r\n\r\n   \r\n${aCase({ id: 'b' })}`);

    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['a', 'b']);
    expect(status).toBe(0);
  });

  it('gives one answer a line to bytes that are no text, to endless nesting and to a history beyond all bounds', () => {
    const row = { channel: 'call', atUtc: '2026-04-10T01:00:00Z', kind: 'attempt' };
    const endless = aCase({ id: 'long', history: Array.from({ length: 10_001 }, () => row) });
    const { status, lines } = run(['\u0000\uFFFD', '['.repeat(100_000), endless, aCase({ id: 'last' })].join('\n'));

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: null, error: 'must be JSON' },
      { id: null, error: 'must be JSON' },
      { id: 'long', error: expect.stringContaining('history') },
      { id: 'last', decision: 'allow' },
    ]);
    expect(status).toBe(1);
  });

  it('ends quietly when nobody reads its verdicts any more', async () => {
    const gate = spawn(process.execPath, [join(root, 'tools/gate.ts')]);
    const complaints: Buffer[] = [];
    gate.stderr.on('data', (data: Buffer) => complaints.push(data));
    gate.stdin.on('error', () => {});
    gate.stdout.once('data', () => gate.stdout.destroy());

    gate.stdin.end(`${aCase()}\n`.repeat(5_000));
    const [status] = await once(gate, 'close');

    expect({ status, complaints: Buffer.concat(complaints).toString() }).toEqual({ status: 0, complaints: '' });
  });

  it('takes no arguments', () => {
    expect(run('', '--house')).toEqual({ status: 2, lines: [] });
  });
});
