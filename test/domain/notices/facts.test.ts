import { describe, expect, it } from 'vitest';
import type { Governor } from '../../../domain/customer.ts';
import { judge } from '../../../domain/gate/gate.ts';
import type { Account } from '../../../domain/model.ts';
import { noticeFacts, noticeZone } from '../../../domain/notices/facts.ts';
import { emptyAccount } from '../../../domain/reducer/account.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting, START } from '../../builders/setting.ts';
import { aRequest } from '../gate/builders.ts';

const NOW = Date.parse(START);

describe('what the gate is told of a message outside the journey', () => {
  it('has the bank’s own tightenings of its product, and who collects', () => {
    const overlays = [
      { product: 'credit-card', rule: 'HOUSE_SMS_DAY', max: 1 },
      { product: 'mortgage', rule: 'HOUSE_SMS_DAY', max: 1 },
    ];
    const { deployment } = aSetting({ deployment: { overlays, role: 'third-party' } });

    const facts = noticeFacts(anAccount().build(), aCustomer().build(), deployment, NOW, 'pre-due');

    expect([facts.overlays, facts.role]).toEqual([[overlays[0]], 'third-party']);
  });

  it('is where the customer’s record says they are now, not where the account was told they were', () => {
    const account = { ...emptyAccount('acc-1'), jurisdiction: 'CN', timeZone: 'Asia/Shanghai' };
    const moved = { ...aCustomer().in('America/Los_Angeles').build(), jurisdiction: 'US' };
    const { deployment } = aSetting();

    const facts = noticeFacts(account, moved, deployment, NOW, 'payment-acknowledgement');

    expect([facts.jurisdiction, facts.timeZones]).toEqual(['US', ['America/Los_Angeles']]);
    expect(noticeZone(account, moved)).toBe('America/Los_Angeles');
    expect(noticeZone(account, undefined)).toBe('Asia/Shanghai');
    expect(noticeZone({ ...account, ownTimeZone: 'Europe/Berlin' }, moved)).toBe('Europe/Berlin');
  });

  it('has a payment answered under any hold but that of a death, on the account or on the customer', () => {
    const { deployment } = aSetting();
    const place = (kind: 'dispute' | 'deceased') => ({ holdId: `h-${kind}`, kind, placedAt: '2026-03-01T00:00:00Z' }) as const;
    const thanks = aRequest('sms', { purpose: 'payment-acknowledgement' });
    const answered = (account: Account, governor: Governor) =>
      judge(thanks, noticeFacts(account, governor, deployment, NOW, 'payment-acknowledgement'), NOW).decision;

    const [account, customer] = [anAccount().build(), aCustomer().build()];
    expect(answered(account, aCustomer().held(place('dispute')).build())).toBe('allow');
    expect(answered(account, aCustomer().held(place('dispute')).held(place('deceased')).build())).toBe('deny');
    expect(answered({ ...account, holds: [place('deceased')] }, customer)).toBe('deny');
  });

  it('asks for the hours of both zones where the account has its own', () => {
    const account = { ...anAccount().build(), timeZone: 'Europe/Berlin', ownTimeZone: 'Europe/Berlin' };
    const { deployment } = aSetting();

    const { timeZones } = noticeFacts(account, aCustomer().build(), deployment, NOW, 'pre-due');

    expect(timeZones).toEqual(['Europe/Berlin', 'Asia/Shanghai']);
  });
});
