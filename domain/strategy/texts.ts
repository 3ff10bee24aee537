import { addDays } from '../calendar.ts';
import { isUndelivered } from '../contact-points/delivery.ts';
import type { ContactPoint } from '../customer.ts';
import type { World } from '../decide/world.ts';
import { overdueMinor } from '../ledger.ts';
import type { Channel, LocalDate } from '../model.ts';
import { textAt } from '../reducer/contacts.ts';
import { collectableWith } from './accounts.ts';

/** No text is said twice: which one a stage's next message may still be. */

/**
 * What a text says on a channel, as one word: the same template, amount and, where it names them, the same days past due. Two
 * messages of a case with the same words have the same text of this kind.
 */
export function textOf(world: World, template: string, channel: Channel): string {
  const { datedTexts, textDays } = world.setting.ladder;
  const days = datedTexts.includes(template) ? `-${Math.floor(world.daysPastDue / textDays)}` : '';
  // Of several accounts each amount is part of what is said; one that is not spoken for makes no text a new one.
  const others = collectableWith(world)
    .map(overdueMinor)
    .sort((one, other) => one - other);
  return `${template} ${channel} ${[overdueMinor(world.account), ...others].join('+')}${days}`;
}

/** The contact points that heard a text, as far as is known, and those at which it did not arrive. */
function told({ current }: World, beginning: string): { readonly heard: readonly string[]; readonly missed: readonly string[] } {
  const rows = (current.textsSent ?? []).filter((row) => row.startsWith(`${beginning} `));
  const cameBack = (row: string) => {
    const contact = current.contacts.findLast((sent) => sent.text !== undefined && textAt(sent.text, sent.contactPointId) === row);
    return contact !== undefined && isUndelivered(contact);
  };
  return { heard: rows.filter((row) => !cameBack(row)), missed: rows.filter(cameBack) };
}

/** Whether it was said on this channel: to this contact point, or to another one of the same customer that it reached. */
function wasSaid(world: World, text: string, point: ContactPoint): boolean {
  const { heard, missed } = told(world, text);
  return heard.length > 0 || missed.includes(textAt(text, point.id));
}

/** What the next message of the stage may say, in turn: first of all who we are and what is asked for, until that has arrived. */
export function textsInTurn(world: World): readonly string[] {
  const { current, setting } = world;
  const { texts, firstText, textsAfterCalls } = setting.ladder;
  const last = current.contacts.findLast((contact) => contact.text !== undefined);
  // What was said of the calls and did not arrive is still to be said.
  const rang = current.callsSinceMessage > 0 || (last !== undefined && isUndelivered(last) && textsAfterCalls.includes(last.template));
  const own = texts[current.stage].filter((template) => rang || !textsAfterCalls.includes(template));
  const { heard, missed } = told(world, firstText);
  const begun = heard.length > 0 || (missed.length === 0 && Object.values(current.sentByStage).some((count) => count > 0));
  return begun ? own : [firstText, ...own];
}

/** The next text in turn that was not said on this channel; undefined when all were. */
export function nextText(world: World, templates: readonly string[], channel: Channel, point: ContactPoint): string | undefined {
  const { firstText } = world.setting.ladder;
  const last = world.current.contacts.findLast((contact) => contact.text !== undefined)?.template;
  const rank = (template: string) => (template === firstText ? 0 : template === last ? 2 : 1);
  const inTurn = [...templates].sort((one, other) => rank(one) - rank(other));
  return inTurn.find((template) => !wasSaid(world, textOf(world, template, channel), point));
}

/** The local date on which a text that names the days past due says something new; whatever happens before that changes an amount. */
export function newTextOn(world: World): LocalDate {
  const { textDays } = world.setting.ladder;
  return addDays(world.today, textDays - (world.daysPastDue % textDays));
}

/** Of several texts the first that will say something new as days go by. */
export function datedText(world: World, templates: readonly string[]): string | undefined {
  return templates.find((template) => world.setting.ladder.datedTexts.includes(template));
}
