import { expect, it } from 'vitest';
import { likePattern, look } from '../../../local/kernel/look.ts';

const ROWS = Array.from({ length: 100 }, (_, n) => ({ id: n + 1 }));

function lookAt(before: number, lookMax: number, fits: (id: number) => boolean, limit = 5) {
  return look({
    before,
    limit,
    lookMax,
    read: (below, from, rowsMax) =>
      ROWS.filter(({ id }) => id < below && id >= from && fits(id))
        .reverse()
        .slice(0, rowsMax),
    show: ({ id }) => id,
  });
}

it('shows a page, latest first, and says where the next one begins', () => {
  expect(lookAt(101, 1000, () => true)).toEqual({ rows: [100, 99, 98, 97, 96], next: 96, cut: false });
  expect(lookAt(6, 1000, () => true)).toEqual({ rows: [5, 4, 3, 2, 1], cut: false });
  expect(lookAt(1, 1000, () => true)).toEqual({ rows: [], cut: false });
});

it('goes through so many rows only, says that it was cut, and goes on where it stopped', () => {
  const odd = (id: number) => id % 25 === 0;
  const pages = [];
  for (let before: number | undefined = 101; before !== undefined; before = pages.at(-1)?.next) pages.push(lookAt(before, 40, odd));
  expect(pages.map(({ cut }) => cut)).toEqual([true, true, false]);
  expect(pages.flatMap(({ rows }) => rows)).toEqual([100, 75, 50, 25]);
});

it('takes every character of a text for itself', () => {
  expect(likePattern('50%_\\')).toBe('%50\\%\\_\\\\%');
});
