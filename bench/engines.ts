import { DAY, toInstant } from '../domain/calendar.ts';
import type { ContactRow } from '../domain/customer.ts';
import { judge } from '../domain/gate/gate.ts';
import type { ContactRequest, GateFacts } from '../domain/gate/types.ts';
import type { Channel } from '../domain/model.ts';
import { Kernel } from '../local/kernel/kernel.ts';
import { Store } from '../local/kernel/store.ts';
import { StatesService } from '../local/services/states/service.ts';
import type { Row } from './table.ts';

const NOW = Date.parse('2026-03-04T03:00:00Z');
const VERDICTS = 20_000;
const LEDGER_ROWS = 60;
const EXECUTIONS = 3000;

/** The two engines by themselves: the contact gate, and the embedded Step Functions. */
export async function engineRows(): Promise<Row[]> {
  return [
    ...GATES.map(({ jurisdiction, timeZone, channel }) => ({
      what: `gate verdicts a second, ${jurisdiction} ${channel}, ${LEDGER_ROWS} contacts in the ledger`,
      measured: gateVerdicts(jurisdiction, timeZone, channel).toFixed(0),
      aim: '> 50,000',
    })),
    { what: 'embedded Step Functions: executions a second, 5 states each', measured: (await executions()).toFixed(0), aim: '> 1,000' },
  ];
}

const GATES = [
  { jurisdiction: 'CN', timeZone: 'Asia/Shanghai', channel: 'sms' },
  { jurisdiction: 'US', timeZone: 'America/New_York', channel: 'voice' },
  { jurisdiction: 'AU', timeZone: 'Australia/Sydney', channel: 'voice' },
] as const;

/** Every verdict gets a list of its own, as for another customer: what the gate works out of a ledger once is worked out each time. */
function gateVerdicts(jurisdiction: string, timeZone: string, channel: Channel): number {
  const point = { id: 'cp-1', channel, owner: 'self', addressKey: 'a-1' } as const;
  const request: ContactRequest = { channel, point, purpose: 'collection', accountId: 'acc-1' };
  const ledger = Array.from(
    { length: LEDGER_ROWS },
    (_, index): ContactRow => ({
      id: `c-${index}`,
      at: toInstant(NOW - (LEDGER_ROWS - index) * 1.5 * DAY),
      channel: index % 2 === 0 ? 'sms' : 'voice',
      kind: index % 10 === 1 ? 'conversation' : 'attempt',
      contactPointId: 'cp-1',
      addressKey: 'a-1',
      accountId: 'acc-1',
      purpose: 'collection',
    }),
  );
  const facts: GateFacts = {
    jurisdiction,
    timeZones: [timeZone],
    ledger,
    findings: {},
    wishes: { windows: [], inconvenient: [], optedOut: [] },
    house: true,
    role: 'third-party',
    standing: { caseOpen: true, cured: false, arranged: false, daysPastDue: 20 },
  };
  const startedAt = performance.now();
  for (let index = 0; index < VERDICTS; index += 1) judge(request, { ...facts, ledger: [...ledger] }, NOW + index * 1000);
  return VERDICTS / ((performance.now() - startedAt) / 1000);
}

const MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'Begin',
  States: {
    Begin: { Type: 'Pass', Assign: { n: '{% $states.input.n %}' }, Next: 'Choose' },
    Choose: { Type: 'Choice', Choices: [{ Condition: '{% $n >= 0 %}', Next: 'Add' }], Default: 'Give up' },
    Add: { Type: 'Pass', Output: { sum: '{% $n + 1 %}' }, Next: 'Wait' },
    Wait: { Type: 'Wait', Seconds: 60, Next: 'End' },
    End: { Type: 'Succeed' },
    'Give up': { Type: 'Fail' },
  },
};

async function executions(): Promise<number> {
  const kernel = new Kernel({ store: new Store(), clock: 'virtual', start: NOW });
  const states = new StatesService({ kernel });
  kernel.register(states);
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:bench';
  const roleArn = 'arn:aws:iam::000000000000:role/bench';
  states.createStateMachine({ name: 'bench', arn: stateMachineArn, definition: JSON.stringify(MACHINE), roleArn });
  const startedAt = performance.now();
  for (let n = 0; n < EXECUTIONS; n += 1)
    await kernel.call('states', 'StartExecution', { stateMachineArn, name: `e-${n}`, input: JSON.stringify({ n }) }, 'client');
  await kernel.advance(60_000);
  const seconds = (performance.now() - startedAt) / 1000;
  kernel.stop();
  return EXECUTIONS / seconds;
}
