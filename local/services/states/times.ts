/**
 * An instant (milliseconds since the epoch) as states see it: a fraction that is nothing is left out, as
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html says.
 */
export function isoTime(at: number): string {
  const text = new Date(at).toISOString();
  return at % 1000 === 0 ? text.replace('.000Z', 'Z') : text;
}
