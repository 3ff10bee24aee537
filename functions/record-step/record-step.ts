import { missingForReferral } from '../../domain/decide/legal.ts';
import { dueRecords } from '../../domain/decide/records.ts';
import { closePressing } from '../../domain/record/consequences.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { contactOf } from '../../domain/reducer/parties.ts';
import type { Turn } from '../contract/turn.ts';

import { contactIdOf } from '../protocol/items.ts';
import { type Acted, type CaseView, commitAct, DecideAgain, journalOf, type TurnPorts, untilAfter, viewForAct } from '../protocol/turns.ts';

/** Records what is neither a contact nor a task: what time has brought, a message in doubt, the steps of the legal way. */
export async function recordStep(turn: Turn, ports: TurnPorts): Promise<Acted> {
  const view = turn.act === 'settle' ? await viewForAct(ports, turn, 'settle') : await viewForAct(ports, turn, 'record');
  const journal = journalOf(view);
  if (view.proposal.kind === 'settle') settle(view, journal, view.proposal.contactKey);
  else write(view, journal, turn.act);
  if (journal.drafts.length === 0) throw new DecideAgain('Nothing is left to record');
  const { account } = await commitAct(ports, turn, view, journal);
  return { until: untilAfter(ports, view, account) };
}

/** Whoever was sending had more time than a function has: the message counts against the caps and is decided anew. */
function settle(view: CaseView, journal: Journal, key: string): void {
  const { current } = view.world;
  journal.add({ type: 'ContactLost', contactId: contactIdOf(current, { key }), key, ...contactOf(current, key)?.to });
}

function write(view: CaseView, journal: Journal, act: Turn['act']): void {
  if (act === 'refer') {
    const { legal } = view.world.current;
    const missing = missingForReferral(view.world);
    // Decide asked for this on the same facts; a referral without its gates must be impossible, not unlikely (invariant 6).
    if (missing.length > 0) throw new Error(`A referral without its preconditions: ${missing.join('; ')}`);
    const { approvedBy = '', evidenceHash = '', evidenceRef = '' } = legal;
    closePressing(journal, 'referred');
    journal.add({ type: 'LegalReferred', approvedBy, evidenceHash, evidenceRef });
    return;
  }
  for (const draft of dueRecords(view.world)) journal.add(draft);
}
