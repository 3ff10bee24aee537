import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PUBLISHED } from '../../../domain/entries.ts';
import { CLOSE_REASONS, OBJECTIVES } from '../../../domain/model.ts';
import { INBOUND } from '../../../functions/contract/inbound-events.ts';
import { taskScopes } from '../../../functions/contract/scopes.ts';
import { ROUTES } from '../../../functions/serve-api/serve-api.ts';

const contract = readFileSync(new URL('../../../docs/contract.md', import.meta.url), 'utf8');

/** As the page writes a name: in code marks, alone or with what follows it. */
const isNamed = (name: string): boolean => contract.includes(`\`${name}\``) || contract.includes(`\`${name} `);

/** A row may give several routes of one resource by their ends. */
function isRouteNamed(key: string): boolean {
  const [method, path = ''] = key.split(' ');
  const end = path.slice(path.lastIndexOf('/'));
  return contract.includes(`\`${method} ${path}`) || contract.includes(`\`${end}\``);
}

describe('the contract as it is written', () => {
  it('names every event in and out', () => {
    // Act
    const missing = [...Object.keys(INBOUND), ...PUBLISHED, 'EventRejected'].filter((name) => !isNamed(name));
    // Assess
    expect(missing).toEqual([]);
  });

  it('names every route', () => {
    // Act
    const missing = Object.keys(ROUTES).filter((key) => !isRouteNamed(key));
    // Assess
    expect(missing).toEqual([]);
  });

  it('names every reason to close a case, and every review that one scope alone may answer', () => {
    // Act
    const reviews = OBJECTIVES.filter((objective) => taskScopes('case-review', objective).length === 1);
    const missing = [...CLOSE_REASONS, ...reviews].filter((name) => !isNamed(name));
    // Assess
    expect(reviews).toContain('review-visit');
    expect(missing).toEqual([]);
  });
});
