import { readFileSync } from 'node:fs';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../kernel/errors.ts';
import { ownPagesOnly } from '../server/guard.ts';
import { ClockMover } from './clock.ts';
import type { Asked, Page } from './page.ts';
import { activityPage } from './pages/activity.ts';
import { eventsPage } from './pages/events.ts';
import { executionPage } from './pages/execution.ts';
import { executionsPage } from './pages/executions.ts';
import { functionPage, functionsPage } from './pages/functions.ts';
import { inboxPage, messageOf, messagePage } from './pages/inbox.ts';
import { machinePage } from './pages/machine.ts';
import { machinesPage } from './pages/machines.ts';
import { mapRunPage } from './pages/map-run.ts';
import { overviewPage } from './pages/overview.ts';
import { queuePage, queuesPage } from './pages/queues.ts';
import { tablePage, tablesPage } from './pages/tables.ts';
import { shell } from './shell.ts';

const PAGES: Readonly<Record<string, (asked: Asked) => Page | undefined>> = {
  '/': overviewPage,
  '/console/machines': machinesPage,
  '/console/machine': machinePage,
  '/console/activity': activityPage,
  '/console/executions': executionsPage,
  '/console/execution': executionPage,
  '/console/map-run': mapRunPage,
  '/console/tables': tablesPage,
  '/console/table': tablePage,
  '/console/inbox': inboxPage,
  '/console/message': messagePage,
  '/console/queues': queuesPage,
  '/console/queue': queuePage,
  '/console/events': eventsPage,
  '/console/functions': functionsPage,
  '/console/function': functionPage,
};

const ASSETS: Readonly<Record<string, string>> = {
  'console.css': 'text/css; charset=utf-8',
  'content.css': 'text/css; charset=utf-8',
  'graph.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

const QUERY_LENGTH_MAX = 4096;
const FORM_BYTES_MAX = 16_384;
/** So long a form's answer waits for a short move to end, in real time. */
const SHORT_MOVE_MILLISECONDS = 300;

/** What the console's pages may do in a browser: nothing from elsewhere, nothing inline, nothing inside other pages. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** A mail is a stranger's page: styles of its own and pictures that it brought along, no script, no origin, nothing from elsewhere. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'";

type Form = Readonly<Record<string, string>>;

/**
 * The console: pages that are whole without scripts, and a small script that keeps them fresh. Pages only look; what writes is a POST
 * from one of these pages.
 */
export function consoleRoutes(cloud: Cloud): Hono {
  const app = new Hono();
  const mover = new ClockMover(cloud);
  const assets = new Map(Object.keys(ASSETS).map((name) => [name, readFileSync(new URL(`assets/${name}`, import.meta.url))]));
  const changes = () => {
    const { kernel } = cloud;
    const calls = Object.values(cloud.counters().functions).reduce((sum, { invocations, errors }) => sum + invocations + errors, 0);
    return [kernel.store.changes(), kernel.failures().length, calls, mover.turns].join('-');
  };
  const show = (context: Context, page: Page, status: 200 | 400 | 404 | 409 | 500, notice?: string, here = hereOf(context)) =>
    context.html(shell({ cloud, mover, ...page, here, changes: changes(), ...(notice !== undefined && { notice }) }), status, {
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
    });
  app.use('/console/*', ownPagesOnly(), plainHeaders());
  for (const [path, make] of Object.entries(PAGES))
    app.get(path, ownPagesOnly(), plainHeaders(), (context, next) => {
      // A request that names an action is an AWS client's.
      if (path === '/' && context.req.query('Action') !== undefined) return next();
      const page = make({ cloud, query: (name) => queryOf(context, name) });
      return page === undefined ? show(context, notFound(), 404) : show(context, page, 200);
    });
  app.get('/console/message/html', (context) => {
    const mail = messageOf({ cloud, query: (name) => queryOf(context, name) });
    if (mail?.html === undefined) return show(context, notFound(), 404);
    return context.html(mail.html, 200, { 'content-security-policy': MAIL_POLICY, 'cache-control': 'no-store' });
  });
  app.get('/console/changes', (context) => {
    const { move } = mover;
    const value = {
      changes: changes(),
      now: cloud.now(),
      moving: mover.moving ? { from: move?.from, to: move?.to, fired: move?.fired } : null,
    };
    return context.json(value, 200, { 'cache-control': 'no-store' });
  });
  app.get('/console/assets/:name', (context) => {
    const name = context.req.param('name');
    const asset = assets.get(name);
    if (asset === undefined) return show(context, notFound(), 404);
    return new Response(asset, { headers: { 'content-type': ASSETS[name] ?? '', 'cache-control': 'no-cache' } });
  });
  const act = (path: string, run: (form: Form) => void | Promise<void>) =>
    app.post(path, bodyLimit({ maxSize: FORM_BYTES_MAX }), async (context) => {
      const form = formOf(await context.req.text());
      const wantsJson = context.req.header('accept') === 'application/json';
      const here = backOf(form.back);
      try {
        await run(form);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const status = error.status === 409 ? 409 : 400;
        if (wantsJson) return context.json({ problem: error.message }, status);
        return show(context, { title: 'That did not work', main: html`<p><a href="${here}">Back</a></p>` }, status, error.message, here);
      }
      return wantsJson ? context.json({}) : context.redirect(here, 303);
    });
  act('/console/clock', async ({ move = '' }) => {
    mover.start(move.trim());
    await mover.settled(SHORT_MOVE_MILLISECONDS);
  });
  act('/console/clock/stop', async () => {
    mover.stop();
    await mover.settled(SHORT_MOVE_MILLISECONDS);
  });
  act('/console/execution/stop', async ({ arn }) => {
    await cloud.track(
      cloud.call('states', 'StopExecution', { executionArn: arn, error: 'Console', cause: 'Stopped by a person at the console.' }),
    );
  });
  act('/console/execution/redrive', async ({ arn }) => {
    await cloud.track(cloud.call('states', 'RedriveExecution', { executionArn: arn }));
  });
  act('/console/queue/move-back', ({ queue = '', id }) => cloud.services.sqs.moveBack(queue, Number(id)));
  app.all('/console/*', (context) => show(context, notFound(), 404));
  app.onError((error, context) =>
    show(context, { title: 'That did not work', main: html`<p>A defect of the embedded cloud: ${error.message}</p>` }, 500),
  );
  return app;
}

function plainHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
    // Not no-referrer: browsers would then send `Origin: null` with the forms.
    context.header('referrer-policy', 'same-origin');
  };
}

function notFound(): Page {
  return { title: 'Not found', main: html`<p>There is no such page, or what it showed is gone.</p><p><a href="/">Overview</a></p>` };
}

function queryOf(context: Context, name: string): string | undefined {
  const text = context.req.query(name)?.trim().slice(0, QUERY_LENGTH_MAX);
  return text === '' ? undefined : text;
}

function hereOf(context: Context): string {
  const { pathname, search } = new URL(context.req.url);
  return pathname + search;
}

function formOf(text: string): Form {
  return Object.fromEntries(new URLSearchParams(text));
}

/** A path of the console, whatever the form says: no way out of here. */
function backOf(given: string | undefined): string {
  return given !== undefined && /^\/(console\/[^\\\s]*)?$/.test(given) ? given : '/';
}
