import { recordAccountStatus, recordLegalStatus, recordStatusRetracted } from '../../domain/record/endings.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { subjectFactKey } from '../protocol/items.ts';
import { type Ports, type Signalled, signal } from '../protocol/signal.ts';

/** The words from outside on an account: the core's on the whole of it, and those of counsel or the court on a suit. */

/** Taken once an instant; of an account that is not known yet it is kept, and counts when the account comes. */
export function takeAccountStatusChanged(ports: Ports, event: Inbound<'AccountStatusChanged'>): Promise<Signalled> {
  const { accountId, status, at, reference, retracted } = event;
  return signal(ports, {
    accountId,
    fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'AccountStatusChanged', at), content: event },
    apply: ({ journal }) => {
      if (retracted) recordStatusRetracted(journal, { status, retractedAt: at, reference });
      else recordAccountStatus(journal, { status, changedAt: at, reference });
      return {};
    },
  });
}

/** As above, of a suit. */
export function takeLegalStatusReported(ports: Ports, event: Inbound<'LegalStatusReported'>): Promise<Signalled> {
  const { accountId, status, at, reference } = event;
  return signal(ports, {
    accountId,
    fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'LegalStatusReported', at), content: event },
    apply: ({ journal }) => {
      recordLegalStatus(journal, { status, reportedAt: at, ...(reference === undefined ? {} : { reference }) });
      return {};
    },
  });
}
