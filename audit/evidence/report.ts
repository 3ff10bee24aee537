import { checkContacts, checkDemands, checkStatement, checkTimeline, contentOf, gatesOf } from './content.ts';
import { type Finding, findChanges, nameOf, type PackLine, readPack } from './form.ts';

/** What was looked at, and what was found. */
export interface Verdict {
  readonly checks: readonly { readonly name: string; readonly what: string; readonly findings: readonly Finding[] }[];
  readonly about: readonly string[];
  /** Of the manifest; the same as on the timeline, in the event and in counsel's task. Absent where the pack has no readable manifest. */
  readonly manifestHash?: string;
}

/**
 * Verifies a pack by nothing but its bytes, and by the hash that somebody has from elsewhere.
 *
 * @returns undefined for bytes that are no pack at all
 */
export function verifyPack(bytes: Buffer, expectedHash?: string): Verdict | undefined {
  const read = readPack(bytes);
  if (read === undefined) return undefined;
  const { lines } = read;
  const form = {
    name: 'form',
    what: 'every line is canonical JSON with its number, its part and the hash before it',
    findings: read.findings,
  };
  if (read.findings.length > 0) return { checks: [form], about: [] };
  const chain = { name: 'chain', what: 'every line is the one that the manifest and the next line name', findings: findChanges(lines) };
  if (chain.findings.length > 0) return { checks: [form, chain], about: [] };
  const manifestHash = lines.at(-2)?.hash ?? '';
  const content = contentOf(lines);
  const checks = [
    form,
    chain,
    ...(expectedHash === undefined ? [] : [hashCheck(lines, manifestHash, expectedHash)]),
    { name: 'timeline', what: 'its own chain of hashes, from the first entry on', findings: checkTimeline(content) },
    { name: 'contacts', what: 'messages, deliveries and texts are those of the timeline', findings: checkContacts(content) },
    { name: 'statement', what: 'overdue amount and balance after every row, computed anew', findings: checkStatement(content) },
    { name: 'demands', what: 'those whose receipt is confirmed', findings: checkDemands(content) },
  ];
  return { checks, about: aboutOf(lines), manifestHash };
}

function hashCheck(lines: readonly PackLine[], manifestHash: string, expected: string) {
  const manifest = lines.at(-2);
  const findings =
    manifestHash === expected || manifest === undefined
      ? []
      : [{ entry: nameOf(manifest), why: `has the hash ${manifestHash}, not ${expected}` }];
  return { name: 'hash', what: 'the manifest is the one that was asked for', findings };
}

function aboutOf(lines: readonly PackLine[]): string[] {
  const content = contentOf(lines);
  const count = (part: PackLine['part']): number => lines.filter((line) => line.part === part).length;
  const bodyOf = (part: PackLine['part']) => lines.find((line) => line.part === part)?.body ?? {};
  const withText = lines.filter(({ part, body }) => part === 'contact' && body.text !== undefined).length;
  const { head } = content;
  const { endsOn, rule } = bodyOf('limitation');
  return [
    `case ${String(head.caseId)}, account ${String(head.accountId)}: timeline up to entry ${String(head.upTo)}`,
    `${lines.length} lines: ${count('timeline')} of the timeline, ${count('contact')} messages (${withText} with their text), ${count('reference')} references, ${count('statement-row')} rows of the statement`,
    ...(endsOn === undefined ? [] : [`limitation: ${String(endsOn)} by ${String(rule)}`]),
    `two demands received thirty days apart: ${bodyOf('demands').twoThirtyDaysApart === true ? 'yes' : 'no'}`,
    ...gatesOf(content).map(([gate, shown]) => `${gate}: ${shown}`),
  ];
}

export function isVerified({ checks }: Verdict): boolean {
  return checks.every(({ findings }) => findings.length === 0);
}

const FINDINGS_SHOWN = 10;

export function toText(verdict: Verdict): string {
  const rows = verdict.checks.flatMap(({ name, what, findings }) => [
    `${findings.length === 0 ? 'ok    ' : 'BROKEN'}  ${name}: ${what}`,
    ...findings.slice(0, FINDINGS_SHOWN).map(({ entry, why }) => `        ${entry} ${why}`),
    ...(findings.length > FINDINGS_SHOWN ? [`        and ${findings.length - FINDINGS_SHOWN} more`] : []),
  ]);
  const hash = verdict.manifestHash === undefined ? [] : [`manifest hash: ${verdict.manifestHash}`];
  return [...verdict.about, ...rows, ...hash, isVerified(verdict) ? 'verified' : 'NOT VERIFIED', ''].join('\n');
}
