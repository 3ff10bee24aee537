import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsupportedError } from './kernel/errors.ts';

const ERROR_LINES_MAX = 20;

export interface Synthesized {
  readonly directory: string;
  remove(): void;
}

/** Runs the CDK app as `cdk synth` does, into a directory of its own. */
export function synthesize(app: string): Promise<Synthesized> {
  const directory = mkdtempSync(join(tmpdir(), 'cloud-assembly-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [app], {
      env: { ...process.env, CDK_OUTDIR: directory },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-16_384);
    });
    const fail = (why: string) => {
      remove();
      reject(new UnsupportedError(`The CDK app ${app} cannot be synthesized: ${why}`));
    };
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => {
      if (code === 0) resolve({ directory, remove });
      else fail(lastLines(errors) || `it ended with code ${code}`);
    });
  });
}

function lastLines(text: string): string {
  const lines = text.trim().split('\n');
  const error = lines.find((line) => /^\w*Error\b/.test(line));
  return error ?? lines.slice(-ERROR_LINES_MAX).join('\n');
}
