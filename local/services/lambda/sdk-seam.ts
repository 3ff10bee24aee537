import { Readable } from 'node:stream';
import { ConnectionLost } from '../../kernel/errors.ts';
import type { Caller } from '../../kernel/kernel.ts';
import { answerS3 } from '../../server/s3/protocol.ts';
import { answerAws } from '../../server/wire.ts';
import { REGION } from '../../template/intrinsics.ts';
import { outside } from './outside.ts';
import { type SdkClient, type SdkCommand, shortSend } from './short-send.ts';

/** What a client of the AWS SDK is constructed with so that it talks to this cloud in process. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly requestHandler: { handle(request: SdkRequest): Promise<{ response: SdkResponse }> };
  readonly signer: { sign<T extends Signed>(request: T, how?: { readonly signingService?: string }): Promise<T> };
  readonly retryStrategy: object;
  readonly maxAttempts: number;
  readonly logger: { debug(): void; warn(): void };
}

interface Signed {
  readonly headers: Record<string, string>;
}

interface SdkRequest extends Signed {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  /** S3 alone sends what is read on the way. */
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | Readable;
}

const ATTEMPTS_DEFAULT = 3;

/**
 * The configuration that joins an SDK client to this cloud: its requests are answered in process and not signed. The SDK's own
 * validation, serialization and error classes stay in use, so function code meets the same shapes as on AWS. Retries follow the
 * SDK's rules, without its pauses: time stands still while a function runs.
 */
export function clientConfig(kernel: Pick<Caller, 'call'>, origin: string): ClientConfig {
  return {
    region: REGION,
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      async handle(request) {
        try {
          return { response: await respond(kernel, request, origin) };
        } catch (error) {
          // As Node tells of it: a client tries again.
          throw error instanceof ConnectionLost ? Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) : error;
        }
      },
    },
    signer: {
      async sign(request, how) {
        if (how?.signingService === 's3') request.headers.authorization = S3_SIGNATURE;
        return request;
      },
    },
    retryStrategy: retryWithoutPause(ATTEMPTS_DEFAULT),
    maxAttempts: ATTEMPTS_DEFAULT,
    ...NOTHING_OF_THE_MACHINE,
    logger: QUIET_LOGGER,
  };
}

/** What the SDK would otherwise look for in the environment and in the files below `~/.aws` of whoever runs this. */
const NOTHING_OF_THE_MACHINE = {
  retryMode: 'standard',
  defaultsMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
  authSchemePreference: [],
  sigv4aSigningRegionSet: [REGION],
  disableClockSkewCorrection: true,
  requestChecksumCalculation: 'WHEN_SUPPORTED',
  responseChecksumValidation: 'WHEN_SUPPORTED',
  useArnRegion: false,
  disableS3ExpressSessionAuth: false,
  disableMultiregionAccessPoints: false,
  accountIdEndpointMode: 'disabled',
} as const;

/**
 * Where the code gives none, the SDK's default logger drops what it is told, but not before each call's input and output were copied
 * for it member by member. Without `info` and `error` nothing is copied: a third of a call.
 */
const QUIET_LOGGER = { debug: () => undefined, warn: () => undefined };

/** What this cloud signs S3's requests with, and nobody else's: they have no other mark. */
const S3_SIGNATURE = `AWS4-HMAC-SHA256 Credential=local/20000101/${REGION}/s3/aws4_request`;

async function respond(kernel: Pick<Caller, 'call'>, request: SdkRequest, origin: string): Promise<SdkResponse> {
  if (request.headers.authorization === S3_SIGNATURE) return s3Response(kernel, request, origin);
  const { method, path, headers: sent } = request;
  const asked = { method, path, query: queryOf(request), headers: sent, body: textOf(request.body) };
  const { status, headers, body } = await answerAws(kernel, asked, origin);
  return { statusCode: status, headers, body: Buffer.from(body) };
}

/** S3 answers bytes, as a stream: its clients hand function code the body itself. */
async function s3Response(kernel: Pick<Caller, 'call'>, request: SdkRequest, origin: string): Promise<SdkResponse> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const answer = await answerS3(
    kernel,
    { method: request.method, path: request.path, query: queryOf(request), headers, body: await bytesOf(request.body) },
    origin,
  );
  return { statusCode: answer.status, headers: answer.headers, body: Readable.from([answer.body], { objectMode: false }) };
}

function queryOf(request: SdkRequest): string {
  const query = new URLSearchParams();
  for (const [name, given] of Object.entries(request.query ?? {})) for (const value of [given ?? ''].flat()) query.append(name, value);
  return query.toString();
}

