import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHash, encodeValue, prefixSuccessor, successor } from '../../../local/services/dynamodb/keys.ts';
import { compareValues } from '../../../local/services/dynamodb/values.ts';
import { aTable, aWorld } from './world.ts';

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 6 });

/** The order the store gives encoded keys: that of their UTF-8 bytes. */
function storeOrder(a: string, b: string): number {
  return Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

describe('encoded keys', () => {
  it('sort text by its UTF-8 bytes, as comparisons do', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = storeOrder(encodeValue({ S: a }, 'S'), encodeValue({ S: b }, 'S'));

        expect(order).toBe(storeOrder(a, b));
        expect(Math.sign(compareValues({ S: a }, { S: b }) ?? Number.NaN)).toBe(order);
      }),
    );
  });

  it('sort binary by its bytes', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [x, y] = [a, b].map((value) => Buffer.from(value).toString('base64')) as [string, string];

        expect(storeOrder(encodeValue({ B: x }, 'B'), encodeValue({ B: y }, 'B'))).toBe(Math.sign(Buffer.compare(a, b)));
      }),
    );
  });

  it('bound what follows a key, and what begins with a prefix', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const bound = prefixSuccessor(prefix);
        const inside = storeOrder(other, prefix) >= 0 && (bound === undefined || storeOrder(other, bound) < 0);

        expect(inside).toBe(other.startsWith(prefix));
        expect(storeOrder(successor(prefix), prefix)).toBe(1);
        if (storeOrder(other, prefix) > 0) expect(storeOrder(other, successor(prefix))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('spread partitions over the segments of a parallel scan', () => {
    const buckets = Array.from({ length: 4000 }, (_, position) => encodeHash({ S: `ACCOUNT#acc-${position}` }, 'S').slice(0, 1));
    const counts = Map.groupBy(buckets, (bucket) => bucket);

    expect(counts.size).toBe(16);
    for (const [, members] of counts) expect(members.length).toBeGreaterThan(4000 / 16 / 2);
  });

  it.each([
    ['S', ['\u0000', 'A', 'Z', 'a', 'aa', 'é', '\uFFFD', '😀']],
    ['N', ['-1E125', '-10', '-9.5', '-9', '-0.001', '0', '1E-130', '0.001', '9', '9.5', '10', '1E125']],
    ['B', ['AA==', 'AAE=', 'AQ==', '/w==']],
  ] as const)('put a partition in the order of its %s sort keys', (type, sorted) => {
    const { call } = aWorld();
    call('CreateTable', aTable('cases', `pk,sk:${type}`));
    for (const value of [...sorted].reverse())
      call('PutItem', { TableName: 'cases', Item: { pk: { S: 'p' }, sk: { [type]: value }, shown: { S: value } } });

    const { Items: items } = call('Query', {
      TableName: 'cases',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
    });

    expect(items?.map((item) => item.shown?.S)).toEqual(sorted);
  });
});
