import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandLine, refuse } from './command-line.ts';
import { parseInstant } from './duration.ts';
import { UnsupportedError } from './kernel/errors.ts';
import { type Durability, removeStore } from './kernel/store.ts';
import { type RunningServer, startServer } from './server/serve.ts';
import type { KeySet } from './services/apigateway/json-web-token.ts';
import { removeSnapshots } from './snapshots.ts';
import { type Synthesized, synthesize, synthesizeProject } from './synthesize.ts';

const PORT_DEFAULT = 4566;
const FAILURES_EVERY_MILLISECONDS = 1000;
const APP = fileURLToPath(new URL('../infra/app.ts', import.meta.url));

const USAGE = `usage: npm start [-- --reset] [--app FOLDER | --assembly FOLDER]

Runs the application on one machine, behind http://127.0.0.1:4566, until it is told to stop.
  --reset      forgets what STATE_DIR holds first
  --app        runs the CDK project in that folder instead of this one's
  --assembly   runs a synthesized assembly (cdk.out) as it is
Of the environment: PORT, CLOCK=virtual|real, CLOCK_START, STATE_DIR, DURABILITY=power|process, AUTH=on,
JWKS_FILE and API_CREDENTIALS (local/README.md says what they hold).
`;

/** `npm start`: synthesizes the CDK app and runs it behind a loopback port until it is told to stop. */
async function main(): Promise<void> {
  const { values } = commandLine(USAGE, { reset: { type: 'boolean' }, app: { type: 'string' }, assembly: { type: 'string' } });
  if (values.app !== undefined && values.assembly !== undefined) refuse('--app and --assembly exclude each other');
  const settings = readEnvironment(process.env);
  if (values.reset === true) reset(settings.stateDir);
  let synthesized: Synthesized | undefined;
  const assembly = async () => {
    if (values.assembly !== undefined) return values.assembly;
    if (values.app !== undefined) return synthesizeProject(values.app);
    synthesized = await synthesize(APP);
    return synthesized.directory;
  };
  try {
    const server = await startServer({
      ...settings,
      assembly,
      ownProcess: true,
      log: (line) => void process.stderr.write(`refused: ${line}\n`),
    });
    process.stdout.write(`ready ${server.url}\n`);
    const sayFailures = failureReporter(server);
    const watch = setInterval(sayFailures, FAILURES_EVERY_MILLISECONDS);
    await stopSignal();
    clearInterval(watch);
    await server.close();
    sayFailures();
  } finally {
    synthesized?.remove();
  }
}

interface Settings {
  readonly port: number;
  readonly clock: 'virtual' | 'real';
  readonly authorization: boolean;
  readonly issuerKeys?: Readonly<Record<string, KeySet>>;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly start?: number;
  readonly stateDir?: string;
  readonly durability: Durability;
}

function readEnvironment(environment: NodeJS.ProcessEnv): Settings {
  const { PORT, CLOCK = 'virtual', CLOCK_START, STATE_DIR, DURABILITY = 'power', AUTH, JWKS_FILE, API_CREDENTIALS } = environment;
  const port = PORT === undefined || PORT === '' ? PORT_DEFAULT : Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UnsupportedError(`PORT must be a number from 0 to 65535, not ${PORT}.`);
  if (CLOCK !== 'virtual' && CLOCK !== 'real') throw new UnsupportedError(`CLOCK must be virtual or real, not ${CLOCK}.`);
  if (DURABILITY !== 'power' && DURABILITY !== 'process')
    throw new UnsupportedError(`DURABILITY must be power or process, not ${DURABILITY}.`);
  return {
    port,
    clock: CLOCK,
    authorization: AUTH === 'on',
    durability: DURABILITY,
    ...(JWKS_FILE !== undefined && JWKS_FILE !== '' && { issuerKeys: readIssuerKeys(JWKS_FILE) }),
    ...(API_CREDENTIALS !== undefined && API_CREDENTIALS !== '' && { credentials: readCredentials(API_CREDENTIALS) }),
    ...(CLOCK_START !== undefined && CLOCK_START !== '' && { start: parseInstant(CLOCK_START, 'CLOCK_START') }),
    ...(STATE_DIR !== undefined && STATE_DIR !== '' && { stateDir: STATE_DIR }),
  };
}

/** A JSON file with the key set of each issuer. */
function readIssuerKeys(file: string): Record<string, KeySet> {
  let sets: unknown;
  try {
    sets = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UnsupportedError(`JWKS_FILE ${file} cannot be read: ${(error as Error).message}`);
  }
  const isSet = (set: unknown) => Array.isArray((set as { keys?: unknown } | null)?.keys);
  if (typeof sets !== 'object' || sets === null || !Object.values(sets).every(isSet))
    throw new UnsupportedError(`JWKS_FILE ${file} must hold the key set of each issuer: { "https://issuer.example": { "keys": [ … ] } }.`);
  return sets as Record<string, KeySet>;
}

/** `key:secret,key:secret` */
function readCredentials(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => /^([^:]+):(.+)$/.exec(pair.trim())?.slice(1));
  if (pairs.includes(undefined))
    throw new UnsupportedError('API_CREDENTIALS must be access keys with their secrets: key:secret,key:secret.');
  return Object.fromEntries(pairs as [string, string][]);
}

/** Removes the cloud's own files of the state directory, nothing else that may lie there. */
function reset(stateDir: string | undefined): void {
  if (stateDir === undefined) return;
  removeStore(stateDir);
  removeSnapshots(stateDir);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** Writes each failure of the cloud's own work once: a defect of the cloud or the application that nobody is told of otherwise. */
function failureReporter(server: RunningServer): () => void {
  let said = 0;
  let { kernel } = server.cloud;
  return () => {
    // A restored cloud begins to count anew.
    if (kernel !== server.cloud.kernel) said = 0;
    kernel = server.cloud.kernel;
    for (const { label, error } of kernel.failures().slice(said)) {
      process.stderr.write(`${label}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      said += 1;
    }
  };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
