import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SendingSwitch } from '../../../functions/adapters/sending-switch.ts';

const client = mockClient(SSMClient);
beforeEach(() => client.reset());

function aSwitch(...values: readonly string[]): SendingSwitch {
  let answers = client.on(GetParameterCommand);
  for (const value of values) answers = answers.resolvesOnce({ Parameter: { Value: value } });
  return new SendingSwitch(new SSMClient({}), '/overdue-journeys/sending');
}

const NOW = 1_772_416_800_000;

describe('the sending switch', () => {
  it.each([
    { product: 'mortgage', mode: 'shadow' },
    { product: 'credit-card', mode: 'on' },
    { product: undefined, mode: 'on' },
  ])('of $product is $mode: its own position, else the default', async ({ product, mode }) => {
    const sending = aSwitch('{"default":"on","products":{"mortgage":"shadow"}}');
    expect(await sending.mode(product, NOW)).toBe(mode);
  });

  it('is believed for half a minute and no longer', async () => {
    // Prepare
    const sending = aSwitch('{"default":"on","products":{}}', '{"default":"off","products":{}}');
    // Act
    const modes = [await sending.mode('a', NOW), await sending.mode('a', NOW + 29_999), await sending.mode('a', NOW + 30_000)];
    // Assess
    expect(modes).toEqual(['on', 'on', 'off']);
    expect(client.commandCalls(GetParameterCommand)).toHaveLength(2);
  });

  it.each(['', 'on', '{"default":"maybe","products":{}}', '{"default":"on"}', '{"default":"on","products":{"a":"ON"}}'])(
    'that says %j sends nothing on a guess',
    async (value) => {
      await expect(aSwitch(value).mode('a', NOW)).rejects.toThrow();
    },
  );

  it('that cannot be read sends nothing, and is read again the next time', async () => {
    client
      .on(GetParameterCommand)
      .rejectsOnce(new Error('throttled'))
      .resolvesOnce({ Parameter: { Value: '{"default":"on","products":{}}' } });
    const sending = new SendingSwitch(new SSMClient({}), '/overdue-journeys/sending');
    await expect(sending.mode('a', NOW)).rejects.toThrow('throttled');
    expect(await sending.mode('a', NOW)).toBe('on');
  });
});
