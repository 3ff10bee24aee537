import { isFinal } from '../../domain/endings.ts';
import { ACCOUNT_STATUSES, type AccountStatus, CHANNELS, FLAGS, HOLD_KINDS, LEGAL_STATUSES } from '../../domain/model.ts';
import type { System } from '../system/cloud.ts';
import { aBalance, aCustomer, aHold, anOverdue, aPayment, aReversal, cny } from '../system/events.ts';
import type { Chance } from './chance.ts';
import { DAY, dateIn, instantIn, MINUTE } from './when.ts';

interface Told {
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

/** Few enough that chance comes back to the same account again and again. */
const ACCOUNTS_MAX = 6;
const OVERDUE_MAX = 9000;
const LATE_SHARE = 0.12;
const AGAIN_SHARE = 0.1;

const CONTACT_OUTCOMES = [
  'no-answer',
  'answered',
  'promise',
  'refused',
  'wrong-number',
  'do-not-call',
  'dispute',
  'something else',
] as const;
const DELIVERIES = ['accepted', 'delivered', 'bounced', 'failed', 'returned', 'refused'] as const;

/**
 * What the systems of a bank say: of accounts, customers, money, holds, suits. Each thing is said at least once, some twice, some late and
 * so behind what came after it; what is said need not agree with what was said before.
 */
export class BankSystems {
  readonly #system: System;
  readonly #chance: Chance;
  readonly #told: Told[] = [];
  readonly #late: Told[] = [];
  readonly #customers: string[] = [];
  readonly #accounts: { readonly accountId: string; readonly customerId: string }[] = [];
  readonly #payments: { readonly paymentId: string; readonly accountId: string }[] = [];
  readonly #holds: string[] = [];
  #count = 0;

  constructor(system: System, chance: Chance) {
    this.#system = system;
    this.#chance = chance;
  }

  /** Nothing was said of any account yet. */
  get isSilent(): boolean {
    return this.#accounts.length === 0;
  }

  account(): { readonly accountId: string; readonly customerId: string } {
    return this.#accounts[this.#chance.below(this.#accounts.length)] as { accountId: string; customerId: string };
  }

