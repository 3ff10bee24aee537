import type { Contact, StateName } from './facts.ts';
import { hasPurpose, isAnswerOrNotice, isNoCollection, type Role, type StopRule } from './rules.ts';

/** What forbids contact whatever the time, and what it lets through. */

const isTo =
  (...targets: string[]) =>
  ({ target }: Contact): boolean =>
    target !== undefined && targets.includes(target);
const either =
  (...tests: ((contact: Contact) => boolean)[]) =>
  (contact: Contact): boolean =>
    tests.some((test) => test(contact));

/** The contract of the journey itself, in all jurisdictions. Confirmations and answers go however the case stands. */
const asksForNothing = either(isNoCollection, hasPurpose('reply', 'verification', 'moratorium-notice'));
/** While an agency has the account nobody else collects. */
const isByAgency = ({ actor }: Contact): boolean => actor === 'agency' || actor?.startsWith('agency-') === true;
export const EVERYWHERE: readonly StopRule[] = [
  { name: 'STATE.CLOSED', mark: 'H', state: 'closed', lets: either(asksForNothing, hasPurpose('pre-due')) },
  { name: 'STATE.CURED', mark: 'H', state: 'cured', lets: either(asksForNothing, hasPurpose('pre-due')) },
  { name: 'STATE.HELD', mark: 'H', state: 'held', lets: either(asksForNothing, hasPurpose('statutory-notice')) },
  { name: 'STATE.HELD', mark: 'H', state: 'placed', lets: either(asksForNothing, hasPurpose('statutory-notice'), isByAgency) },
  { name: 'STATE.ARRANGED', mark: 'H', state: 'arranged', lets: either(asksForNothing, hasPurpose('plan-servicing', 'promise-reminder')) },
  { name: 'STATE.PROMISED', mark: 'H', state: 'promised', lets: either(asksForNothing, hasPurpose('promise-reminder')) },
  { name: 'STATE.QUIET', mark: 'H', state: 'quiet', lets: isNoCollection },
  { name: 'OPTED_OUT', mark: 'H', state: 'opted-out', lets: hasPurpose('statutory-notice') },
  { name: 'ADDRESS', mark: 'H', state: 'unusable-address' },
];

const ESTATE = ['executor', 'administrator'];

type Row = Omit<StopRule, 'name'>;

/** A representative, if there is one, is spoken to; where that one does not answer, the customer again. */
const REPRESENTED: Row = {
  mark: 'H',
  state: 'represented',
  unless: 'representative-silent',
  lets: either(isTo('attorney'), hasPurpose('statutory-notice', 'moratorium-notice', 'reply')),
};
const BREATHING: Omit<Row, 'state'> = { mark: 'H', lets: hasPurpose('moratorium-notice', 'statutory-notice', 'reply') };
const CEASE: Omit<Row, 'state'> = { mark: 'H', lets: hasPurpose('remedy-notice', 'statutory-notice', 'moratorium-notice', 'reply') };
const OBJECTION: Omit<Row, 'state'> = { mark: 'H', unless: 'verification-sent', lets: isAnswerOrNotice };

/** Where the text of a jurisdiction says nothing of a state, contact stops all the same. */
const CHOSEN: Readonly<Record<string, readonly Row[]>> = {
  CEASE: [
    { ...CEASE, state: 'cease-written' },
    { ...CEASE, state: 'refuses-to-pay-written' },
  ],
  REPRESENTED: [REPRESENTED],
  DECEASED: [{ mark: 'H', state: 'deceased', lets: isTo(...ESTATE) }],
  BANKRUPTCY: [{ mark: 'H', state: 'bankrupt', lets: isTo('attorney') }],
  OBJECTION: [
    { ...OBJECTION, state: 'objection' },
    { ...OBJECTION, state: 'dispute-written' },
    { ...OBJECTION, state: 'dispute-with-grounds' },
  ],
  PLAN: [{ mark: 'H', state: 'plan', lets: either(hasPurpose('plan-servicing', 'promise-reminder'), isAnswerOrNotice) }],
  BREATHING_SPACE: [{ ...BREATHING, state: 'breathing-space' }],
  MHC_MORATORIUM: [{ ...BREATHING, state: 'mental-health-moratorium' }],
  SENSITIVE_OCCASION: [{ mark: 'H', state: 'sensitive-occasion', lets: isAnswerOrNotice }],
  TIME_BARRED: [{ mark: 'H', state: 'refuses-time-barred', lets: isAnswerOrNotice }],
  WORKPLACE: [{ mark: 'H', state: 'employer-prohibits', lets: ({ atWork }) => atWork !== true }],
  VISIT: [{ mark: 'H', state: 'visit-refused', lets: ({ channel }) => channel !== 'visit' }],
  AGENCY: [
    { mark: 'H', state: 'agency-not-announced', role: 'third-party' },
    { mark: 'H', state: 'agency-unlicensed', role: 'third-party' },
  ],
};

