import { MESSAGE_CHANNELS, type MessageChannel, TRACKS } from '../domain/model.ts';
import { escapeHtml as esc } from '../domain/words/email.ts';
import type { Finding } from '../domain/words/lint/finding.ts';
import { type Rendered, renderTemplate } from '../domain/words/render.ts';
import { variantsOf } from '../domain/words/samples.ts';
import type { Script } from '../domain/words/scripts/script.ts';
import { segmentsOf } from '../domain/words/sms.ts';
import { LOCALES, type Locale, type Template } from '../domain/words/template.ts';
import { scriptSection } from './scripts-page.ts';

/** The page of all messages: everything that can come of the templates, beside what the lint says of it. */

const CHANNEL_NAMES: Readonly<Record<MessageChannel, string>> = {
  sms: 'SMS',
  im: 'Instant message',
  'in-app': 'In-app message',
  push: 'Push notification',
  email: 'E-mail',
  post: 'Letter',
};
const LOCALE_NAMES: Readonly<Record<Locale, string>> = { 'zh-CN': '简体中文 zh-CN', 'zh-TW': '繁體中文 zh-TW', en: 'English en' };

/** One message and for whom it is the same. */
interface Message {
  readonly labels: readonly string[];
  readonly rendered: Rendered;
}

/** Every different message of a template in one language on one channel: the usual one of each track, then the other turns it can take. */
function messagesOf(template: Template, locale: Locale, channel: MessageChannel): readonly Message[] {
  const found = new Map<string, { labels: string[]; rendered: Rendered }>();
  const add = (label: string, rendered: Rendered): void => {
    const key = JSON.stringify(rendered);
    const same = found.get(key);
    if (same === undefined) found.set(key, { labels: [label], rendered });
    else same.labels.push(label);
  };
  const [usual, ...others] = variantsOf(template, locale);
  if (usual !== undefined) for (const track of TRACKS) add(track, renderTemplate(template, channel, locale, usual.slots, track));
  for (const { name, slots } of others) add(name, renderTemplate(template, channel, locale, slots, 'standard'));
  return [...found.values()].map(({ labels, rendered }) => ({ rendered, labels: inShort(labels) }));
}

function inShort(labels: readonly string[]): readonly string[] {
  const tracks: readonly string[] = TRACKS;
  return tracks.every((track) => labels.includes(track)) ? ['all tracks', ...labels.filter((label) => !tracks.includes(label))] : labels;
}

/** What people say, beside what is written. */
interface Spoken {
  readonly scripts: readonly Script[];
  readonly findings: readonly Finding[];
}

/** @param written findings of the lint, of all templates. */
export function templatesPage(templates: readonly Template[], written: readonly Finding[], spoken: Spoken): string {
  const findings = [...written, ...spoken.findings];
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const sections = templates.map((template) =>
    section(
      template,
      written.filter((finding) => finding.template === template.id),
    ),
  );
  const said = spoken.scripts.map((script) =>
    scriptSection(
      script,
      spoken.findings.filter((finding) => finding.template === script.id),
      findingsList,
    ),
  );
  const summary = `${templates.length} templates, ${plural(spoken.scripts.length, 'script')}, ${LOCALES.length} languages, ${TRACKS.length} tracks; ${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>Messages to customers</title><style>${STYLE}</style></head><body>`,
    `<header><h1>Messages to customers</h1><p class="${errors > 0 ? 'bad' : 'good'}" id="summary">${summary}</p>${filters([...templates.map(({ id }) => id), ...spoken.scripts.map(({ id }) => `script-${id}`)])}</header>`,
    `<nav aria-label="Templates"><ul>${templates.map((template) => navItem(template.id, template.id, written)).join('')}${spoken.scripts.map(({ id }) => navItem(`script-${id}`, id, spoken.findings)).join('')}</ul></nav>`,
    `<main>${sections.join('')}${said.join('')}</main><script>${SCRIPT}</script></body></html>`,
  ].join('\n');
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function select(name: string, label: string, options: readonly (readonly [value: string, text: string])[]): string {
  const all = options.map(([value, text]) => `<option value="${esc(value)}">${esc(text)}</option>`).join('');
  return `<label>${label} <select id="${name}"><option value="">all</option>${all}</select></label>`;
}

