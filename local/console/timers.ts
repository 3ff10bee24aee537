import { html } from 'hono/html';
import type { Cloud } from '../cloud.ts';
import { type Html, nameOf, path } from './html.ts';

interface Timer {
  readonly service: string;
  readonly key: string;
}

const KINDS: readonly (readonly [service: string, key: RegExp, says: string])[] = [
  ['states', /^purge$/, 'the end of closed executions’ retention'],
  ['dynamodb', /^/, 'expired items'],
  ['s3', /^/, 'expired objects'],
  ['ses', /^/, 'a mail’s delivery report'],
  ['sns', /^/, 'a text message’s delivery report'],
  ['events', /^delivery:/, 'another attempt to deliver an event'],
  ['lambda', /^async:/, 'another attempt at an asynchronous invocation'],
  ['lambda', /^timer:/, 'the timer of a function that runs'],
  ['lambda', /^timeout:/, 'the time-out of a function that runs'],
  ['apigateway', /^integration/, 'the time-out of a request to the HTTP API'],
  ['lambda', /^stream-/, 'another attempt at a stream’s batch'],
];

/** What a timer is for, in words. */
export function timerSubject(cloud: Cloud, { service, key }: Timer): Html {
  const subject = service === 'states' ? cloud.services.states.views.timerSubject(key) : undefined;
  if (subject !== undefined) {
    const name = html`<a href="${path('execution', { arn: subject.arn })}">${nameOf(subject.arn)}</a>`;
    return subject.state === undefined ? name : html`${name} in “${subject.state}”`;
  }
  if (service === 'sqs') return html`messages of <a href="${path('queue', { name: key })}">${key}</a> become visible`;
  const named = /^(?:schedule|run|retry):(?:.*\/)?(.+)$/.exec(key)?.[1];
  if (named !== undefined) return html`schedule ${named}`;
  return html`${KINDS.find(([kind, pattern]) => kind === service && pattern.test(key))?.[2] ?? `a timer of ${service}`}`;
}
