import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../local/server/serve.ts';
import { consoleApp, HOSTILE, orderEvent, PAGES, START } from '../local/console/console-app.ts';
import { countShelves, mapRunOf, mapRunPage, startOn } from '../local/console/console-machines.ts';
import { barriersOf } from './accessibility.ts';
import { launchChromium, openPage, type Watched } from './chromium.ts';

let browser: Browser;
let assembly: string;
let server: RunningServer;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  assembly = consoleApp();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  server = await startServer({ port: 0, assembly, start: START, seed: 3 });
  await put({ order: 'o-stolen', card: 'stolen' });
  await put({ order: 'o-waits', parcels: ['a', 'b'], note: HOSTILE });
  await put({ note: 'without a number' });
  await server.cloud.advance('PT10M');
  watched = await openPage(browser, server.url);
  page = watched.page;
});
afterEach(async () => {
  const faults = [...watched.faults];
  await watched.close();
  await server.close();
  // Whatever a test does, the browser finds no fault with the pages, and nothing hostile ever ran.
  expect(faults).toEqual([]);
});

function put(detail: Record<string, unknown>) {
  return server.cloud.call('events', 'PutEvents', { Entries: [orderEvent(detail)] });
}

/** The names in the first column. */
function firstColumn(): Promise<string[]> {
  return page.locator('main tbody th').allInnerTexts();
}

