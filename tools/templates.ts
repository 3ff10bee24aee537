import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../domain/words/lint/finding.ts';
import { lintTemplate } from '../domain/words/lint/lint.ts';
import { lintScript } from '../domain/words/lint/scripts.ts';
import type { Script } from '../domain/words/scripts/script.ts';
import { SCRIPTS } from '../domain/words/scripts/scripts.ts';
import type { Template } from '../domain/words/template.ts';
import { TEMPLATES } from '../domain/words/templates.ts';
import { commandLine } from '../local/command-line.ts';
import { templatesPage } from './templates-page.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const USAGE = `usage: npm run templates [-- --out FILE]

Writes every text to a page, dist/templates.html unless told otherwise, with what the lint found. Ends with 1 on an error among that.
`;

/**
 * Writes every template and script, language, track and channel to one HTML page, beside the lint's findings.
 *
 * @param file is replaced; its folder is made.
 * @returns the findings; a build fails on those of severity `error`.
 */
export function writeTemplates(templates: readonly Template[], scripts: readonly Script[], file: string): readonly Finding[] {
  const [written, spoken] = [templates.flatMap(lintTemplate), scripts.flatMap(lintScript)];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, templatesPage(templates, written, { scripts, findings: spoken }));
  return [...written, ...spoken];
}

if (import.meta.main) {
  const { values } = commandLine(USAGE, { out: { type: 'string', default: join(root, 'dist', 'templates.html') } });
  const findings = writeTemplates(TEMPLATES, SCRIPTS, values.out);
  for (const { severity, template, locale, channel, rule, sentence } of findings)
    console.log(`${severity} ${template} ${locale} ${channel ?? 'all channels'} ${rule}: ${sentence}`);
  console.log(`wrote ${values.out}: ${TEMPLATES.length} templates, ${SCRIPTS.length} scripts, ${findings.length} findings`);
  if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}
