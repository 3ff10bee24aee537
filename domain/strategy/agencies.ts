import { actorCode } from '../codes.ts';
import { verdictForOthers } from '../decide/rests.ts';
import type { World } from '../decide/world.ts';
import type { Verdict } from '../gate/types.ts';

/** What an agency may do with an account: what the bank may, while the core says that the account is with it. */

/** Whether whoever asks is an agency; all others are the bank's own. */
export function isAgency(actor: string | undefined): boolean {
  return actor !== undefined && actorCode(actor).startsWith('agency');
}

/** The word on a contact of an agency: a placement stops the bank, not it; a recall stops it. Any other hold stops both. */
export function verdictForAgency(world: World, ...[channel, point, purpose, at]: AskedOfOthers): Verdict {
  const { account } = world;
  if (account.standing?.status === 'recalled')
    return { decision: 'deny', rule: 'STATE.RECALLED', why: 'The core has taken the account back from its agency' };
  const holds = account.holds.filter(({ kind }) => kind !== 'placed');
  return verdictForOthers({ ...world, account: { ...account, holds } }, channel, point, purpose, at);
}

type AskedOfOthers = Parameters<typeof verdictForOthers> extends [World, ...infer Rest] ? Rest : never;
