import { describe, expect, it } from 'vitest';
import { recordAccountOverdue, recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { canonicalJson, chainProblem, GENESIS, link, replay } from '../../domain/timeline.ts';
import { anAccount, cny } from '../builders/account.ts';
import { CaseDriver } from './case-driver.ts';
import { patientDesk } from './desks.ts';

/** A case that went all the way, with a bit of everything in its timeline. */
function longTimeline(): CaseDriver {
  const driver = new CaseDriver({ desk: patientDesk() });
  driver.tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(75).fact()));
  driver.later('2026-03-20T04:00:00Z', (journal) =>
    recordPaymentReceived(journal, {
      paymentId: 'p',
      amount: cny('1.00'),
      paidAt: '2026-03-20T03:00:00Z',
      postedAt: '2026-03-20T03:00:00Z',
      state: 'posted',
    }),
  );
  return driver.runDays(60);
}

describe('canonical JSON (RFC 8785)', () => {
  it('writes the example of section 3.2.2', () => {
    const value = {
      numbers: JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]'),
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 code units, as the example of section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toEqual([
      // `JSON.parse` puts integer-like members first, which is where `1` would not be sorted to.
      'One',
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
    expect(canonicalJson({ b: 1, a: 2, '\r': 3, 1: 4 })).toBe('{"\\r":3,"1":4,"a":2,"b":1}');
  });

  it.each([
    [-0, '0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [9007199254740992, '9007199254740992'],
    [5e-324, '5e-324'],
  ])('writes the number %d as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('leaves out members without a value and refuses numbers that JSON lacks', () => {
    expect(canonicalJson({ a: undefined, b: [1, { c: undefined }] })).toBe('{"b":[1,{}]}');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => canonicalJson({ value })).toThrow(RangeError);
  });
});

describe('the timeline', () => {
  const driver = longTimeline();
  const stored = driver.links.map(({ text, hash }) => ({ text, hash }));
  const head = stored.at(-1)?.hash;

  it('gives the account again when it is replayed', () => {
    expect(driver.links.length).toBeGreaterThan(40);
    expect(replay(emptyAccount('acc-1'), driver.entries)).toEqual(driver.account);
  });

  it('gives the same account from what is stored, read back from text', () => {
    const entries = stored.map(({ text }) => {
      const { previousHash: _hash, ...entry } = JSON.parse(text);
      return entry;
    });
    expect(replay(emptyAccount('acc-1'), entries)).toEqual(driver.account);
  });

  it('verifies as it was written', () => {
    expect(chainProblem(stored, head)).toBeUndefined();
    expect(chainProblem([], GENESIS)).toBeUndefined();
  });

  it('names the entry of which any one character was changed', () => {
    for (const [index, { text, hash }] of stored.entries()) {
      for (let at = 0; at < text.length; at += 1 + (index % 7)) {
        const changed = `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`;
        const chain = stored.with(index, { text: changed, hash });
        expect(chainProblem(chain, head)?.seq).toBe(index + 1);
      }
    }
  });

  it('names the entry whose hash was changed', () => {
    for (const [index, { text, hash }] of stored.entries()) {
      const changed = `${hash[0] === 'a' ? 'b' : 'a'}${hash.slice(1)}`;
      expect(chainProblem(stored.with(index, { text, hash: changed }), head)?.seq).toBe(index + 1);
    }
  });

  it('finds an entry that was rewritten together with its hash', () => {
    const forged = link({ type: 'HoldReviewed', holdId: 'h' }, 3, '2026-03-02T00:00:00Z', stored[1]?.hash ?? '');
    expect(chainProblem(stored.with(2, forged), head)).toEqual({ seq: 4, why: 'entry 4 does not follow the one before it' });
    const last = link({ type: 'HoldReviewed', holdId: 'h' }, stored.length, '2026-03-02T00:00:00Z', stored.at(-2)?.hash ?? '');
    expect(chainProblem(stored.with(-1, last), head)?.why).toBe('the head does not name the last entry');
  });

  it('finds entries that were taken out, doubled or exchanged', () => {
    expect(chainProblem(stored.toSpliced(4, 1), head)?.seq).toBe(5);
    expect(chainProblem(stored.slice(0, -1), head)?.why).toBe('the head does not name the last entry');
    const [first, second] = [stored[0], stored[1]];
    if (first === undefined || second === undefined) throw new Error('The timeline is too short');
    expect(chainProblem([first, first, ...stored.slice(1)], head)?.seq).toBe(2);
    expect(chainProblem([second, first, ...stored.slice(2)], head)?.seq).toBe(1);
  });
});
