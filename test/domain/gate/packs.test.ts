import { describe, expect, it } from 'vitest';
import { HOUSE_RULES } from '../../../domain/policy/packs/house.ts';
import { allPacks, packFor } from '../../../domain/policy/packs/registry.ts';

describe('the registry', () => {
  it.each(['1999-01-01T00:00:00Z', '2005-06-15T00:00:00Z', '2026-04-15T00:00:00Z', '2040-01-01T00:00:00Z'])(
    'has a pack for mainland China at %s, the first one for all earlier instants',
    (at) => {
      expect(packFor('CN', Date.parse(at))?.id).toBe('CN');
    },
  );

  it.each(['XX', '', 'cn', '__proto__'])('has none for %j', (jurisdiction) => {
    expect(packFor(jurisdiction, Date.parse('2026-04-15T00:00:00Z'))).toBeUndefined();
  });
});

const SETS = [...allPacks(), HOUSE_RULES].map((rules) => ({ name: rules.version, rules }));

describe.each(SETS)('the values of $name', ({ rules }) => {
  const provisions = [...rules.hours, ...rules.counts, ...rules.spacings, ...(rules.grace === undefined ? [] : [rules.grace])];

  it('name their rule once each', () => {
    const names = provisions.map(({ rule }) => rule);

    expect(new Set(names).size).toBe(names.length);
  });

  it('say where they come from, and are marked H exactly where the house chose them', () => {
    for (const { rule, text, force, mark, source } of provisions) {
      expect({ rule, text: text !== '', source: source !== '', house: mark === 'H' }).toEqual({
        rule,
        text: true,
        source: true,
        house: force === 'house',
      });
    }
  });
});
