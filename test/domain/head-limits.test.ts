import { describe, expect, it } from 'vitest';
import { addDays, DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import { proposeMessage } from '../../domain/decide/messages.ts';
import { worldOf } from '../../domain/decide/world.ts';
import type { Entry } from '../../domain/entries.ts';
import type { Account, Case } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { reduce } from '../../domain/reducer/reduce.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting, START } from '../builders/setting.ts';

/** What a case keeps in the head item has limits, and what falls out of them is not forgotten where it matters. */

const OPENED = anAccount().overdueBy(12).build();

function caseOf(account: Account): Case {
  if (account.case === undefined) throw new Error('The account has no case');
  return account.case;
}

/** Calls that a dialler reports, one a day, each on the contact point named. */
function dialled(account: Account, points: readonly string[], from = '2026-03-02'): Account {
  return points.reduce(
    (before, contactPointId, index) =>
      reduce(before, {
        seq: 0,
        at: START,
        caseId: caseOf(before).caseId,
        type: 'ContactReported',
        contactId: `call-${index}`,
        customerId: 'cus-1',
        channel: 'voice',
        direction: 'outbound',
        kind: 'attempt',
        reportedAt: START,
        onDate: addDays(from, index),
        minutesOfDay: 600,
        actor: 'dialler',
        outcome: 'no-answer',
        contactPointId,
      } as Entry<'ContactReported'>),
    account,
  );
}

describe('numbers that were tried', () => {
  const unknown = Array.from({ length: 500 }, (_, index) => `cp-unknown-${index}`);

  it('are kept for so many contact points, however many others name', () => {
    const { tries } = caseOf(dialled(OPENED, unknown));
    expect(Object.keys(tries)).toHaveLength(64);
    expect(Object.keys(tries).at(-1)).toBe('cp-unknown-499');
  });

  it('are not pushed out by others where they prove more', () => {
    const tried = dialled(OPENED, ['cp-voice', 'cp-voice', 'cp-voice']);
    const { tries } = caseOf(dialled(tried, unknown, '2026-03-10'));
    expect(tries['cp-voice']).toMatchObject({ days: 3, firstDate: '2026-03-02', lastDate: '2026-03-04' });
  });
});

describe('the attempts at a step', () => {
  const NOW = toMillis(START) + 40 * DAY;

  /** Messages that were reserved and failed, by key. */
  function failed(account: Account, keys: readonly string[]): Account {
    return keys.reduce((before, key, index) => {
      const own = { seq: 0, at: toInstant(toMillis(START) + index * DAY), caseId: caseOf(before).caseId, contactId: `c-${key}`, key };
      const reserved = {
        ...own,
        type: 'ContactReserved',
        channel: 'sms',
        contactPointId: 'cp-sms',
        template: 'reminder-first',
        purpose: 'collection',
        stage: 'reminder',
        rule: 'CN.ALLOW',
      } as const;
      return reduce(reduce(before, reserved), { ...own, type: 'ContactFailed', error: 'refused' });
    }, account);
  }

  /** The key of the next attempt at the step `asked`. */
  function next(account: Account): string | undefined {
    const governor = aCustomer().build();
    const setting = aSetting({ now: NOW, governor });
    const proposal = proposeMessage(worldOf(account, caseOf(account), governor, setting), {
      step: 'asked',
      template: 'reminder-first',
      purpose: 'collection',
      act: 'send-message',
      from: NOW,
      why: 'It is asked for',
      channels: ['sms', 'email'],
    });
    return proposal?.kind === 'send' ? proposal.contact.key : undefined;
  }

  const others = Array.from({ length: 100 }, (_, index) => `other-${index}_1`);

  it('go on counting when other steps have pushed the last one out', () => {
    const twice = failed(OPENED, ['asked_1', 'asked_2']);
    expect(next(failed(twice, others))).toBe('asked_3');
    expect(next(failed(failed(twice, others), ['asked_3']))).toBe(next(failed(twice, ['asked_3'])));
  });

  it('that were all made are given up for good', () => {
    const all = Array.from({ length: LADDER.messageAttemptsMax }, (_, index) => `asked_${index + 1}`);
    expect(next(failed(failed(OPENED, all), others))).toBeUndefined();
  });

  it('are remembered of so many steps and no more', () => {
    const many = Array.from({ length: 600 }, (_, index) => `other-${index}_1`);
    const { contacts, attempts } = caseOf(failed(OPENED, many));
    expect([contacts.length, Object.keys(attempts ?? {}).length]).toEqual([16, 256]);
    expect(attempts?.['other-583']).toBe(1);
  });
});

describe('what persons decided', () => {
  it('is kept once, however often it is asked', () => {
    const answers = (['Refused', 'Approved', 'Refused', 'Refused'] as const).map((type) => ({
      type,
      subject: 'plan-1',
      by: 'anna',
      taskId: 't-1',
    }));
    const { case: current } = answers.reduce((account, answer) => reduce(account, { seq: 0, at: START, ...answer } as Entry), OPENED);
    expect([current?.approvals, current?.refusals]).toEqual([[], ['plan-1']]);
  });
});
