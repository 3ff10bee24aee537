import { describe, expect, it } from 'vitest';
import { allPacks } from '../../domain/policy/packs/registry.ts';
import { retentionOf } from '../../domain/retention.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';

const account = anAccount().build();
const inPlace = (jurisdiction: string) => ({ ...account, jurisdiction });

describe('words are kept', () => {
  it.each([
    ['CN', 1825, 'item', 'CN.RETENTION'],
    ['US', 1096, 'case-end', 'US.RETENTION'],
    ['US-MA', 1096, 'case-end', 'US.RETENTION'],
    ['UK', 2192, 'item', 'UK.RETENTION'],
    ['AU', 2557, 'item', 'AU.RETENTION'],
    ['IN', 1825, 'item', 'IN.RETENTION'],
    ['HK', 2557, 'item', 'HK.RETENTION'],
    ['SG', 1825, 'item', 'SG.RETENTION'],
    ['EU', 1825, 'item', 'EU.RETENTION'],
    ['EU-GR', 366, 'item', 'GR.RETENTION'],
    ['EU-RO', 1825, 'item', 'EU.RETENTION'],
  ])('in %s for %d days from each %s, by %s', (jurisdiction, days, from, rule) => {
    expect(retentionOf(inPlace(jurisdiction), aSetting())).toEqual({ rule, days, from });
    expect(allPacks().map(({ id }) => id)).toContain(jurisdiction);
  });

  it('by the place of the account, then by that of the customer, then by that of the deployment', () => {
    const { jurisdiction: _told, ...unplaced } = account;
    const deployment = { jurisdiction: 'AU' };
    const governor = { ...aCustomer().build(), jurisdiction: 'UK' };
    expect(retentionOf(inPlace('HK'), aSetting({ governor, deployment })).rule).toBe('HK.RETENTION');
    expect(retentionOf(unplaced, aSetting({ governor, deployment })).rule).toBe('UK.RETENTION');
    expect(retentionOf(unplaced, aSetting({ deployment })).rule).toBe('AU.RETENTION');
  });

  it('for the shortest time there is, and by their own time, where the customer or the place is not known', () => {
    const { jurisdiction: _told, ...unplaced } = account;
    const shortest = { rule: 'GR.RETENTION', days: 366, from: 'item' };
    expect(retentionOf({ ...unplaced, customerKnown: false }, aSetting())).toEqual(shortest);
    expect(retentionOf({ ...unplaced, customerKnown: false }, aSetting({ governor: aCustomer().unknown().build() }))).toEqual(shortest);
    expect(retentionOf(inPlace('nowhere'), aSetting())).toEqual(shortest);
  });

  it('for as long as the bank says where that is shorter, for its product', () => {
    const overlays = [
      { product: 'credit-card', rule: 'UK.RETENTION', keptDays: 1000 },
      { product: '*', rule: 'UK.RETENTION', keptDays: 2000 },
      { product: '*', rule: 'SG.RETENTION', keptDays: 100 },
    ];
    const setting = aSetting({ deployment: { overlays } });
    expect(retentionOf(inPlace('UK'), setting).days).toBe(1000);
    expect(retentionOf({ ...inPlace('UK'), facts: { flags: [], product: 'loan' } }, setting).days).toBe(2000);
    expect(retentionOf(inPlace('AU'), setting).days).toBe(2557);
    expect(retentionOf(inPlace('nowhere'), setting)).toEqual({ rule: 'SG.RETENTION', days: 100, from: 'item' });
  });
});
