import { crc32 } from 'node:zlib';
import type { JsonObject } from '../../kernel/kernel.ts';
import { CHECKSUM_ALGORITHMS, checksumMember, checksumOf } from '../s3/checksums.ts';
import type { Integration } from './integrations.ts';
import { isObject } from './json.ts';
import { isoTime } from './times.ts';

/** A header of the answer, as the SDK spells it. */
type Header = readonly [name: string, value: string];

/** What a service's answer is made of besides its members. */
interface Transport {
  /** Undefined where nothing is told. */
  readonly type: string | undefined;
  /** Headers of the service's own, in the order in which they were recorded, before and behind the request's number. */
  readonly before: (answer: JsonObject) => readonly Header[];
  readonly behind: (body: string) => readonly Header[];
  /** What stands between the date and the type. */
  readonly trace?: (seconds: number, digits: string) => Header;
  readonly body: (answer: JsonObject) => string;
}

/** What a function is answered with for which nobody waits. */
export const ACCEPTED = 202;

const JSON_TYPE = 'application/x-amz-json-1.0';
const ALIVE: Header = ['connection', 'keep-alive'];
/** How long the XML of an answer to `Publish` is, as recorded. */
const PUBLISHED = ' '.repeat(294);

const asJson: Transport = {
  type: JSON_TYPE,
  before: () => [],
  behind: () => [ALIVE],
  body: (answer) => JSON.stringify(answer),
};

/**
 * The services whose optimized integrations tell of the exchange itself; that of EventBridge does not. As recorded in
 * `tests/aws/services/stepfunctions/v2/services` of localstack/localstack and in `testdata/aws/stepfunctions/task_integrations.json` of
 * radkawar/stackd.
 */
const TRANSPORTS: Readonly<Record<string, Transport>> = {
  sqs: asJson,
  states: asJson,
  sns: { ...asJson, type: 'text/xml', body: () => PUBLISHED },
  dynamodb: {
    type: JSON_TYPE,
    before: () => [
      ['Server', 'Server'],
      ['Connection', 'keep-alive'],
    ],
    behind: (body) => [['x-amz-crc32', String(crc32(body))]],
    body: (answer) => JSON.stringify(answer),
  },
  lambda: {
    type: 'application/json',
    before: ({ ExecutedVersion: version }) => [
      ...(typeof version === 'string' ? [['X-Amz-Executed-Version', version] as const] : []),
      ['x-amzn-Remapped-Content-Length', '0'],
      ['Connection', 'keep-alive'],
    ],
    behind: () => [],
    // Nothing is traced here; the header has the form that was recorded.
    trace: (seconds, digits) => {
      const root = `1-${seconds.toString(16)}-${digits.slice(0, 24)}`;
      return ['X-Amzn-Trace-Id', `Root=${root};Parent=${digits.slice(8, 24)};Sampled=0;Lineage=1:${digits.slice(24, 32)}:0`];
    },
    body: ({ Payload: payload }) => (typeof payload === 'string' ? payload : ''),
  },
};

/** Of an event that a function is handed, and nobody waits for. */
const HANDED_OVER: Transport = {
  type: undefined,
  before: () => [
    ['x-amzn-Remapped-Content-Length', '0'],
    ['Connection', 'keep-alive'],
  ],
  behind: () => [],
  trace: (seconds, digits) => [
    'X-Amzn-Trace-Id',
    `root=1-${seconds.toString(16)}-${digits.slice(0, 24)};parent=${digits.slice(8, 24)};sampled=0`,
  ],
  body: () => '',
};

function transportOf(service: string, { StatusCode: status }: JsonObject): Transport | undefined {
  return service === 'lambda' && status === ACCEPTED ? HANDED_OVER : TRANSPORTS[service];
}

/**
 * `SdkHttpMetadata` and `SdkResponseMetadata` of an optimized integration's answer; nothing where AWS tells nothing.
 * @param answer what the service answered, in the spelling of its API
 */
export function metadataOf(
  { service, sdk, kind }: Pick<Integration, 'service' | 'sdk' | 'kind'>,
  answer: JsonObject,
  kernel: { now(): number; uuid(): string },
): JsonObject {
  const transport = sdk || kind === 'function' ? undefined : transportOf(service, answer);
  if (transport === undefined) return {};
  const request = kernel.uuid();
  const at = kernel.now();
  const body = transport.body(answer);
  const headers: readonly Header[] = [
    ...transport.before(answer),
    ['x-amzn-RequestId', request],
    ...transport.behind(body),
    ['Content-Length', String(Buffer.byteLength(body))],
    ['Date', httpDate(at)],
    ...(transport.trace === undefined ? [] : [transport.trace(Math.floor(at / 1000), request.replaceAll('-', ''))]),
    ...(transport.type === undefined ? [] : [['Content-Type', transport.type] as const]),
  ];
  const all: Record<string, readonly string[]> = {};
  for (const [name, value] of headers) all[name] = [value];
  const sorted: Record<string, string> = {};
  for (const [name, value] of inHeaderOrder(transport, headers)) sorted[name] = value;
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: all,
      HttpHeaders: sorted,
      HttpStatusCode: typeof answer.StatusCode === 'number' ? answer.StatusCode : 200,
    },
    SdkResponseMetadata: { RequestId: request },
  };
}

