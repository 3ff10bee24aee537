import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import { compilePattern, matches, parsePattern } from './pattern.ts';

/** What every event has (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html). */
const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

/** Whether an event matches a pattern; both are JSON texts. */
export function testPattern({ EventPattern, Event }: JsonObject): JsonObject {
  const pattern = compilePattern(parsePattern(String(EventPattern ?? '')));
  const event = eventIn(Event);
  for (const name of REQUIRED)
    if (!Object.hasOwn(event, name)) throw new AwsError('ValidationException', `Event is not valid. Reason: ${name} is missing.`);
  return { Result: matches(pattern, event) };
}

function eventIn(text: unknown): JsonObject {
  try {
    const event: unknown = JSON.parse(String(text ?? ''));
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event as JsonObject;
  } catch {
    // Said below, as for any other JSON.
  }
  throw new AwsError('ValidationException', 'Parameter Event is not valid.');
}
