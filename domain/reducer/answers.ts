import type { Entry } from '../entries.ts';
import type { Case, Contact, Instant } from '../model.ts';

/** The messages that tell what became of a customer's request for an arrangement, and how a case remembers that they went. */

export const REQUEST_TEMPLATES = { approved: 'plan-request-approved', declined: 'plan-request-declined' } as const;

/** The step of the message that tells a decision: one request at a time is looked at, so no two are decided at one instant. */
export function answerStep(decidedAt: Instant): string {
  return `answer-${decidedAt.replace(/\D/g, '')}`;
}

/** An answer went: it is told once. Any other than these is the one that asks for papers. */
export function onAnswered(current: Case, { key, template }: Contact, { at }: Pick<Entry, 'at'>): Case {
  const { planRequests } = current;
  const isOfRequest = template === REQUEST_TEMPLATES.approved || template === REQUEST_TEMPLATES.declined;
  if (!isOfRequest) return { ...current, documentsAskedAt: at };
  if (planRequests?.wishes === undefined) return current;
  const wishes = planRequests.wishes.map((wish) =>
    wish.decidedAt !== undefined && key.startsWith(`${answerStep(wish.decidedAt)}_`) ? { ...wish, toldAt: at } : wish,
  );
  return { ...current, planRequests: { ...planRequests, wishes } };
}
