import { local } from './local.ts';
import type { ConfigInput } from './schema.ts';

/**
 * Real accounts. The bank replaces the example names, addresses and links, adds the accounts of its core systems, its token issuer
 * and its alarm address before the first deployment (docs/runbooks/deploy.md). Sending starts switched off, so that the first files
 * can be checked in the timeline before any customer hears of them.
 */
export const prod: ConfigInput = {
  ...local,
  sending: { default: 'off', products: {} },
  deletionProtection: true,
  removalPolicy: 'retain',
  logRetentionDays: 90,
};
