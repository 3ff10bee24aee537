import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { UnsupportedError } from './kernel/errors.ts';
import type { JsonObject } from './kernel/kernel.ts';
import { ACCOUNT, REGION } from './template/intrinsics.ts';

const ERROR_LINES_MAX = 20;

export interface Synthesized {
  readonly directory: string;
  remove(): void;
}

/** Runs the CDK app as `cdk synth` does, into a directory of its own. */
export async function synthesize(app: string): Promise<Synthesized> {
  const directory = mkdtempSync(join(tmpdir(), 'cloud-assembly-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    await ended(spawn(process.execPath, [app], { env: { ...process.env, CDK_OUTDIR: directory }, stdio: STDIO }), app);
    return { directory, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Synthesizes the CDK project in a folder by the command, the context and the output folder that its `cdk.json` names
 * (https://docs.aws.amazon.com/cdk/v2/guide/cli.html#cli-config), for the account and the Region of this cloud.
 * @returns the folder of the assembly, which stays as after `cdk synth`: functions find the project's own modules from there.
 */
export async function synthesizeProject(folder: string): Promise<string> {
  const root = resolve(folder);
  const { app, context = {}, output = 'cdk.out' } = readSettings(join(root, 'cdk.json'));
  if (app === undefined)
    throw new UnsupportedError(`${folder} holds no cdk.json with an app: name the folder of a CDK project, or its assembly by --assembly.`);
  const directory = join(root, output);
  const looked = existsSync(join(root, 'cdk.context.json')) ? (readSettings(join(root, 'cdk.context.json')) as JsonObject) : {};
  const env = {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...looked }),
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
  };
  await ended(spawn(app, { cwd: root, env, shell: true, stdio: STDIO }), folder);
  return directory;
}

interface Settings {
  readonly app?: string;
  readonly context?: JsonObject;
  readonly output?: string;
}

function readSettings(file: string): Settings {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Settings;
  } catch (error) {
    throw new UnsupportedError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

const STDIO: SpawnOptions['stdio'] = ['ignore', 'ignore', 'pipe'];

function ended(child: ChildProcess, app: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-16_384);
    });
    const fail = (why: string) => reject(new UnsupportedError(`The CDK app ${app} cannot be synthesized: ${why}`));
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => (code === 0 ? resolve() : fail(lastLines(errors) || `it ended with code ${code}`)));
  });
}

function lastLines(text: string): string {
  const lines = text.trim().split('\n');
  const error = lines.find((line) => /^\w*Error\b/.test(line));
  return error ?? lines.slice(-ERROR_LINES_MAX).join('\n');
}
