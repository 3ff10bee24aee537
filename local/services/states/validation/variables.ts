import type { Diagnostics } from './diagnostics.ts';

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

/** https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html; `$states` is reserved. */
export function checkVariableNames(assigned: Record<string, unknown>, path: string, diagnostics: Diagnostics): void {
  for (const name of Object.keys(assigned))
    if (!NAME.test(name) || name === 'states') diagnostics.schema(`Invalid variable name '${name}'`, path);
}
