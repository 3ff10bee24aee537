import type { Line, StoredAccount } from './stored.ts';

/** Cases that ran elsewhere and were handed over: their contacts were others' to answer for, and count for those that follow. */

/** A hand-over of one case. */
export interface Imported {
  readonly accountId: string;
  readonly customerId: string;
  readonly importId: string;
  readonly recordedAt: string;
  /** Each is counted, and none judged. */
  readonly contacts: number;
}

/** A contact as the hand-over lists it. */
export interface ImportedContact {
  readonly contactId?: string;
  readonly channel: string;
  readonly kind: string;
  readonly at: string;
  readonly direction?: string;
  readonly outcome?: string;
  readonly contactPointId?: string;
}

interface ImportedNotice {
  readonly kind: string;
  readonly at: string;
  readonly how?: string;
}

export function importsOf({ accountId, lines }: StoredAccount): Imported[] {
  return lines
    .filter(({ type }) => type === 'CaseImported')
    .map((line) => ({
      accountId,
      customerId: String(line.customerId),
      importId: String(line.importId),
      recordedAt: line.at,
      contacts: contactsIn(line).length,
    }));
}

export function contactsIn(line: Line): readonly ImportedContact[] {
  return Array.isArray(line.contacts) ? (line.contacts as ImportedContact[]) : [];
}

/** What the hand-over that a case went on with proves of written demands and of an offer; nothing where the case began here. */
export function broughtAlong(own: readonly Line[], timeline: readonly Line[]): { readonly demands: number; readonly offers: number } {
  const taken = own.find(({ type }) => type === 'CaseTakenOver');
  const line = taken && timeline.find(({ type, importId }) => type === 'CaseImported' && importId === taken.importId);
  const notices = Array.isArray(line?.notices) ? (line.notices as ImportedNotice[]) : [];
  const written = notices.filter(
    ({ kind, how }) => ['written-demand', 'formal-notice'].includes(kind) && how !== 'voice' && how !== 'visit',
  );
  return { demands: written.length, offers: notices.filter(({ kind }) => kind === 'plan-offer').length };
}
