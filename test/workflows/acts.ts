import type { Act } from '../../domain/decide/world.ts';
import type { Stage } from '../../domain/model.ts';

/** Which function does an act; a wait and the end of a superseded execution are done by no function. */
export const FUNCTION_OF: Readonly<Record<Act, string | undefined>> = {
  wait: undefined,
  'send-message': 'SendContact',
  'send-message-instead': 'SendContact',
  'offer-arrangement': 'SendContact',
  'remind-of-promise': 'SendContact',
  'remind-of-instalment': 'SendContact',
  'warn-of-instalment': 'SendContact',
  'serve-notice': 'SendContact',
  'queue-call': 'OpenTask',
  'ask-for-approval': 'OpenTask',
  'assign-visit': 'OpenTask',
  'confirm-intent': 'OpenTask',
  'ask-counsel': 'OpenTask',
  'open-review': 'OpenTask',
  record: 'RecordStep',
  'break-plan': 'RecordStep',
  'assemble-evidence': 'AssembleEvidence',
  'assemble-record': 'AssembleEvidence',
  refer: 'RecordStep',
  settle: 'RecordStep',
  'hand-over': 'MoveCase',
  close: 'MoveCase',
  superseded: undefined,
};

/**
 * Acts that every stage can meet. `break-plan` is one of them although the plan machine looks after arrangements: a case whose
 * arrangement was agreed elsewhere, and that was held since, may find it broken before it gets there.
 */
const ANYWHERE: readonly Act[] = [
  'wait',
  'offer-arrangement',
  'remind-of-promise',
  'queue-call',
  'open-review',
  'record',
  'break-plan',
  'assemble-record',
  'settle',
  'hand-over',
  'close',
  'superseded',
];
const VISITS: readonly Act[] = ['ask-for-approval', 'assign-visit'];

/** The acts that Decide can propose in each stage, as `acts.test.ts` shows. */
export const ACTS_OF: Readonly<Record<Stage, readonly Act[]>> = {
  reminder: [...ANYWHERE, 'send-message'],
  call: [...ANYWHERE, 'send-message-instead'],
  plan: [...ANYWHERE, 'send-message', 'remind-of-instalment', 'warn-of-instalment'],
  'field-visit': [...ANYWHERE, 'send-message', ...VISITS],
  legal: [...ANYWHERE, 'send-message', ...VISITS, 'confirm-intent', 'serve-notice', 'assemble-evidence', 'ask-counsel', 'refer'],
};
