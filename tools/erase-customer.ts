import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { commandLine, refuse } from '../local/command-line.ts';
import { erase, heldAbout } from './erase-customer/held.ts';

const USAGE = `usage: npm run erase-customer -- CUSTOMER (--check | --erase) (--endpoint URL | --aws) [--table NAME]

Erases what is held about a customer in words: name, addresses and salt, texts of messages, notes, and the note for visitors. Timelines stay, and
go on proving themselves. Does nothing while the customer has an open case or a contact point.
  --check      says what would go
  --erase      erases it; run again, it erases what is left
  --endpoint   the embedded cloud, http://127.0.0.1:4566
  --aws        AWS, with the credentials and the region of the environment
  --table      the case table, overdue-journeys-cases unless told otherwise
Ends with 1 where something stands against it, which it names, with 2 where it could not look or go on.
`;

/** As the contract has it for ids. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

interface Options {
  readonly customerId: string;
  readonly erasing: boolean;
  readonly endpoint: string | undefined;
  readonly table: string;
}

function options(): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = commandLine(USAGE, { check: flag, erase: flag, endpoint: text, aws: flag, table: text }, 1);
  const [customerId] = positionals;
  if (customerId === undefined || !ID.test(customerId))
    return refuse('a customer must be given, by an id of 1-64 characters of A-Z a-z 0-9 _ -');
  const { check, erase: erasing, endpoint, aws, table } = values;
  if (check === erasing) refuse('one of --check and --erase must be given');
  if ((endpoint === undefined) === !aws) refuse('one of --endpoint and --aws must be given');
  if (endpoint !== undefined && !URL.canParse(endpoint)) refuse('--endpoint must be an address such as http://127.0.0.1:4566');
  return { customerId, erasing, endpoint, table: table ?? 'overdue-journeys-cases' };
}

function clientFor(endpoint: string | undefined): DynamoDBClient {
  if (endpoint === undefined) return new DynamoDBClient({});
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
}

/** `npm run erase-customer`. */
async function main(): Promise<void> {
  const { customerId, erasing, endpoint, table } = options();
  const client = clientFor(endpoint);
  const held = await heldAbout(client, table, customerId);
  for (const { pk, sk } of held.keys) process.stdout.write(`${pk} ${sk}\n`);
  for (const hindrance of held.hindrances) process.stderr.write(`${hindrance}\n`);
  if (held.hindrances.length > 0) {
    process.stderr.write('Nothing was erased.\n');
    process.exitCode = 1;
    return;
  }
  const of = `of ${customerId}, on ${held.accounts.length} accounts`;
  if (erasing) process.stdout.write(`${await erase(client, table, held)} items ${of}, were erased.\n`);
  else process.stdout.write(`${held.keys.length} items ${of}, would be erased.\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`erase-customer: ${(error as Error).message.split('\n')[0]}; --help shows the usage.\n`);
  process.exitCode = 2;
}
