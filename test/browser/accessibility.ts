import type { Page } from 'playwright-core';

/**
 * What a page lacks for people who use a keyboard or a screen reader: names of what can be used, labels, the order of headings,
 * captions and heads of tables, the language, doubled ids, and contrast (WCAG 2.2, 1.4.3: 4.5 to 1). Empty where nothing was found.
 */
export function barriersOf(page: Page): Promise<string[]> {
  return page.evaluate(`(${findBarriers.toString()})()`) as Promise<string[]>;
}

/** Runs in the page. */
function findBarriers(): string[] {
  // The compiler knows nothing of a browser here: what is used of it is named.
  interface Element {
    readonly id: string;
    readonly localName: string;
    readonly textContent: string;
    readonly parentElement: Element | null;
    readonly childNodes: readonly { readonly nodeType: number; readonly textContent: string }[];
    readonly labels?: readonly Element[];
    readonly type?: string;
    getAttribute(name: string): string | null;
    hasAttribute(name: string): boolean;
    querySelector(selector: string): Element | null;
    querySelectorAll(selector: string): Iterable<Element>;
    closest(selector: string): Element | null;
    checkVisibility(): boolean;
  }
  const { document, getComputedStyle } = globalThis as unknown as {
    document: Element & { readonly documentElement: Element };
    getComputedStyle(element: Element): Record<'color' | 'backgroundColor' | 'fill', string>;
  };
  const found: string[] = [];
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  const what = (element: Element) =>
    `<${element.localName}${element.id === '' ? '' : ` id=${element.id}`}> ${element.textContent.trim().slice(0, 40)}`;
  const nameOf = (element: Element) =>
    element.getAttribute('aria-label') ??
    element.getAttribute('title') ??
    ([...(element.labels ?? [])].map((label) => label.textContent).join('') || element.textContent);

  if (!document.documentElement.hasAttribute('lang')) found.push('the page has no language');
  if (all('title').length === 0) found.push('the page has no title');
  if (all('h1').length !== 1) found.push(`the page has ${all('h1').length} headings of the first level`);
  if (all('main').length !== 1) found.push('the page has no main region');
  let level = 0;
  for (const heading of all('h1, h2, h3, h4, h5, h6')) {
    const own = Number(heading.localName.slice(1));
    if (own > level + 1) found.push(`a level is left out before ${what(heading)}`);
    level = own;
  }
  for (const element of all(
    'a[href], button, input:not([type=hidden]), select, iframe, summary, nav, section#clock, [role=region], progress',
  ))
    if (nameOf(element).trim() === '') found.push(`without a name: ${what(element)}`);
  for (const table of all('table')) {
    if (table.querySelector('caption') === null) found.push(`without a caption: ${what(table)}`);
    if (table.querySelector('thead th[scope=col]') === null || table.querySelector('tbody th[scope=row]') === null)
      found.push(`without heads: ${what(table)}`);
  }
  for (const region of all('pre, .scroll'))
    if (region.getAttribute('tabindex') !== '0') found.push(`cannot be scrolled by keyboard: ${what(region)}`);
  const ids = all('[id]').map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) found.push(`the id ${id} stands twice`);

  const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const light = (color: string) => {
    const [r = 0, g = 0, b = 0] = numbers(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element: Element): string => {
    const box = element.localName === 'text' ? element.closest('a')?.querySelector('rect') : undefined;
    if (box !== null && box !== undefined) return getComputedStyle(box).fill;
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((numbers(color)[3] ?? 1) === 1) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const faint = new Set<string>();
  for (const element of all('body *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '') || !element.checkVisibility())
      continue;
    if (element.closest(':disabled, title, script, style, noscript') !== null) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(element.localName === 'text' ? style.fill : style.color), light(groundOf(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.add(`too faint, ${contrast.toFixed(2)} to 1: ${what(element)}`);
  }
  return [...found, ...faint];
}
