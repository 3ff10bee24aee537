import type { Template } from './template.ts';
import type { TemplateId } from './template-ids.ts';
import { CALL_MISSED, PROMISE_TOMORROW } from './templates/call.ts';
import { HARDSHIP_DOCUMENTS } from './templates/hardship.ts';
import { BUREAU_NOTICE, EDUCATION, PAYMENT_RECEIVED, PRE_DUE } from './templates/information.ts';
import { LEGAL_FORMAL_NOTICE, VISIT_BEFORE } from './templates/later.ts';
import { OVERDUE_GUARANTEED, OVERDUE_JOINT } from './templates/parties.ts';
import { PLAN_INSTALMENT_DUE, PLAN_INSTALMENT_MISSED, PLAN_OFFER } from './templates/plan.ts';
import { OVERDUE_CONTINUING, REMINDER_AGAIN, REMINDER_FIRST } from './templates/reminder.ts';
import { PLAN_REQUEST_APPROVED, PLAN_REQUEST_DECLINED } from './templates/request.ts';

export type { TemplateId };

/** All messages to customers, about in the order in which a case meets them. */
export const TEMPLATES: readonly (Template & { readonly id: TemplateId })[] = [
  PRE_DUE,
  REMINDER_FIRST,
  REMINDER_AGAIN,
  OVERDUE_CONTINUING,
  EDUCATION,
  BUREAU_NOTICE,
  CALL_MISSED,
  PROMISE_TOMORROW,
  PLAN_OFFER,
  PLAN_INSTALMENT_DUE,
  PLAN_INSTALMENT_MISSED,
  VISIT_BEFORE,
  LEGAL_FORMAL_NOTICE,
  HARDSHIP_DOCUMENTS,
  PLAN_REQUEST_APPROVED,
  PLAN_REQUEST_DECLINED,
  OVERDUE_JOINT,
  OVERDUE_GUARANTEED,
  PAYMENT_RECEIVED,
];
const BY_ID: ReadonlyMap<string, Template> = new Map(TEMPLATES.map((template) => [template.id, template]));

/** @throws RangeError for an id that no template has. */
export function templateOf(id: string): Template {
  const template = BY_ID.get(id);
  if (template === undefined) throw new RangeError(`No message template ${id}`);
  return template;
}
