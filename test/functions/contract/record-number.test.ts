import { describe, expect, it } from 'vitest';
import { recordNumber } from '../../../functions/contract/values.ts';

describe('a record number', () => {
  it.each([
    'WO-2026-0003',
    'deal/17:b.4',
    'a',
    'A'.repeat(128),
    '（2026）沪0115民初12345号',
    '(2026)京01执恢7号',
    '（2025）最高法民终88号',
  ])('is taken: %s', (text) => {
    expect(recordNumber.safeParse(text).success).toBe(true);
  });

  it.each([
    '',
    'sold to Wang Xiaoming',
    '王小明',
    '（2026）王小明号',
    '上海市浦东新区世纪大道1号',
    'wang@example.com',
    '-1',
    'A'.repeat(129),
  ])('is refused where it could be words: %s', (text) => {
    expect(recordNumber.safeParse(text).success).toBe(false);
  });
});
