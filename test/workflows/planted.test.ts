import { expect, it } from 'vitest';
import type { Stage } from '../../domain/model.ts';
import { MACHINES, type Machine, machineOf, type State } from './definition.ts';
import { lint } from './lint.ts';

/** The linter itself: each kind of fault, planted in a machine that has none, is found by the rule that is there for it. */

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type States = Record<string, Mutable<State>>;

interface Fault {
  readonly fault: string;
  readonly rule: string;
  readonly stage?: Stage;
  readonly plant: (states: States, definition: Mutable<Machine['definition']>) => void;
}

const DECIDE = 'Decide what is due';
const WAIT = 'Wait for payment or next reminder';
const SEND = 'Send reminder';
const CHOICE = 'Choose the act';

const FAULTS: readonly Fault[] = [
  { fault: 'a field that AWS does not know', rule: 'valid', plant: (states) => Object.assign(at(states, SEND), { TimeoutSecond: 3 }) },
  { fault: 'a Next that leads nowhere', rule: 'valid', plant: (states) => Object.assign(at(states, SEND), { Next: 'Nowhere' }) },
  { fault: 'a JSONPath field', rule: 'valid', plant: (states) => Object.assign(at(states, SEND), { ResultPath: '$.result' }) },
  { fault: 'another query language', rule: 'language', plant: (_, definition) => Object.assign(definition, { QueryLanguage: 'JSONPath' }) },
  { fault: 'a state nobody reaches', rule: 'reachable', plant: (states) => Object.assign(states, { Lonely: at(states, 'Superseded') }) },
  { fault: 'a name that is no sentence', rule: 'names', plant: (states) => Object.assign(states, { send_it: at(states, SEND) }) },
  { fault: 'a call without a timeout', rule: 'timeouts', plant: (states) => Reflect.deleteProperty(at(states, SEND), 'TimeoutSeconds') },
  {
    fault: 'a call with a timeout of days',
    rule: 'timeouts',
    plant: (states) => Object.assign(at(states, SEND), { TimeoutSeconds: 86400 }),
  },
  { fault: 'a wait without a timeout', rule: 'waits', plant: (states) => Reflect.deleteProperty(at(states, WAIT), 'TimeoutSeconds') },
  {
    fault: 'a wait that forgets its deadline',
    rule: 'waits',
    plant: (states) =>
      Object.assign(at(states, WAIT), { Catch: at(states, WAIT).Catch?.map((row) => ({ ...row, ErrorEquals: ['States.Timeout'] })) }),
  },
  {
    fault: 'a wait that catches everything',
    rule: 'waits',
    plant: (states) => Object.assign(at(states, WAIT), { Catch: [{ ErrorEquals: ['States.ALL'], Next: DECIDE }] }),
  },
  {
    fault: 'an Arm without the signals',
    rule: 'waits',
    plant: (states) =>
      Object.assign(at(states, WAIT).Arguments ?? {}, { ConditionExpression: 'caseStatus = :open AND execN = :execN AND waits = :waits' }),
  },
  {
    fault: 'a resource of one partition',
    rule: 'resources',
    plant: (states) => Object.assign(at(states, SEND), { Resource: 'arn:aws:states:::lambda:invoke' }),
  },
  {
    fault: 'a service no role may call',
    rule: 'resources',
    plant: (states) => Object.assign(at(states, SEND), { Resource: `arn:\${Partition}:states:::sns:publish` }),
  },
  {
    fault: 'a retry of everything',
    rule: 'retries',
    plant: (states) => Object.assign(at(states, SEND), { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 3 }] }),
  },
  { fault: 'a call that is tried once', rule: 'retries', plant: (states) => Reflect.deleteProperty(at(states, SEND), 'Retry') },
  { fault: 'an act that does not decide again', rule: 'catches', plant: (states) => Reflect.deleteProperty(at(states, SEND), 'Catch') },
  {
    fault: 'an act that ends in an act',
    rule: 'wheel',
    plant: (states) => Object.assign(at(states, SEND), { Next: 'Remind of the promise' }),
  },
  { fault: 'an act that turns at once', rule: 'wheel', plant: (states) => Object.assign(at(states, SEND), { Next: DECIDE }) },
  { fault: 'an output', rule: 'outputs', plant: (states) => Object.assign(at(states, SEND), { Output: '{% $states.result %}' }) },
  { fault: 'a Default that goes on', rule: 'defaults', plant: (states) => Object.assign(at(states, CHOICE), { Default: WAIT }) },
  {
    fault: 'half an expression',
    rule: 'expressions',
    plant: (states) => Object.assign(at(states, SEND).Arguments ?? {}, { Payload: { turn: 'turn {% $turn %}' } }),
  },
  {
    fault: 'a bare name',
    rule: 'expressions',
    plant: (states) => Object.assign(at(states, SEND).Arguments ?? {}, { Payload: { turn: '{% turn %}' } }),
  },
  {
    fault: '$eval',
    rule: 'expressions',
    plant: (states) => Object.assign(at(states, SEND), { Assign: { until: "{% $eval('1') %}" } }),
  },
  {
    fault: 'a result before there is one',
    rule: 'scopes',
    plant: (states) => Object.assign(at(states, SEND).Arguments ?? {}, { Payload: { turn: '{% $states.result.Payload %}' } }),
  },
  {
    fault: 'an error where none is caught',
    rule: 'scopes',
    plant: (states) => Object.assign(at(states, SEND), { Assign: { until: '{% $states.errorOutput.Cause %}' } }),
  },
  {
    fault: 'a variable that nobody assigned',
    rule: 'variables',
    plant: (states) => Object.assign(at(states, SEND).Arguments ?? {}, { Payload: { turn: '{% $turns %}' } }),
  },
  {
    fault: 'a variable assigned on one way of two',
    rule: 'variables',
    plant: (states) => {
      Object.assign(at(states, SEND), { Assign: { until: '{% $states.result.Payload.until %}', sent: true } });
      Object.assign(at(states, WAIT), { Assign: { again: '{% $sent %}' } });
    },
  },
  {
    fault: 'a variable that a catcher skips',
    rule: 'variables',
    plant: (states) => {
      Object.assign(at(states, DECIDE), { Catch: [{ ErrorEquals: ['States.Timeout'], Next: CHOICE }] });
    },
  },
  {
    fault: 'an address in a payload',
    rule: 'personalData',
    plant: (states) =>
      Object.assign(at(states, SEND).Arguments ?? {}, { Payload: { turn: '{% $turn %}', address: '{% $turn.address %}' } }),
  },
  {
    fault: 'a name read from a turn',
    rule: 'personalData',
    plant: (states) => Object.assign(at(states, SEND).Arguments ?? {}, { Payload: { turn: '{% $turn.customerName %}' } }),
  },
  {
    fault: 'a move that is not legal',
    rule: 'handOvers',
    plant: (states) => Object.assign(at(states, 'Hand over to calls').Arguments ?? {}, { Payload: { turn: '{% $turn %}', to: 'legal' } }),
  },
  {
    fault: 'a legal move that is missing',
    rule: 'handOvers',
    stage: 'legal',
    plant: (states) => Reflect.deleteProperty(states, 'Hand back to calls'),
  },
  {
    fault: 'a hand-over that goes on',
    rule: 'handOvers',
    plant: (states) => {
      Reflect.deleteProperty(at(states, 'Hand over to calls'), 'End');
      Object.assign(at(states, 'Hand over to calls'), { Next: WAIT });
    },
  },
  {
    fault: 'an act that the machine lacks',
    rule: 'acts',
    plant: (states) => rules(states, (row) => !row.Condition?.includes("'settle'")),
  },
  {
    fault: 'an act that the stage never meets',
    rule: 'acts',
    plant: (states) => at(states, CHOICE).Choices?.push({ Condition: "{% $turn.act = 'refer' %}", Next: SEND }),
  },
  {
    fault: 'an act that the wrong function does',
    rule: 'acts',
    plant: (states) => Object.assign(at(states, SEND).Arguments ?? {}, { FunctionName: `\${OpenTask}` }),
  },
  {
    fault: 'a hand-over to another stage than Decide says',
    rule: 'acts',
    plant: (states) => {
      for (const row of at(states, CHOICE).Choices ?? []) {
        if (row.Next === 'Hand over to calls') row.Next = 'Hand over to the arrangement';
        else if (row.Next === 'Hand over to the arrangement') row.Next = 'Hand over to calls';
      }
    },
  },
  {
    fault: 'a condition that is no boolean',
    rule: 'acts',
    plant: (states) => Object.assign(at(states, CHOICE).Choices?.[0] ?? {}, { Condition: '{% $turn.act %}' }),
  },
  {
    fault: 'a rule that can never hold first',
    rule: 'rules',
    plant: (states) =>
      at(states, CHOICE).Choices?.push({ Condition: "{% $turn.act = 'wait' and $turn.waiting = 'hold' %}", Next: 'Superseded' }),
  },
];

