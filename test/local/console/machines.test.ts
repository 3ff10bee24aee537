import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { consoleApp, startShop, type Visitor, visitorOf } from './console-app.ts';
import { countShelves, executionPage, mapRunOf, mapRunPage, startOn } from './console-machines.ts';

let cloud: Cloud;
let visitor: Visitor;
beforeAll(async () => {
  cloud = await startShop(consoleApp());
  visitor = visitorOf(cloud);
});
afterAll(() => cloud.close());

const textOf = async (path: string): Promise<string> => {
  const { status, text } = await visitor.get(path);
  expect([path, status]).toEqual([path, 200]);
  expect(text).not.toMatch(/undefined|\[object |<script>document/);
  return text;
};
const section = (text: string, id: string): string => text.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? '';
const rowsOf = (text: string): string[][] =>
  (text.split('<tbody>')[1]?.split('</tbody>')[0] ?? '')
    .split('</tr>')
    .slice(0, -1)
    .map((row) => row.split(/<\/t[hd]>/).slice(0, -1))
    .map((cells) => cells.map((cell) => cell.replace(/<[^>]*>/g, '').trim()));
const hrefs = (text: string): string[] => [...text.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));

describe('a Map Run', () => {
  let parent: string;
  let run: string;
  beforeAll(async () => {
    parent = await countShelves(cloud, 'tolerant', 20, [41, 70, 71]);
    run = await mapRunOf(cloud, parent);
  });

  it('is led to by its execution, whose graph says how far it is', async () => {
    const text = await textOf(executionPage(parent));
    expect(text).toMatch(/aria-label="Count the shelves, Map, running, 119 of 120 ended, 3 failed"/);
    expect(hrefs(section(text, 'map-runs'))[0]).toBe(mapRunPage(run));
    expect(text).toMatch(/Waits for the executions of its Map Run since/);
    expect(text).toMatch(/aria-label="Fetch a ladder, Wait, in executions of its own"/);
    expect(section(text, 'state')).toContain(`Its <a href="${mapRunPage(run)}">Map Run</a>: 119 of 120 ended, 3 failed.`);
  });

  it('counts executions by status, each count a link, and says what it tolerates, reads and writes', async () => {
    const text = await textOf(mapRunPage(run));
    expect(rowsOf(text)[0]).toEqual(['Executions', '120', '0', '1', '116', '3', '0', '0', '0', '0']);
    expect(hrefs(text)).toContain(mapRunPage(run, '&status=FAILED#executions'));
    expect(text).toMatch(/<dt>Tolerates<\/dt><dd>20 % of the items failed/);
    expect(text).toMatch(/<dt>At once<\/dt><dd>40</);
    expect(text).toContain('shop-stock');
    expect(text).toMatch(/<code>counted\/[\w-]+\/manifest\.json<\/code>/);
    expect(text).toContain('They are written when all executions have ended.');
    expect(text).not.toContain('Redrive from');
  });

  it('shows what failed first, with its error, then everything in pages, or those of a status', async () => {
    const text = await textOf(mapRunPage(run));
    expect(text.indexOf('id="failures"')).toBeLessThan(text.indexOf('id="executions"'));
    const failed = rowsOf(section(text, 'failures'));
    expect(failed.map((cells) => cells[3])).toEqual(['41', '70', '71']);
    expect(failed[0]?.[2]).toContain('ShelfBroken');

    const numbers: (string | undefined)[] = [];
    const sizes: number[] = [];
    for (let at: string | undefined = mapRunPage(run); at !== undefined; ) {
      const list = section(await textOf(at), 'executions');
      const rows = rowsOf(list);
      sizes.push(rows.length);
      numbers.push(...rows.map((cells) => cells.find((cell) => /^\d+$/.test(cell))));
      at = hrefs(list.split('class="pager"')[1] ?? '').find((href) => href.includes('after='));
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(numbers).toEqual(Array.from({ length: 120 }, (_, index) => `${index + 1}`));
    expect(rowsOf(section(await textOf(mapRunPage(run, '&status=RUNNING')), 'executions')).map((cells) => cells[2])).toEqual(['120']);
  });

  it.each(['after=x', 'after=-5', 'after=99999999999999999999', 'status=NONE'])('takes ?%s without harm', async (query) => {
    expect((await visitor.get(mapRunPage(run, `&${query}`))).status).toBe(200);
  });

  it('is led back to by its executions, which show their own part of the machine', async () => {
    const [failed = ''] = hrefs(section(await textOf(mapRunPage(run)), 'failures'));
    const text = await textOf(failed);
    expect(text.replaceAll('&amp;', '&')).toContain(`<a href="${mapRunPage(run)}">Count the shelves</a>`);
    expect(hrefs(text)).toContain('/console/machine?name=shop-count');
    expect(hrefs(text)).toContain(executionPage(parent));
    expect(text).toMatch(/aria-label="Tell of the shelf, Fail, failed"/);
    expect(text).not.toContain('aria-label="Count the shelves');
    expect(text).toMatch(/<dt>Error<\/dt><dd><a href="#state" class="problem">ShelfBroken<\/a>/);
    // A Map Run's executions are redriven with it alone.
    expect(text).not.toContain('Redrive from');
  });

  it('keeps its executions out of the list of all, unless they are asked for', async () => {
    const names = async (query: string) => rowsOf(await textOf(`/console/executions?${query}`)).map(([name]) => name);
    expect(await names('machine=shop-count')).toEqual(['tolerant']);
    expect(await names('')).toContain('tolerant');
    expect(await names('status=RUNNING')).not.toEqual(await names('status=RUNNING&runs=all'));
    expect(await names('machine=shop-count&runs=all')).toHaveLength(50);
    expect(await names('machine=shop-count&runs=all&status=FAILED')).toHaveLength(3);
  });

  it('that failed is redriven from its page, with its execution', async () => {
    const arn = await countShelves(cloud, 'strict', 0, [7]);
    const page = mapRunPage(await mapRunOf(cloud, arn));
    const failed = await textOf(page);
    expect(failed).toContain('Redrive from what did not succeed');
    // One of the first forty failed, which may have stopped others; what had not been started stays so.
    const [, all, pending, running, succeeded, lost, , aborted] = rowsOf(failed)[0] ?? [];
    expect([all, pending, running, lost]).toEqual(['120', '80', '0', '1']);
    expect(Number(succeeded) + Number(aborted)).toBe(39);
    expect(failed).toMatch(/They are written\./);

    // Act
    const answer = await visitor.post('/console/execution/redrive', { arn, back: page });
    await cloud.settle();

    // Assess
    expect([answer.status, answer.headers.get('location')]).toEqual([303, page]);
    expect(await textOf(page)).toMatch(/<dt>Redriven<\/dt><dd>1, last <time/);
  });

  it.each(['', 'x', 'arn:aws:states:us-east-1:000000000000:mapRun:shop-count/Other:none'])('"%s" is not found', async (arn) => {
    expect((await visitor.get(mapRunPage(arn))).status).toBe(404);
    expect((await visitor.get(mapRunPage(run.replace('Shelves', 'Other')))).status).toBe(404);
  });
});

describe('a state machine', () => {
  it('has a page that the list, the overview and its executions lead to', async () => {
    const arn = await startOn(cloud, 'shop-pack', 'p-plain');
    for (const from of ['/', '/console/machines', executionPage(arn)])
      expect([from, hrefs(await textOf(from))]).toEqual([from, expect.arrayContaining(['/console/machine?name=shop-pack'])]);
    const text = await textOf('/console/machine?name=shop-pack');
    expect(text).toMatch(/<dt>Type<\/dt><dd>standard</);
    expect(text).toMatch(/<code>team<\/code><\/th><td><code>night<\/code>/);
    expect(text).toMatch(/aria-label="Have it packed, Task"/);
    expect(await textOf('/console/machine?name=shop-pack&state=Have+it+packed')).toContain('activity:shop-packing');
    expect((await visitor.get('/console/machine?name=none')).status).toBe(404);
  });

  it('shows versions and aliases with their weights, and by which of them executions were started', async () => {
    // Prepare: a second version, half of the executions of the alias for each.
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:shop-pack';
    const { definition } = await cloud.call<{ definition: string }>('states', 'DescribeStateMachine', { stateMachineArn });
    await cloud.call('states', 'UpdateStateMachine', { stateMachineArn, definition: definition.replace('}', ',"Comment":"new"}') });
    await cloud.call('states', 'PublishStateMachineVersion', { stateMachineArn, description: 'the second' });
    await cloud.call('states', 'UpdateStateMachineAlias', {
      stateMachineAliasArn: `${stateMachineArn}:live`,
      routingConfiguration: [
        { stateMachineVersionArn: `${stateMachineArn}:1`, weight: 60 },
        { stateMachineVersionArn: `${stateMachineArn}:2`, weight: 40 },
      ],
    });

    // Act
    const first = await startOn(cloud, 'shop-pack:1', 'p-first');
    await startOn(cloud, 'shop-pack:live', 'p-live');
    const text = await textOf('/console/machine?name=shop-pack');

    // Assess
    const [alias = []] = rowsOf(section(text, 'aliases'));
    expect(alias.slice(0, 3)).toEqual(['live', 'version 1: 60 %, version 2: 40 %', '1']);
    const versions = rowsOf(section(text, 'versions'));
    expect(versions.map(([number, revision]) => [number, revision])).toEqual([
      ['2', 'the present one'],
      ['1', 'an earlier one'],
    ]);
    expect(versions.reduce((sum, cells) => sum + Number(cells[2]), 0)).toBe(2);
    const names = async (machine: string) =>
      rowsOf(await textOf(`/console/executions?machine=${encodeURIComponent(machine)}`)).map(([name]) => name);
    expect(await names('shop-pack:live')).toEqual(['p-live']);
    expect(await names('shop-pack:1')).toContain('p-first');
    expect(await names('shop-pack:1')).not.toContain('p-plain');
    expect(await names('shop-pack:none')).toEqual([]);
    expect(await textOf(executionPage(first))).toMatch(/shop-pack<\/a> \(version 1\) \(runs on an earlier revision\)/);
    expect(await textOf('/console/executions?machine=shop-pack')).toMatch(/<span class="tag">alias live, version \d<\/span>/);
  });

  it('that is Express says what is kept; its executions are neither stopped nor redriven', async () => {
    const arn = await startOn(cloud, 'shop-quick', 'q-bad', { bad: true });
    expect(arn).toContain(':express:');
    expect(await textOf('/console/machine?name=shop-quick')).toContain('keeps input, output and history for 90 days');
    const text = await textOf(executionPage(arn));
    expect(text).toContain('keeps input, output and history for 90 days');
    expect(text).toContain('It is bad.');
    expect(text).not.toMatch(/Redrive from|>Stop</);
    expect(await textOf('/console/machine?name=shop-order')).not.toContain('Express:');
  });
});

describe('an activity', () => {
  it('shows the tasks that wait, and the workers with their last poll, and takes nothing by being looked at', async () => {
    // Prepare
    const activityArn = 'arn:aws:states:us-east-1:000000000000:activity:shop-packing';
    const poll = (workerName: string) => cloud.call<{ taskToken?: string }>('states', 'GetActivityTask', { activityArn, workerName });
    const arn = await startOn(cloud, 'shop-pack', 'a-first', { parcel: 1 });
    await startOn(cloud, 'shop-pack', 'a-stopped', { parcel: 2 });
    const waiting = async () => rowsOf(await textOf('/console/activity?name=shop-packing')).map(([name]) => name);
    const before = await waiting();
    expect(before.slice(-2)).toEqual(['a-first', 'a-stopped']);
    expect(await textOf('/console/activity?name=shop-packing')).toContain('nobody takes the tasks that wait');

    // Act: one is stopped, and all but one of the others are taken.
    await cloud.call('states', 'StopExecution', { executionArn: arn.replace('a-first', 'a-stopped') });
    for (const _ of before.slice(0, -2)) await poll('hall-3');

    // Assess
    const text = await textOf('/console/activity?name=shop-packing');
    expect(rowsOf(text)).toHaveLength(1);
    expect(rowsOf(text)[0]?.slice(0, 2)).toEqual(['a-first', 'Have it packed']);
    expect(text).toContain('&quot;parcel&quot;');
    expect(text).toMatch(/<dt>Waiting tasks<\/dt><dd>1</);
    expect(text).toMatch(/hall-3<\/th><td><time[^>]*>[^<]+<\/time><\/td><td><time[^>]*>[^<]+<\/time><\/td><td>does not poll/);
    expect(text).toMatch(/<code>owner<\/code><\/th><td><code>hall 3<\/code>/);
    expect((await poll('hall-4')).taskToken).toBeDefined();

    // Act: a worker waits.
    const held = poll('hall-4');
    const listed = await textOf('/console/machines');

    // Assess
    expect(await textOf('/console/activity?name=shop-packing')).toMatch(/hall-4<\/th>.*?waits for a task/);
    expect(listed).toMatch(/shop-packing<\/a><\/th><td>0<\/td><td>2<\/td>/);
    await cloud.advance('PT1M');
    expect(await held).toEqual({});
    expect((await visitor.get('/console/activity?name=none')).status).toBe(404);
  });
});
