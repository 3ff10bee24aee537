import type { ReasonForArrears } from '../codes.ts';
import { isConversation } from '../reducer/case.ts';
import type { Journal } from './journal.ts';

/** What a reason for arrears leads to, beyond what the outcome itself says. */

interface Said {
  readonly taskId: string;
  readonly outcome: string;
  readonly reasonForArrears?: ReasonForArrears | undefined;
}

/** Whether the next act is a message that says how to pay: nothing was agreed, and a call would only say the same again. */
export function asksForWriting({ setting }: Journal, { outcome, reasonForArrears }: Said): boolean {
  return reasonForArrears !== undefined && outcome === 'reached-no-commitment' && setting.ladder.reasons[reasonForArrears] === 'message';
}

/** The hold of an objection that was named as the reason, under an id that follows from the task. */
export function holdOfReason({ setting }: Journal, said: Said): { readonly holdId: string; readonly kind: 'dispute' } | undefined {
  const { taskId, outcome, reasonForArrears } = said;
  if (reasonForArrears === undefined || !isConversation(outcome) || setting.ladder.reasons[reasonForArrears] !== 'dispute')
    return undefined;
  return { holdId: `${taskId}-dispute`, kind: 'dispute' };
}

/** Whether the reason puts the case on the track of hardship: it is looked into, and asked about, before more is demanded. */
export function tellsHardship({ setting }: Journal, { outcome, reasonForArrears }: Said): boolean {
  return reasonForArrears !== undefined && isConversation(outcome) && setting.ladder.reasons[reasonForArrears] === 'hardship';
}
