import * as z from 'zod';
import { MESSAGE_CHANNELS, STAGES } from '../../domain/model.ts';
import { ladderProblem } from '../../domain/policy/ladder-for.ts';
import { overlayProblem } from '../../domain/policy/packs/overlay.ts';
import { allPacks } from '../../domain/policy/packs/registry.ts';
import { LOCALES } from '../../domain/words/template.ts';
import { timeZone } from './values.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

const bankName = z.string().min(1).max(100);

const overlay = z
  .strictObject({
    product: z.string().regex(/^(\*|[A-Za-z0-9_-]{1,64})$/, 'must be a product name or *'),
    /** As verdicts name it, such as `CN.FREQ.CONNECTED`. */
    rule: z.string().max(64),
    max: z.int().optional(),
    windowDays: z.int().optional(),
    from: time.optional(),
    to: time.optional(),
    minutes: z.int().max(10_080).optional(),
    days: z.int().max(90).optional(),
    years: z.int().optional(),
    keptDays: z.int().optional(),
  })
  .superRefine((given, context) => {
    const found = overlayProblem(given);
    if (found !== undefined) context.addIssue({ code: 'custom', message: found.problem, path: [found.field] });
  });

const daysByStage = z.partialRecord(z.enum(STAGES), z.int());

/** What is done more gently with a product than the ladder says (docs/ladder.md): later stages, fewer contacts, visits for more only. */
const softerLadder = z
  .strictObject({
    fromDaysPastDue: daysByStage.optional(),
    messageEveryDays: daysByStage.optional(),
    callEveryDays: daysByStage.optional(),
    /** Minor units, by ISO 4217 code. */
    visitMinimumMinor: z.record(z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as CNY'), z.int()).optional(),
    /** From which day past due a joint holder or a guarantor may be told of the account; 730 comes to never. */
    partiesFromDaysPastDue: z.partialRecord(z.enum(['joint', 'guarantor']), z.int()).optional(),
  })
  .superRefine((given, context) => {
    const found = ladderProblem(given);
    if (found !== undefined) context.addIssue({ code: 'custom', message: found.problem, path: [...found.field] });
  });

/**
 * The part of the configuration that functions read at run time, as JSON in the environment variable `DEPLOYMENT`. The one schema for
 * both sides: `infra/` validates with it what it deploys (this and the scopes are all that it may import from here), the functions what they were
 * given. All texts are bounded: Lambda allows 4 KB for all variables together.
 */
export const deploymentSchema = z.strictObject({
  /** The time zone of accounts and customers whose events name none; local midnights and contact hours follow from it. */
  timeZone,

  /** The policy pack of accounts and customers whose events name no jurisdiction. */
  jurisdiction: z
    .string()
    .refine((id) => allPacks().some((pack) => pack.id === id), 'must be the id of a policy pack such as CN')
    .default('CN'),

  /** The language of messages to customers who have none of their own. */
  locale: z.string().max(35).refine(isLocale, 'must be a BCP 47 language tag such as zh-CN'),

  /** The bank's own words in message templates. */
  words: z.strictObject({
    /** For whom we write; the first message must say so. One name for all languages of messages, or one for each. */
    bankName: z.union([bankName, z.record(z.enum(LOCALES), bankName)], {
      error: `must be a name of 1-100 characters, or one for each of ${LOCALES.join(', ')}`,
    }),
    /** The number a customer can call about any message. */
    hotline: z.string().min(3).max(40),
    /** Where a customer can pay. Without account data: the same link goes to everybody. */
    paymentLink: z.url({ protocol: /^https$/, error: 'must be an https URL' }).max(200),
    /**
     * Where a customer says that they want no more e-mails; the contact's id is added to it. An https URL must take a POST without
     * asking anything (RFC 8058); a mailto address is enough.
     */
    unsubscribe: z
      .url({ protocol: /^(https|mailto)$/, error: 'must be an https URL or a mailto address' })
      .max(200)
      .optional(),
  }),

  /** The bank's own contact caps on top of the legal ones. Off only for comparing the gate with the published limits alone. */
  houseOverlay: z.boolean(),

  /** Whether field visits exist at all; without them the ladder goes from plan to legal. */
  visits: z.boolean(),

  /** Who collects, for packs that bind the creditor and an agency or debt buyer differently. */
  role: z.enum(['first-party', 'third-party']).default('first-party'),

  /** How the issuer of tokens writes what the API asks for. */
  tokens: z
    .strictObject({
      /** Stands before each scope, such as the identifier of a resource server: `collections/` makes `collections/collector`. */
      scopePrefix: z
        .string()
        .regex(/^[\w:/.-]{0,64}$/, 'must be at most 64 characters of A-Z a-z 0-9 _ : / . -')
        .default(''),
      /** The claim that holds the id of the customer a token was issued for: it opens that customer's accounts, and no others. */
      customerClaim: z
        .string()
        .regex(/^[\w:/.-]{1,128}$/, 'must be the name of a claim such as customer_id')
        .default('customer_id'),
    })
    .prefault({}),

  /** How the messages of each channel leave: `aws` (SNS, SES), the bank's own `gateway`, or not at all. */
  channels: z
    .strictObject({
      sms: z.enum(['aws', 'gateway', 'off']).default('aws'),
      email: z.enum(['aws', 'gateway', 'off']).default('aws'),
      push: z.enum(['gateway', 'off']).default('off'),
      'in-app': z.enum(['gateway', 'off']).default('off'),
      im: z.enum(['gateway', 'off']).default('off'),
      post: z.enum(['gateway', 'off']).default('off'),
    })
    .prefault({}),

  /**
   * Messages a second by channel, over all senders: below what the provider allows (SNS and SES refuse what is more, and it waits). A
   * channel without a rate is limited by its provider alone.
   */
  rates: z.partialRecord(z.enum(MESSAGE_CHANNELS), z.int().min(1).max(1000)).default({}),

  /** A core figure older than this stops contact until a newer one comes. Without it no figure is too old. */
  maxFigureAgeHours: z.int().min(1).max(8760).optional(),

  /** What the bank does with overdue accounts of a product, `*` for all others: messages name a consequence only where it is true. */
  products: z
    .record(
      z.string().regex(/^(\*|[A-Za-z0-9_-]{1,64})$/, 'must be a product name or *'),
      z
        .strictObject({
          reportsToBureau: z.boolean(),
          reportingDay: z.int().min(1).max(28).optional(),
          suspendsCard: z.boolean(),
          placesWithAgencies: z.boolean(),
          /** From this day past due the core is advised to place an account; without it that is nobody's advice. */
          placementDays: z.int().min(31).max(720).optional(),
          ladder: softerLadder.optional(),
        })
        .refine((product) => product.reportingDay !== undefined || !product.reportsToBureau, {
          path: ['reportingDay'],
          message: 'must be given where the product reports to a bureau',
        })
        .refine((product) => product.placementDays === undefined || product.placesWithAgencies, {
          path: ['placementDays'],
          message: 'must be left out where the product is not placed with agencies',
        }),
    )
    .default({}),

  /**
   * How many call tasks and visits are opened a local day, where people are too few for all; who is left out is decided by what the contact
   * is expected to bring (docs/adr/0050-capacity.md). A queue without a number has no limit.
   */
  capacity: z
    .strictObject({ call: z.int().min(1).max(1_000_000).optional(), 'field-visit': z.int().min(1).max(1_000_000).optional() })
    .default({}),

  /** The bank's own tightenings of single rules, for a product or for all (`*`); one that would loosen a rule is refused. */
  overlays: z.array(overlay).max(50).default([]),
});

/** The run-time part of a validated environment. */
export type Deployment = z.infer<typeof deploymentSchema>;

function isLocale(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}
