import type { Machine } from './definition.ts';
import { EXPRESSIONS } from './lint-expressions.ts';
import { ACT_RULES, MOVES_RULES } from './lint-moves.ts';
import { SHAPE } from './lint-shape.ts';

/** Everything that is wrong with a machine, each as `<rule>: <where>: <what>`; empty when nothing is. */
export async function lint(machine: Machine): Promise<string[]> {
  const findings = [...SHAPE, ...EXPRESSIONS, ...MOVES_RULES].flatMap((rule) => rule(machine));
  for (const rule of ACT_RULES) findings.push(...(await rule(machine)));
  return findings;
}
