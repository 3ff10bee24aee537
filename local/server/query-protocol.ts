import { AwsError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/kernel.ts';
import { escapeXml } from './xml.ts';

const PARAMETERS_MAX = 2000;
/** `SendMessageBatchRequestEntry.10.MessageAttribute.1.Value.StringValue` has six. */
const NAME_PARTS_MAX = 16;

/**
 * Reads the form of a Query request into the members its client serialized: `Tags.member.1.Name` becomes a list of objects,
 * `MessageAttributes.entry.1.Name` and `.Value` a map. All leaves are text.
 */
export function readForm(text: string): JsonObject {
  assertFew(text);
  const root: JsonObject = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split('.', NAME_PARTS_MAX + 1);
    if (path.length > NAME_PARTS_MAX)
      throw new AwsError('MalformedInput', `The name of a parameter has at most ${NAME_PARTS_MAX} parts: ${name.slice(0, 100)}…`);
    let node = root;
    for (const key of path.slice(0, -1)) {
      const next = node[key];
      if (typeof next === 'object' && next !== null) node = next as JsonObject;
      else {
        const created: JsonObject = Object.create(null);
        node[key] = created;
        node = created;
      }
    }
    node[path.at(-1) as string] = value;
  }
  return shape(root) as JsonObject;
}

/** Before they are taken apart: millions of them would keep the cloud busy for minutes. */
function assertFew(text: string): void {
  let position = -1;
  for (let count = 0; count < PARAMETERS_MAX; count += 1) {
    position = text.indexOf('&', position + 1);
    if (position < 0) return;
  }
  throw new AwsError('InvalidParameterValue', `A request has at most ${PARAMETERS_MAX} parameters.`);
}

function shape(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const keys = Object.keys(node);
  const only = keys.length === 1 ? keys[0] : undefined;
  const inner = only === undefined ? undefined : (node as JsonObject)[only];
  if (only === 'member' && typeof inner === 'object') return numbered(inner);
  if (only === 'entry' && typeof inner === 'object') {
    const entries = numbered(inner) as JsonObject[];
    return Object.fromEntries(entries.map((entry) => [String(entry.Name ?? entry.key), entry.Value ?? entry.value]));
  }
  return Object.fromEntries(keys.map((key) => [key, shape((node as JsonObject)[key])]));
}

function numbered(node: unknown): unknown[] {
  return Object.entries(node as JsonObject)
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, value]) => shape(value));
}

/** @param flattened whether the items of a list are elements of its own name, without another around them */
export function writeResultXml(xmlns: string, action: string, output: JsonObject, requestId: string, flattened = false): string {
  return `<${action}Response xmlns="${xmlns}"><${action}Result>${members(output, flattened)}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
}

export function writeErrorXml(xmlns: string, code: string, message: string, sender: boolean): string {
  return `<ErrorResponse xmlns="${xmlns}"><Error><Type>${sender ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>embedded</RequestId></ErrorResponse>`;
}

function members(value: JsonObject, flattened = false): string {
  let xml = '';
  for (const [name, member] of Object.entries(value)) {
    const items = flattened && Array.isArray(member) ? member : [member];
    for (const item of items) if (item !== undefined) xml += `<${name}>${content(item, flattened)}</${name}>`;
  }
  return xml;
}

function content(value: unknown, flattened = false): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${content(item)}</member>`).join('');
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map)
    return [...value].map(([key, item]) => `<entry><key>${escapeXml(String(key))}</key><value>${content(item)}</value></entry>`).join('');
  if (typeof value === 'object' && value !== null) return members(value as JsonObject, flattened);
  return escapeXml(String(value));
}
