import { MESSAGE_CHANNELS, type MessageChannel, TRACKS, type Track } from '../../model.ts';
import { consequenceClause, consequenceSentence } from '../consequences.ts';
import { formatAmount, formatDate, formatSlot, formatText } from '../format.ts';
import { isDemand, type Rendered, renderTemplate } from '../render.ts';
import { type Variant, variantsOf } from '../samples.ts';
import { outsideGsm, segmentsOf } from '../sms.ts';
import { LOCALES, type Locale, type Part, type SlotName, type Slots, type Template } from '../template.ts';
import type { Finding } from './finding.ts';
import { SAID } from './phrases.ts';
import { syntaxFindings } from './syntax.ts';
import { bannedIn, consequencesIn, type Said, scriptIn, untidyIn } from './wording.ts';

/** A message as the lint says it: one language, channel, track and turn. */
interface Saying {
  readonly template: Template;
  readonly locale: Locale;
  readonly channel: MessageChannel;
  readonly track: Track;
  readonly variant: Variant;
  readonly rendered: Rendered;
  /** Everything that the customer reads. */
  readonly whole: string;
}

/** A rule's name and what it has to say of a message; nothing where all is well. */
type Rule = (saying: Saying) => readonly Said[];

/**
 * What is wrong with a template: first with its messages as they are written, then, where they can be said, with every message that can
 * come of them, by language, channel, track and turn.
 */
export function lintTemplate(template: Template): readonly Finding[] {
  const findings = [...syntaxFindings(template)];
  if (findings.length > 0) return findings;
  const seen = new Set<string>();
  const add = (finding: Finding): void => {
    const key = JSON.stringify(finding);
    if (!seen.has(key)) findings.push(finding);
    seen.add(key);
  };
  for (const locale of LOCALES) for (const channel of MESSAGE_CHANNELS) lintChannel(template, locale, channel, add);
  return findings;
}

function lintChannel(template: Template, locale: Locale, channel: MessageChannel, add: (finding: Finding) => void): void {
  if (!template.channels.includes(channel)) return;
  for (const variant of variantsOf(template, locale)) {
    for (const track of TRACKS) {
      const report = (rule: string, sentence: string, severity: Finding['severity'] = 'error') =>
        add({ template: template.id, locale, channel, rule, severity, sentence });
      try {
        const rendered = renderTemplate(template, channel, locale, variant.slots, track);
        const whole = [rendered.subject, rendered.title, rendered.body, rendered.detail].filter((text) => text !== undefined).join('\n');
        const saying: Saying = { template, locale, channel, track, variant, rendered, whole };
        for (const rule of RULES) for (const found of rule(saying)) report(...found);
      } catch (error) {
        report('does-not-render', `${variant.name}: ${(error as Error).message}.`);
      }
    }
  }
}

// ---- required parts ------------------------------------------------------------------------------------------------------

const AMOUNTS: readonly SlotName[] = ['overdue', 'promised', 'instalment', 'statementBalance', 'minimumDue', 'received'];
const DATES: readonly SlotName[] = ['dueDate', 'deadline', 'promiseDate', 'instalmentDate', 'visitDate', 'reportingDate', 'receivedDate'];

/** The texts of which each must be found; undefined where nothing can be expected of this turn. */
function wanted(part: Part, { template, locale, variant }: Saying): readonly (string | RegExp)[] {
  const slots = variant.slots as Slots;
  const several = (variant.slots.accounts?.length ?? 0) > 1;
  const declared = (names: readonly SlotName[]) => names.filter((name) => template.slots.includes(name));
  const amount = (value: Slots['overdue']) => formatAmount(value, locale);
  switch (part) {
    case 'sender':
      return [formatText('bankName', slots.bankName)];
    case 'account':
      return several ? slots.accounts.map((line) => line.accountRef) : [slots.accountRef];
    case 'amount':
      return several
        ? slots.accounts.map((line) => amount(line.overdue))
        : declared(AMOUNTS)
            .map((name) => slots[name] as Slots['overdue'])
            .filter(({ amountMinor }) => amountMinor > 0)
            .map(amount);
    case 'items':
      return several ? [] : slots.items.slice(0, 2).flatMap((item) => [amount(item), formatDate(item.dueDate, locale)]);
    case 'balance':
      return several ? [] : [amount(slots.balance)];
    case 'offers':
      return [String(formatSlot('offers', slots, locale))];
    case 'payment':
      return slots.autopay === true && template.slots.includes('autopay') ? [] : [slots.paymentLink];
    case 'hotline':
      return [formatText('hotline', slots.hotline)];
    case 'date':
      return several || slots.daysToDue === 0 ? [] : declared(DATES).map((name) => formatDate(slots[name] as string, locale));
    case 'days-past-due':
      if (several) return [];
      return [locale === 'en' ? new Intl.NumberFormat(locale).format(slots.daysPastDue) : String(slots.daysPastDue)];
    default:
      return [SAID[locale][part]];
  }
}

