/**
 * Keeps a page of the console fresh: asks whether anything changed, fetches the page anew where something did, and changes in place
 * only what differs, so that focus, selection, what was unfolded and what was typed stay. Without this script every page works by links
 * and forms.
 */

const PAUSE_MILLISECONDS = 1000;
const PAUSE_WHILE_MOVING_MILLISECONDS = 250;
/** A page that takes long to make is asked for less often: at most this part of the time goes into it. */
const SHARE_MAX = 0.1;

const page = document.documentElement;
const notice = document.querySelector('#notice');
let shown = page.dataset.changes;
let pause = PAUSE_MILLISECONDS;
let timer;

/** Makes `old` look like `fresh`, keeping the nodes that both have. */
function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  morphAttributes(old, fresh);
  const known = new Map([...old.childNodes].map((node) => [keyOf(node), node]).filter(([key]) => key !== ''));
  let at = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const key = keyOf(node);
    const kept = key !== '' ? known.get(key) : at !== null && keyOf(at) === '' ? at : undefined;
    if (kept === undefined) {
      old.insertBefore(node, at);
      continue;
    }
    if (kept === at) at = at.nextSibling;
    else old.insertBefore(kept, at);
    morph(kept, node);
  }
  while (at !== null) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** What tells a node from its siblings: its id; for a row, what it leads to or what is in it. */
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return '';
  if (node.localName !== 'tr' || node.id) return node.id;
  return node.querySelector('th a')?.getAttribute('href') ?? node.querySelector('[id]')?.id ?? '';
}

function morphAttributes(old, fresh) {
  // What was unfolded stays so.
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.localName === 'details')) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value && !(name === 'open' && old.localName === 'details')) old.setAttribute(name, value);
}

async function refresh() {
  const since = performance.now();
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  shown = fresh.documentElement.dataset.changes;
  page.dataset.changes = shown;
  for (const region of ['#clock', '#main']) {
    const [old, next] = [document.querySelector(region), fresh.querySelector(region)];
    const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
    morph(old, document.importNode(next, true));
    // The button that was pressed may have made way for another one: the reader stays where it was.
    if (focused !== undefined && !focused.isConnected) focusIn(region);
  }
  pause = Math.max(PAUSE_MILLISECONDS, (performance.now() - since) / SHARE_MAX);
}

function focusIn(region) {
  const place = document.querySelector(`${region} button:not(:disabled)`) ?? document.querySelector('#main');
  place?.focus({ preventScroll: true });
}

async function look() {
  clearTimeout(timer);
  let wait = pause;
  try {
    if (!document.hidden) {
      const { changes, moving } = await (await fetch('/console/changes')).json();
      if (changes !== shown) await refresh();
      wait = moving === null ? pause : Math.max(PAUSE_WHILE_MOVING_MILLISECONDS, pause / 4);
    }
    if (page.dataset.lost !== undefined) {
      delete page.dataset.lost;
      say('');
    }
  } catch {
    page.dataset.lost = '';
    say('The cloud does not answer: what is shown may be old.');
  }
  timer = setTimeout(look, wait);
}

function say(text) {
  notice.textContent = text;
  notice.hidden = text === '';
}

/** Forms that write are sent without leaving the page. */
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.live === undefined) return;
  event.preventDefault();
  void send(form, new URLSearchParams(new FormData(form, event.submitter)));
});

async function send(form, body) {
  const remembered = document.activeElement?.id;
  for (const button of form.querySelectorAll('button')) button.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } });
    const { problem } = await response.json();
    say(problem ?? '');
    if (problem === undefined) form.reset();
  } catch {
    say('The cloud does not answer.');
  }
  await look();
  for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-busy');
  if (remembered) document.getElementById(remembered)?.focus({ preventScroll: true });
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void look();
});
timer = setTimeout(look, pause);

// A graph that is wider than the window begins where the execution stands.
const chosen = document.querySelector('.graph a[aria-current]');
const box = chosen?.closest('.graph-box');
if (box) box.scrollLeft += chosen.getBoundingClientRect().left - box.getBoundingClientRect().left - box.clientWidth / 3;
