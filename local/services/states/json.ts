/** Input, output and result of a state, and each variable, in UTF-8 bytes. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const PAYLOAD_MAX_BYTES = 262_144;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function exceedsPayload(text: string): boolean {
  // A UTF-16 unit takes at most three bytes, so short texts need no counting.
  return text.length * 3 > PAYLOAD_MAX_BYTES && Buffer.byteLength(text) > PAYLOAD_MAX_BYTES;
}

export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** What was read of texts that others wrote. */
const texts = new WeakMap<object, string>();

/** Parses a text that somebody outside answered, and remembers it. */
export function parseAnswer(text: string): { readonly value: unknown } | undefined {
  const parsed = parseJson(text);
  if (typeof parsed?.value === 'object' && parsed.value !== null) texts.set(parsed.value, text);
  return parsed;
}

/**
 * The text of a value: that which it was read from, spaces and all, as recorded of functions and of callbacks
 * (`testdata/aws/stepfunctions/lambda_integrations.json` and `callback_lifecycle.json` of radkawar/stackd). After a restart it is
 * written anew, which says the same.
 */
export function textOf(value: unknown): string {
  return (typeof value === 'object' && value !== null ? texts.get(value) : undefined) ?? JSON.stringify(value);
}
