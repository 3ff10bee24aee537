import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { ClockMover } from '../../../local/console/clock.ts';
import { consoleApp, START, startShop, type Visitor, visitorOf } from './console-app.ts';

let assembly: string;
let cloud: Cloud | undefined;
beforeAll(() => {
  assembly = consoleApp();
});
afterEach(() => cloud?.close());

const at = (text: string) => Date.parse(text);
const LONG = 60_000;

/** A form's answer waits for a short move only, and a busy machine makes any move a long one. */
async function ended(visitor: Visitor): Promise<void> {
  while (JSON.parse((await visitor.get('/console/changes')).text).moving !== null) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the clock in the console', () => {
  it.each([
    ['PT1H', '2026-03-02T02:10:00Z'],
    ['P1D', '2026-03-03T01:10:00Z'],
    ['2026-03-02T12:00:00Z', '2026-03-02T12:00:00Z'],
    ['next', '2026-03-03T01:00:00Z'],
    ['quiet', '2026-03-02T01:10:00Z'],
  ])('moves by %s to %s', async (wish, expected) => {
    cloud = await startShop(assembly);
    const visitor = visitorOf(cloud);
    const { status } = await visitor.post('/console/clock', { move: wish });
    await ended(visitor);
    expect([status, cloud.now()]).toEqual([303, at(expected)]);
  });

  it.each(['', 'P1M', 'tomorrow', '2026-03-01T00:00:00Z', 'P4000D', `P${'9'.repeat(30)}D`])(
    'refuses to move by %j, and says why',
    async (wish) => {
      cloud = await startShop(assembly);
      const before = cloud.now();
      const visitor = visitorOf(cloud);
      const page = await visitor.post('/console/clock', { move: wish });
      const json = await visitor.post('/console/clock', { move: wish }, { accept: 'application/json' });
      expect([page.status, json.status, cloud.now()]).toEqual([400, 400, before]);
      expect(page.text).toMatch(/role="alert">[^<]{10,}</);
      expect(JSON.parse(json.text)).toEqual({ problem: expect.stringMatching(/./) });
    },
  );

  it('makes one move at a time, tells how far it is, and can be stopped on the way', async () => {
    // Prepare: an execution that waits again and again keeps a long move busy.
    cloud = await startCloud({ assembly, start: START });
    await cloud.call('states', 'CreateStateMachine', {
      name: 'ticks',
      roleArn: 'arn:aws:iam::000000000000:role/r',
      definition: JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'Tick',
        States: {
          Tick: { Type: 'Wait', Seconds: 60, Next: 'Again' },
          Again: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Done' }], Default: 'Tick' },
          Done: { Type: 'Succeed' },
        },
      }),
    });
    for (let n = 0; n < 20; n += 1)
      await cloud.call('states', 'StartExecution', {
        stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:ticks',
        name: `t-${n}`,
      });
    const visitor = visitorOf(cloud);
    const from = cloud.now();

    // Act
    const started = await visitor.post('/console/clock', { move: 'P300D' });
    const again = await visitor.post('/console/clock', { move: 'PT1H' });
    const during = await visitor.get('/');
    const told = JSON.parse((await visitor.get('/console/changes')).text);
    await visitor.post('/console/clock/stop', {});
    await ended(visitor);
    const stoppedAt = cloud.now();
    const after = await visitor.get('/');

    // Assess
    expect([started.status, again.status]).toEqual([303, 409]);
    expect(again.text).toContain('already moving');
    expect(during.text).toMatch(/<progress id="progress" max="25920000000"/);
    expect(during.text).not.toContain('id="move-P1D"');
    expect(told.moving).toMatchObject({ from, to: from + 300 * 86_400_000 });
    expect(stoppedAt).toBeGreaterThan(from);
    expect(stoppedAt).toBeLessThan(from + 300 * 86_400_000);
    expect(after.text).toContain('The last move was stopped');
    expect(after.text).toContain('id="move-P1D"');
  });

  it('does on a walk what one long move does', async () => {
    const runs = [];
    for (const walk of [true, false]) {
      cloud = await startShop(assembly, { seed: 8 });
      const mover = new ClockMover(cloud);
      if (walk) mover.start('P3D');
      else await cloud.advance('P3D');
      await mover.settled(LONG);
      runs.push({
        now: cloud.now(),
        outbox: cloud.outbox(),
        events: cloud.events(),
        random: cloud.kernel.random(),
        timers: cloud.kernel.timers(100),
      });
      if (walk) await cloud.close();
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.outbox.length).toBeGreaterThan(0);
  });

  it('is not moved where it is the machine’s own, and says why', async () => {
    cloud = await startShop(assembly, { clock: 'real' });
    const visitor = visitorOf(cloud);
    const { text } = await visitor.get('/');
    expect(text).not.toContain('action="/console/clock"');
    expect(text).toContain('CLOCK=real');
    expect((await visitor.post('/console/clock', { move: 'PT1H' })).status).toBe(400);
  });
});
