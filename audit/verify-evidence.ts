import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isVerified, toText, verifyPack } from './evidence/report.ts';

const USAGE = `usage: npm run verify-evidence -- FILE [--hash HEX]

Verifies an evidence pack offline, by nothing but its bytes: the form and the hash of every line, the manifest, the account's timeline, and
that messages, statement and demands follow from it.
  --hash   the hash of the manifest as the timeline, the event LegalReferred or counsel's task gives it (64 hexadecimal digits). Without it
           a pack that somebody wrote anew from end to end would pass: compare the hash that is printed.
Ends with 1 where anything does not hold, naming the entry, with 2 where the file cannot be read or is no pack.
`;

/** More than a pack may be; the whole file is read into memory. */
const BYTES_MAX = 64 * 1024 * 1024;

class Unusable extends Error {}

function options(): { readonly path: string; readonly hash: string | undefined } | undefined {
  const { values, positionals } = parseArgs({
    options: { hash: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) return undefined;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Unusable('exactly one file must be given');
  if (values.hash !== undefined && !/^[0-9a-f]{64}$/.test(values.hash)) throw new Unusable('--hash must be 64 digits of 0-9 a-f');
  return { path, hash: values.hash };
}

function bytesOf(path: string): Buffer {
  const { size } = statSync(path);
  if (size > BYTES_MAX) throw new Unusable(`${path} has more than the ${BYTES_MAX} bytes that a pack can have`);
  return readFileSync(path);
}

/** `npm run verify-evidence`. */
function main(): void {
  const given = options();
  if (given === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const verdict = verifyPack(bytesOf(given.path), given.hash);
  if (verdict === undefined) throw new Unusable(`${given.path} is no evidence pack`);
  process.stdout.write(toText(verdict));
  process.exitCode = isVerified(verdict) ? 0 : 1;
}

try {
  main();
} catch (error) {
  process.stderr.write(`verify-evidence: ${(error as Error).message.split('\n')[0]}; usage: npm run verify-evidence -- --help\n`);
  process.exitCode = 2;
}
