/** The ids of all templates, for whoever needs to know that one exists and not what it says. */
export const TEMPLATE_IDS = [
  'pre-due',
  'reminder-first',
  'reminder-again',
  'overdue-continuing',
  'education',
  'bureau-notice',
  'call-missed',
  'promise-tomorrow',
  'plan-offer',
  'plan-instalment-due',
  'plan-instalment-missed',
  'visit-before',
  'legal-formal-notice',
  'hardship-documents',
  'plan-request-approved',
  'plan-request-declined',
  'overdue-joint',
  'overdue-guaranteed',
  'payment-received',
] as const;
export type TemplateId = (typeof TEMPLATE_IDS)[number];
