import { CHANNELS, type Channel } from '../../model.ts';
import type { ContactPurpose, Provision, StopProvision, Target } from './pack.ts';

/** What every pack has in common: words for the source of a value, and the states that stop contact where a pack names no rule. */

type Basis = Pick<Provision, 'force' | 'mark' | 'verified' | 'source'>;

/** A value that was chosen because no number is published. */
export const CHOSEN: Basis = { force: 'house', mark: 'H', source: 'no published value; chosen' };

/** A value that was remembered and not checked. */
export function remembered(force: Provision['force'], source: string): Basis {
  return { force, mark: 'M', verified: false, source };
}

/** Confirmations and warnings that ask for nothing. */
export const NOT_COLLECTION: readonly ContactPurpose[] = ['payment-acknowledgement', 'fraud-alert'];

/** Answers, and notices that the law asks for: they are counted by no published limit. */
export const ANSWERS: readonly ContactPurpose[] = ['reply', 'statutory-notice', 'moratorium-notice', 'verification'];

/** Whatever waits at a carrier or is worked by people in person; a letter knows no hour unless a text says so. */
export const ALL_BUT_LETTERS: readonly Channel[] = CHANNELS.filter((channel) => channel !== 'post');
export const MESSAGES: readonly Channel[] = ['sms', 'email', 'push', 'in-app', 'im'];

const ESTATE: readonly Target[] = ['executor', 'administrator'];

interface Common extends Omit<StopProvision, keyof Basis | 'rule'> {
  readonly name: string;
}

/** Without a rule of the jurisdiction's own these stop contact all the same, as a hold of the same name would. */
const COMMON: readonly Common[] = [
  {
    name: 'CEASE',
    text: 'The customer asked in writing not to be contacted, or refuses in writing to pay',
    when: ['cease-written', 'refuses-to-pay-written'],
    unless: ['contact-requested'],
    exceptPurposes: ['remedy-notice', 'statutory-notice', 'moratorium-notice', 'reply'],
    ends: 'when the customer withdraws it',
  },
  {
    name: 'REPRESENTED',
    text: 'Somebody represents the customer and is to be spoken to instead',
    when: ['represented', 'attorney-represented'],
    unless: ['attorney-unresponsive', 'contact-requested'],
    exceptTargets: ['attorney'],
    exceptPurposes: ['statutory-notice', 'moratorium-notice', 'reply'],
    ends: 'when the representation ends or does not answer',
  },
  {
    name: 'DECEASED',
    text: 'The customer has died: only the estate may be spoken to',
    when: ['deceased'],
    exceptTargets: ESTATE,
    ends: 'never; a person reviews the case',
  },
  {
    name: 'BANKRUPTCY',
    text: 'The customer is bankrupt or has filed for it',
    when: ['bankruptcy-filed', 'bankruptcy-order'],
    exceptTargets: ['attorney'],
    ends: 'when the proceedings end',
  },
  {
    name: 'OBJECTION',
    text: 'The customer objected, and the objection has not been checked',
    when: ['objection-pending', 'dispute-written', 'dispute-valid-grounds'],
    unless: ['verification-sent', 'contact-requested'],
    exceptPurposes: ['verification', 'statutory-notice', 'moratorium-notice', 'reply'],
    ends: 'when the answer has been sent',
  },
  {
    name: 'PLAN',
    text: 'An agreed plan is being kept',
    when: ['plan-active'],
    unless: ['plan-breached', 'contact-requested'],
    exceptPurposes: ['plan-servicing', 'promise-reminder', 'statutory-notice', 'moratorium-notice', 'reply'],
    ends: 'when the plan is broken, grace included',
  },
  {
    name: 'BREATHING_SPACE',
    text: 'A breathing space protects the debt',
    when: ['breathing-space'],
    unless: ['contact-requested'],
    exceptPurposes: ['moratorium-notice', 'statutory-notice', 'reply'],
    days: 60,
    ends: 'after 60 days, its first day included',
  },
  {
    name: 'MHC_MORATORIUM',
    text: 'A moratorium for treatment in a mental health crisis protects the debt',
    when: ['mental-health-moratorium'],
    unless: ['contact-requested'],
    exceptPurposes: ['moratorium-notice', 'statutory-notice', 'reply'],
    ends: '30 days after the treatment',
  },
  {
    name: 'SENSITIVE_OCCASION',
    text: 'Something that the customer goes through forbids contact: a bereavement, an illness, a disaster, a wedding, a festival',
    when: ['sensitive-occasion'],
    unless: ['contact-requested'],
    exceptPurposes: ['statutory-notice', 'moratorium-notice', 'reply'],
    ends: 'when a person says that it is over',
  },
  {
    name: 'TIME_BARRED',
    text: 'The debt is too old to be sued for: nobody may threaten to',
    when: ['time-barred'],
    onlyPurposes: ['legal-threat'],
    ends: 'never',
  },
  {
    name: 'TIME_BARRED.REFUSED',
    text: 'The debt is too old to be sued for and the customer will not pay it',
    when: ['refuses-time-barred'],
    unless: ['contact-requested'],
    exceptPurposes: ['statutory-notice', 'moratorium-notice', 'reply'],
    ends: 'when the customer changes their mind',
  },
  {
    name: 'WORKPLACE',
    text: 'The employer forbids such contact at the place of work',
    when: ['employer-prohibits'],
    atWork: true,
    ends: 'when the employer allows it',
  },
  {
    name: 'VISIT',
    text: 'The customer refused the visit',
    when: ['visit-refused'],
    channels: ['visit'],
    ends: 'when the customer agrees to one',
  },
  {
    name: 'DEVICE',
    text: 'Private phones and accounts are not used without approval',
    when: ['private-device'],
    ends: 'with an approved device',
  },
  { name: 'PUBLIC', text: 'Nothing of a debt is posted where others can read it', when: ['public-posting'], ends: 'with another medium' },
  {
    name: 'AGENCY.NOTICE',
    text: 'The customer was not told beforehand that an agency collects',
    roles: ['third-party'],
    when: ['agency-unannounced'],
    ends: 'when the notice has been given',
  },
  {
    name: 'AGENCY.LICENCE',
    text: 'The agency has no licence',
    roles: ['third-party'],
    when: ['agency-unlicensed'],
    ends: 'when it has one',
  },
];

/**
 * The stop states of a pack: its own, and after them those that all packs have. One of its own replaces the common one of the same name;
 * for the role that it does not bind the common one stays, with the role in its name, where the common one binds both.
 *
 * @param without names of common states that this pack does not have.
 */
export function stopsOf(prefix: string, own: readonly StopProvision[], without: readonly string[] = []): readonly StopProvision[] {
  const common = COMMON.flatMap(({ name, ...stop }): StopProvision[] => {
    const rule = `${prefix}.${name}`;
    const replacing = own.find((candidate) => candidate.rule === rule);
    if (without.includes(name)) return [];
    if (replacing === undefined) return [{ ...CHOSEN, ...stop, rule }];
    if (stop.roles !== undefined || replacing.roles?.length !== 1) return [];
    return replacing.roles[0] === 'third-party'
      ? [{ ...CHOSEN, ...stop, rule: `${rule}.FIRST_PARTY`, roles: ['first-party'] }]
      : [{ ...CHOSEN, ...stop, rule: `${rule}.THIRD_PARTY`, roles: ['third-party'] }];
  });
  return [...own, ...common];
}
