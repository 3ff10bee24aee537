import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Queue, STAGES, type Stage } from '../domain/model.ts';
import { CAPACITY } from '../domain/policy/capacity.ts';
import { LADDER } from '../domain/policy/ladder.ts';
import { PARTY_ROLES } from '../domain/policy/parties.ts';
import { MOVES } from '../domain/transitions.ts';
import { commandLine } from '../local/command-line.ts';
import { arrangementsDocument } from './arrangements-doc.ts';
import { NOTE, table } from './markdown.ts';
import { packsDocument } from './packs-doc.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a document is made of, and where it is kept. */
export interface GeneratedDocument {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** The documents that are drawn from the definitions and the policy data, so that neither can say anything else than the code. */
export function generatedDocuments(): GeneratedDocument[] {
  return [
    { path: 'docs/workflows.md', text: workflowsDocument() },
    { path: 'docs/ladder.md', text: ladderDocument() },
    { path: 'docs/packs.md', text: packsDocument() },
    { path: 'docs/arrangements.md', text: arrangementsDocument() },
  ];
}

// ---- the machines ------------------------------------------------------------------------------------------------------

interface Choice {
  readonly Condition: string;
  readonly Next: string;
}

interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Choices?: readonly Choice[];
  readonly Default?: string;
  readonly Next?: string;
  readonly End?: boolean;
}

interface Definition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