function at(states: States, name: string): Mutable<State> {
  const state = states[name];
  if (state === undefined) throw new Error(`There is no state "${name}" to plant a fault in`);
  return state;
}

function rules(states: States, keep: (row: { readonly Condition?: string }) => boolean): void {
  const choice = at(states, CHOICE);
  choice.Choices = choice.Choices?.filter(keep) ?? [];
}

function planted({ stage = 'reminder', plant }: Fault): Machine {
  const whole = MACHINES.find((machine) => machine.stage === stage);
  if (whole === undefined) throw new Error(`There is no machine ${stage}`);
  const definition = structuredClone(whole.definition) as Mutable<Machine['definition']>;
  plant(definition.States, definition);
  return machineOf(stage, `${JSON.stringify(definition, null, 2)}\n`);
}

it.each(FAULTS)('$fault is found by "$rule"', async (fault) => {
  const found = (await lint(planted(fault))).map((finding) => finding.split(':')[0]);
  expect(found).toContain(fault.rule);
});

it('a name that stands twice in a text, of which JSON keeps the last, is found by "canonical"', async () => {
  // Prepare
  const { text } = planted({ fault: '', rule: '', plant: () => undefined });
  const twice = text.replace('"States": {', `"States": {\n    "${SEND}": { "Type": "Succeed" },`);
  // Act
  const found = await lint(machineOf('reminder', twice));
  // Assess
  expect(found).toEqual(['canonical: reminder: is not the text of its own JSON']);
});
