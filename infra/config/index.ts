import { dev } from './dev.ts';
import { local } from './local.ts';
import { prod } from './prod.ts';
import { type Config, type ConfigInput, parseConfig } from './schema.ts';

const environments: Readonly<Record<string, ConfigInput>> = { local, dev, prod };

/** The environments that can be chosen with `-c environment=<name>`. */
export const environmentNames: readonly string[] = Object.keys(environments);

/**
 * The validated configuration of one environment.
 * @throws Error if there is no such environment, or naming each field that breaks a rule.
 */
export function loadConfig(environment: string): Config {
  const input = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  if (input === undefined) throw new Error(`environment: "${environment}" is not configured; there are ${environmentNames.join(', ')}`);
  return parseConfig(environment, input);
}
