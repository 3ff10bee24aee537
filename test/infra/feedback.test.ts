import { describe, expect, it } from 'vitest';
import { at, everything, type Json, listOf, readable, resourcesOf, resourceWith, statementsOf, synthesize } from './synthesized.ts';

const { app } = synthesize();
const handler = resourceWith('AWS::Lambda::Function', 'FunctionName', 'overdue-journeys-take-in-feedback', app);
const variables = (name: string, template = app): Json => {
  const { Properties } = resourceWith('AWS::Lambda::Function', 'FunctionName', `overdue-journeys-${name}`, template);
  return (Properties.Environment as Json).Variables as Json;
};

describe('what became of mail', () => {
  const set = resourceWith('AWS::SES::ConfigurationSet', 'Name', 'overdue-journeys-messages', app);
  const topic = resourceWith('AWS::SNS::Topic', 'TopicName', 'overdue-journeys-mail-feedback', app);

  it('is asked for by the set that the senders name, and nothing that readers do is', () => {
    const [destination] = resourcesOf('AWS::SES::ConfigurationSetEventDestination', app);
    expect(destination?.Properties).toMatchObject({
      ConfigurationSetName: { Ref: set.id },
      EventDestination: { Enabled: true, SnsDestination: { TopicARN: { Ref: topic.id } } },
    });
    const types = listOf(at(destination, 'Properties', 'EventDestination', 'MatchingEventTypes'));
    expect([...types].sort()).toEqual(['bounce', 'complaint', 'delivery', 'reject']);
    expect(['send-contact', 'send-notices'].map((name) => variables(name).SES_CONFIGURATION_SET)).toEqual([
      'overdue-journeys-messages',
      'overdue-journeys-messages',
    ]);
  });

  it('goes to the function alone, and is taken from that set alone', () => {
    const heard = resourcesOf('AWS::SNS::Subscription', app).filter(({ Properties }) => readable(Properties.TopicArn) === `<${topic.id}>`);
    expect(heard.map(({ Properties }) => [Properties.Protocol, readable(Properties.Endpoint)])).toEqual([
      ['lambda', `<${handler.id}.Arn>`],
    ]);
    const policy = resourcesOf('AWS::SNS::TopicPolicy', app).find(
      ({ Properties }) => readable(listOf(Properties.Topics)[0]) === `<${topic.id}>`,
    );
    const allowed = statementsOf(policy?.Properties.PolicyDocument).filter(({ effect }) => effect === 'Allow');
    expect(allowed.map(({ raw, actions }) => [raw.Principal, actions])).toEqual([[{ Service: 'ses.amazonaws.com' }, ['sns:Publish']]]);
    expect(readable(at(allowed[0]?.conditions, 'StringEquals', 'AWS:SourceArn'))).toContain(`:configuration-set/<${set.id}>`);
  });
});

describe('what became of text messages', () => {
  const groups = (template = app) =>
    resourcesOf('AWS::Logs::LogGroup', template)
      .map(({ Properties }) => readable(Properties.LogGroupName))
      .filter((name) => name.startsWith('sns/'));
  const filters = (template = app) => resourcesOf('AWS::Logs::SubscriptionFilter', template);

  it('is read from both logs of SNS, all of it, by the function', () => {
    const log = 'sns/<AWS::Region>/<AWS::AccountId>/DirectPublishToPhoneNumber';
    expect(groups()).toEqual([log, `${log}/Failure`]);
    expect(filters().map(({ Properties }) => [readable(Properties.DestinationArn), Properties.FilterPattern])).toEqual([
      [`<${handler.id}.Arn>`, ''],
      [`<${handler.id}.Arn>`, ''],
    ]);
  });

  it.each([
    { smsStatusLog: 'existing', made: 0, read: 2 },
    { smsStatusLog: 'off', made: 0, read: 0 },
  ] as const)('with the log $smsStatusLog', ({ smsStatusLog, made, read }) => {
    const { app: other } = synthesize({ ...everything, sender: { ...everything.sender, smsStatusLog } });
    expect([groups(other).length, filters(other).length]).toEqual([made, read]);
  });
});

it('what leaves by the gateway is reported by the bank: nothing of AWS is asked', () => {
  const channels = { ...everything.deployment.channels, sms: 'gateway', email: 'gateway' } as const;
  const { app: other } = synthesize({ ...everything, deployment: { ...everything.deployment, channels } });
  expect(resourcesOf('AWS::SES::ConfigurationSet', other)).toEqual([]);
  expect(resourcesOf('AWS::Logs::SubscriptionFilter', other)).toEqual([]);
  expect(variables('send-contact', other)).not.toHaveProperty('SES_CONFIGURATION_SET');
});
