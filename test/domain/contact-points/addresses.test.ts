import { describe, expect, it } from 'vitest';
import { isWellFormed } from '../../../domain/contact-points/addresses.ts';
import { CHANNELS } from '../../../domain/model.ts';

describe('a number', () => {
  it.each(['+8613800138000', '+886900000017', '+88690000123', '+14155552671', '+862112345678', '+6591234567'])(
    '%s can be one',
    (address) => {
      expect([isWellFormed('sms', address), isWellFormed('voice', address)]).toEqual([true, true]);
    },
  );

  it.each([
    ['without a country', '13800138000'],
    ['with a national prefix', '013800138000'],
    ['with blanks', '+86 138 0013 8000'],
    ['with an extension', '+8613800138000;ext=5'],
    ['of a country that is none', '+999123456789'],
    ['too short for its country', '+861380'],
    ['too long for its country', '+8613800138000123'],
    ['of letters', '+86138CALLME'],
    ['of full-width digits', '+８６１３８００１３８０００'],
    ['that is a mail address', 'wang@example.com'],
    ['of nothing', ''],
  ])('%s cannot', (_what, address) => {
    expect([isWellFormed('sms', address), isWellFormed('voice', address)]).toEqual([false, false]);
  });
});

describe('a mail address', () => {
  it.each(['wang@example.com', 'w.xiao-ming+bank@mail.example.co.uk', "o'hara@example.org", `${'a'.repeat(64)}@example.com`])(
    '%s can be one',
    (address) => {
      expect(isWellFormed('email', address)).toBe(true);
    },
  );

  it.each([
    'wang',
    'wang@',
    '@example.com',
    'wang@example',
    'wang@example..com',
    'wang@-example.com',
    'wang xiao@example.com',
    'wang@example.com, li@example.com',
    'Wang <wang@example.com>',
    '王@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b.'.repeat(130)}com`,
    '',
  ])('%s cannot', (address) => {
    expect(isWellFormed('email', address)).toBe(false);
  });

  it('is judged in no time however it is made', () => {
    expect(isWellFormed('email', `${'a'.repeat(500)}@${'a-'.repeat(200)}`)).toBe(false);
  });
});

it('any other address only has to be there', () => {
  const others = CHANNELS.filter((channel) => !['sms', 'voice', 'email'].includes(channel));
  expect(others.map((channel) => [isWellFormed(channel, '上海市浦东新区世纪大道1号'), isWellFormed(channel, '')])).toEqual(
    others.map(() => [true, false]),
  );
});
