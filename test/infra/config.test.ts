import { describe, expect, it } from 'vitest';
import { deploymentSchema } from '../../functions/contract/deployment.ts';
import { environmentNames, loadConfig } from '../../infra/config/index.ts';
import { local } from '../../infra/config/local.ts';
import { parseConfig } from '../../infra/config/schema.ts';

describe('the environments', () => {
  it.each(environmentNames)('%s is valid', (name) => {
    // Act
    const config = loadConfig(name);
    // Assess
    expect(config.prefix).toBe('overdue-journeys');
    expect(deploymentSchema.parse(JSON.parse(JSON.stringify(config.deployment)))).toEqual(config.deployment);
  });

  it.each(['staging', 'toString', ''])('"%s" is refused, naming those there are', (name) => {
    expect(() => loadConfig(name)).toThrow(`environment: "${name}" is not configured; there are local, dev, prod`);
  });

  it('judge by the Chinese pack where they name no other', () => {
    expect(loadConfig('prod').deployment.jurisdiction).toBe('CN');
  });

  it('prod protects and keeps what it stores, and sends nothing until told', () => {
    // Act
    const config = loadConfig('prod');
    // Assess
    expect(config).toMatchObject({ deletionProtection: true, removalPolicy: 'retain', sending: { default: 'off', products: {} } });
  });
});

describe('an invalid field', () => {
  const sender = { ...local.sender };
  const words = { ...local.deployment.words };
  it.each([
    { field: 'prefix', rule: 'must be 3-24 characters', change: { prefix: 'Overdue_Journeys' } },
    { field: 'prefix', rule: 'must be 3-24 characters', change: { prefix: 'a-prefix-that-is-much-too-long' } },
    { field: 'eventBusName', rule: 'must be 1-64 characters', change: { eventBusName: 'a bus' } },
    { field: 'bankAccountIds.0', rule: 'must be an AWS account id of 12 digits', change: { bankAccountIds: ['12345'] } },
    { field: 'alarmEmail', rule: 'must be an e-mail address', change: { alarmEmail: 'nobody' } },
    { field: 'jwt.issuer', rule: 'must be an https URL', change: { jwt: { issuer: 'http://login.bank.example', audience: ['a'] } } },
    { field: 'jwt.audience', rule: 'Too small', change: { jwt: { issuer: 'https://login.bank.example', audience: [] } } },
    { field: 'sending.default', rule: 'Invalid option', change: { sending: { default: 'maybe', products: {} } } },
    { field: 'sender.email', rule: 'must be the SES identity itself', change: { sender: { ...sender, email: 'a@other.example' } } },
    { field: 'sender.email', rule: 'must be the SES identity itself', change: { sender: { ...sender, email: 'a@notbank.example' } } },
    { field: 'sender.smsSenderId', rule: 'must be 1-11 letters', change: { sender: { ...sender, smsSenderId: '12345' } } },
    {
      field: 'deployment.timeZone',
      rule: 'must be an IANA time zone',
      change: { deployment: { ...local.deployment, timeZone: 'Shanghai' } },
    },
    {
      field: 'deployment.timeZone',
      rule: 'must be an IANA time zone',
      change: { deployment: { ...local.deployment, timeZone: '+08:00' } },
    },
    {
      field: 'deployment.jurisdiction',
      rule: 'must be the id of a policy pack',
      change: { deployment: { ...local.deployment, jurisdiction: 'XX' } },
    },
    { field: 'deployment.locale', rule: 'must be a BCP 47 language tag', change: { deployment: { ...local.deployment, locale: 'zh_CN' } } },
    {
      field: 'deployment.words.paymentLink',
      rule: 'must be an https URL',
      change: { deployment: { ...local.deployment, words: { ...words, paymentLink: 'pay.bank.example' } } },
    },
    { field: 'removalPolicy', rule: 'must be retain while deletionProtection is on', change: { deletionProtection: true } },
    { field: 'logRetentionDays', rule: 'must be one of 1, 3, 5', change: { logRetentionDays: 8 } },
  ])('$field is named with its rule: $rule', ({ field, rule, change }) => {
    expect(() => parseConfig('test', { ...local, ...change })).toThrow(`test.${field}: ${rule}`);
  });

  it('that nobody knows is refused, so that a typo is not a default', () => {
    expect(() => parseConfig('test', { ...local, alarmMail: 'a@bank.example' })).toThrow('alarmMail');
  });

  it('does not hide another', () => {
    expect(() => parseConfig('test', { ...local, prefix: '', logRetentionDays: 8 })).toThrow(
      /test\.prefix: [\s\S]*test\.logRetentionDays: /,
    );
  });
});

it.each([
  { identity: 'bank.example', email: 'a@bank.example' },
  { identity: 'bank.example', email: 'a@mail.Bank.example' },
  { identity: 'a@bank.example', email: 'A@bank.example' },
])('$email may send under the identity $identity', ({ identity, email }) => {
  expect(parseConfig('test', { ...local, sender: { email, sesIdentity: identity } }).sender.email).toBe(email);
});

describe('sending', () => {
  it.each(['on', 'shadow', 'off'])('may be %s, per product and for all others', (mode) => {
    // Act
    const { sending } = parseConfig('test', { ...local, sending: { default: mode, products: { mortgage: mode } } });
    // Assess
    expect(sending).toEqual({ default: mode, products: { mortgage: mode } });
  });
});
