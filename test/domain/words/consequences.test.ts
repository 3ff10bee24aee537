import { describe, expect, it } from 'vitest';
import type { ProductFacts } from '../../../domain/record/journal.ts';
import { CONSEQUENCE_IDS, consequenceClause, consequenceSentence, consequencesOf } from '../../../domain/words/consequences.ts';
import { LOCALES } from '../../../domain/words/template.ts';

const ALL: ProductFacts = { reportsToBureau: true, reportingDay: 20, suspendsCard: true, placesWithAgencies: true };
const NONE: ProductFacts = { reportsToBureau: false, suspendsCard: false, placesWithAgencies: false };

describe('consequences of a product that does everything', () => {
  it.each([
    { days: [0, 1, 3], ids: [] },
    { days: [4, 6, 30], ids: ['interest-and-charges', 'bureau-report'] },
    { days: [31, 60], ids: ['interest-and-charges', 'bureau-report', 'card-suspension'] },
    { days: [61, 89, 90, 400], ids: ['interest-and-charges', 'bureau-report', 'card-suspension', 'agency-placement'] },
  ])('on days $days are $ids', ({ days, ids }) => {
    for (const day of days) expect(consequencesOf(day, ALL, false)).toEqual(ids);
  });
});

describe('consequences', () => {
  it.each([
    ['reportsToBureau', 'bureau-report'],
    ['suspendsCard', 'card-suspension'],
    ['placesWithAgencies', 'agency-placement'],
  ] as const)('without %s leave out %s and nothing else', (fact, id) => {
    expect(consequencesOf(75, { ...ALL, [fact]: false }, false)).toEqual(consequencesOf(75, ALL, false).filter((other) => other !== id));
  });

  it('of a product that does nothing, or of which nothing is known, are what the agreement itself brings', () => {
    expect(consequencesOf(400, NONE, false)).toEqual(['interest-and-charges']);
    expect(consequencesOf(400, undefined, false)).toEqual(['interest-and-charges']);
  });

  it('name a suit only after a person decided on it, and last', () => {
    expect(consequencesOf(400, ALL, true)).toEqual([...consequencesOf(400, ALL, false), 'legal-proceedings']);
    expect(consequencesOf(400, NONE, true)).toEqual(['interest-and-charges', 'legal-proceedings']);
  });

  it.each(LOCALES)('are a whole sentence and a clause each in %s', (locale) => {
    for (const id of CONSEQUENCE_IDS) {
      expect(consequenceSentence(id, locale)).toMatch(/[。.]$/);
      expect(consequenceClause(id, locale)).toMatch(/[^。.]$/);
      expect(consequenceClause(id, locale).length).toBeLessThan(consequenceSentence(id, locale).length);
    }
  });
});
