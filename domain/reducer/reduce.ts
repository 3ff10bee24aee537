import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { Account, Case } from '../model.ts';
import {
  onAccountOverdue,
  onBalanceUpdated,
  onCustomerUpdated,
  onHoldPlaced,
  onHoldReleased,
  onHoldReviewed,
  onPaymentReceived,
  onPaymentRejected,
  onPaymentReversed,
  onStatementIssued,
} from './account.ts';
import {
  onCasePayment,
  onCaseReversal,
  onContactReported,
  onPromiseRecorded,
  onPromiseReopened,
  onStageEntered,
  onTaskClosed,
  onTaskForgone,
  onTaskOpened,
  onTaskOutcome,
  openedCase,
  setPromise,
  withAttempt,
  withoutReviews,
} from './case.ts';
import {
  onContactDeferred,
  onContactFailed,
  onContactReserved,
  onContactSent,
  onContactShared,
  onContactSuppressed,
  onContactWithheld,
  onMessageImpossible,
} from './contacts.ts';
import { onContactLost, onDeliveryReported } from './delivery.ts';
import { withInterruption } from './interruptions.ts';
import { onLegalStep, withoutRecord } from './legal.ts';
import { recipientIn, withParty } from './parties.ts';
import { withPersons } from './persons.ts';
import {
  onPlanAgreed,
  onPlanApproved,
  onPlanBooked,
  onPlanBroken,
  onPlanCompleted,
  onPlanDeclined,
  onPlanEnded,
  onPlanProven,
  onPlanRejected,
  onPlanReopened,
  onPlanWished,
  setInstalment,
} from './plans.ts';
import { onApproved, onRefused } from './reviews.ts';
import {
  onAccountStatusChanged,
  onAccountStatusRetracted,
  onActionAdvised,
  onCaseEnded,
  onEndingWithdrawn,
  onLegalStatusReported,
  underSuit,
} from './standing.ts';
import { onCaseImported, onCaseTakenOver, onImportRejected } from './take-over.ts';
import { onVisitAssigned, onVisitReported } from './visits.ts';

/**
 * Folds one entry into the account. Pure and total: replaying a timeline through it gives the head item's state (invariant 8).
 */
export function reduce(account: Account, entry: Entry): Account {
  if ('notice' in entry && entry.notice !== undefined) return account;
  return changed(withInterruption(account, entry), entry);
}

function changed(account: Account, entry: Entry): Account {
  switch (entry.type) {
    case 'AccountOverdue':
      return onAccountOverdue(account, entry);
    case 'BalanceUpdated':
      return onBalanceUpdated(account, entry);
    case 'PaymentReceived':
      return inCase(onPaymentReceived(account, entry), (current) => onCasePayment(current, entry));
    case 'PaymentReversed':
      return inCase(onPaymentReversed(account, entry), (current) => onCaseReversal(current, entry));
    case 'PaymentRejected':
      return onPaymentRejected(account, entry);
    case 'StatementIssued':
      return onStatementIssued(account, entry);
    case 'HoldPlaced':
      return onHoldPlaced(account, entry);
    case 'HoldReleased':
      return onHoldReleased(account, entry);
    case 'HoldReviewed':
      return onHoldReviewed(account, entry);
    case 'CustomerUpdated':
      return onCustomerUpdated(account, entry);
    case 'CaseImported':
      return onCaseImported(account, entry);
    case 'ImportRejected':
      return onImportRejected(account, entry);
    case 'CaseTakenOver':
      return onCaseTakenOver(account, entry);
    case 'AccountStatusChanged':
      return onAccountStatusChanged(account, entry);
    case 'AccountStatusRetracted':
      return onAccountStatusRetracted(account, entry);
    case 'LegalStatusReported':
      return onLegalStatusReported(account, entry);
    case 'AccountActionAdvised':
      return onActionAdvised(account, entry);
    case 'CaseEnded':
      return inCase(account, (current) => onCaseEnded(current, entry));
    case 'EndingWithdrawn':
      return onEndingWithdrawn(account, entry);
    case 'PlanAgreed':
      return inCase(account, (current) => onPlanAgreed(current, entry, account.figure?.asOf));
    case 'FlagRaised':
      return inCase(account.flags.includes(entry.flag) ? account : { ...account, flags: [...account.flags, entry.flag] }, withoutReviews);
    case 'ContactReported':
      return inCase(account, (current) => onContactReported(current, entry, account.customerId));
    case 'JourneyOpened':
      return underSuit({
        ...account,
        caseCount: account.caseCount + 1,
        case: { ...openedCase(entry), ...stillQuiet(account.case, entry.at) },
      });
    default:
      return inCase(account, (current) => onCaseEntry(current, entry));
  }
}

/** What is said to another party of the account changes nothing but their own record. */
function onCaseEntry(current: Case, entry: CaseEntry): Case {
  const to = recipientIn(entry);
  return to === undefined
    ? withPersons(reduceCase(current, entry), entry, current)
    : withParty(current, to, entry, (told) => reduceCase(told, entry));
}

/** That it is paid was said of the account: a case that ends meanwhile takes no day of the rest away. */
function stillQuiet(previous: Case | undefined, at: string): Pick<Case, 'quietUntil'> {
  const quietUntil = previous?.quietUntil;
  return quietUntil !== undefined && isNewer(quietUntil, at) ? { quietUntil } : {};
}

/** Entries about a journey need one; a late entry of an ended case changes nothing. */
function inCase(account: Account, change: (current: Case) => Case): Account {
  if (account.case === undefined || account.case.status === 'closed') return account;
  const changed = change(account.case);
  return changed === account.case ? account : { ...account, case: changed };
}

