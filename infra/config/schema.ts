import * as z from 'zod';
import { deploymentSchema } from '../../functions/contract/deployment.ts';

/** Retention periods CloudWatch Logs accepts, in days, up to two years. Any other number is refused at deployment. */
const logRetentionDaysAllowed = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

const accountId = z.string().regex(/^\d{12}$/, 'must be an AWS account id of 12 digits');
/** `shadow` decides and records as if it sent, and hands nothing over. */
const sendingMode = z.enum(['on', 'shadow', 'off']);
const roleArn = z.string().regex(/^arn:aws(-cn|-us-gov)?:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'must be the ARN of an IAM role');
const productName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1-64 characters of A-Z a-z 0-9 _ -');

/**
 * What one environment of the application is. Everything a bank may want to differ between its environments is here and nowhere
 * else; everything the functions need of it at run time is `deployment`.
 */
const configSchema = z
  .strictObject({
    /**
     * Starts every name: stacks, machines, functions, queues, log groups. Machines call each other by name, so two installations in
     * one account and Region need two prefixes. At most 24 characters, so that `<prefix>-<stage>-…` stays below AWS's 64 and 80.
     */
    prefix: z.string().regex(/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/, 'must be 3-24 characters of a-z 0-9 -, starting with a letter'),

    /** The custom bus that bank systems put events on. They configure this name, so it does not follow the prefix by itself. */
    eventBusName: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1-64 characters of A-Z a-z 0-9 . _ -'),

    /**
     * Other AWS accounts whose systems may put events from `bank.*` on the bus. Systems in the same account need no entry: their own
     * IAM policies decide. The limit keeps the bus policy below its 10 KB.
     */
    bankAccountIds: z.array(accountId).max(20),

    /**
     * The AWS partition of the Region it is deployed to. China's has neither SNS text messages nor SES: the channels go by the bank's
     * own gateway there.
     */
    partition: z.enum(['aws', 'aws-cn', 'aws-us-gov']).default('aws'),

    /** Roles of the bank's gateway: they alone may read the messages of channels that are `gateway`. The limit keeps policies small. */
    gatewayRoleArns: z.array(roleArn).max(10).default([]),

    /**
     * Evidence for counsel and courts. `mode` is S3's: with GOVERNANCE an administrator with the right for it may end a lock early, with
     * COMPLIANCE nobody may, AWS and the owner of the account included. Packs go a day after their lock; longer locks and legal holds on
     * single packs are counsel's (docs/runbooks/operations.md). Only `readerRoleArns` may read them.
     */
    evidence: z
      .strictObject({
        mode: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
        /** As long as the texts of messages are kept, unless told otherwise. S3 takes at most 100 years. */
        lockedDays: z.int().min(1).max(36_500).default(1826),
        readerRoleArns: z.array(roleArn).max(10).default([]),
      })
      .prefault({}),

    /** Where alarms go. Without it the alarm topic exists and nobody is subscribed: subscribe the bank's paging tool to it. */
    alarmEmail: z.email('must be an e-mail address').optional(),

    /**
     * Who signs the tokens of people and customers. Without it the JWT API is not created at all, so that an installation is never
     * reachable with an authorizer that trusts nobody in particular; systems use the IAM API either way.
     */
    jwt: z
      .strictObject({
        issuer: z.url({ protocol: /^https$/, error: 'must be an https URL' }),
        audience: z.array(z.string().min(1)).min(1).max(10),
      })
      .optional(),

    /**
     * The initial position of the kill switch, per product and for all others. Operators flip the deployed parameter; a deployment
     * sets it back only where this value itself changed. With `shadow` a message is decided and recorded as
     * suppressed, and handed to nobody; with `off` the message waits, the timeline says so, and the case looks again.
     */
    sending: z.strictObject({ default: sendingMode, products: z.record(productName, sendingMode) }),

    /** Who messages come from. AWS must know each of them before anything is delivered (docs/runbooks/deploy.md). */
    sender: z.strictObject({
      /** The `From` of every e-mail. */
      email: z.email('must be an e-mail address'),
      /** The verified SES identity (a domain or one address) that covers `email`; the only one the function may send from. */
      sesIdentity: z.string().min(3).max(254),
      /** Alphanumeric SMS sender id, where the country has them; absent where it does not, or sends from a number. */
      smsSenderId: z
        .string()
        .regex(/^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/, 'must be 1-11 letters, digits or hyphens with a letter among them')
        .optional(),
      /**
       * The log in which SNS says what became of text messages, once the account asks for it (docs/runbooks/deploy.md): `created` by this
       * installation, `existing` where SNS or another installation made it. With `off` a text message counts as delivered after 72 hours.
       */
      smsStatusLog: z.enum(['created', 'existing', 'off']).default('off'),
    }),

    /** What the functions are told at run time. */
    deployment: deploymentSchema,

    /** Refuses to delete the case table. On wherever real accounts are. */
    deletionProtection: z.boolean(),

    /** What a stack deletion does to the table, the key and the queues: `retain` wherever real accounts are. Logs always go. */
    removalPolicy: z.enum(['retain', 'destroy']),

    /** How long logs stay. They hold ids only, but ids of customers: no longer than operations need them. */
    logRetentionDays: z.literal(logRetentionDaysAllowed, `must be one of ${logRetentionDaysAllowed.join(', ')}`),
  })
  .superRefine(({ partition, deployment: { channels } }, context) => {
    if (partition !== 'aws-cn') return;
    for (const [channel, service] of [
      ['sms', 'SNS text messages'],
      ['email', 'SES'],
    ] as const) {
      if (channels[channel] !== 'aws') continue;
      const message = `must be gateway or off: the partition aws-cn has no ${service}`;
      context.addIssue({ code: 'custom', path: ['deployment', 'channels', channel], message });
    }
  })
  .refine((config) => coversSender(config.sender.sesIdentity, config.sender.email), {
    path: ['sender', 'email'],
    message: 'must be the SES identity itself or an address below its domain',
  })
  .refine((config) => config.removalPolicy === 'retain' || !config.deletionProtection, {
    path: ['removalPolicy'],
    message: 'must be retain while deletionProtection is on: the deletion would stop half way',
  });

/** One validated environment. */
export type Config = z.infer<typeof configSchema>;

/** One environment as written by hand, before validation. */
export type ConfigInput = z.input<typeof configSchema>;

/** Whether any channel leaves by the bank's own gateway. */
export function usesGateway({ deployment }: Config): boolean {
  return Object.values(deployment.channels).includes('gateway');
}

/**
 * Holds the Region that the CDK command is about to deploy to against the environment's partition: only with the right one are the
 * channels checked against what AWS has there.
 *
 * @throws Error naming both
 */
export function assertPartition(environment: string, { partition }: Config, region: string | undefined): void {
  if (region === undefined) return;
  const found = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  if (found !== partition)
    throw new Error(`${environment}.partition: is ${partition}, but the Region ${region} is in ${found}; set it to ${found}`);
}

function coversSender(identity: string, email: string): boolean {
  if (identity.includes('@')) return identity.toLowerCase() === email.toLowerCase();
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return domain === identity.toLowerCase() || domain.endsWith(`.${identity.toLowerCase()}`);
}

/**
 * Validates one environment.
 * @throws Error that names the environment, every offending field and the rule it breaks.
 */
export function parseConfig(environment: string, input: unknown): Config {
  const parsed = configSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const findings = parsed.error.issues.map((issue) => `  ${[environment, ...issue.path].join('.')}: ${issue.message}`);
  throw new Error(`The configuration of environment "${environment}" is not valid:\n${findings.join('\n')}`);
}
