import { describe, expect, it } from 'vitest';
import { noticeFacts, noticeZone } from '../../../domain/notices/facts.ts';
import { emptyAccount } from '../../../domain/reducer/account.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting, START } from '../../builders/setting.ts';

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

  it('asks for the hours of both zones where the account has its own', () => {
    const account = { ...anAccount().build(), timeZone: 'Europe/Berlin', ownTimeZone: 'Europe/Berlin' };
    const { deployment } = aSetting();

    const { timeZones } = noticeFacts(account, aCustomer().build(), deployment, NOW, 'pre-due');

    expect(timeZones).toEqual(['Europe/Berlin', 'Asia/Shanghai']);
  });
});