const has = (text: string, sought: string | RegExp): boolean => (typeof sought === 'string' ? text.includes(sought) : sought.test(text));

const requiredParts: Rule = (saying) => {
  const { template, channel, rendered, whole } = saying;
  const isLong = channel === 'email' || channel === 'post';
  const parts: readonly Part[] = isLong ? template.parts.long : template.parts.short;
  const missing = parts.filter((part) => wanted(part, saying).some((sought) => !has(rendered.detail ?? whole, sought)));
  return missing.map((part) => ['required-part', `The text does not say its ${part} (${saying.variant.name}).`] as const);
};

/**
 * What a letter of demand lacks of what it must show: name, reason and rules, how to check, object and give evidence, contact, seal;
 * the balance is one of its template's parts (CN S1 article 69).
 */
export function missingInLetter(
  text: string,
  locale: Locale,
  { customerName, hotline }: Pick<Slots, 'customerName' | 'hotline'>,
): string[] {
  const { basis, rights, object, evidence, seal } = SAID[locale];
  const sought = { name: customerName, basis, rights, objection: object, evidence, contact: hotline, seal };
  return Object.entries(sought)
    .filter(([, part]) => !has(text, part))
    .map(([what]) => what);
}

const statutoryParts: Rule = ({ template, locale, channel, variant, whole }) => {
  if (channel !== 'post' || !isDemand(template)) return [];
  const missing = missingInLetter(whole, locale, variant.slots as Slots);
  return missing.map((what) => ['statutory-part', `A letter of demand must say its ${what}.`] as const);
};

// ---- what must not be said -----------------------------------------------------------------------------------------------

const bannedPhrases: Rule = ({ locale, whole }) => bannedIn(whole, locale);

/** A consequence that is not true of every account comes in through its slot, or in a template that is sent only where it is true. */
const untrueConsequences: Rule = ({ template, locale, whole, variant }) => {
  const known = (template.slots.includes('consequences') ? (variant.slots.consequences ?? []) : []).flatMap((id) => [
    consequenceSentence(id, locale),
    consequenceClause(id, locale),
  ]);
  const allowed = [
    ...(template.slots.includes('reportingDate') ? ['bureau'] : []),
    ...(template.parts.long.includes('decision') ? ['suit'] : []),
  ];
  return consequencesIn(
    known.reduce((text, sentence) => text.replaceAll(sentence, ''), whole),
    locale,
    allowed,
  );
};

const otherScript: Rule = ({ locale, whole }) => scriptIn(whole, locale);

// ---- form ----------------------------------------------------------------------------------------------------------------

/** A push notification lies on a locked screen: what shows there names neither an amount nor the account. */
const lockScreen: Rule = ({ channel, rendered }) =>
  channel === 'push' && /\d/.test(`${rendered.title}${rendered.body}`)
    ? [['in-view', 'A push notification shows a figure on a locked screen.']]
    : [];

const tidiness: Rule = ({ whole }) => untidyIn(whole);

const SUBJECT_MAX: Readonly<Record<Locale, number>> = { 'zh-CN': 35, 'zh-TW': 35, en: 78 };

const subjectLength: Rule = ({ locale, rendered, variant }) => {
  const length = (rendered.subject ?? rendered.title ?? '').length;
  if (variant.name === 'long values' || length <= SUBJECT_MAX[locale]) return [];
  return [['subject-length', `The subject has ${length} characters; a phone shows about ${SUBJECT_MAX[locale]}.`, 'warning']];
};

const smsLength: Rule = ({ template, locale, channel, rendered, variant }) => {
  if (channel !== 'sms') return [];
  const { count, encoding } = segmentsOf(rendered.body);
  const max = variant.name === 'usual' ? template.segments.typical : template.segments.long;
  const outside = locale === 'en' && encoding === 'UCS-2' ? outsideGsm(rendered.body).join(' ') : '';
  return [
    ...(count > max ? [['sms-length', `${count} segments (${encoding}) where ${max} are allowed (${variant.name}).`] as const] : []),
    ...(outside === '' ? [] : [['sms-encoding', `${outside} cannot be sent in GSM-7, and halves what a segment holds.`] as const]),
  ];
};

const RULES: readonly Rule[] = [
  requiredParts,
  statutoryParts,
  bannedPhrases,
  untrueConsequences,
  otherScript,
  lockScreen,
  tidiness,
  subjectLength,
  smsLength,
];