async function bytesOf(body: SdkRequest['body']): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

function textOf(body: SdkRequest['body']): string {
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  if (!(body instanceof Uint8Array)) throw new TypeError('Only S3 takes a stream.');
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

function retryWithoutPause(attemptsMax: number): object {
  const token = (retries: number): RetryToken => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });
  return {
    mode: 'standard',
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (previous: RetryToken, { errorType }: { errorType: string }) => {
      const retries = previous.getRetryCount() + 1;
      if (errorType === 'CLIENT_ERROR' || retries >= attemptsMax) throw new Error('No retry is left.');
      return token(retries);
    },
    recordSuccess: () => undefined,
  };
}

/** How a function calls services. */
export interface FunctionCaller extends Caller {
  /** A client of the SDK has begun to send: until it is done the event loop turns for it. */
  follow?(sent: Promise<unknown>): void;
}

interface SendingClient extends SdkClient {
  send(command: SdkCommand, ...more: unknown[]): unknown;
}
type ClientClass = new (config?: object) => SendingClient;

/**
 * A stock `@aws-sdk/client-*` module, with its client classes joined to this cloud: **the one seam between function code and
 * the embedded cloud.** Everything else of the module is untouched. What the code itself configures (apart from the four
 * members that make the join) is kept.
 */
export function joinedSdk(kernel: FunctionCaller, stock: object, origin: string): object {
  const config = clientConfig(kernel, origin);
  const joined: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(stock)) {
    if (isClient(value)) joined[name] = join(kernel, origin, value, config);
    else joined[name] = WAITER.test(name) && typeof value === 'function' ? inRealTime(value) : value;
  }
  return joined;
}

/** What asks again and again sleeps meanwhile by Node's own timers. */
const WAITER = /^wait(Until|For)[A-Z]/;

function inRealTime(waiter: unknown): (...given: unknown[]) => Promise<unknown> {
  const wait = waiter as (...given: unknown[]) => Promise<unknown>;
  return (...given) => outside.during(wait(...given));
}

function isClient(value: unknown): value is ClientClass {
  return (
    typeof value === 'function' &&
    typeof (value.prototype as { send?: unknown } | undefined)?.send === 'function' &&
    value.name !== 'Client'
  );
}

function join(kernel: FunctionCaller, origin: string, stock: ClientClass, joined: ClientConfig): ClientClass {
  const isDynamoDb = stock.name === 'DynamoDBClient';
  const Joined = class extends stock {
    readonly #stockMiddleware: number;
    readonly #short: ReturnType<typeof shortSend>;
    #plain: boolean | undefined;

    constructor(config: { maxAttempts?: unknown; logger?: object } = {}) {
      const attempts = typeof config.maxAttempts === 'number' ? config.maxAttempts : ATTEMPTS_DEFAULT;
      const logger = config.logger ?? joined.logger;
      const retryStrategy = retryWithoutPause(attempts);
      // A third faster; it only asks that nobody adds middleware to a client that has already sent something. The document client, which
      // is made of a DynamoDB client, refuses one that does so.
      const cacheMiddleware = !isDynamoDb;
      super({ ...config, ...joined, cacheMiddleware, logger, maxAttempts: attempts, retryStrategy });
      makeCheapToCopy(this.config);
      this.#stockMiddleware = this.middlewareStack.identify().length;
      this.#short = shortSend(kernel, origin, this, stock.name, attempts);
    }

    override send(command: SdkCommand, ...more: unknown[]): unknown {
      // As with the cached middleware above, nobody may add any to a client that has already sent something.
      this.#plain ??= this.middlewareStack.identify().length === this.#stockMiddleware;
      const isShort = this.#short !== undefined && this.#plain && command.schema !== undefined && more.length === 0;
      const sent = isShort ? this.#short?.(command) : super.send(command, ...more);
      // What is done with items leads on in microtasks alone, and is done by the million.
      if (sent instanceof Promise && !(isShort && isDynamoDb)) kernel.follow?.(sent);
      return sent;
    }
  };
  Object.defineProperty(Joined, 'name', { value: stock.name });
  return Joined;
}

/**
 * The SDK copies a client's configuration several times a call. It built the object member by member, which left it in V8's slow
 * representation; becoming a prototype moves it to the fast one, and a call then takes two thirds of the time. Nothing else changes.
 */
function makeCheapToCopy(config: object): void {
  Object.create(config);
}
