import { daysBetween, localDate, toMillis } from './calendar.ts';
import type { Case, LocalDate, Stage } from './model.ts';
import type { Ladder } from './policy/ladder.ts';

/** What of a case its minima are read from. */
export type ActsDone = Pick<Case, 'messageImpossibleAt' | 'sentByStage' | 'callsWorkedByStage' | 'planOfferedAt'>;

/** What a stage still owes before a case may rise from it, as a sentence; undefined when its minimum is on the timeline. */
export function missingIn(
  stage: Stage,
  done: ActsDone,
  { today, timeZone, ladder }: { readonly today: LocalDate; readonly timeZone: string; readonly ladder: Ladder },
): string | undefined {
  const impossible = done.messageImpossibleAt[stage] !== undefined;
  switch (stage) {
    case 'reminder':
      return impossible || (done.sentByStage.reminder ?? 0) > 0 ? undefined : 'one reminder must have gone';
    case 'call':
      return impossible || (done.callsWorkedByStage.call ?? 0) > 0 ? undefined : 'one call task must have been worked or have expired';
    case 'plan': {
      if (impossible) return undefined;
      if (done.planOfferedAt === undefined) return 'an arrangement must have been offered';
      const days = daysBetween(localDate(toMillis(done.planOfferedAt), timeZone), today);
      return days >= ladder.plan.answerDays ? undefined : `the customer has ${ladder.plan.answerDays} days to answer the offer`;
    }
    default:
      return undefined;
  }
}