function filters(ids: readonly string[]): string {
  return [
    '<form id="filters">',
    select(
      'template',
      'Template',
      ids.map((id) => [id, id]),
    ),
    select(
      'locale',
      'Language',
      LOCALES.map((locale) => [locale, LOCALE_NAMES[locale]]),
    ),
    select(
      'channel',
      'Channel',
      MESSAGE_CHANNELS.map((channel) => [channel, CHANNEL_NAMES[channel]]),
    ),
    '<label><input type="checkbox" id="phone"> e-mails as on a phone</label></form>',
  ].join('');
}

function navItem(id: string, of: string, findings: readonly Finding[]): string {
  const own = findings.filter((finding) => finding.template === of).length;
  return `<li><a href="#${esc(id)}">${esc(id)}</a>${own === 0 ? '' : ` <b class="bad">${own}</b>`}</li>`;
}

function section(template: Template, findings: readonly Finding[]): string {
  const { id, version, purpose, stages, channels, slots, optional, parts, segments } = template;
  const facts = [
    ['purpose', purpose],
    ['stages', stages.length === 0 ? 'none: there is no case' : stages.join(', ')],
    ['channels', channels.join(', ')],
    ['must say', `short: ${parts.short.join(', ')}; long: ${parts.long.join(', ')}`],
    ['slots', [...slots, ...optional.map((name) => `${name}?`)].join(', ')],
    ['SMS budget', `${segments.typical} segments with usual values, ${segments.long} with long ones`],
  ].map(([name = '', value = '']) => `<dt>${name}</dt><dd>${esc(value)}</dd>`);
  // A template that the lint could not say has nothing to show but its findings.
  const shown = findings.some(({ severity, channel }) => severity === 'error' && channel === undefined) ? [] : LOCALES;
  return [
    `<section class="template" id="${esc(id)}" data-template="${esc(id)}">`,
    `<h2><a href="#${esc(id)}">${esc(id)}</a> <small>version ${esc(version)}</small></h2>`,
    `<details><summary>What it is for, and what it must say</summary><dl>${facts.join('')}</dl></details>`,
    findingsList(findings.filter(({ channel }) => channel === undefined)),
    ...shown.map((locale) =>
      language(
        template,
        locale,
        findings.filter((finding) => finding.locale === locale),
      ),
    ),
    '</section>',
  ].join('');
}

function findingsList(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const lines = findings.map(
    ({ locale, rule, severity, sentence }) =>
      `<li class="${severity}"><b>${severity}</b> ${esc(locale)} <code>${esc(rule)}</code> ${esc(sentence)}</li>`,
  );
  return `<ul class="findings">${lines.join('')}</ul>`;
}

function language(template: Template, locale: Locale, findings: readonly Finding[]): string {
  const id = `${template.id}-${locale}`;
  const channels = MESSAGE_CHANNELS.filter((channel) => template.channels.includes(channel)).map((channel) => {
    const cards = messagesOf(template, locale, channel).map((message) => card(channel, locale, message));
    return [
      `<div class="channel" data-channel="${channel}"><h4>${CHANNEL_NAMES[channel]}</h4>`,
      findingsList(findings.filter((finding) => finding.channel === channel)),
      `<div class="cards ${channel}">${cards.join('')}</div></div>`,
    ].join('');
  });
  return `<div class="locale" id="${id}" data-locale="${locale}"><h3><a href="#${id}">${LOCALE_NAMES[locale]}</a></h3>${channels.join('')}</div>`;
}

function card(channel: MessageChannel, locale: Locale, { labels, rendered }: Message): string {
  const { subject, title, body, html, detail } = rendered;
  const segments = channel === 'sms' ? segmentsOf(body) : undefined;
  const text = (kind: string, value: string) => `<p class="${kind}" lang="${locale}">${esc(value)}</p>`;
  return [
    `<article><h5>${labels.map((label) => `<span>${esc(label)}</span>`).join(' ')}`,
    segments === undefined ? '' : ` <em>${plural(segments.count, 'segment')}, ${segments.encoding}, ${body.length} characters</em>`,
    '</h5>',
    subject === undefined ? '' : text('subject', subject),
    title === undefined ? '' : text('subject', title),
    html === undefined ? text('message', body) : email(html, body, `${subject}`),
    detail === undefined ? '' : `<details><summary>Once opened</summary>${text('message', detail)}</details>`,
    '</article>',
  ].join('');
}

