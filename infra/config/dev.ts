import { local } from './local.ts';
import type { ConfigInput } from './schema.ts';

/**
 * A shared AWS account with invented customers. As `local`, but sending starts switched off: whoever tests with a real number turns
 * it on for one product, knowingly.
 */
export const dev: ConfigInput = {
  ...local,
  sending: { default: 'off', products: {} },
  logRetentionDays: 14,
};
