import type { Decided, DeliveryRules } from '../delivery/delivery-rules.ts';

/** Recipients of one message that share what becomes of it. */
export interface Fate extends Decided {
  readonly recipients: readonly string[];
}

/** The suppression list's own bounce differs from what a mail server sends. */
const SUPPRESSED: Decided = { outcome: 'bounce', reason: 'Suppressed' };

/** https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html */
const SIMULATOR: Readonly<Record<string, readonly Decided[]>> = {
  success: [{ outcome: 'delivery' }],
  bounce: [{ outcome: 'bounce' }],
  // An automatic answer reaches the sender as a bounce, though the mail was delivered.
  ooto: [{ outcome: 'delivery' }, { outcome: 'transient-bounce', reason: 'General' }],
  complaint: [{ outcome: 'complaint' }],
  suppressionlist: [SUPPRESSED],
};

const DELIVERED: readonly Decided[] = [{ outcome: 'delivery' }];

/** What becomes of a mail: by the rules, else by the simulator's addresses, else it is delivered. One entry for each thing to tell. */
export function fatesOf(rules: DeliveryRules, recipients: readonly string[]): Fate[] {
  const fates = new Map<string, Fate>();
  for (const recipient of recipients)
    for (const decided of outcomesOf(rules, recipient)) {
      const key = JSON.stringify([decided.outcome, decided.reason, decided.afterMilliseconds]);
      fates.set(key, { ...decided, recipients: [...(fates.get(key)?.recipients ?? []), recipient] });
    }
  return [...fates.values()];
}

function outcomesOf(rules: DeliveryRules, recipient: string): readonly Decided[] {
  const ruled = rules.decide('ses', recipient);
  const outcomes = ruled === undefined ? (simulated(recipient) ?? DELIVERED) : [ruled];
  // Who complains has received the mail.
  return outcomes.flatMap((decided) => (decided.outcome === 'complaint' ? [...DELIVERED, decided] : [decided]));
}

/** `bounce+anything@…` is the same mailbox. */
function simulated(recipient: string): readonly Decided[] | undefined {
  const mailbox = /^([a-z]+)(\+.*)?@simulator\.amazonses\.com$/i.exec(recipient)?.[1];
  return mailbox === undefined ? undefined : SIMULATOR[mailbox.toLowerCase()];
}
