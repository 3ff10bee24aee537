import fc from 'fast-check';

/** Ways to change an evidence pack, each with the entry that must be named for it. */

export interface Tampered {
  readonly bytes: Buffer;
  /** The numbers of which one is named first: of what was put in, the place of it or what it pushed away. */
  readonly entries: readonly number[];
}

const LINE_FEED = 0x0a;

/** By what is done: changes at any place of a pack of lines. */
export function tamperings(file: Buffer): Readonly<Record<string, fc.Arbitrary<Tampered>>> {
  const lines = file.toString().trimEnd().split('\n');
  const last = lines.length - 1;
  const place = fc.nat({ max: file.length - 1 });
  const entryAt = (position: number): number => file.subarray(0, position).filter((byte) => byte === LINE_FEED).length;
  const joined = (changed: readonly string[]): Buffer => Buffer.from(`${changed.join('\n')}\n`);
  const index = fc.nat({ max: last });
  return {
    'a bit': fc.tuple(place, fc.nat({ max: 7 })).map(([position, bit]) => {
      const bytes = Buffer.from(file);
      bytes[position] = (bytes[position] ?? 0) ^ (1 << bit);
      return { bytes, entries: [entryAt(position)] };
    }),
    'a byte more': fc.tuple(place, fc.nat({ max: 255 })).map(([position, byte]) => ({
      bytes: Buffer.concat([file.subarray(0, position), Buffer.from([byte]), file.subarray(position)]),
      entries: [entryAt(position)],
    })),
    'a byte less': place.map((position) => ({
      bytes: Buffer.concat([file.subarray(0, position), file.subarray(position + 1)]),
      entries: [entryAt(position)],
    })),
    // Without its last line a pack is cut off after the one before.
    'a line less': index.map((entry) => ({ bytes: joined(lines.toSpliced(entry, 1)), entries: [Math.min(entry, last - 1)] })),
    'a line more': fc.tuple(index, index).map(([entry, from]) => ({
      bytes: joined(lines.toSpliced(entry, 0, lines[from] ?? '')),
      entries: [entry, entry + 1],
    })),
    'two lines in each other’s place': fc
      .tuple(index, index)
      .filter(([one, other]) => one !== other)
      .map(([one, other]) => ({
        bytes: joined(lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '')),
        entries: [Math.min(one, other)],
      })),
    // Of less than its first line nobody can tell that it was one.
    'its end missing': fc.integer({ min: Buffer.byteLength(`${lines[0]}\n`), max: file.length - 1 }).map((length) => ({
      bytes: file.subarray(0, length),
      entries: [entryAt(length - 1)],
    })),
  };
}
