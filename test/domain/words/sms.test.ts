import { describe, expect, it } from 'vitest';
import { outsideGsm, segmentsOf } from '../../../domain/words/sms.ts';

describe('segments', () => {
  it.each([
    { what: '160 letters', text: 'a'.repeat(160), encoding: 'GSM-7', count: 1 },
    { what: '161 letters', text: 'a'.repeat(161), encoding: 'GSM-7', count: 2 },
    { what: '306 letters', text: 'a'.repeat(306), encoding: 'GSM-7', count: 2 },
    { what: '307 letters', text: 'a'.repeat(307), encoding: 'GSM-7', count: 3 },
    { what: '80 euros', text: '€'.repeat(80), encoding: 'GSM-7', count: 1 },
    { what: '81 euros', text: '€'.repeat(81), encoding: 'GSM-7', count: 2 },
    { what: '70 characters', text: '字'.repeat(70), encoding: 'UCS-2', count: 1 },
    { what: '71 characters', text: '字'.repeat(71), encoding: 'UCS-2', count: 2 },
    { what: '134 characters', text: '字'.repeat(134), encoding: 'UCS-2', count: 2 },
    { what: '135 characters', text: '字'.repeat(135), encoding: 'UCS-2', count: 3 },
    { what: 'one character among letters', text: `${'a'.repeat(70)}字`, encoding: 'UCS-2', count: 2 },
  ])('$what are $count in $encoding', ({ text, encoding, count }) => {
    expect(segmentsOf(text)).toEqual({ encoding, count });
  });

  it('never cut a character of two units in half', () => {
    // 67 units hold 33 pairs and one unit that stays empty.
    expect(segmentsOf('𠮷'.repeat(66))).toEqual({ encoding: 'UCS-2', count: 2 });
    expect(segmentsOf('𠮷'.repeat(67))).toEqual({ encoding: 'UCS-2', count: 3 });
    // 153 septets hold 76 euros and one that stays empty.
    expect(segmentsOf('€'.repeat(152)).count).toBe(2);
    expect(segmentsOf('€'.repeat(153)).count).toBe(3);
  });

  it('tell which characters are to blame for a longer message', () => {
    expect(outsideGsm('It’s 5€ – fine')).toEqual(['’', '–']);
  });
});
