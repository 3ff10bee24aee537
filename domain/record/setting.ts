import type { Governor } from '../customer.ts';
import type { Account } from '../model.ts';
import { ladderFor } from '../policy/ladder-for.ts';
import type { Deployment, Setting } from './journal.ts';

/** By what an account is judged at an instant: its product's ladder where the customer is. */
export function settingFor(deployment: Deployment, account: Pick<Account, 'facts'>, now: number, governor?: Governor): Setting {
  const jurisdiction = governor?.jurisdiction ?? deployment.jurisdiction;
  const ladder = ladderFor(account.facts.product, jurisdiction, deployment.products);
  return { now, ladder, deployment, ...(governor === undefined ? {} : { governor }) };
}
