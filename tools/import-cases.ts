import { createReadStream, existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { commandLine, refuse } from '../local/command-line.ts';
import { type BadLine, ImportLines } from './import-cases/lines.ts';
import { ImportSender, type Outgoing } from './import-cases/put.ts';

const USAGE = `usage: npm run import-cases -- FILE (--check | --endpoint URL | --aws) [--bus NAME]

Hands running cases over: each line of FILE is the detail of one CaseImported (docs/contract.md), as JSON. All lines are checked before
any is sent; the bad ones are named with field and rule, and the good ones go.
  --check      checks only, and sends nothing
  --endpoint   the embedded cloud, http://127.0.0.1:4566
  --aws        AWS, with the credentials and the region of the environment
  --bus        the event bus, overdue-journeys unless told otherwise
Ends with 1 where a line was bad or was not taken by the bus, with 2 where it could not begin or go on: sent again, what went before
changes nothing.
`;

interface Options {
  readonly file: string;
  readonly check: boolean;
  readonly endpoint: string | undefined;
  readonly bus: string;
}

function options(): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = commandLine(USAGE, { check: flag, endpoint: text, aws: flag, bus: text }, 1);
  const [file] = positionals;
  if (file === undefined) return refuse('a file must be given');
  if (!existsSync(file) || !statSync(file).isFile()) refuse(`${file} is no file that can be read`);
  const { check, endpoint, aws, bus } = values;
  if ([check, endpoint !== undefined, aws].filter(Boolean).length !== 1) refuse('one of --check, --endpoint and --aws must be given');
  if (endpoint !== undefined && !URL.canParse(endpoint)) refuse(`--endpoint must be an address such as http://127.0.0.1:4566`);
  return { file, check, endpoint, bus: bus ?? 'overdue-journeys' };
}

/** The lines of the file that say something, by their numbers. */
async function* linesOf(file: string): AsyncGenerator<Outgoing> {
  let line = 0;
  for await (const row of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    // Some editors put a byte order mark before the first line.
    const text = row.replace(/^\uFEFF/, '');
    if (text.trim() !== '') yield { line, text };
  }
}

/** The file is read twice, so that nothing of its size has to be in memory: first to find what is bad, then to send what is not. */
async function badLines(file: string, now: number): Promise<{ readonly count: number; readonly bad: ReadonlyMap<number, BadLine> }> {
  const lines = new ImportLines(now);
  const bad = new Map<number, BadLine>();
  let count = 0;
  for await (const { line, text } of linesOf(file)) {
    count += 1;
    const found = lines.check(line, text);
    if (found !== undefined) bad.set(line, found);
  }
  return { count, bad };
}

/** The embedded cloud has a clock of its own, which may be far ahead. */
async function nowAt(endpoint: string | undefined): Promise<number> {
  if (endpoint === undefined) return Date.now();
  const answer = await fetch(new URL('/_local/clock', endpoint));
  const { now } = (await answer.json()) as { readonly now?: string };
  return now === undefined ? Date.now() : Date.parse(now);
}

function clientFor(endpoint: string | undefined): EventBridgeClient {
  if (endpoint === undefined) return new EventBridgeClient({});
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new EventBridgeClient({ endpoint, region: 'us-east-1', credentials });
}

/** `npm run import-cases`. */
async function main(): Promise<void> {
  const { file, check, endpoint, bus } = options();
  const { count, bad } = await badLines(file, await nowAt(endpoint));
  for (const { line, field, rule } of bad.values()) process.stderr.write(`line ${line}: ${field}: ${rule}\n`);
  if (bad.size > 0) process.exitCode = 1;
  if (check) {
    process.stdout.write(`${count - bad.size} of ${count} lines are good; nothing was sent.\n`);
    return;
  }
  const sender = new ImportSender(clientFor(endpoint), bus);
  for await (const outgoing of linesOf(file)) if (!bad.has(outgoing.line)) await sender.put(outgoing);
  const { sent, lost } = await sender.end();
  for (const line of lost) process.stderr.write(`line ${line}: the bus did not take it\n`);
  if (lost.length > 0) process.exitCode = 1;
  process.stdout.write(`${sent} of ${count} cases were handed over.\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`import-cases: ${(error as Error).message.split('\n')[0]}; --help shows the usage.\n`);
  process.exitCode = 2;
}
