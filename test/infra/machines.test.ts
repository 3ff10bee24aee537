import { describe, expect, it } from 'vitest';
import { STAGES } from '../../domain/model.ts';
import { stages } from '../../infra/names.ts';
import { at, everything, type Json, readable, resourcesOf, resourceWith, roleStatements, stubSources, synthesize } from './synthesized.ts';

const { app } = synthesize();
const machine = (stage: string) => resourceWith('AWS::StepFunctions::StateMachine', 'StateMachineName', `overdue-journeys-${stage}`, app);

it('there is one for every stage that a case knows', () => {
  expect(stages).toEqual(STAGES);
});

describe.each(stages)('the machine of %s', (stage) => {
  it('logs errors without execution data', () => {
    expect(machine(stage).Properties.LoggingConfiguration).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false });
  });

  it('is a standard one: it waits for weeks', () => {
    expect(machine(stage).Properties.StateMachineType).toBe('STANDARD');
  });

  it('may call only what its definition names, arm its wait, and use the key for itself', () => {
    // Act
    const statements = roleStatements(app, machine(stage));
    // Assess
    const decide = resourceWith('AWS::Lambda::Function', 'FunctionName', 'overdue-journeys-decide', app);
    expect(statements.filter(({ actions }) => actions.includes('lambda:InvokeFunction')).flatMap(({ resources }) => resources)).toEqual([
      `<${decide.id}.Arn>`,
    ]);
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.startsWith('dynamodb:'))).toEqual([
      'dynamodb:UpdateItem',
    ]);
    const context = statements.map(
      ({ conditions }) => (conditions.StringEquals as Json | undefined)?.['kms:EncryptionContext:aws:states:stateMachineArn'],
    );
    expect(context.filter((arn) => arn !== undefined).map(readable)).toEqual([
      `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:overdue-journeys-${stage}`,
    ]);
  });
});

it('every placeholder of a definition is filled in, and no other is offered', () => {
  for (const { id, Properties } of resourcesOf('AWS::StepFunctions::StateMachine', app)) {
    const names = [...String(Properties.DefinitionString).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(Properties.DefinitionSubstitutions as Json).sort(), id).toEqual([...new Set(names)].sort());
  }
});

it('a placeholder that nothing fills in is refused, naming the file', () => {
  // Prepare
  const sources = stubSources({ StartAt: 'Send', States: { Send: { Type: 'Task', Resource: `\${Sned}`, End: true } } });
  // Act, Assess
  expect(() => synthesize(everything, sources)).toThrow(`workflows/reminder.asl.json: nothing fills in the placeholder \${Sned}`);
});

it('only Step Functions, for this very machine, may take its role', () => {
  for (const stage of stages) {
    const roleId = readable(machine(stage).Properties.RoleArn).slice(1, -'.Arn>'.length);
    const role = resourcesOf('AWS::IAM::Role', app).find(({ id }) => id === roleId);
    const condition = at(role, 'Properties', 'AssumeRolePolicyDocument', 'Statement', 0, 'Condition');
    expect(readable(at(condition, 'ArnEquals', 'aws:SourceArn'))).toContain(`:stateMachine:overdue-journeys-${stage}`);
  }
});
