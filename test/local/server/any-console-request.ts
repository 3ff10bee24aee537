import fc from 'fast-check';
import type { AnyRequest } from './any-request.ts';
import { HOSTILE_NAMES } from './any-value.ts';

/** The pages for people, by what they are addressed with. */
export function anyConsoleRequest(): fc.Arbitrary<AnyRequest> {
  const paths = [
    '',
    'functions',
    'executions',
    'execution',
    'tables',
    'table',
    'queues',
    'queue',
    'events',
    'inbox',
    'message/html',
    'changes',
  ];
  const path = fc.constantFrom(...paths, 'assets/..%2F..%2Fpackage.json', 'assets/x', 'x');
  const hostile = fc.constantFrom(
    ...HOSTILE_NAMES,
    '%zz',
    '%00',
    '-1',
    '1e99',
    '{"a":1}',
    'arn:aws:states:us-east-1:000000000000:execution:a:b',
  );
  const query = fc.dictionary(
    fc.constantFrom(
      'arn',
      'name',
      'id',
      'before',
      'after',
      'table',
      'key',
      'from',
      'text',
      'status',
      'queue',
      'function',
      'start',
      'machine',
    ),
    hostile,
    { maxKeys: 4 },
  );
  return fc.tuple(path, query).map(([at, given]) => {
    const search = Object.entries(given)
      .map(([name, value]) => `${name}=${value.startsWith('%') ? value : encodeURIComponent(value.toWellFormed())}`)
      .join('&');
    return { method: 'GET', path: `/console/${at}${search === '' ? '' : `?${search}`}`, headers: {}, body: Buffer.alloc(0) };
  });
}