async function executionPage(name: string): Promise<void> {
  await page.goto('/console/executions');
  await page.locator('main').getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

describe('the list of executions', () => {
  it('is found from the overview, by machine and status', async () => {
    await page.goto('/');
    await page
      .getByRole('table', { name: /State machines/ })
      .getByRole('row', { name: /shop-order/ })
      .getByRole('link', { name: '1' })
      .first()
      .click();
    await page.waitForURL(/status=RUNNING/);
    expect(await firstColumn()).toEqual(['o-waits']);
  });

  it('is filtered by a form', async () => {
    await page.goto('/console/executions');
    expect(await firstColumn()).toEqual(['o-waits', 'o-stolen']);
    await page.getByLabel('Status').selectOption('failed');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForURL(/status=FAILED/);
    expect(await firstColumn()).toEqual(['o-stolen']);
    await page.goto('/console/executions');
    await page.getByLabel('Name or input contains').fill('parcels');
    await page.keyboard.press('Enter');
    await page.waitForURL(/text=parcels/);
    expect(await firstColumn()).toEqual(['o-waits']);
  });
});

describe('an execution', () => {
  it('has its graph, each state with its status as a name and as a colour', async () => {
    await executionPage('o-stolen');
    const fill = (name: RegExp) =>
      page
        .getByRole('link', { name })
        .first()
        .evaluate((link: { querySelector(selector: string): unknown }) => {
          const { getComputedStyle } = globalThis as unknown as { getComputedStyle(element: unknown): { fill: string } };
          return getComputedStyle(link.querySelector('rect')).fill;
        });
    const fills = await Promise.all(
      [
        /^Choose how to go on, Choice, done/,
        /^Refuse the order, Fail, failed/,
        /^Charge the card, Task, failed, caught/,
        /^Wait for the lorry, Wait, not entered/,
      ].map(fill),
    );
    expect(new Set(fills).size).toBe(4);
    await executionPage('o-waits');
    expect(await page.getByRole('link', { name: /^Wait for the lorry, Wait, waiting/ }).count()).toBe(1);
    expect(await page.getByRole('link', { name: /^Pack a parcel, Pass, done, entered 2 times/ }).count()).toBe(1);
  });

  it('shows the input and output of the state that was chosen, and the history', async () => {
    await executionPage('o-stolen');
    await page
      .getByRole('link', { name: /^Charge the card/ })
      .first()
      .click();
    await page.waitForURL(/state=Charge/);
    const detail = page.locator('#state');
    expect(await detail.getByRole('heading', { level: 2 }).innerText()).toBe('State: Charge the card');
    expect(await detail.innerText()).toContain('CardStolen');
    expect(await page.getByRole('region', { name: 'Input of the execution' }).innerText()).toContain('"card": "stolen"');
    const history = page.locator('#history');
    expect(await history.getByRole('row', { name: /ExecutionStarted/ }).count()).toBe(1);
    await history
      .getByRole('row', { name: /ExecutionFailed/ })
      .locator('summary')
      .click();
    expect(
      await history
        .getByRole('row', { name: /ExecutionFailed/ })
        .locator('pre')
        .innerText(),
    ).toContain('OrderRefused');
  });

  it('is stopped by its button, without leaving the page', async () => {
    await executionPage('o-waits');
    const url = page.url();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Redrive from where it failed' }).waitFor();
    expect(await page.locator('.facts').first().innerText()).toContain('aborted');
    expect(page.url()).toBe(url);
  });
});

describe('a Map Run', () => {
  it('is reached from its machine and its execution, shows what failed first, and goes on when it is redriven', async () => {
    // Prepare
    await countShelves(server.cloud, 'strict', 0, [7]);

    // Act: from the overview to the run.
    await page.goto('/');
    await page.getByRole('link', { name: 'shop-count', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'shop-count' }).waitFor();
    await page.getByRole('region', { name: 'Executions by status' }).getByRole('link', { name: 'all' }).click();
    await page.getByRole('link', { name: 'strict', exact: true }).click();
    await page.getByRole('link', { name: /^Count the shelves, Map, failed, 40 of 120 ended, 1 failed$/ }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/state=Count/);
    await page.locator('#state').getByRole('link', { name: 'Map Run' }).click();
    await page.getByRole('heading', { level: 1, name: 'Map Run of Count the shelves' }).waitFor();

    // Assess: the failure stands first, leads to its execution, and that leads back.
    const failures = page.locator('#failures').getByRole('row', { name: /ShelfBroken/ });
    expect(await failures.count()).toBe(1);
    await failures.getByRole('link').click();
    await page.getByRole('link', { name: /^Tell of the shelf, Fail, failed$/ }).waitFor();
    await page.getByRole('link', { name: 'Count the shelves', exact: true }).click();

    // Act
    await page.getByRole('button', { name: 'Redrive from what did not succeed' }).click();

    // Assess: without leaving the page, and the list by status is a page of its own.
    await page.locator('.facts').first().getByText('Redriven').waitFor();
    expect(await page.title()).not.toBe('owned');
    await page.goto(
      mapRunPage(await mapRunOf(server.cloud, 'arn:aws:states:us-east-1:000000000000:execution:shop-count:strict'), '&status=SUCCEEDED'),
    );
    expect(await page.locator('nav[aria-label="Executions by status"] [aria-current]').innerText()).toContain('succeeded');
  });
});

describe('the inbox and the dead letters', () => {
  it('shows texts and mails as they were read, and runs nothing of them', async () => {
    await server.cloud.advance('P1D');
    await page.goto('/console/inbox');
    expect(await firstColumn()).toHaveLength(2);
    await page.getByRole('link', { name: /^包裹 o-waits/ }).click();
    await page.waitForURL(/message\?id/);
    const mail = page.frameLocator('iframe');
    expect(await mail.getByRole('heading').innerText()).toBe('Dear 王小明');
    // The frame's own refusal to run the mail's script is what the browser reports here.
    watched.faults.splice(
      0,
      watched.faults.length,
      ...watched.faults.filter((fault) => !/Blocked script execution|script-src|img-src/.test(fault)),
    );
    expect(await page.title()).toContain('包裹');
    await page.goto('/console/inbox?channel=sms');
    await page.getByRole('link', { name: /^Your parcel/ }).click();
    await page.waitForURL(/message\?id/);
    expect(await page.locator('.bubble').innerText()).toContain(HOSTILE);
    expect(await page.title()).not.toBe('owned');
  });

  it('shows a dead letter and moves it back', async () => {
    await page.goto('/console/queues');
    await page.getByRole('link', { name: 'shop-dead' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'shop-dead' }).waitFor();
    expect(await page.getByRole('region', { name: 'Body of the message' }).innerText()).toContain('without a number');
    await page.getByRole('button', { name: 'Move back to shop-inbox' }).click();
    await page.getByText('No message lies here.').waitFor();
  });
});

describe('the clock', () => {
  const now = () => page.locator('#now').innerText();

  it('moves by its buttons, and the page with it, without reloading', async () => {
    await page.goto('/console/inbox');
    await page.evaluate('globalThis.kept = true');
    expect(await now()).toBe('2026-03-02 01:10:00');
    await page.getByRole('button', { name: '+1 hour' }).click();
    await page.getByText('2026-03-02 02:10:00').waitFor();
    await page.getByRole('button', { name: 'Next event' }).click();
    await page.locator('#now', { hasText: '2026-03-03 01:00:00' }).waitFor();
    await page.getByRole('link', { name: /^包裹 o-waits/ }).waitFor();
    await page.getByRole('button', { name: '+1 day' }).click();
    await page.locator('#now', { hasText: '2026-03-04 01:00:00' }).waitFor();
    await page.getByRole('button', { name: 'Run until quiet' }).click();
    await page.getByLabel('Move by or to').fill('2026-03-05T00:00:00Z');
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.locator('#now', { hasText: '2026-03-05 00:00:00' }).waitFor();
    expect(await page.evaluate('globalThis.kept')).toBe(true);
  });

  it('says what is wrong with a wish', async () => {
    watched.faults.length = 0;
    await page.goto('/');
    await page.getByLabel('Move by or to').fill('tomorrow');
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByRole('alert').getByText('tomorrow').waitFor();
    expect(await page.getByLabel('Move by or to').inputValue()).toBe('tomorrow');
    // The browser tells of every answer of 400.
    expect(watched.faults.splice(0)).toHaveLength(1);
  });

  it('works without scripts', async () => {
    const plain = await openPage(browser, server.url, { javaScriptEnabled: false });
    await plain.page.goto('/console/executions?status=RUNNING');
    await plain.page.getByRole('button', { name: '+1 day' }).click();
    await plain.page.waitForURL(/status=RUNNING/);
    await plain.page.locator('#now', { hasText: '2026-03-03 01:10:00' }).waitFor();
    await plain.page.locator('#move-P1D').waitFor();
    expect(await plain.page.getByText('No execution fits.').count()).toBe(1);
    await plain.close();
  });
});

describe('what changes', () => {
  it('comes by itself; focus, what was typed, unfolded and scrolled to stay', async () => {
    // Prepare
    await page.goto('/console/events');
    await page.evaluate('globalThis.kept = true');
    await page.getByLabel('Source is').fill('sho');
    const first = page.locator('main details').last();
    await first.locator('summary').click();
    await page.getByLabel('Source is').focus();

    // Act: somebody else puts an event.
    await put({ order: 'o-new' });
    await page.getByText('order: o-new').waitFor();

    // Assess
    expect(await page.getByLabel('Source is').inputValue()).toBe('sho');
    expect(await page.evaluate('document.activeElement.name')).toBe('source');
    expect(await page.locator('main details[open]').count()).toBe(1);
    expect(await page.locator('main details[open]').innerText()).toContain('o-stolen');
    expect(await page.evaluate('globalThis.kept')).toBe(true);
  });

  it('leaves the page as it is where nothing changed', async () => {
    await page.goto('/');
    let loads = 0;
    page.on('request', (request) => {
      if (request.url() === `${server.url}/`) loads += 1;
    });
    const asked = () => page.waitForResponse(/\/console\/changes$/);
    await asked();
    await asked();
    await asked();
    expect(loads).toBe(0);
  });
});

/** Names, and what is due next, that are not to be seen to their ends. */
const CUT_OFF = `[...document.querySelectorAll('tbody th, #clock .next')].filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => 'cut off: ' + element.textContent)`;

const PATHS = [...PAGES, '/console/executions?status=ABORTED'];

describe.each(['light', 'dark'] as const)('for everybody, %s', (colorScheme) => {
  it('pages have names, labels, headings, captions and contrast, and fit a narrow window', async () => {
    await server.cloud.advance('P1D');
    const { executions } = await server.cloud.call<{ executions: { executionArn: string }[] }>('states', 'ListExecutions', {
      stateMachineArn: server.cloud.outputs().MachineArn,
    });
    const counts = await countShelves(server.cloud, 'tolerant', 20, [41, 70]);
    const quick = await startOn(server.cloud, 'shop-quick', 'q-bad', { bad: true });
    await startOn(server.cloud, 'shop-pack:live', 'p-live');
    await startOn(server.cloud, 'shop-idle', 'as-long-as-a-name-may-be-'.padEnd(80, 'x'));
    const arns = [...executions.map(({ executionArn }) => executionArn), counts, quick].map(
      (arn) => `/console/execution?arn=${encodeURIComponent(arn)}`,
    );
    arns.push(mapRunPage(await mapRunOf(server.cloud, counts)));
    const own = await openPage(browser, server.url, { colorScheme, viewport: { width: 390, height: 844 } });
    const barriers: Record<string, string[]> = {};
    for (const path of [...PATHS, ...arns]) {
      await own.page.goto(path);
      const wide = (await own.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
      const cut = (await own.page.evaluate(CUT_OFF)) as string[];
      const found = [...(await barriersOf(own.page)), ...(wide > 0 ? [`wider than the window by ${wide}`] : []), ...cut];
      if (found.length > 0) barriers[path] = found;
    }
    const dark = (await own.page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
    await own.close();
    expect(barriers).toEqual({});
    expect(dark).toBe(colorScheme === 'dark' ? 'rgb(21, 23, 26)' : 'rgb(255, 255, 255)');
  });
});

describe('by keyboard alone', () => {
  const focused = () =>
    page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText') as Promise<string>;

  it('the content is reached at once, each link is seen when it is reached, and the clock moves', async () => {
    await executionPage('o-waits');
    await page.evaluate('scrollTo(0, 0); document.activeElement.blur()');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to content');
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().top >= 0')).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('shop-order');
    const seen: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab');
      seen.push(await focused());
      const visible = await page.evaluate(`(() => {
        const at = document.activeElement;
        const style = getComputedStyle((at.localName === 'a' && at.querySelector('rect')) || at);
        return style.outlineStyle !== 'none' || style.strokeWidth === '3px';
      })()`);
      expect([seen.at(-1), visible]).toEqual([seen.at(-1), true]);
    }
    expect(seen.filter((name) => /, (Task|Pass|Map|Wait|Choice|Fail|Parallel), /.test(name)).length).toBeGreaterThan(5);
    await page
      .getByRole('link', { name: /^Tell the customer/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: 'State: Tell the customer' }).waitFor();
    await page.locator('#move-P1D').focus();
    await page.keyboard.press('Enter');
    await page.getByText('succeeded').first().waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('move-P1D');
  });

  it.each([1280, 800])('nothing that has the focus, or is led to, lies behind the header, %d wide', async (width) => {
    await page.setViewportSize({ width, height: 600 });
    await executionPage('o-stolen');
    const header = () => page.evaluate(`document.querySelector('header').getBoundingClientRect().bottom`) as Promise<number>;
    const isBehind = () =>
      page.evaluate(`(() => {
        const [at, header] = [document.activeElement, document.querySelector('header').getBoundingClientRect().bottom];
        const { top, height } = at.getBoundingClientRect();
        return at.closest('main') !== null && height < innerHeight - header && top < header;
      })()`) as Promise<boolean>;

    // Act: upwards from the end, as far as it goes in 40 steps; then to the state by its link.
    await page.locator('main summary').last().focus();
    const behind: string[] = [];
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Shift+Tab');
      if (await isBehind()) behind.push(await focused());
    }
    await page.getByRole('link', { name: 'OrderRefused' }).click();
    await page.waitForURL(/#state$/);

    // Assess
    expect(behind).toEqual([]);
    expect(await page.evaluate(`document.querySelector('#state').getBoundingClientRect().top`)).toBeGreaterThanOrEqual(await header());
  });
});
