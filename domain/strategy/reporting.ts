import { addDays, addMonths } from '../calendar.ts';
import type { World } from '../decide/world.ts';
import type { Account, LocalDate } from '../model.ts';
import type { ProductFacts, Setting } from '../record/journal.ts';

/** What a product does with overdue accounts, and when its accounts are reported to the bureau. */

export function productFacts({
  account,
  setting,
}: {
  readonly account: Pick<Account, 'facts'>;
  readonly setting: Pick<Setting, 'deployment'>;
}): ProductFacts | undefined {
  const { products } = setting.deployment;
  return products[account.facts.product ?? ''] ?? products['*'];
}

/** The first report for which a notice of today still comes early enough; undefined where the product is not reported. */
export function reportingDate(world: World): LocalDate | undefined {
  const day = productFacts(world)?.reportsToBureau === true ? productFacts(world)?.reportingDay : undefined;
  if (day === undefined) return undefined;
  const earliest = addDays(world.today, world.setting.ladder.bureauNotice.daysBefore);
  const sameMonth = `${earliest.slice(0, 8)}${String(day).padStart(2, '0')}`;
  return sameMonth < earliest ? addMonths(sameMonth, 1) : sameMonth;
}
