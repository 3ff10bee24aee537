import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError, UnsupportedError } from '../../../local/kernel/errors.ts';
import { readForm } from '../../../local/server/query-protocol.ts';
import { unchunk } from '../../../local/server/s3/aws-chunked.ts';
import { assertLinkInTime } from '../../../local/server/s3/presigned.ts';
import { readXml } from '../../../local/server/xml.ts';
import { compilePattern, matches } from '../../../local/services/events/pattern.ts';
import { parseSchedule } from '../../../local/services/events/schedule.ts';
import { readCopyRange, readRange } from '../../../local/services/s3/range.ts';
import { tagsInHeader } from '../../../local/services/s3/tags.ts';
import { addressOf } from '../../../local/services/ses/events.ts';
import { readMime } from '../../../local/services/ses/mime.ts';

/** Whatever text they are given, the parsers answer or refuse in their own words. */

const words = [
  '<',
  '>',
  '/',
  '=',
  '?',
  '&',
  '%',
  '-',
  ':',
  ';',
  '"',
  '\r\n',
  ' ',
  '0',
  '9',
  'a',
  'bytes=',
  '--a',
  'boundary=a',
  'cron(',
  'rate(',
  'L',
  '#',
  'W',
  ')',
  '*',
];
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join('')),
);

function refusesOnly(act: (given: string) => unknown, kind: new (...given: never[]) => Error): void {
  fc.assert(
    fc.property(text, (given) => {
      try {
        act(given);
      } catch (error) {
        expect(error).toBeInstanceOf(kind);
      }
    }),
    { numRuns: 1500, seed: 11 },
  );
}

describe('any text', () => {
  it('is a form or none', () => refusesOnly(readForm, AwsError));
  it('is a document or none', () => refusesOnly(readXml, Error));
  it('is a body in chunks or none', () => refusesOnly((given) => unchunk(Buffer.from(given)), AwsError));
  it('is a link or none', () => refusesOnly((given) => assertLinkInTime(given, [0]), AwsError));
  it('is a range or none', () => {
    refusesOnly((given) => readRange(given, 10), AwsError);
    refusesOnly((given) => readCopyRange(given, 10), AwsError);
  });
  it('is tags or none', () => refusesOnly((given) => tagsInHeader({ Tagging: given }), AwsError));
  it('is a schedule or none', () => {
    refusesOnly((given) => parseSchedule(given).next(0), UnsupportedError);
    refusesOnly((given) => parseSchedule(`cron(${given})`, 'Europe/Berlin').next(0), UnsupportedError);
  });

  it('is a mail, and an address', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(typeof readMime(Buffer.from(given)).body).toBe('string');
        expect(addressOf(given)).not.toMatch(/^\s|\s$/);
        expect(addressOf(`Name <${given.replaceAll(/[<>]/g, '')}>`)).toBe(given.replaceAll(/[<>]/g, '').trim());
      }),
      { numRuns: 1500, seed: 11 },
    );
  });

  it('and any JSON is a pattern or none', () => {
    const word = fc.constantFrom(
      '$or',
      'prefix',
      'suffix',
      'wildcard',
      'numeric',
      'cidr',
      'exists',
      'anything-but',
      'equals-ignore-case',
      'a',
      '__proto__',
    );
    const leaf = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null), fc.constantFrom('>', '<=', '=', '10.0.0.0/8'));
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(word, tie('any'), { maxKeys: 3 })),
    }));
    fc.assert(
      fc.property(any ?? leaf, any ?? leaf, (pattern, event) => {
        try {
          expect(typeof matches(compilePattern(pattern), event)).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ code: 'InvalidEventPatternException' });
        }
      }),
      { numRuns: 3000, seed: 11 },
    );
  });
});
