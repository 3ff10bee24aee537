import type { AwsError } from '../kernel/errors.ts';

/** Told of a request that this cloud does not understand, cannot answer or does not believe. */
export type Say = (line: string) => void;

const LINES_MAX = 500;
const LINE_LENGTH_MAX = 400;

/** Faults of a request itself, or of this cloud; what a service says to a request that it understood is between it and its client. */
const SAID: ReadonlySet<string> = new Set([
  'InternalFailure',
  'InvalidAction',
  'InvalidRequestContentException',
  'MalformedInput',
  'MalformedXML',
  'NotImplemented',
  'RequestEntityTooLarge',
  'SerializationException',
  'UnknownOperationException',
  'UnknownServiceException',
  'UnsupportedOperation',
]);

/** Says an error where it is one that whoever runs the cloud should hear of. */
export function sayError(say: Say | undefined, asked: string, { code, message }: AwsError): void {
  if (say !== undefined && SAID.has(code)) say(`${asked}: ${code}: ${message}`);
}

/** Writes each line once, without anything that could pass for another line, and not without end. */
export function onceEach(write: Say): Say {
  const said = new Set<string>();
  return (line) => {
    const plain = line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?').slice(0, LINE_LENGTH_MAX);
    if (said.has(plain) || said.size > LINES_MAX) return;
    said.add(plain);
    write(said.size > LINES_MAX ? 'Further kinds of requests that were refused are not named any more.' : plain);
  };
}
