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
