import type { Line, StoredAccount } from './stored.ts';

/** What a case that ran elsewhere brought along, told as if it had been done here: the walk along a timeline needs no second form of it. */

interface Told {
  readonly channel: string;
  readonly at: string;
  readonly direction?: string;
  readonly outcome?: string;
  readonly contactPointId?: string;
}

/** In the order of their times, before the first line of the case; nothing where the case began here. */
export function broughtAlong({ head, lines }: StoredAccount, caseId: string | undefined): Line[] {
  const taken = lines.find((line) => line.type === 'CaseTakenOver' && line.caseId === caseId);
  const told = lines.find((line) => taken !== undefined && line.type === 'CaseImported' && line.importId === taken.importId);
  if (told === undefined) return [];
  const { timeZone } = JSON.parse(String(head.state)) as { timeZone: string };
  const contacts = (told.contacts as readonly Told[]).filter(({ direction }) => direction !== 'inbound');
  const notices = told.notices as readonly { kind: string; at: string; how?: string }[];
  const written = notices.filter(({ kind, how }) => /written-demand|formal-notice/.test(kind) && how !== 'voice' && how !== 'visit');
  const messages = contacts.filter(({ channel }) => channel !== 'voice' && channel !== 'visit');
  const rows = [
    ...contacts
      .filter(({ channel }) => channel === 'voice')
      .map((row) => ({ ...row, type: 'ContactReported', direction: 'outbound', ...localTime(row.at, timeZone) })),
    ...written.map(({ at }, index) => ({ at, type: 'ContactSent', contactId: `notice-${index}`, purpose: 'collection' })),
    // A message may be the very one that a notice tells of.
    ...messages
      .slice(written.length)
      .map(({ at }, index) => ({ at, type: 'ContactSent', contactId: `message-${index}`, purpose: 'imported' })),
    ...notices.filter(({ kind }) => kind === 'plan-offer').map(({ at }) => ({ at, type: 'PlanOffered' })),
  ];
  return rows.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)).map((row) => ({ ...row, seq: 0 }));
}

/** By time zone: to make one takes much longer than to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(at: string, timeZone: string): { onDate: string; minutesOfDay: number } {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timeZone, format);
  const [onDate = '', time = ''] = format.format(Date.parse(at)).split(' ');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return { onDate, minutesOfDay: hours * 60 + minutes };
}
