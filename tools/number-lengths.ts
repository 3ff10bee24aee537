import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import data from 'libphonenumber-js/metadata.min.json';
import { type CountryCode, Metadata } from 'libphonenumber-js/min';
import { commandLine } from '../local/command-line.ts';

const FILE = fileURLToPath(new URL('../domain/contact-points/number-lengths.ts', import.meta.url));

const ascending = (one: number, other: number): number => one - other;

/**
 * How many digits a number has after its calling code, for every calling code there is, as the library's data say. Countries that share
 * a code share a row; codes of no country are those of satellites and of toll-free numbers.
 *
 * @returns calling codes in ascending order, each with its lengths in ascending order.
 */
export function numberLengths(): ReadonlyMap<number, readonly number[]> {
  const ofCountries = Object.entries(data.country_calling_codes).map(
    ([code, countries]) => [Number(code), countries.flatMap(lengthsOf)] as const,
  );
  const ofNoCountry = Object.keys(data.nonGeographic).map((code) => [Number(code), lengthsOf(code)] as const);
  const rows = [...ofCountries, ...ofNoCountry].sort(([one], [other]) => ascending(one, other));
  return new Map(rows.map(([code, lengths]) => [code, [...new Set(lengths)].sort(ascending)]));
}

function lengthsOf(plan: string): number[] {
  const metadata = new Metadata();
  // The library also takes a calling code of no country here; its types do not say so.
  metadata.selectNumberingPlan(plan as CountryCode);
  const lengths = metadata.numberingPlan?.possibleLengths();
  if (lengths === undefined) throw new Error(`The library has no numbering plan of ${plan}.`);
  return lengths;
}

if (import.meta.main) {
  commandLine('usage: node tools/number-lengths.ts\n\nWrites domain/contact-points/number-lengths.ts anew from libphonenumber.\n', {});
  const rows = [...numberLengths()].map(([code, lengths]) => `  ${code}: [${lengths.join(', ')}],`);
  const comment = `/**
 * How many digits numbers have after each calling code: the data of libphonenumber, which is too big for a function's bundle. Written by
 * \`node tools/number-lengths.ts\`; a test compares it with the library.
 */`;
  writeFileSync(FILE, `${comment}\nexport const NUMBER_LENGTHS: Readonly<Record<string, readonly number[]>> = {\n${rows.join('\n')}\n};\n`);
  console.log(`wrote ${FILE}: ${rows.length} calling codes`);
}
