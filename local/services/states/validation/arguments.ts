import { expressionOf } from '../expression.ts';
import type { Integration } from '../integrations.ts';
import { isObject } from '../json.ts';
import type { Diagnostics } from './diagnostics.ts';
import { argumentProblem } from './sdk-arguments.ts';

/**
 * Checks the literal arguments of a call. Those of the SDK are refused in the words of `sdk_admission.json` of radkawar/stackd: what is
 * missing, and else the first that AWS's SDK cannot make a request of.
 */
export function checkArguments(given: unknown, integration: Integration, path: string, diagnostics: Diagnostics): void {
  // Nothing given: the state's input is the call's. An expression is checked when it is evaluated.
  if (given === undefined || (typeof given === 'string' && expressionOf(given) !== undefined)) return;
  if (!isObject(given)) {
    diagnostics.schema('Expected value of type Object', path);
    return;
  }
  const {
    operationFields: { required, optional },
    refusedFields,
    sdkInput,
  } = integration;
  const missing = required.filter((field) => !(field in given));
  for (const field of missing) diagnostics.schema(`The field '${field}' is required but was missing`, path);
  if (sdkInput === undefined) {
    const known = [...required, ...optional, ...refusedFields];
    for (const field of Object.keys(given).filter((field) => !known.includes(field)))
      diagnostics.schema(`The field '${field}' is not supported by Step Functions`, path);
  } else {
    if (missing.length > 0) return;
    const problem = argumentProblem(given, sdkInput.model, integration.resourceType);
    if (problem !== undefined) diagnostics.schema(problem, path);
  }
  for (const field of Object.keys(given).filter((field) => refusedFields.includes(field)))
    diagnostics.schema(`The field '${field}' is not supported by the embedded Step Functions`, path);
}
