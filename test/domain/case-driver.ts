import { strict as assert } from 'node:assert';
import { DAY, HOUR, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import { ownedCase } from '../../domain/case-status.ts';
import type { ContactRow, Governor } from '../../domain/customer.ts';
import { type Decision, decide } from '../../domain/decide/decide.ts';
import { missingForReferral } from '../../domain/decide/legal.ts';
import { dueRecords } from '../../domain/decide/records.ts';
import { openedTask } from '../../domain/decide/task-opened.ts';
import { gateFacts, type Proposal, quietEnds, type World, worldOf } from '../../domain/decide/world.ts';
import type { Entry, EntryType } from '../../domain/entries.ts';
import { judge } from '../../domain/gate/gate.ts';
import { overdueMinor } from '../../domain/ledger.ts';
import type { Account, Case, Task, Track } from '../../domain/model.ts';
import { offersOn } from '../../domain/plans/offers.ts';
import { closePressing } from '../../domain/record/consequences.ts';
import { withFinding } from '../../domain/record/contacts.ts';
import { recordJourneyClosed } from '../../domain/record/endings.ts';
import { type Deployment, Journal, type Setting } from '../../domain/record/journal.ts';
import { isContactOutcome, type Outcome, recordOutcome } from '../../domain/record/outcome.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { isConversation } from '../../domain/reducer/case.ts';
import { trackChange } from '../../domain/strategy/tracks.ts';
import { chainProblem, GENESIS, type Link, link, replay } from '../../domain/timeline.ts';
import { isHigher, isLegalMove } from '../../domain/transitions.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting, START } from '../builders/setting.ts';
import { dueBefore, textsSaidTwice } from './proofs.ts';

/** What a person at the desk says of a task, and how long after it opened. */
export interface Answer extends Partial<Omit<Outcome, 'taskId' | 'by' | 'at'>> {
  readonly outcome: string;
  readonly afterHours?: number;
  readonly by?: string;
}
/** Answers a task when it opens; undefined leaves it lying. */
export type Desk = (task: Task, driver: CaseDriver) => Answer | undefined;

export type Sent = {
  readonly at: string;
  readonly template: string;
  readonly channel: string;
  readonly contactPointId: string;
  readonly purpose: string;
  readonly stage: string;
  /** What was so when it went. */
  readonly caseId: string;
  readonly overdueMinor: number;
  readonly daysPastDue: number;
  readonly track: Track;
};

/** More acts than this without time passing is a circle. */
const ACTS_AT_ONCE_MAX = 12;

/**
 * Plays one case with the pure functions and a clock of its own: decide, apply the act as entries, decide, wait. Checks what must hold
 * at every act (the gate's word, one rise a day, deadlines ahead) on its own, from the timeline.
 */
export class CaseDriver {
  now: number;
  governor: Governor;
  desk: Desk;
  /** Whether the provider takes the message; false refuses it. */
  provider: (attempt: { readonly channel: string; readonly key: string }) => boolean = () => true;
  readonly links: Link[] = [];
  readonly sent: Sent[] = [];
  /** Decisions made, and things that justify one: facts, acts, deadlines. */
  turns = 0;
  facts = 0;
  deadlines = 0;
  #account: Account;
  #scheduled: { at: number; run: () => void }[] = [];
  readonly #deployment: Partial<Deployment>;

  constructor(
    change: {
      readonly now?: string;
      readonly governor?: Governor;
      readonly desk?: Desk;
      readonly deployment?: Partial<Deployment>;
      readonly accountId?: string;
    } = {},
  ) {
    this.now = toMillis(change.now ?? START);
    this.governor = change.governor ?? aCustomer().build();
    this.desk = change.desk ?? (() => undefined);
    this.#deployment = change.deployment ?? {};
    this.#account = emptyAccount(change.accountId ?? 'acc-1');
  }

  /** The same case at the same instant, to be played on in another way; what was to come is left out. */
  fork(desk: Desk): CaseDriver {
    const fork = new CaseDriver({ governor: this.governor, desk, deployment: this.#deployment, accountId: this.#account.accountId });
    fork.now = this.now;
    fork.#account = this.#account;
    fork.links.push(...this.links);
    fork.sent.push(...this.sent);
    return fork;
  }

  get account(): Account {
    return this.#account;
  }

  get case(): Case {
    assert(this.#account.case, 'No case was ever opened');
    return this.#account.case;
  }

  get setting(): Setting {
    return aSetting({ now: this.now, governor: this.governor, deployment: this.#deployment });
  }

  get today(): string {
    return localDate(this.now, this.#account.timeZone);
  }

  get entries(): Entry[] {
    return this.links.map(({ entry }) => entry);
  }

  entriesOf<T extends EntryType>(type: T): Entry<T>[] {
    return this.entries.filter((entry) => entry.type === type) as unknown as Entry<T>[];
  }

  world(): World {
    return worldOf(this.#account, this.case, this.governor, this.setting);
  }

  decision(): Decision {
    const decision = decide(this.world());
    assert(decision.until > this.now, `A wait until ${toInstant(decision.until)} is not after ${toInstant(this.now)}`);
    assert(decision.until <= this.now + 30 * DAY, 'A wait is longer than 30 days');
    return decision;
  }

  /** Records a fact, as the intake does. */
  tell(record: (journal: Journal) => void): this {
    this.facts += 1;
    this.#write(record);
    return this;
  }

  /** Records a fact at a later instant. */
  later(at: string | number, record: (journal: Journal) => void): void {
    this.at(at, () => this.tell(record));
  }

  at(at: string | number, run: () => void): void {
    this.#scheduled.push({ at: typeof at === 'number' ? at : toMillis(at), run });
    this.#scheduled.sort((one, other) => one.at - other.at);
  }

  answer(taskId: string, { afterHours: _after, by, ...answer }: Answer): void {
    const task = this.case.tasks.find((row) => row.taskId === taskId);
    if (task === undefined) return;
    const outcome: Outcome = {
      taskId,
      by: by ?? (answer.outcome === 'approve' ? 'approver-1' : 'collector-1'),
      at: toInstant(this.now),
      ...answer,
    };
    if (isContactOutcome(task.queue, answer.outcome)) this.#countContact(task, answer);
    this.tell((journal) => recordOutcome(journal, task, outcome));
  }

  /** Plays until an instant, or until the case is closed. */
  runTo(end: string | number): this {
    const endAt = typeof end === 'number' ? end : toMillis(end);
    let acts = 0;
    for (;;) {
      const scheduled = this.#scheduled[0];
      if (ownedCase(this.#account) === undefined) {
        if (scheduled === undefined || scheduled.at > endAt) break;
        this.#fire();
        continue;
      }
      this.turns += 1;
      const { proposal, until } = this.decision();
      if (proposal.kind !== 'wait') {
        acts += 1;
        assert(
          acts <= ACTS_AT_ONCE_MAX,
          `${acts} acts at ${toInstant(this.now)} without time passing, the last ${proposal.act}: ${proposal.why}`,
        );
        this.#act(proposal);
        continue;
      }
      const next = Math.min(until, scheduled?.at ?? Number.POSITIVE_INFINITY);
      if (next > endAt) break;
      if (next > this.now) acts = 0;
      assert.equal(dueBefore(this, next), undefined);
      if (scheduled !== undefined && scheduled.at <= until) this.#fire();
      else {
        this.now = until;
        this.deadlines += 1;
      }
    }
    this.now = Math.max(this.now, endAt);
    return this;
  }

  runDays(days: number): this {
    return this.runTo(this.now + days * DAY);
  }

  /** What must hold of every timeline, however it came about. */
  check(): void {
    assert.deepEqual(replay(emptyAccount(this.#account.accountId), this.entries), this.#account);
    assert.equal(chainProblem(this.links, this.links.at(-1)?.hash), undefined);
    const moves = this.entriesOf('StageEntered').filter((entry) => entry.rise);
    assert.equal(new Set(moves.map((entry) => `${entry.caseId} ${entry.onDate}`)).size, moves.length, 'A case rose twice on one day');
    const acts = this.entries.filter((entry) => ['ContactReserved', 'TaskOpened', 'StageEntered'].includes(entry.type)).length;
    const most = 2 * (this.facts + acts + this.entriesOf('TaskClosed').length) + 2 * this.deadlines + 5;
    assert(this.turns <= most, `${this.turns} decisions, at most ${most} are justified`);
    const steps = this.case.contacts.map((contact) => contact.key.slice(0, contact.key.lastIndexOf('_')));
    assert.equal(new Set(steps).size, steps.length, 'The case keeps more than the newest attempt of a step');
    assert.deepEqual(textsSaidTwice(this), [], 'A text went twice');
    const { status, tasks, promises } = this.case;
    if (status !== 'closed') return;
    assert.deepEqual(tasks, []);
    assert(promises.every((promise) => promise.status !== 'open'));
  }

  #fire(): void {
    const first = this.#scheduled.shift();
    if (first === undefined) return;
    this.now = Math.max(this.now, first.at);
    first.run();
  }

  #write(record: (journal: Journal) => void): void {
    const journal = new Journal(this.#account, this.setting);
    const before = ownedCase(this.#account);
    record(journal);
    for (const draft of journal.drafts) {
      const previous = this.links.at(-1)?.hash ?? GENESIS;
      this.links.push(link(draft, this.links.length + 1, toInstant(this.now), previous));
    }
    this.#account = journal.account;
    const after = ownedCase(this.#account);
    if (after === undefined || after.caseId === before?.caseId) return;
    const { accountId } = this.#account;
    this.governor = { ...this.governor, openCases: [...this.governor.openCases, { accountId, caseId: after.caseId }] };
  }

  #act(proposal: Exclude<Proposal, { kind: 'wait' }>): void {
    for (const change of trackChange(this.world())) this.#write((journal) => journal.add(change));
    switch (proposal.kind) {
      case 'send':
        this.#send(proposal);
        break;
      case 'task':
        this.#openTask(proposal);
        break;
      case 'record':
        this.#record(proposal);
        break;
      case 'settle':
        this.#write((journal) => journal.add({ type: 'ContactLost', contactId: proposal.contactKey, key: proposal.contactKey }));
        break;
      case 'hand-over':
        this.#handOver(proposal);
        break;
      case 'close':
        this.#close();
    }
  }

  #send({ contact }: Extract<Proposal, { kind: 'send' }>): void {
    const { key, channel, contactPointId, template, purpose } = contact;
    const text = contact.text === undefined ? {} : { text: contact.text };
    const world = this.world();
    const point = this.governor.points.find((row) => row.id === contactPointId);
    assert(point, 'A message to a contact point that the customer does not have');
    const verdict = judge(
      { channel, point, purpose, accountId: this.#account.accountId },
      gateFacts(world, this.now, quietEnds(world)),
      this.now,
    );
    assert.equal(verdict.decision, 'allow', `A message was proposed against ${verdict.rule}`);
    const contactId = `${this.case.caseId}-${key}`;
    assert(!this.entriesOf('ContactReserved').some((entry) => entry.contactId === contactId), `The contact ${contactId} was made before`);
    const { stage } = this.case;
    this.#write((journal) =>
      journal.add({
        type: 'ContactReserved',
        contactId,
        key,
        channel,
        contactPointId,
        template,
        purpose,
        stage,
        rule: verdict.rule,
        ...text,
      }),
    );
    this.#count({ id: contactId, channel, kind: 'attempt', contactPointId, addressKey: point.addressKey, purpose });
    if (!this.provider({ channel, key })) {
      this.#write((journal) => journal.add({ type: 'ContactFailed', contactId, key, error: 'refused' }));
      return;
    }
    const { daysPastDue } = world;
    const said = { caseId: this.case.caseId, overdueMinor: overdueMinor(this.#account), daysPastDue, track: contact.track };
    this.sent.push({ at: toInstant(this.now), template, channel, contactPointId, purpose, stage, ...said });
    const offers = offersOn(this.#account, world.setting, this.today);
    if (purpose === 'plan-offer') assert(offers.length > 0, 'A message offered nothing');
    this.#write((journal) => {
      journal.add({
        type: 'ContactSent',
        contactId,
        key,
        channel,
        template,
        locale: 'zh-CN',
        bodyHash: '',
        providerRef: '',
        onDate: this.today,
      });
      if (purpose === 'plan-offer') journal.add({ type: 'PlanOffered', offerIds: offers.map((offer) => offer.offerId), how: channel });
    });
  }

  #openTask({ task }: Extract<Proposal, { kind: 'task' }>): void {
    const { queue } = task;
    if (queue === 'call' || queue === 'field-visit') {
      assert.equal(this.world().hold, undefined, 'A task for contact opened under a hold');
      assert.notEqual(this.case.plan?.status, 'active', 'A task for contact opened while a plan runs');
    }
    const entry = openedTask(this.world(), task);
    const { taskId } = entry;
    this.#write((journal) => journal.add(entry));
    const opened = this.case.tasks.find((row) => row.taskId === taskId);
    assert(opened);
    const answer = this.desk(opened, this);
    if (answer !== undefined) this.at(this.now + (answer.afterHours ?? 1) * HOUR, () => this.answer(taskId, answer));
  }

  #record({ act }: Extract<Proposal, { kind: 'record' }>): void {
    const world = this.world();
    this.#write((journal) => {
      if (act === 'assemble-evidence' || act === 'assemble-record') {
        const headHash = this.links.at(-1)?.hash ?? GENESIS;
        const pack = { manifestHash: headHash, packRef: 's3://evidence/pack.jsonl', lines: 1, bytes: 1 };
        const closing = act === 'assemble-record' ? { closing: true as const } : {};
        journal.add({ type: 'EvidenceAssembled', upTo: this.links.length, headHash, ...pack, ...closing });
      } else if (act === 'refer') {
        assert.deepEqual(missingForReferral(world), []);
        closePressing(journal, 'referred');
        journal.add({
          type: 'LegalReferred',
          approvedBy: this.case.legal.approvedBy ?? '',
          evidenceHash: this.case.legal.evidenceHash ?? '',
          evidenceRef: this.case.legal.evidenceRef ?? '',
        });
      } else {
        const drafts = dueRecords(world);
        assert(drafts.length > 0, `Nothing to record for ${act}`);
        for (const draft of drafts) journal.add(draft);
      }
    });
  }

  #handOver({ to, move, why }: Extract<Proposal, { kind: 'hand-over' }>): void {
    const from = this.case.stage;
    assert(isLegalMove(from, to, move), `No case moves from ${from} to ${to} by ${move}`);
    this.#write((journal) => {
      if (move === 'fall') {
        for (const { taskId, queue, objective, stage } of this.case.tasks) {
          if (isHigher(stage, to)) journal.add({ type: 'TaskClosed', taskId, queue, objective, reason: 'stage-left' });
        }
      }
      journal.add({ type: 'StageEntered', stage: to, from, why, onDate: this.today, rise: move === 'rise' });
    });
  }

  #close(): void {
    const { accountId } = this.#account;
    this.governor = { ...this.governor, openCases: this.governor.openCases.filter((row) => row.accountId !== accountId) };
    this.#write(recordJourneyClosed);
  }

  #countContact(task: Task, answer: Answer): void {
    const contactPointId = answer.contactPointId ?? task.contactPointId ?? '';
    const point = this.governor.points.find((row) => row.id === contactPointId);
    const channel = task.queue === 'call' ? 'voice' : 'visit';
    const kind = isConversation(answer.outcome) ? 'conversation' : 'attempt';
    this.#count({ id: task.taskId, channel, kind, contactPointId, addressKey: point?.addressKey ?? '', purpose: 'collection' });
    this.governor = withFinding(this.governor, { outcome: answer.outcome, channel, contactPointId });
  }

  #count(row: Omit<ContactRow, 'at' | 'accountId'>): void {
    const contacts = this.governor.contacts.filter((known) => toMillis(known.at) > this.now - 100 * DAY);
    this.governor = { ...this.governor, contacts: [...contacts, { ...row, at: toInstant(this.now), accountId: this.#account.accountId }] };
  }
}
