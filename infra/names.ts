import type { Config } from './config/schema.ts';

/** The stages of a case in the order of the ladder: one state machine each, defined in `workflows/<stage>.asl.json`. */
export const stages = ['reminder', 'call', 'plan', 'field-visit', 'legal'] as const;

/** One stage of the ladder. */
export type Stage = (typeof stages)[number];

/** The functions, by the name of their folder in `functions/`. */
export const functionNames = [
  'take-in-events',
  'decide',
  'send-contact',
  'open-task',
  'record-step',
  'assemble-evidence',
  'move-case',
  'publish-events',
  'serve-api',
  'sweep-cases',
  'take-in-feedback',
  'send-notices',
] as const;

/** One function. */
export type FunctionName = (typeof functionNames)[number];

/** `field-visit` as `FieldVisit`: construct ids, output names and the placeholders of workflow definitions. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

/** The source of our own events on the bus; banks filter on it, and nobody outside the account may use it. */
export const ownSource = 'overdue-journeys';

/**
 * The one way a physical name is made. Names are fixed because machines, key policies and alarms refer to each other by name:
 * references would be cycles.
 */
export function physicalName(config: Config, name: string): string {
  return `${config.prefix}-${name}`;
}