  /** Says something. @returns what, for the record of the run */
  async say(): Promise<string> {
    if (this.#late.length > 0 && this.#chance.happens(0.2))
      return this.#put(this.#late.splice(this.#chance.below(this.#late.length), 1)[0]);
    if (this.#chance.happens(AGAIN_SHARE)) return this.#put(this.#chance.oneOf(this.#told));
    const told = this.#something();
    if (told === undefined) return 'the bank has nothing to say';
    if (this.#chance.happens(LATE_SHARE)) {
      this.#late.push(told);
      return `${told.type} is late`;
    }
    return this.#put(told);
  }

  /** Says at last what was late. */
  async catchUp(): Promise<void> {
    for (const told of this.#late.splice(0)) await this.#put(told);
  }

  async #put(told: Told | undefined): Promise<string> {
    if (told === undefined) return 'the bank has nothing to repeat';
    const source = told.type === 'DeliveryReported' ? 'bank.gateway' : 'bank.core';
    await this.#system.putOnly(told.type, told.detail, source);
    this.#told.push(told);
    return `${told.type} ${JSON.stringify(told.detail)}`;
  }

  #something(): Told | undefined {
    if (this.isSilent) return this.#newAccount();
    return this.#chance.weighted<() => Told | undefined>([
      [this.#accounts.length < ACCOUNTS_MAX ? 12 : 0, () => this.#newAccount()],
      [16, () => this.#figure()],
      [24, () => this.#payment()],
      [6, () => this.#reversal()],
      [7, () => this.#hold()],
      [9, () => this.#release()],
      [9, () => this.#customer(this.#customers[this.#chance.below(this.#customers.length)] as string)],
      [6, () => this.#coreOfPlan()],
      [3, () => this.#statement()],
      [5, () => this.#contact()],
      [5, () => this.#delivery()],
      [2, () => this.#status()],
      [3, () => this.#court()],
    ])();
  }

  #newAccount(): Told {
    const known = this.#customers.length > 0 && this.#chance.happens(0.35);
    const customerId = known ? (this.#chance.oneOf(this.#customers) as string) : `cus-${this.#customers.length + 1}`;
    const accountId = `acc-${this.#accounts.length + 1}`;
    this.#accounts.push({ accountId, customerId });
    if (known) return this.#overdue(accountId, customerId);
    this.#customers.push(customerId);
    const [customer, account] = [this.#customer(customerId), this.#overdue(accountId, customerId)];
    // Either may come first.
    const inOrder = this.#chance.happens(0.8);
    this.#late.push(inOrder ? account : customer);
    return inOrder ? customer : account;
  }

  #overdue(accountId: string, customerId: string): Told {
    const overdue = this.#amount();
    const others = this.#customers.filter((other) => other !== customerId);
    const party = this.#chance.happens(0.15) ? this.#chance.oneOf(others) : undefined;
    const detail = anOverdue({
      accountId,
      customerId,
      overdue: cny(overdue),
      minimumDue: cny(overdue),
      balance: cny((Number(overdue) + 5000).toFixed(2)),
      dueDate: dateIn(this.#system, -this.#chance.below(40)),
      asOf: this.#lately(),
      risk: { timesOverdueLast12Months: this.#chance.below(4) },
      ...(party !== undefined && { parties: [{ customerId: party, role: this.#chance.pick(['joint', 'guarantor']), liable: true }] }),
      ...(this.#chance.happens(0.05) && { flags: [this.#chance.pick(FLAGS)] }),
    });
    return { type: 'AccountOverdue', detail };
  }

  #figure(): Told {
    const { accountId, customerId } = this.account();
    if (this.#chance.happens(0.5)) return this.#overdue(accountId, customerId);
    const overdue = this.#chance.happens(0.15) ? '0.00' : this.#amount();
    const balance = cny((Number(overdue) + 5000).toFixed(2));
    return { type: 'BalanceUpdated', detail: aBalance({ accountId, overdue: cny(overdue), balance, asOf: this.#lately() }) };
  }

  #payment(): Told {
    const { accountId } = this.account();
    const pending = this.#chance.happens(0.15);
    const paymentId = this.#next('pay');
    const amount = this.#chance.happens(0.3) ? `${OVERDUE_MAX}.00` : this.#amount();
    const payment = { paymentId, accountId, amount: cny(amount), paidAt: this.#lately() };
    this.#payments.push({ paymentId, accountId });
    // What is on its way arrives some day.
    if (pending && this.#chance.happens(0.7))
      this.#late.push({ type: 'PaymentReceived', detail: aPayment({ ...payment, state: 'posted' }) });
    return { type: 'PaymentReceived', detail: aPayment({ ...payment, state: pending ? 'pending' : 'posted' }) };
  }

  #reversal(): Told | undefined {
    // A payment is taken back once; whoever says so again says the same (`AGAIN_SHARE`).
    const [payment] = this.#payments.splice(this.#chance.below(this.#payments.length), 1);
    return payment && { type: 'PaymentReversed', detail: aReversal({ ...payment, reversedAt: this.#lately() }) };
  }

  #hold(): Told {
    const { accountId, customerId } = this.account();
    const holdId = this.#next('hold');
    const kind = this.#chance.pick(HOLD_KINDS);
    this.#holds.push(holdId);
    const expires = kind === 'disaster' || this.#chance.happens(0.3);
    const detail = aHold({
      holdId,
      kind,
      placedAt: this.#lately(),
      ...(this.#chance.happens(0.25) ? { accountId: undefined, customerId } : { accountId }),
      ...(expires && { expiresAt: instantIn(this.#system, (1 + this.#chance.below(20)) * DAY) }),
    });
    return { type: 'HoldPlaced', detail };
  }

  #release(): Told | undefined {
    const holdId = this.#chance.oneOf(this.#holds);
    return holdId === undefined ? undefined : { type: 'HoldReleased', detail: { holdId, releasedAt: this.#lately() } };
  }

  /** Numbers are each customer's own; which are known, and what is wished, changes. */
  #customer(customerId: string): Told {
    const number = `+86138001${customerId.slice('cus-'.length).padStart(5, '0')}`;
    const points = [
      { id: 'cp-1', channel: 'sms', address: number, owner: 'self' },
      { id: 'cp-2', channel: 'voice', address: number, owner: 'self' },
      { id: 'cp-3', channel: 'email', address: `${customerId}@example.com`, owner: 'self', consent: true },
      { id: 'cp-4', channel: 'visit', address: '上海市浦东新区世纪大道1号', owner: 'self' },
    ];
    const detail = aCustomer({
      customerId,
      contactPoints: points.filter(() => this.#chance.happens(0.9)),
      asOf: this.#lately(),
      preferences: {
        windows: [],
        inconvenient: this.#chance.happens(0.1) ? ['12:00-14:00'] : [],
        optedOut: this.#chance.happens(0.1) ? [this.#chance.pick(CHANNELS)] : [],
      },
    });
    return { type: 'CustomerUpdated', detail };
  }

  /** The core's answer to an arrangement. */
  #coreOfPlan(): Told | undefined {
    const agreed = this.#system.events().filter((event) => event['detail-type'] === 'PlanAgreed');
    const planId = this.#chance.oneOf(agreed)?.detail.planId;
    const type = this.#chance.happens(0.85) ? 'PlanBooked' : 'PlanRejected';
    return planId === undefined ? undefined : { type, detail: { planId, at: this.#lately() } };
  }

  #statement(): Told {
    const { accountId, customerId } = this.account();
    const due = this.#amount();
    const detail = {
      statementId: this.#next('st'),
      accountId,
      customerId,
      statementBalance: cny((Number(due) + 5000).toFixed(2)),
      minimumDue: cny(due),
      dueDate: dateIn(this.#system, this.#chance.below(20)),
      issuedAt: this.#lately(),
      autopay: this.#chance.happens(0.2),
    };
    return { type: 'StatementIssued', detail };
  }

  #contact(): Told {
    const { accountId, customerId } = this.account();
    const detail = {
      contactId: this.#next('con'),
      customerId,
      ...(this.#chance.happens(0.8) && { accountId }),
      channel: this.#chance.pick(['voice', 'sms', 'visit']),
      direction: this.#chance.pick(['inbound', 'outbound']),
      kind: this.#chance.pick(['attempt', 'conversation']),
      at: this.#lately(),
      actor: this.#chance.pick(['agency-7', 'branch-3', 'dialler']),
      outcome: this.#chance.pick(CONTACT_OUTCOMES),
    };
    return { type: 'ContactReported', detail };
  }

  #delivery(): Told | undefined {
    const sent = this.#system.events().filter((event) => event['detail-type'] === 'ContactSent');
    const contactId = this.#chance.oneOf(sent)?.detail.contactId;
    const status = this.#chance.pick(DELIVERIES);
    return contactId === undefined ? undefined : { type: 'DeliveryReported', detail: { contactId, status, at: this.#lately() } };
  }

  #status(): Told {
    const reference = this.#next('ref');
    const final = this.#told.filter(({ type, detail }) => type === 'AccountStatusChanged' && isFinal(detail.status as AccountStatus));
    const wrong = this.#chance.happens(0.25) ? this.#chance.oneOf(final) : undefined;
    if (wrong !== undefined) return { ...wrong, detail: { ...wrong.detail, at: this.#lately(), reference, retracted: true } };
    const status = this.#chance.happens(0.6) ? this.#chance.pick(['placed', 'recalled']) : this.#chance.pick(ACCOUNT_STATUSES);
    return { type: 'AccountStatusChanged', detail: { ...this.#ofAccount(), status, at: this.#lately(), reference } };
  }

  #court(): Told {
    const status = this.#chance.pick(LEGAL_STATUSES);
    return { type: 'LegalStatusReported', detail: { ...this.#ofAccount(), status, at: this.#lately(), reference: this.#next('court') } };
  }

  #ofAccount(): { readonly accountId: string } {
    return { accountId: this.account().accountId };
  }

  #amount(): string {
    return `${1 + this.#chance.below(OVERDUE_MAX)}.${String(this.#chance.below(100)).padStart(2, '0')}`;
  }

  #next(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }

  /** Of the last three hours. */
  #lately(): string {
    return instantIn(this.#system, -this.#chance.below(180) * MINUTE);
  }
}
