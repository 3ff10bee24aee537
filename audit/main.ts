import { parseArgs } from 'node:util';
import { fewerYearsIn } from './limitation.ts';
import { audit, isClean, toText } from './report.ts';
import { readExport, scanTable } from './source.ts';
import type { Deployment } from './timelines.ts';

const USAGE = `usage: npm run audit -- (--endpoint URL | --aws | --export FILE) [--table NAME] [--json]
         [--house on|off] [--role first-party|third-party] [--jurisdiction ID] [--limitation RULE[:PRODUCT]=YEARS]...

Recomputes from the timelines of a case table whether every contact kept the rules, every suit that was handed over had its gates and every
other act came after what must come before it, and proves the timelines by their hashes.
  --endpoint      the embedded cloud, http://127.0.0.1:4566
  --aws           AWS, with the credentials and the region of the environment
  --export        a file of items as JSON lines
  --table         the table to read, overdue-journeys-cases unless told otherwise
  --house, --role, --jurisdiction: as the deployment is configured; on, first-party and CN unless told otherwise
  --limitation    fewer years than the law has, from the deployment's overlays, such as CN.LIMITATION:credit-card=2
Ends with 1 where a contact or another act broke a rule, a suit lacked a gate or a timeline does not prove itself, with 2 where it could not look.
`;

function options() {
  const { values } = parseArgs({
    options: {
      endpoint: { type: 'string' },
      aws: { type: 'boolean', default: false },
      export: { type: 'string' },
      table: { type: 'string', default: 'overdue-journeys-cases' },
      json: { type: 'boolean', default: false },
      house: { type: 'string', default: 'on' },
      role: { type: 'string', default: 'first-party' },
      jurisdiction: { type: 'string', default: 'CN' },
      limitation: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { house, role, jurisdiction } = values;
  if ([values.endpoint, values.export, values.aws || undefined].filter((source) => source !== undefined).length !== 1)
    throw new Error('one of --endpoint, --aws and --export must be given');
  if (house !== 'on' && house !== 'off') throw new Error('--house must be on or off');
  if (role !== 'first-party' && role !== 'third-party') throw new Error('--role must be first-party or third-party');
  const fewerYears = values.limitation.map(fewerYearsIn);
  return { ...values, deployment: { house: house === 'on', role, jurisdiction, fewerYears } satisfies Deployment };
}

/** `npm run audit`: the contacts of a table or of an export, judged by a second reading of the rules. */
async function main(): Promise<void> {
  const given = options();
  if (given === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const { endpoint, export: path, table, json, deployment } = given;
  const items = path === undefined ? await scanTable(table, endpoint) : await readExport(path);
  const report = audit(items, deployment);
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : toText(report));
  process.exitCode = isClean(report) ? 0 : 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`audit: ${(error as Error).message.split('\n')[0]}; usage: npm run audit -- --help\n`);
  process.exitCode = 2;
}