function workflowsDocument(): string {
  const machines = STAGES.map((stage) => {
    const definition = JSON.parse(readFileSync(join(root, 'workflows', `${stage}.asl.json`), 'utf8')) as Definition;
    return `## ${stage}\n\n${definition.Comment}\n\n\`\`\`mermaid\n${stateDiagram(definition)}\n\`\`\``;
  });
  return [
    '# The machines and the moves',
    `${NOTE} Sources: \`workflows/*.asl.json\` and \`domain/transitions.ts\`. What each state is for: [workflows/README.md](../workflows/README.md).`,
    'Not drawn: an act that finds the case moved (`DecideAgain`) goes back to *Decide what is due*, as does a wait whose condition no longer holds.',
    '## Moves between stages',
    'From the row to the column. A case enters at `reminder` and may close from every stage; `↻` is the hand-over to a fresh execution of the same stage.',
    movesMatrix(),
    ...machines,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function movesMatrix(): string {
  const cell = (from: Stage, to: Stage): string =>
    from === to
      ? '↻'
      : MOVES.filter((row) => row.from === from && row.to === to)
          .map(({ move }) => move)
          .join(', ');
  return table(
    ['', ...STAGES],
    STAGES.map((from) => [`**${from}**`, ...STAGES.map((to) => cell(from, to))]),
  );
}

function stateDiagram({ StartAt: start, States: states }: Definition): string {
  const names = Object.keys(states);
  const id = (name: string): string => `s${names.indexOf(name) + 1}`;
  const declared = names.map((name) => `  state "${name}" as ${id(name)}`);
  const edges = Object.entries(states).flatMap(([name, state]) => {
    const choices = (state.Choices ?? []).map(({ Condition, Next }) => `  ${id(name)} --> ${id(Next)}: ${labelOf(Condition)}`);
    const onward = [state.Next, state.Default].flatMap((to) => (to === undefined ? [] : [`  ${id(name)} --> ${id(to)}`]));
    const isEnd = state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
    return [...choices, ...onward, ...(isEnd ? [`  ${id(name)} --> [*]`] : [])];
  });
  return ['stateDiagram-v2', ...declared, `  [*] --> ${id(start)}`, ...edges].join('\n');
}

/** The names that a condition compares with: the act, and what it waits for or where it goes. */
function labelOf(condition: string): string {
  return [...condition.matchAll(/'([^']*)'/g)].map(([, name]) => name).join(', ');
}

// ---- the ladder ------------------------------------------------------------------------------------------

function ladderDocument(): string {
  return [
    '# The ladder and the contact rules',
    `${NOTE} Sources: \`domain/policy/ladder.ts\` (${LADDER.version}, from ${LADDER.effectiveFrom}) and \`domain/policy/packs/\`. They are policy, not advice on the law.`,
    '## Stages',
    'Days past due are a ceiling on severity: a stage may be reached from its day on, one rise a local midnight, when the stage before has done its part.',
    stagesTable(),
    'A deployment may be gentler with a product (`products.<product>.ladder`): later days for a stage, longer between messages and calls, a visit for larger amounts only, other parties from a later day on. Harder than the ladder it cannot be.',
    '## Messages',
    `The channels of a stage take turns, those of a track where it has some; letters come when they are due. The first text of a case is \`${LADDER.firstText}\`, until it has arrived; then those of the stage take turns, none twice on a channel before the amount changes. What names the days past due (${codes(LADDER.datedTexts)}) says something new every ${LADDER.textDays} days; ${codes(LADDER.textsAfterCalls)} goes only after a call that nobody took.`,
    messagesTable(),
    `Formal notices: ${LADDER.noticeChannels.join(', ')}. The notice of a report to the bureau, ${LADDER.bureauNotice.daysBefore} days before it: ${LADDER.bureauNotice.channels.join(', ')}. Where the customer was spoken to before, contact is planned in the part of the day in which that happened most: ${LADDER.answerBands.map(({ fromMinutes, toMinutes }) => `${wallTime(fromMinutes)}–${wallTime(toMinutes)}`).join(', ')}.`,
    '## Other parties',
    `Who answers for an account beside its customer is told of it too, once the customer was: from a stage and a day past due on, when so many written demands have reached the customer, or, where the role says so, when the customer is out of reach (the remote channels are exhausted, or nothing that is known of the customer can be used), and for some after an arrangement was offered and the customer had the days to answer. Roles without a row are third parties, and so is whoever is not liable. A party is written to at the pace of the stage and by its channels (no letters), by their own wishes, holds and caps; what changes in their record wakes the case, which looks again after ${LADDER.parties.lookEveryDays} days where nothing can be sent ([decision 55](adr/0055-messages-to-parties.md)).`,
    partiesTable(),
    '## Tracks',
    "A track bends the pace, the tone and the channels of a stage; it drops none of its acts. Days between messages and calls are multiplied, and rounded to whole days of at least one. The first that applies of hardship, evasive, long-term, first-time and light is a case's track.",
    tracksTable(),
    '## Before a visit, and before a suit',
    exhausted(),
    '## Numbers of the ladder',
    numbersTable(),
    '## Tasks',
    tasksTable(),
    '## Contact rules',
    'When, how often and whom: [packs.md](packs.md).',
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function exhausted(): string {
  const { fieldVisit, legal } = LADDER;
  const { triedDays, triedSpanDays, eveningFromMinutes, messages, quietDaysAfterConversation } = fieldVisit;
  return [
    `The remote channels are *exhausted* when each of the customer's own numbers that may be used was tried on ${triedDays} days at least, the first and the last of them ${triedSpanDays} days apart or more, once from ${wallTime(eveningFromMinutes)} on and once at a weekend, ${messages} messages have arrived, come back or had the time to, and nobody has spoken with the customer for ${quietDaysAfterConversation} days. While a promise is open nothing is sent or asked for to collect but its reminder.`,
    `A message that nobody reports on counts as arrived ${legal.deliveredAfterHours} hours after its provider took it; a formal notice is *served* when one of them has arrived.`,
    `After the referral the court's news drive the case. Where none come a person is asked for them (\`review-suit\`): ${legal.newsDays.referred} days after a referral of which nobody says that it was filed, ${legal.newsDays.filed} after the filing, ${legal.newsDays.judgment} after a judgment, ${legal.newsDays.enforcement} after the enforcement began; again after ${legal.newsAgainDays} where nobody knew, and as often in the last ${legal.unfiledDays} days in which an unfiled suit is in time.`,
  ].join('\n\n');
}

function stagesTable(): string {
  const { ceilings, messageEveryDays, callEveryDays } = LADDER;
  return table(
    ['stage', 'from day', 'a message every (days)', 'a call every (days)'],
    STAGES.map((stage) => [
      stage,
      Math.max(0, ceilings.find((row) => row.stage === stage)?.fromDaysPastDue ?? 0),
      messageEveryDays[stage],
      callEveryDays[stage] ?? '–',
    ]),
  );
}

function messagesTable(): string {
  const { channels, letterEveryDays, texts } = LADDER;
  return table(
    ['stage', 'channels', 'a letter every (days)', 'texts'],
    STAGES.map((stage) => [stage, channels[stage].join(', '), letterEveryDays[stage] ?? '–', codes(texts[stage])]),
  );
}

function partiesTable(): string {
  const rows = PARTY_ROLES.flatMap((role) => {
    const rule = LADDER.parties.rules[role];
    if (rule === undefined) return [];
    const { fromStage, minimumDaysPastDue, writtenDemands, orExhausted, afterOffer, template, why } = rule;
    const demands = `${writtenDemands}${orExhausted ? ', or out of reach' : ''}${afterOffer ? '; and an offer' : ''}`;
    return [[role, fromStage, minimumDaysPastDue, demands, codes([template]), why]];
  });
  return table(['role', 'from stage', 'from day', 'the customer first', 'text', 'why'], rows);
}

function tracksTable(): string {
  const rows = Object.entries(LADDER.tracks).map(([track, { messagePace, callPace, contactsMax, channels }]) => [
    track,
    `× ${messagePace}`,
    `× ${callPace}`,
    contactsMax,
    channels?.join(', ') ?? 'as the stage',
  ]);
  return table(['track', 'days between messages', 'days between calls', 'contacts of a case before a person is asked', 'channels'], rows);
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function wallTime(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Every other number of the ladder by its own name: one that is added to the policy appears here without a change. */
function numbersTable(): string {
  const { version, effectiveFrom, ceilings, messageEveryDays, callEveryDays, taskHours, priority, expires, ...others } = LADDER;
  const { channels, letterEveryDays, noticeChannels, texts, firstText, textsAfterCalls, datedTexts, answerBands, ...rest } = others;
  const { tracks, parties, bureauNotice, urgency, claimMinutes, reasons, ...numbers } = rest;
  return table(
    ['name', 'value'],
    leavesOf(numbers, '').map(([name, value]) => [`\`${name}\``, value]),
  );
}

function leavesOf(value: object, prefix: string): [string, string][] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]): [string, string][] => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (Array.isArray(item)) return [[name, item.join(', ')]];
    return typeof item === 'object' && item !== null ? leavesOf(item, name) : [[name, String(item)]];
  });
}

function tasksTable(): string {
  const hours = Object.entries(LADDER.taskHours).map(([queue, value]) => [
    queue,
    value,
    LADDER.expires.some((name) => name === queue) ? 'expires' : 'stays and becomes more urgent',
    LADDER.claimMinutes[queue as Queue],
  ]);
  const priorities = Object.entries(LADDER.priority).sort(([, a], [, b]) => a - b);
  const urgency = priorities.map(([objective, value]) => `\`${objective}\` ${value}`).join(', ');
  return [
    table(['queue', 'due after (hours)', 'then', 'a claim holds (minutes)'], hours),
    `Priority by objective, the lowest first: ${urgency}.`,
    urgencyText(),
    'Where a reason for arrears leads, beyond what the outcome says:',
    table(['leads to', 'reasons'], reasonRows()),
    'Where `capacity` of the deployment says how many calls and visits a day people make, those of whom most is expected come first ([decision 50](adr/0050-capacity.md)):',
    table(
      ['name', 'value'],
      leavesOf(CAPACITY, '').map(([name, value]) => [`\`${name}\``, value]),
    ),
  ].join('\n\n');
}

function urgencyText(): string {
  const { objectives, promiseBroken, daysPastDue, overdueMinor } = LADDER.urgency;
  const steps = (rows: readonly { readonly from: number; readonly points: number }[]) =>
    rows.map(({ from, points }) => `${points} from ${from}`).join(', ');
  const amounts = Object.entries(overdueMinor).map(([currency, rows]) => `${steps(rows)} minor units of ${currency}`);
  return `Of ${objectives.map((objective) => `\`${objective}\``).join(', ')} these points come off: ${promiseBroken} where the last promise was not kept; by days past due ${steps(daysPastDue)}; by the overdue amount ${amounts.join('; ')}.`;
}

function reasonRows(): [string, string][] {
  const leads = { hardship: 'the track of hardship', dispute: 'a hold', message: 'a message that says how to pay', ladder: 'nothing more' };
  return Object.entries(leads).map(([way, words]) => {
    const reasons = Object.entries(LADDER.reasons).filter(([, to]) => to === way);
    return [words, reasons.map(([reason]) => `\`${reason}\``).join(' ')];
  });
}

if (import.meta.main) {
  commandLine(
    'usage: npm run docs\n\nWrites docs/workflows.md, docs/ladder.md, docs/packs.md and docs/arrangements.md anew from definitions and policy data.\n',
    {},
  );
  for (const { path, text } of generatedDocuments()) {
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
