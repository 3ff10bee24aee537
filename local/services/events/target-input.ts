import type { JsonObject } from '../../kernel/kernel.ts';
import type { Envelope } from './events-service.ts';

export interface InputTransformer {
  readonly paths: Readonly<Record<string, string>>;
  readonly template: string;
}

/**
 * What a target is given: the event, a constant, a part of the event, or a template filled from it
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
 */
export function targetInput(
  target: { readonly input?: string; readonly inputPath?: string; readonly transformer?: InputTransformer },
  envelope: Envelope,
  rule: { readonly arn: string; readonly name: string },
  now: number,
): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(atPath(envelope, target.inputPath) ?? {});
  if (target.transformer === undefined) return JSON.stringify(envelope);
  const values: JsonObject = {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': new Date(now).toISOString(),
    'aws.events.event': envelope,
    'aws.events.event.json': envelope,
  };
  for (const [name, path] of Object.entries(target.transformer.paths)) values[name] = atPath(envelope, path);
  return fill(target.transformer.template, values);
}

/** Inside quotes a value goes in as text, elsewhere as JSON; a missing one is empty text or an empty value. */
function fill(template: string, values: JsonObject): string {
  let quoted = false;
  let result = '';
  for (let index = 0; index < template.length; index += 1) {
    const character = template[index] as string;
    const end = character === '<' ? template.indexOf('>', index) : -1;
    const name = end > 0 ? template.slice(index + 1, end) : '';
    if (end > 0 && Object.hasOwn(values, name)) {
      result += quoted ? asText(values[name]) : (JSON.stringify(values[name]) ?? '""');
      index = end;
      continue;
    }
    if (character === '\\') {
      result += character + (template[index + 1] ?? '');
      index += 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    result += character;
  }
  return result;
}

function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return JSON.stringify(text).slice(1, -1);
}

/** The simple JSON paths that EventBridge allows: `$`, `$.a.b`, `$.a[0].b`. */
function atPath(event: unknown, path: string): unknown {
  const steps = path.replace(/^\$\.?/, '').match(/[^.[\]]+/g) ?? [];
  let value = event;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}

/** Whether `targetInput` can follow the path. */
export function isSimplePath(path: string): boolean {
  return /^\$(\.[A-Za-z0-9_-]+(\[\d+\])*)*$/.test(path);
}
