import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOUSE_RULES } from '../../domain/policy/packs/house.ts';
import { allPacks } from '../../domain/policy/packs/registry.ts';
import { generatedDocuments } from '../../tools/diagrams.ts';
import { root } from '../house/sources.ts';
import { MACHINES } from '../workflows/definition.ts';

const documents = generatedDocuments();
const textOf = (path: string): string => documents.find((document) => document.path === path)?.text ?? '';

describe('the generated documents', () => {
  it.each(documents)('$path is what the code says now; if not, run "npm run docs"', ({ path, text }) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });

  it.each(MACHINES)('draw every state of the $stage machine, and an edge out of each', ({ stage, definition }) => {
    // Prepare
    const [, diagram = ''] = textOf('docs/workflows.md').split(`## ${stage}\n`);
    const drawn = diagram.slice(0, diagram.indexOf('```\n'));
    // Act
    const ids = new Map([...drawn.matchAll(/state "([^"]+)" as (s\d+)/g)].map(([, name = '', id = '']) => [name, id]));
    // Assess
    expect([...ids.keys()]).toEqual(Object.keys(definition.States));
    for (const [name, id] of ids) expect(drawn.includes(`\n  ${id} --> `), name).toBe(true);
  });

  it('name every rule of every pack with its source', () => {
    const text = textOf('docs/packs.md');
    for (const rules of [...allPacks(), HOUSE_RULES]) {
      for (const provision of [...rules.hours, ...rules.counts, ...rules.spacings]) {
        const rows = text.split('\n').filter((line) => line.startsWith(`| \`${provision.rule}\` |`));
        const mark = provision.verified === false ? `${provision.mark} (not verified)` : provision.mark;
        const told = ` | ${provision.force} | ${mark} | ${provision.source} |`;
        expect(
          rows.some((row) => row.endsWith(told)),
          provision.rule,
        ).toBe(true);
      }
    }
  });
});
