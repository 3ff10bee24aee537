import { openCase } from '../../domain/case-status.ts';
import { sharedMessages } from '../../domain/decide/records.ts';
import { worldOf } from '../../domain/decide/world.ts';
import { Journal } from '../../domain/record/journal.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { commit } from './commit.ts';
import type { RecordPorts } from './contact-record.ts';
import { governorKey, headKey, readGovernor, readHead } from './items.ts';

const TRIES_MAX = 3;

/**
 * Writes a message that spoke for several accounts on the timelines of the others. No signal: what they do next can wait for their own
 * wake-up. Whoever dies before this has lost nothing either: each account finds the message in the customer's ledger when it looks.
 */
export async function tellOthers(ports: RecordPorts, customerId: string, accountIds: readonly string[]): Promise<void> {
  for (const accountId of accountIds) {
    for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
      const [headItem, governorItem] = await ports.table.snapshot([headKey(accountId), governorKey(customerId)]);
      const head = readHead(accountId, headItem);
      const { governor } = readGovernor(customerId, governorItem);
      const current = openCase(head.account);
      if (current === undefined) break;
      const setting = settingFor(ports.deployment, head.account, ports.clock(), governor);
      const drafts = sharedMessages(worldOf(head.account, current, governor, setting));
      if (drafts.length === 0) break;
      const journal = new Journal(head.account, setting);
      for (const draft of drafts) journal.add(draft);
      if ((await commit(ports.table, { head, journal, now: setting.now, signal: false })).ok) break;
    }
  }
}
