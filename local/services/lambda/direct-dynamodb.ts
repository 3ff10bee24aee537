import type { Caller, JsonObject } from '../../kernel/kernel.ts';

/** The operations on items: their inputs and outputs hold nothing but JSON and binaries, the same in the SDK as on the wire. */
const OPERATIONS = new Set([
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'TransactGetItems',
  'TransactWriteItems',
  'UpdateItem',
]);

/** The SDK gives each such request a token where the code gave none, one for all its attempts. */
const WITH_TOKEN = 'TransactWriteItems';

/**
 * A request of DynamoDB's on items as the service would read it from the wire, without writing it and reading it again: absent
 * members left out, binaries as base64, nothing shared with the caller. Undefined for other operations.
 */
export function directRequest(kernel: Caller, operation: string, input: object): JsonObject | undefined {
  if (!OPERATIONS.has(operation)) return undefined;
  const request = asOnWire(input) as JsonObject;
  if (operation === WITH_TOKEN) request.ClientRequestToken ??= kernel.uuid();
  return request;
}

/** An answer of such an operation as the SDK hands it out. The service keeps nothing of what it answers, so it may be changed. */
export function directResponse(output: JsonObject): object {
  withBinaries(output);
  return Object.assign({ $metadata: { httpStatusCode: 200 } }, output);
}

function asOnWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (Array.isArray(value)) return value.filter(isThere).map(asOnWire);
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) {
    const member = (value as JsonObject)[name];
    if (!isThere(member)) continue;
    // Assigning to this name would set the prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: asOnWire(member), ...PLAIN });
    else copy[name] = asOnWire(member);
  }
  return copy;
}

const PLAIN = { enumerable: true, writable: true, configurable: true };

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** An attribute or a table may be called B or BS as well: a binary is a text or a list of texts under that name, and those never are. */
function withBinaries(value: object): void {
  if (Array.isArray(value)) {
    for (const member of value) if (typeof member === 'object' && member !== null) withBinaries(member);
    return;
  }
  const holder = value as JsonObject;
  for (const name in holder) {
    const member = holder[name];
    if (typeof member === 'object' && member !== null) {
      if (name === 'BS' && isTexts(member)) holder[name] = member.map(bytes);
      else withBinaries(member);
    } else if (name === 'B' && typeof member === 'string') holder[name] = bytes(member);
  }
}

function isTexts(value: object): value is string[] {
  return Array.isArray(value) && typeof value[0] === 'string';
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