/** The frame may not run scripts; the page's own may measure it. */
function email(html: string, body: string, subject: string): string {
  return (
    `<iframe title="${esc(subject)}" sandbox="allow-same-origin" loading="lazy" srcdoc="${esc(html)}"></iframe>` +
    `<details><summary>Text part</summary><p class="message">${esc(body)}</p></details>`
  );
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b2330;--soft:#5b6472;--page:#f5f6f8;--card:#fff;--line:#dfe3e9;--bubble:#e9eef7;--link:#1f5fbf;--bad:#b3261e;--good:#1d7a3c}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#a9b1bd;--page:#15171b;--card:#1f2227;--line:#363b44;--bubble:#2a313d;--link:#8ab8ff;--bad:#ff8a80;--good:#7bd89a}}
*{box-sizing:border-box}
html{scroll-padding-top:7.5rem}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;display:grid;grid-template-columns:15rem minmax(0,1fr)}
header{grid-column:1/-1;position:sticky;top:0;z-index:1;background:var(--card);border-bottom:1px solid var(--line);padding:.75rem 1.5rem}
h1{font-size:1.25rem;margin:0;display:inline-block}
#summary{display:inline-block;margin:0 0 0 1rem}
.bad,.error b{color:var(--bad)}.good{color:var(--good)}
form{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;margin-top:.5rem;color:var(--soft)}
select{font:inherit;padding:.15rem .3rem;max-width:14rem}
nav{position:sticky;top:5.75rem;align-self:start;max-height:calc(100vh - 6rem);overflow:auto;padding:1.25rem 0 1.25rem 1.5rem}
nav ul{list-style:none;margin:0;padding:0}nav li{margin:.15rem 0}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
main{padding:1rem 1.5rem 4rem;min-width:0}
h2{font-size:1.35rem;margin:1.5rem 0 .25rem}h2 a,h3 a{color:inherit}h2 small{font-size:.8rem;font-weight:400;color:var(--soft)}
h3{font-size:1.1rem;margin:1.5rem 0 .25rem;padding-top:.5rem;border-top:1px solid var(--line)}
h4{font-size:.95rem;margin:1rem 0 .4rem;color:var(--soft)}
h5{font-size:.8rem;font-weight:400;margin:0 0 .5rem;color:var(--soft)}
h5 span{display:inline-block;border:1px solid var(--line);border-radius:9px;padding:0 .5rem;margin:0 0 .2rem}
h5 em{font-style:normal;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--soft)}dd{margin:0}
summary{cursor:pointer;color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr));gap:.75rem;align-items:start}
.cards.email,.cards.post{grid-template-columns:repeat(auto-fill,minmax(min(34rem,100%),1fr))}
article{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem;min-width:0}
.message{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
.sms .message,.im .message,.in-app .message,.push .message{background:var(--bubble);border-radius:10px;padding:.6rem .75rem}
.subject{font-weight:600;margin:0 0 .4rem}
iframe{display:block;width:100%;height:60rem;border:1px solid var(--line);border-radius:6px;background:transparent}
body.phone iframe{width:375px;max-width:100%}
.findings{list-style:none;padding:.5rem .75rem;margin:.5rem 0;border:1px solid var(--bad);border-radius:8px}
article details{margin-top:.5rem}
[hidden]{display:none}
@media(max-width:800px){body{display:block}nav{position:static;max-height:none;padding:1rem 1.5rem 0}nav ul{columns:2}header{position:static}html{scroll-padding-top:0}}`;

/** Filters by what is chosen, and makes each e-mail's frame as high as the e-mail. */
const SCRIPT = `
const pick=(id)=>document.getElementById(id);
const fit=(frame)=>{const page=frame.contentDocument;if(page&&page.body)frame.style.height=Math.ceil(page.body.getBoundingClientRect().height)+2+'px'};
const frames=[...document.querySelectorAll('iframe')];
for(const frame of frames){frame.addEventListener('load',()=>fit(frame));fit(frame)}
const show=()=>{
  for(const key of ['template','locale','channel']){
    const value=pick(key).value;
    for(const part of document.querySelectorAll('.'+key))part.hidden=value!==''&&part.dataset[key]!==value;
  }
  document.body.classList.toggle('phone',pick('phone').checked);
  requestAnimationFrame(()=>frames.forEach(fit));
};
pick('filters').addEventListener('input',show);
pick('filters').addEventListener('submit',(event)=>event.preventDefault());
window.addEventListener('resize',()=>frames.forEach(fit));
show();`;
