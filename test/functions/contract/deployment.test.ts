import { describe, expect, it } from 'vitest';
import { deploymentSchema } from '../../../functions/contract/deployment.ts';
import { local } from '../../../infra/config/local.ts';

const withOverlays = (...overlays: readonly object[]) => deploymentSchema.safeParse({ ...local.deployment, overlays });

describe('the overlays of a deployment', () => {
  it('are none where none are given', () => {
    expect(deploymentSchema.parse(local.deployment).overlays).toEqual([]);
  });

  it('are taken where they tighten', () => {
    const overlay = { product: 'credit-card', rule: 'CN.FREQ.CONNECTED', max: 2 };

    expect(withOverlays(overlay).data?.overlays).toEqual([overlay]);
  });

  it.each([
    { overlay: { product: '*', rule: 'CN.FREQ.CONNECTED', max: 4 }, field: 'max', rule: 'must not loosen CN.FREQ.CONNECTED' },
    { overlay: { product: '*', rule: 'CN.HOURS', from: '07:00' }, field: 'from', rule: 'must not loosen CN.HOURS' },
    { overlay: { product: '*', rule: 'CN.HOURS', to: '9 pm' }, field: 'to', rule: 'must be HH:MM' },
    { overlay: { product: '*', rule: 'CN.SLEEP', max: 1 }, field: 'rule', rule: 'must name a rule' },
    { overlay: { product: 'a product', rule: 'CN.HOURS', to: '20:00' }, field: 'product', rule: 'must be a product name' },
    { overlay: { product: '*', rule: 'CN.HOURS', till: '20:00' }, field: '', rule: 'Unrecognized key' },
  ])('are refused with field and rule: $overlay', ({ overlay, field, rule }) => {
    const [issue] = withOverlays({ product: '*', rule: 'CN.GRACE', days: 5 }, overlay).error?.issues ?? [];

    expect(issue?.path.join('.')).toBe(field === '' ? 'overlays.1' : `overlays.1.${field}`);
    expect(issue?.message).toContain(rule);
  });
});

describe("the bank's name", () => {
  const names = { 'zh-CN': '示例银行', 'zh-TW': '示例銀行', en: 'Example Bank' };
  const withName = (bankName: unknown) =>
    deploymentSchema.safeParse({ ...local.deployment, words: { ...local.deployment.words, bankName } });

  it.each(['示例银行', names])('is one, or one for each language: %j', (bankName) => {
    expect(withName(bankName).data?.words.bankName).toEqual(bankName);
  });

  it.each([
    { name: '', field: 'words.bankName', rule: '>=1 characters' },
    { name: 'x'.repeat(101), field: 'words.bankName', rule: '<=100 characters' },
    { name: { en: 'Example Bank' }, field: 'words.bankName', rule: 'one for each of zh-CN, zh-TW, en' },
    { name: 7, field: 'words.bankName', rule: 'one for each of zh-CN, zh-TW, en' },
    { name: { ...names, 'zh-TW': '' }, field: 'words.bankName.zh-TW', rule: '>=1 characters' },
    { name: { ...names, de: 'Beispielbank' }, field: 'words.bankName', rule: '"de"' },
  ])('is refused with field and rule: $name', ({ name, field, rule }) => {
    const [issue] = withName(name).error?.issues ?? [];

    expect(issue?.path.join('.')).toBe(field);
    expect(issue?.message).toContain(rule);
  });
});

describe('the ladder of a product', () => {
  const withLadder = (ladder: unknown) =>
    deploymentSchema.safeParse({
      ...local.deployment,
      products: { loan: { reportsToBureau: false, suspendsCard: false, placesWithAgencies: false, ladder } },
    });

  it('may be softer than that of all', () => {
    const ladder = { fromDaysPastDue: { call: 10 }, visitMinimumMinor: { CNY: 1_000_000 } };

    expect(withLadder(ladder).data?.products.loan?.ladder).toEqual(ladder);
  });

  it.each([
    { ladder: { fromDaysPastDue: { legal: 60 } }, field: 'fromDaysPastDue.legal', rule: 'must not be harder than ladder/2: at least 90' },
    { ladder: { callEveryDays: { call: 1 } }, field: 'callEveryDays.call', rule: 'must not be harder' },
    { ladder: { visitMinimumMinor: { yuan: 1 } }, field: 'visitMinimumMinor.yuan', rule: 'ISO 4217' },
    { ladder: { graceDays: 5 }, field: '', rule: 'graceDays' },
  ])('is refused with field and rule where it is not: $ladder', ({ ladder, field, rule }) => {
    const [issue] = withLadder(ladder).error?.issues ?? [];

    expect(issue?.path.join('.')).toBe(['products.loan.ladder', field].filter((part) => part !== '').join('.'));
    expect(JSON.stringify(issue)).toContain(rule);
  });
});
