/** How a text message is cut into the parts that are sent and paid for. */
export interface Segments {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly count: number;
}

const GSM = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Sent as two. */
const GSM_EXTENDED = new Set('^{}\\[~]|€\f');
const LIMITS = { 'GSM-7': { one: 160, each: 153 }, 'UCS-2': { one: 70, each: 67 } } as const;

/** Characters that make a text message cost more than twice as much. */
export function outsideGsm(text: string): readonly string[] {
  return [...new Set(text)].filter((character) => !GSM.has(character) && !GSM_EXTENDED.has(character));
}

/**
 * The segments of a text message: 160 characters of GSM 03.38 or 70 of UCS-2 in one, 153 or 67 in each of several. A character of two
 * units is never cut in half.
 *
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character.html
 */
export function segmentsOf(text: string): Segments {
  const encoding = outsideGsm(text).length === 0 ? 'GSM-7' : 'UCS-2';
  const { one, each } = LIMITS[encoding];
  const widths = [...text].map((character) => (encoding === 'UCS-2' ? character.length : GSM_EXTENDED.has(character) ? 2 : 1));
  if (widths.reduce((sum, width) => sum + width, 0) <= one) return { encoding, count: 1 };
  let count = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > each) {
      count += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, count };
}
