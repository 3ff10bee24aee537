import type { Contact } from './facts.ts';
import type { StopRule } from './rules.ts';

/** What forbids contact whatever the time, by jurisdiction, and what it lets through. */

const hasPurpose =
  (...purposes: string[]) =>
  ({ purpose }: Contact): boolean =>
    purposes.includes(purpose);
const isTo =
  (...targets: string[]) =>
  ({ target }: Contact): boolean =>
    target !== undefined && targets.includes(target);

/** True of all contacts in all jurisdictions: the contract of the journey itself. */
export const EVERYWHERE: readonly StopRule[] = [
  // Before a due date there is no case, or one that has ended.
  { name: 'STATE.CLOSED', mark: 'H', state: 'closed', lets: hasPurpose('pre-due') },
  { name: 'STATE.CURED', mark: 'H', state: 'cured', lets: hasPurpose('pre-due') },
  { name: 'STATE.HELD', mark: 'H', state: 'held' },
  { name: 'STATE.ARRANGED', mark: 'H', state: 'arranged', lets: hasPurpose('plan-servicing', 'promise-reminder') },
  { name: 'STATE.PROMISED', mark: 'H', state: 'promised', lets: hasPurpose('promise-reminder') },
  { name: 'STATE.QUIET', mark: 'H', state: 'quiet' },
  { name: 'OPTED_OUT', mark: 'H', state: 'opted-out' },
  { name: 'ADDRESS', mark: 'H', state: 'unusable-address' },
];

const PLAN: Omit<StopRule, 'name'> = { mark: 'R', state: 'plan', lets: hasPurpose('plan-servicing') };
const AGENCY: readonly StopRule[] = [
  { name: 'AGENCY_NOTICE', mark: 'N', state: 'agency-not-announced' },
  { name: 'AGENCY_LICENCE', mark: 'R', state: 'agency-unlicensed' },
];
const VISIT_REFUSED: Omit<StopRule, 'name'> = { mark: 'R', state: 'visit-refused', lets: ({ channel }) => channel !== 'visit' };

export const CN: readonly StopRule[] = [
  { name: 'CN.PLAN', ...PLAN },
  { name: 'CN.OBJECTION', mark: 'H', state: 'objection' },
  { name: 'CN.BANKRUPTCY', mark: 'H', state: 'bankrupt' },
  { name: 'CN.DECEASED', mark: 'H', state: 'deceased' },
  { name: 'CN.VISIT', ...VISIT_REFUSED },
];

export const US: readonly StopRule[] = [
  // 1006.6(c)(2): the notice that efforts end, and of a remedy.
  { name: 'US.CEASE', mark: 'R', state: 'cease-written', lets: hasPurpose('formal-notice'), role: 'third-party' },
  { name: 'US.CEASE', mark: 'R', state: 'refuses-to-pay-written', lets: hasPurpose('formal-notice'), role: 'third-party' },
  { name: 'US.ATTORNEY', mark: 'R', state: 'represented', role: 'third-party' },
  { name: 'US.DISPUTE', mark: 'R', state: 'dispute-written', role: 'third-party' },
  { name: 'US.BANKRUPTCY', mark: 'M', state: 'bankrupt' },
  { name: 'US.DECEASED', mark: 'R', state: 'deceased', lets: isTo('executor', 'administrator', 'spouse') },
  {
    name: 'US.WORKPLACE',
    mark: 'M',
    state: 'employer-prohibits',
    lets: ({ atWork }) => atWork !== true,
    role: 'third-party',
  },
];

export const UK: readonly StopRule[] = [
  { name: 'UK.BREATHING_SPACE', mark: 'N', state: 'breathing-space', lets: hasPurpose('formal-notice') },
  { name: 'UK.MHC_MORATORIUM', mark: 'R', state: 'mental-health-moratorium', lets: hasPurpose('formal-notice') },
  { name: 'UK.DISPUTE', mark: 'M', state: 'dispute-with-grounds' },
  { name: 'UK.TIME_BARRED', mark: 'M', state: 'refuses-time-barred' },
  { name: 'UK.BANKRUPTCY', mark: 'M', state: 'bankrupt' },
  { name: 'UK.DECEASED', mark: 'H', state: 'deceased', lets: isTo('executor', 'administrator') },
  { name: 'UK.VISIT', ...VISIT_REFUSED },
];

export const AU: readonly StopRule[] = [
  { name: 'AU.PLAN', ...PLAN },
  { name: 'AU.REPRESENTED', mark: 'R', state: 'represented' },
  { name: 'AU.BANKRUPTCY', mark: 'R', state: 'bankrupt' },
  { name: 'AU.DECEASED', mark: 'H', state: 'deceased', lets: isTo('executor', 'administrator') },
  { name: 'AU.VISIT', ...VISIT_REFUSED },
];

export const IN: readonly StopRule[] = [
  { name: 'IN.SENSITIVE_OCCASION', mark: 'N', state: 'sensitive-occasion' },
  { name: 'IN.OBJECTION', mark: 'M', state: 'objection' },
  { name: 'IN.DECEASED', mark: 'H', state: 'deceased' },
  { name: 'IN.VISIT', ...VISIT_REFUSED },
];

export const HK: readonly StopRule[] = [{ name: 'HK.BANKRUPTCY', mark: 'N', state: 'bankrupt' }, ...AGENCY];
export const SG: readonly StopRule[] = [...AGENCY];
export const EU: readonly StopRule[] = [];
