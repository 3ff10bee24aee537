import { recordAccountOverdue } from '../../domain/record/bank-facts.ts';
import type { AccountBuilder } from '../builders/account.ts';
import { CaseDriver, type Desk } from './case-driver.ts';
import { patientDesk } from './desks.ts';

/** A driver with the case opened by the account's figure. */
export function drive(
  account: AccountBuilder,
  desk: Desk = patientDesk(),
  change: ConstructorParameters<typeof CaseDriver>[0] = {},
): CaseDriver {
  const driver = new CaseDriver({ desk, ...change });
  driver.tell((journal) => recordAccountOverdue(journal, account.fact()));
  return driver;
}
