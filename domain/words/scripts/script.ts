import type { Locale, SlotName } from '../template.ts';

/** What a person says on a call or at the door, as data: for one objective, in every language; it bends with the track. */

/** The parts of a conversation, in their order. What follows if nothing is paid comes from `../consequences.ts`, never from a script. */
export const SECTIONS = ['opening', 'elsewhere', 'identity', 'purpose', 'listening', 'options', 'consequences', 'closing'] as const;
export type Section = (typeof SECTIONS)[number];
/** What may be heard by somebody else: nothing in them is a fact of the account. */
export const BEFORE_IDENTITY = ['opening', 'elsewhere', 'identity'] as const satisfies readonly Section[];

/** One line, an ICU message over the slots and `{track}`: said to the customer, or a note to whoever speaks. */
export type ScriptLine =
  | {
      readonly say: string;
      /** Left out where no promise would be taken any more. */
      readonly offers?: 'promise';
    }
  | { readonly note: string };

export type ScriptText = Readonly<Record<Exclude<Section, 'consequences'>, readonly ScriptLine[]>>;

/** The objectives that ask for a conversation. */
export const SCRIPT_IDS = ['recover', 'call-back', 'agree-a-plan', 'understand-hardship', 'visit'] as const;
export type ScriptId = (typeof SCRIPT_IDS)[number];

export interface Script {
  readonly id: ScriptId;
  readonly version: string;
  readonly texts: Readonly<Record<Locale, ScriptText>>;
}

/** What the lines before the identity check may mention, and no more. */
export const SLOTS_BEFORE_IDENTITY = ['customerName', 'bankName', 'hotline'] as const satisfies readonly SlotName[];
/** `deadline` is the last day for which a promise may be taken. */
export const SCRIPT_SLOTS = [
  ...SLOTS_BEFORE_IDENTITY,
  'accountRef',
  'overdue',
  'dueDate',
  'daysPastDue',
  'deadline',
] as const satisfies readonly SlotName[];
