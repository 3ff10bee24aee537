import { html } from 'hono/html';
import type { NumberedMessage, OutboxFilter } from '../../services/outbox/outbox.ts';
import { beginning, facts, instant, pager, path, plain, table } from '../html.ts';
import { type Asked, beforeOf, PAGE_ROWS, type Page } from '../page.ts';

const PREVIEW_LENGTH_MAX = 90;

/** The outbox as those see it who got the messages. */
export function inboxPage(asked: Asked): Page {
  const chosen = { channel: asked.query('channel'), account: asked.query('account'), text: asked.query('text') };
  const channel = chosen.channel === 'sms' || chosen.channel === 'email' ? chosen.channel : undefined;
  const filter: OutboxFilter = {
    ...(channel !== undefined && { channel }),
    ...(chosen.account !== undefined && { accountId: chosen.account }),
    ...(chosen.text !== undefined && { text: chosen.text }),
  };
  const before = beforeOf(asked);
  const { rows, next, cut } = asked.cloud.services.outbox.page(filter, before, PAGE_ROWS);
  return {
    title: 'Inbox',
    main: html`<search><form method="get" action="/console/inbox" class="filter">
<label>Channel <select name="channel"><option value="">all</option>${(['sms', 'email'] as const).map((name) => html`<option value="${name}"${name === channel ? html` selected` : ''}>${channelName(name)}</option>`)}</select></label>
<label>Account <input type="search" name="account" value="${chosen.account ?? ''}" maxlength="200"></label>
<label>Recipient, subject or text contains <input type="search" name="text" value="${chosen.text ?? ''}" maxlength="200"></label>
<button>Find</button></form></search>
${table('Messages, latest first', ['Message', 'Sent', 'Channel', 'To', 'Account', 'Stage', 'Template'], rows.map(cellsOf), cut ? 'None among those looked at.' : 'No message has left.')}
${cut ? html`<p class="note" role="status">The search was cut: so many messages are gone through at once. “Older” goes on from there.</p>` : ''}
${pager('inbox', chosen, next, before === undefined)}`,
  };
}

function channelName(channel: 'sms' | 'email'): string {
  return channel === 'sms' ? 'SMS' : 'e-mail';
}

function cellsOf({ id, at, channel, to, accountId, stage, template, subject, body }: NumberedMessage): unknown[] {
  const line = (subject ?? body).replaceAll(/\s+/g, ' ').trim();
  return [
    html`<a href="${path('message', { id })}">${beginning(line, PREVIEW_LENGTH_MAX) || 'without words'}</a>`,
    instant(Date.parse(at)),
    channelName(channel),
    to,
    accountId ?? '',
    stage ?? '',
    template ?? '',
  ];
}

/** One message as it was read: a text as a bubble, a mail with its words and, apart from everything else, its HTML. */
export function messagePage(asked: Asked): Page | undefined {
  const message = messageOf(asked);
  if (message === undefined) return undefined;
  const { id, at, channel, to, accountId, stage, template, subject, body, html: page } = message;
  return {
    title: subject ?? `${channelName(channel)} to ${to}`,
    main: html`${facts([
      ['Channel', channelName(channel)],
      ['To', to],
      ['Sent', instant(Date.parse(at))],
      accountId === undefined ? undefined : ['Account', html`<a href="${path('inbox', { account: accountId })}">${accountId}</a>`],
      stage === undefined ? undefined : ['Stage', stage],
      template === undefined ? undefined : ['Template', template],
    ])}
${page === undefined ? '' : html`<section><h2>As HTML</h2><iframe class="mail" sandbox title="The mail as HTML" src="/console/message/html?id=${id}"></iframe></section>`}
<section><h2>${channel === 'sms' ? 'Text' : 'As text'}</h2>${channel === 'sms' ? html`<p class="bubble">${body}</p>` : plain(body, 'The mail as text')}</section>`,
  };
}

/** The message that the parameter `id` names. */
export function messageOf(asked: Asked): (NumberedMessage & { readonly html?: string }) | undefined {
  const id = asked.query('id') ?? '';
  return /^\d{1,15}$/.test(id) ? asked.cloud.services.outbox.find(Number(id)) : undefined;
}
