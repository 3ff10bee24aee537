import { html } from 'hono/html';
import { count, facts, type Html, instant, NOTHING, path, table } from '../html.ts';
import type { Asked, Page } from '../page.ts';

/** All functions. */
export function functionsPage({ cloud }: Asked): Page {
  return { title: 'Functions', main: functionTable(cloud) };
}

/** The functions and how often they ran and failed. */
export function functionTable(cloud: Asked['cloud']): Html {
  return table(
    'Functions since this process started',
    ['Function', 'Invocations', 'Errors', 'Throttles'],
    Object.entries(cloud.counters().functions).map(([name, { invocations, errors, throttles }]) => [
      html`<a href="${path('function', { name })}">${name}</a>`,
      count(invocations),
      errors > 0 ? html`<span class="problem">${count(errors)}</span>` : count(errors),
      count(throttles),
    ]),
    'The stacks have no function.',
  );
}

/** One function: how it is set up, and what it wrote last. */
export function functionPage(asked: Asked): Page | undefined {
  const { lambda } = asked.cloud.services;
  const name = asked.query('name') ?? '';
  const counters = Object.hasOwn(lambda.invocations(), name) ? lambda.invocations()[name] : undefined;
  if (counters === undefined) return undefined;
  const { description, handler, runtime, timeoutSeconds, memoryMegabytes, environment } = lambda.definition(name);
  const lines = lambda.logs(name);
  return {
    title: name,
    main: html`${description === '' ? NOTHING : html`<p>${description}</p>`}${facts([
      ['Invocations', count(counters.invocations)],
      ['Errors', counters.errors > 0 ? html`<span class="problem">${count(counters.errors)}</span>` : '0'],
      ['Throttles', count(counters.throttles)],
      ['Handler', html`<code>${handler}</code>`],
      ['Runtime', runtime],
      ['Timeout', `${timeoutSeconds} s`],
      ['Memory', `${memoryMegabytes} MB`],
    ])}
<div class="columns"><section><h2>Last output, latest first</h2>${lines.length === 0 ? html`<p class="none">The function has written nothing yet.</p>` : html`<ol class="log" role="region" tabindex="0" aria-label="Last output, latest first">${[...lines].reverse().map(({ at, text }) => html`<li>${instant(at)} <code>${text}</code></li>`)}</ol>`}</section>
<section><h2>Environment</h2>${environmentOf(environment)}</section></div>`,
  };
}

function environmentOf(environment: Readonly<Record<string, string>>): Html {
  return table(
    'Environment',
    ['Name', 'Value'],
    Object.entries(environment)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [
        html`<code>${name}</code>`,
        isHarmless(name, value) ? html`<code>${value}</code>` : html`<span class="note">hidden, ${count(value.length)} characters</span>`,
      ]),
    'The function has no environment of its own.',
  );
}

/**
 * What may stand on a screen that others see: switches, numbers, levels, and the names by which AWS's resources are found. Anything
 * else may be a secret.
 */
export function isHarmless(name: string, value: string): boolean {
  if (/^(AWS_(LAMBDA|EXECUTION)_\w+|LAMBDA_\w+|TZ|LANG|NODE_OPTIONS|POWERTOOLS_\w+)$/.test(name)) return true;
  if (/secret|passw|token|credential|api_?key|private|auth/i.test(name)) return false;
  return (
    /^(-?\d{1,12}(\.\d{1,6})?|true|false|on|off|debug|info|warn|error|)$/i.test(value) ||
    /^arn:aws[\w-]*:(?!secretsmanager)[a-z0-9-]+:[\w-]*:\d{0,12}:[\w.:/-]+$/.test(value) ||
    (/_?(TABLE|BUS|QUEUE|TOPIC|BUCKET|FUNCTION|MACHINE|REGION|STAGE|ENVIRONMENT)(_?NAME)?$/i.test(name) && /^[\w.-]{1,100}$/.test(value))
  );
}