type CaseEntry = Exclude<
  Entry,
  {
    type:
      | 'AccountOverdue'
      | 'BalanceUpdated'
      | 'PaymentReceived'
      | 'PaymentReversed'
      | 'PaymentRejected'
      | 'StatementIssued'
      | 'HoldPlaced'
      | 'HoldReleased'
      | 'HoldReviewed'
      | 'CustomerUpdated'
      | 'CaseImported'
      | 'ImportRejected'
      | 'CaseTakenOver'
      | 'AccountStatusChanged'
      | 'AccountStatusRetracted'
      | 'LegalStatusReported'
      | 'AccountActionAdvised'
      | 'CaseEnded'
      | 'EndingWithdrawn'
      | 'PlanAgreed'
      | 'FlagRaised'
      | 'ContactReported'
      | 'JourneyOpened';
  }
>;

function reduceCase(current: Case, entry: CaseEntry): Case {
  switch (entry.type) {
    case 'StageEntered':
      return onStageEntered(current, entry);
    case 'ContactReserved':
      return onContactReserved(current, entry);
    case 'ContactSent':
      return onContactSent(current, entry);
    case 'ContactSuppressed':
      return onContactSuppressed(current, entry);
    case 'ContactDeferred':
      return onContactDeferred(current, entry);
    case 'ContactFailed':
      return onContactFailed(current, entry);
    case 'ContactLost':
      return onContactLost(current, entry);
    case 'DeliveryReported':
      return onDeliveryReported(current, entry);
    case 'ContactShared':
      return onContactShared(current, entry);
    case 'ContactWithheld':
      return onContactWithheld(current, entry);
    case 'MessageImpossible':
      return onMessageImpossible(current, entry);
    case 'TaskOpened':
      return onTaskOpened(current, entry);
    case 'TaskForgone':
      return onTaskForgone(current, entry);
    case 'TaskClosed':
      return onTaskClosed(current, entry);
    case 'TaskOutcomeReported':
      return entry.late ? withAttempt(current, entry.outcome) : onTaskOutcome(withAttempt(current, entry.outcome), entry);
    case 'PromiseRecorded':
      return onPromiseRecorded(current, entry);
    case 'PromiseReminded':
      return setPromise(current, entry.promiseId, { remindedAt: entry.at });
    case 'PromiseKept':
      return setPromise(current, entry.promiseId, { status: 'kept' });
    case 'PromiseBroken':
      return setPromise(current, entry.promiseId, { status: entry.partKept ? 'part-kept' : 'broken' });
    case 'PromiseEnded':
      return setPromise(current, entry.promiseId, { status: 'ended', ...(entry.why === 'cured' ? { endedByCure: true } : {}) });
    case 'PromiseReopened':
      return onPromiseReopened(current, entry);
    default:
      return reduceStanding(current, entry);
  }
}

/** Arrangements, reviews, the legal way, and the case's own standing. */
function reduceStanding(current: Case, entry: CaseEntry): Case {
  switch (entry.type) {
    case 'PlanOffered': {
      const { planRequestedAt: _served, ...rest } = current;
      return { ...rest, planOfferedAt: entry.at };
    }
    case 'InstalmentDue':
      return setInstalment(current, entry.index, { status: 'due' });
    case 'InstalmentPaid':
      return setInstalment(current, entry.index, { status: 'paid' });
    case 'InstalmentMissed':
      return setInstalment(current, entry.index, { status: 'missed', missedOn: entry.onDate });
    case 'InstalmentReopened':
      return setInstalment(current, entry.index, { status: 'open' });
    case 'PlanBroken':
      return onPlanBroken(current, entry);
    case 'PlanCompleted':
      return onPlanCompleted(current, entry);
    case 'PlanReopened':
      return onPlanReopened(current);
    case 'PlanEnded':
      return onPlanEnded(current, entry);
    case 'PlanBooked':
      return onPlanBooked(current, entry);
    case 'PlanProven':
      return onPlanProven(current, entry);
    case 'PlanRejected':
      return onPlanRejected(current, entry);
    case 'PlanApproved':
      return onPlanApproved(current, entry);
    case 'PlanDeclined':
      return onPlanDeclined(current, entry);
    case 'PlanRequested':
      return onPlanWished(current, entry);
    case 'Approved':
      return onApproved(current, entry);
    case 'Refused':
      return onRefused(current, entry);
    case 'HardshipReported':
      return { ...withoutReviews(current), hardshipAt: entry.at };
    case 'VisitApproved':
      return { ...current, visitApprovedAt: entry.at };
    case 'VisitRefused':
      return { ...current, visitRefusedAt: entry.at };
    case 'VisitAssigned':
      return onVisitAssigned(current, entry);
    case 'VisitReported':
      return onVisitReported(current, entry);
    case 'IntentConfirmed':
    case 'IntentDeclined':
    case 'LegalNoticeServed':
    case 'EvidenceAssembled':
    case 'ReferralApproved':
    case 'ReferralReturned':
    case 'LegalReferred':
      return { ...current, legal: onLegalStep(current.legal, entry) };
    case 'TrackChanged':
      return { ...current, track: entry.to };
    case 'JourneyHeld':
      return { ...current, held: true };
    case 'JourneyResumed': {
      const { held: _lifted, ...rest } = current;
      return rest;
    }
    case 'AccountCured':
      return { ...current, curedAt: entry.at, curedBy: entry.by };
    case 'CureReversed': {
      const { curedAt: _at, curedBy: _by, ...rest } = current;
      return { ...rest, legal: withoutRecord(current.legal) };
    }
    case 'JourneyClosed':
      return { ...current, status: 'closed', closedAt: entry.at, closeReason: entry.reason };
    default:
      return current;
  }
}
