import { createRequire } from 'node:module';
import { ARM } from './arm.ts';
import { calledBy, edgesOf, isWait, type Machine } from './definition.ts';

/** What is wrong with a machine's shape: each finding is `<rule>: <state or file>: <what>`. */
export type Rule = (machine: Machine) => string[];

type AslValidator = (definition: unknown, options?: object) => { readonly errors: readonly Record<string, unknown>[] };
const require = createRequire(import.meta.url);
const aslValidator = require('asl-validator') as AslValidator;

/** As CloudFormation fills them in. */
function substituted(text: string): string {
  return text
    .replaceAll(`\${Partition}`, 'aws')
    .replaceAll(`\${Cases}`, 'overdue-journeys-cases')
    .replaceAll(/\$\{(\w+)\}/g, 'arn:aws:lambda:us-east-1:000000000000:function:$1');
}

function valid({ text }: Machine): string[] {
  return aslValidator(JSON.parse(substituted(text))).errors.map((error) => `valid: ${JSON.stringify(error).slice(0, 300)}`);
}

/** The text is the canonical one, so that no name can stand in it twice (JSON would keep the last) and diffs stay small. */
function canonical({ text, definition, stage }: Machine): string[] {
  return text === `${JSON.stringify(definition, null, 2)}\n` ? [] : [`canonical: ${stage}: is not the text of its own JSON`];
}

function language({ definition, stage }: Machine): string[] {
  return definition.QueryLanguage === 'JSONata' ? [] : [`language: ${stage}: JSONata throughout`];
}

const SENTENCE = /^[A-Z][a-z]+(?:'s)?(?:[ -][A-Za-z]+(?:'s)?)*$/;
/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const NAME_MAX = 80;

function names({ definition }: Machine): string[] {
  return Object.keys(definition.States)
    .filter((name) => !SENTENCE.test(name) || name.length > NAME_MAX)
    .map((name) => `names: ${name}: is no sentence an officer would say`);
}

function reachable({ definition }: Machine): string[] {
  const found = new Set<string>();
  const open = [definition.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = definition.States[name];
    if (found.has(name) || state === undefined) continue;
    found.add(name);
    open.push(...edgesOf(state).map(({ to }) => to));
  }
  return Object.keys(definition.States).flatMap((name) => (found.has(name) ? [] : [`reachable: ${name}: nothing leads here`]));
}

const CALL_SECONDS_MAX = 900;

function timeouts({ definition }: Machine): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    if (state.Type !== 'Task' || isWait(state)) return [];
    const { TimeoutSeconds: seconds } = state;
    return typeof seconds === 'number' && seconds > 0 && seconds <= CALL_SECONDS_MAX ? [] : [`timeouts: ${name}: no call without an end`];
  });
}

/** Every wait is the one text to the letter: the protocol was explored with it, and with no other. */
function waits({ definition }: Machine): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    if (!isWait(state)) return [];
    const { Comment, ...text } = state;
    return JSON.stringify(text) === JSON.stringify(ARM) ? [] : [`waits: ${name}: is not the one Arm text`];
  });
}

function resources({ definition }: Machine): string[] {
  const allowed = [`arn:\${Partition}:states:::lambda:invoke`, ARM.Resource];
  return Object.entries(definition.States).flatMap(([name, { Type: type, Resource: resource }]) =>
    type !== 'Task' || allowed.includes(resource ?? '') ? [] : [`resources: ${name}: ${resource}`],
  );
}

const NEVER_AGAIN = ['DecideAgain', 'MalformedInput'];
const ANY_FAULT = ['States.TaskFailed', 'States.Timeout'];

/** Calls: what another try cannot mend is not tried, everything else is, because every function may be called twice. */
function retries({ definition }: Machine): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    const broad = [...(state.Retry ?? []), ...(state.Catch ?? [])].some((rule) => rule.ErrorEquals?.includes('States.ALL'));
    const findings = broad ? [`retries: ${name}: States.ALL hides what happened`] : [];
    if (calledBy(state) === undefined) return findings;
    const [never, again] = state.Retry ?? [];
    const right =
      JSON.stringify(never) === JSON.stringify({ ErrorEquals: NEVER_AGAIN, MaxAttempts: 0 }) &&
      JSON.stringify(again?.ErrorEquals) === JSON.stringify(ANY_FAULT) &&
      (again?.MaxAttempts ?? 0) > 0 &&
      state.Retry?.length === 2;
    return right ? findings : [...findings, `retries: ${name}: not the retries of a call`];
  });
}

function catches({ definition }: Machine): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    const called = calledBy(state);
    if (called === undefined || called === 'Decide') return [];
    const expected = [{ ErrorEquals: ['DecideAgain'], Next: definition.StartAt }];
    return JSON.stringify(state.Catch) === JSON.stringify(expected) ? [] : [`catches: ${name}: a case that moved is decided again`];
  });
}

/** What is done before a case closes, which Decide then does at once: the case has ended, and the act is not due a second time. */
const BEFORE_CLOSING = 'Assemble the record of the suit';

/** The wheel: decide, choose, act, wait, decide. Four transitions a contact, and no way from act to act. */
function wheel({ definition }: Machine): string[] {
  const { StartAt: start, States: states } = definition;
  return Object.entries(states).flatMap(([name, state]) => {
    const next = state.Next === undefined ? undefined : states[state.Next];
    if (name === start) return next?.Type === 'Choice' && calledBy(state) === 'Decide' ? [] : [`wheel: ${name}: decides, then chooses`];
    if (isWait(state)) return state.Next === start ? [] : [`wheel: ${name}: a wait ends in a decision`];
    if (state.Type !== 'Task' || (state.End === true && calledBy(state) === 'MoveCase')) return [];
    if (name === BEFORE_CLOSING) return state.Next === start ? [] : [`wheel: ${name}: the case is closed next`];
    return next !== undefined && isWait(next) ? [] : [`wheel: ${name}: an act ends in a wait`];
  });
}

/** A state's input and output stay empty: what the machine knows is in two variables, and the history shows no more. */
function outputs({ definition }: Machine): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) =>
    ['Task', 'Succeed', 'Pass'].includes(state.Type) && JSON.stringify(state.Output) !== '{}'
      ? [`outputs: ${name}: hands something on`]
      : [],
  );
}

function defaults({ definition }: Machine): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) =>
    state.Type !== 'Choice' || definition.States[state.Default ?? '']?.Type === 'Fail'
      ? []
      : [`defaults: ${name}: an unknown act must fail`],
  );
}

export const SHAPE: readonly Rule[] = [
  valid,
  canonical,
  language,
  names,
  reachable,
  timeouts,
  waits,
  resources,
  retries,
  catches,
  wheel,
  outputs,
  defaults,
];
