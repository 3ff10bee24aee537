import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-state-'));
  folders.push(folder);
  return folder;
}

/** Copies the state of a system at rest into a folder of its own: one started there goes on without touching the first. */
export function copyState(stateDir: string): string {
  const copy = stateFolder();
  cpSync(stateDir, copy, { recursive: true });
  return copy;
}
