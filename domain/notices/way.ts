import type { ContactPoint, Governor } from '../customer.ts';
import { judge } from '../gate/gate.ts';
import type { GateFacts } from '../gate/types.ts';
import type { MessageChannel, Purpose } from '../model.ts';

/** How a message outside the journey can go now; or when the first way opens; or that there is none. */
export type Way =
  | { readonly kind: 'open'; readonly channel: MessageChannel; readonly point: ContactPoint; readonly rule: string }
  | { readonly kind: 'later'; readonly notBefore: number; readonly why: string }
  | { readonly kind: 'none'; readonly why: string };

/** The first of the channels, in their order, on which the gate lets a message through to one of the customer's own contact points. */
export function wayFor(
  governor: Governor,
  facts: GateFacts,
  message: { readonly accountId: string; readonly purpose: Purpose; readonly channels: readonly MessageChannel[] },
  now: number,
): Way {
  const { accountId, purpose, channels } = message;
  let way: Way = { kind: 'none', why: 'No own contact point can carry a message' };
  for (const channel of channels) {
    for (const point of governor.points) {
      if (point.channel !== channel || point.owner !== 'self') continue;
      const verdict = judge({ channel, point, purpose, accountId }, facts, now);
      if (verdict.decision === 'allow') return { kind: 'open', channel, point, rule: verdict.rule };
      if (verdict.decision === 'defer' && (way.kind !== 'later' || verdict.notBefore < way.notBefore))
        way = { kind: 'later', notBefore: verdict.notBefore, why: verdict.why };
      if (verdict.decision === 'deny' && way.kind === 'none') way = { kind: 'none', why: verdict.why };
    }
  }
  return way;
}