/** By transport and number of headers, which tell the names: where each stands in the order of the alphabet. Every task asks. */
const ORDERS = new Map<Transport, Map<number, readonly number[]>>();

function inHeaderOrder(transport: Transport, headers: readonly Header[]): readonly Header[] {
  const orders = ORDERS.get(transport) ?? new Map<number, readonly number[]>();
  ORDERS.set(transport, orders);
  const order = orders.get(headers.length) ?? orderOf(headers.map(([name]) => name.toLowerCase()));
  orders.set(headers.length, order);
  return order.map((position) => headers[position] as Header);
}

function orderOf(names: readonly string[]): readonly number[] {
  const named = names.map((name, position) => ({ name, position }));
  return named.sort((one, other) => (one.name < other.name ? -1 : 1)).map(({ position }) => position);
}

let dated = { second: Number.NaN, text: '' };

/** The second that was told last is kept: the clock stands while work goes on. */
function httpDate(at: number): string {
  const second = Math.floor(at / 1000);
  if (dated.second !== second) dated = { second, text: new Date(at).toUTCString() };
  return dated.text;
}

/**
 * What AWS's SDK for Java calls the members of SQS: `Md5OfMessageBody`. As recorded in `task_integrations.json` of radkawar/stackd.
 */
export function sqsInJava(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sqsInJava);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.startsWith('MD5Of') ? `Md5${key.slice(3)}` : key,
      // Names in there are the application's.
      key === 'MessageAttributes' || key === 'Attributes' ? member : sqsInJava(member),
    ]),
  );
}

/**
 * An answer of S3 as the SDK for Java has it: members in the order of the alphabet, no empty lists, times as text, and the bytes last, as
 * text. As recorded in `task_integrations.json` and `sdk_requests.json` of radkawar/stackd.
 */
export function s3InJava({ Body: body, ...answer }: JsonObject): JsonObject {
  const { Expires: expires } = answer;
  const at = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
  const times = typeof expires !== 'string' ? {} : { Expires: Number.isNaN(at) ? undefined : new Date(at), ExpiresString: expires };
  const members = javaMembers({ ...answer, ...times });
  return body === undefined ? members : { ...members, Body: body instanceof Uint8Array ? Buffer.from(body).toString() : body };
}

function javaMembers(value: JsonObject): JsonObject {
  const told = Object.entries(value)
    .filter(([, member]) => member !== undefined && !(Array.isArray(member) && member.length === 0))
    .map(([key, member]) => [key === 'ID' ? 'Id' : key, key === 'Metadata' ? member : inJava(member)] as const);
  return inOrder(Object.fromEntries(told));
}

function inJava(value: unknown): unknown {
  if (value instanceof Date) return isoTime(value.getTime());
  if (Array.isArray(value)) return value.map(inJava);
  return isObject(value) ? javaMembers(value) : value;
}

/** As integrations answer: members in the order of the alphabet. */
export function inOrder(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const CHECKSUMS = CHECKSUM_ALGORITHMS.map((algorithm) => checksumMember(algorithm));

/**
 * What the SDK makes of the arguments of `PutObject`: any body is its JSON text, a text too; null is not given; and it adds the type of a
 * text and a checksum. As recorded in the same two files.
 */
export function putObjectInJava(given: JsonObject): JsonObject {
  const { Body: body, ...others } = given;
  const { Expires: expires, ...more } = withoutNulls(others);
  const text = JSON.stringify(body);
  // Recorded: an algorithm that is named is computed even beside the checksum of another, and S3 refuses the two.
  const named = more.ChecksumAlgorithm ?? (CHECKSUMS.some((member) => member in more) ? undefined : 'CRC32');
  const algorithm = CHECKSUM_ALGORITHMS.find((one) => one === named);
  return {
    ContentType: 'text/plain; charset=UTF-8',
    ...(algorithm === undefined ? {} : { [checksumMember(algorithm)]: checksumOf(algorithm, Buffer.from(text)) }),
    ...more,
    Body: text,
    ...(typeof expires === 'string' && !Number.isNaN(Date.parse(expires)) ? { Expires: new Date(expires) } : {}),
  };
}

/** A member that is null is not given, to the SDK and to the optimized integrations, which were recorded to miss it. */
export function withoutNulls(given: JsonObject): JsonObject {
  return Object.values(given).includes(null) ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) : given;
}
