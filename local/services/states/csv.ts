/** What stands between fields, by the name that `CSVDelimiter` gives it. */
export const DELIMITERS: Readonly<Record<string, string>> = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

/**
 * The records of a delimited text, as https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html says: fields
 * are text, double quotes may hold delimiters and line ends and are doubled to stand for themselves, a backslash makes the next
 * backslash, quote or delimiter stand for itself and is silently gone before anything else. Empty lines are no records.
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  let empty = true;
  const endField = () => {
    record.push(field);
    field = '';
  };
  const endRecord = () => {
    endField();
    if (!empty) records.push(record);
    record = [];
    empty = true;
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\r' && next === '\n' && !quoted) continue;
    if (character === '\n' && !quoted) {
      endRecord();
      continue;
    }
    empty = false;
    if (character === '\\') {
      if (next === '\\' || next === '"' || next === delimiter) {
        field += next;
        at += 1;
      }
    } else if (character === '"') {
      if (quoted && next === '"') {
        field += '"';
        at += 1;
      } else quoted = !quoted;
    } else if (character === delimiter && !quoted) endField();
    else field += character;
  }
  endRecord();
  return records;
}

/** A record under its headers: missing fields are empty, fields too many are left out. */
export function underHeaders(headers: readonly string[], record: readonly string[]): Record<string, string> {
  return Object.fromEntries(headers.map((header, index) => [header, record[index] ?? '']));
}