/** The stops of a jurisdiction: what its text says of a state instead of what is chosen, or beside it for the other role. */
function stopsOf(prefix: string, own: Readonly<Record<string, Partial<Row>>>, other?: Role): readonly StopRule[] {
  return Object.entries(CHOSEN).flatMap(([name, rows]) =>
    rows.flatMap((row): StopRule[] => {
      const said = own[row.state];
      const rule = { ...row, ...said, name: `${prefix}.${name}` };
      return said?.role === undefined || other === undefined ? [rule] : [rule, { ...row, name: `${prefix}.${name}`, role: other }];
    }),
  );
}

type Said = Readonly<Partial<Record<StateName, Partial<Row>>>>;

// S1 art. 70, and art. 69 for the objection, where the pause is chosen.
const CN_SAYS: Said = { plan: { mark: 'R' }, 'agency-not-announced': { mark: 'N' } };
export const CN: readonly StopRule[] = stopsOf('CN', CN_SAYS);

/** Regulation F binds collectors only; a creditor that collects its own stops as the house does. */
const COLLECTOR = { mark: 'R', role: 'third-party' } as const;
const US_SAYS: Said = {
  // 1006.6(c)(2): that efforts end, and of a remedy.
  'cease-written': { ...COLLECTOR, lets: hasPurpose('remedy-notice', 'reply') },
  'refuses-to-pay-written': { ...COLLECTOR, lets: hasPurpose('remedy-notice', 'reply') },
  // 1006.6(b)(2): whatever it is, it goes to the attorney.
  represented: { ...COLLECTOR, lets: isTo('attorney') },
  // 1006.6(a)(4).
  deceased: { ...COLLECTOR, mark: 'M', lets: isTo(...ESTATE, 'spouse', 'attorney') },
  bankrupt: { mark: 'M' },
  // 1006.38(d)(2), until verification is sent.
  'dispute-written': { ...COLLECTOR, lets: hasPurpose('verification', 'reply') },
};
export const US: readonly StopRule[] = stopsOf('US', US_SAYS, 'first-party');

export const UK: readonly StopRule[] = stopsOf('UK', {
  'breathing-space': { mark: 'N' },
  'mental-health-moratorium': { mark: 'R' },
  'dispute-with-grounds': { mark: 'M' },
  'refuses-time-barred': { mark: 'M' },
  represented: { mark: 'M' },
});

export const AU: readonly StopRule[] = stopsOf('AU', {
  plan: { mark: 'R' },
  represented: { mark: 'R' },
  bankrupt: { mark: 'R' },
  'visit-refused': { mark: 'R' },
});

export const IN: readonly StopRule[] = stopsOf('IN', { 'sensitive-occasion': { mark: 'N' }, objection: { mark: 'M' } });
export const HK: readonly StopRule[] = stopsOf('HK', { bankrupt: { mark: 'N' }, 'agency-not-announced': { mark: 'N' } });
export const SG: readonly StopRule[] = stopsOf('SG', { 'agency-unlicensed': { mark: 'R' } });
export const EU: readonly StopRule[] = stopsOf('EU', {});
export const GR: readonly StopRule[] = stopsOf('GR', {});
export const RO: readonly StopRule[] = stopsOf('RO', {});
