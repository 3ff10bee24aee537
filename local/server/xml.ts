/** An element of a document; attributes and the order between children of different names are of no use here. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const DEPTH_MAX = 10;
const TOKEN = /<(\/?)([A-Za-z_][\w.:-]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gy;

/**
 * Reads a small XML document: elements and text. Undefined where it is not well-formed, or uses what no AWS client writes (document
 * types, comments, CDATA): nothing of that is worth the risk.
 */
export function readXml(text: string): XmlElement | undefined {
  const source = text.replace(/^\ufeff?\s*(<\?xml[^<>]*\?>)?\s*/, '').trimEnd();
  const open: { name: string; children: XmlElement[]; text: string }[] = [];
  let root: XmlElement | undefined;
  let position = 0;
  for (const match of source.matchAll(TOKEN)) {
    const [token, slash, name = '', selfClosing, content] = match;
    if (match.index !== position || root !== undefined) return undefined;
    position += token.length;
    const parent = open.at(-1);
    if (content !== undefined) {
      if (parent === undefined) return undefined;
      parent.text += unescapeXml(content);
    } else if (slash === '/') {
      if (parent?.name !== name) return undefined;
      open.pop();
      root = close(parent, open.at(-1));
    } else if (selfClosing === '/') root = close({ name, children: [], text: '' }, parent);
    else if (open.length === DEPTH_MAX) return undefined;
    else open.push({ name, children: [], text: '' });
  }
  return position === source.length ? root : undefined;
}

/** Hands a finished element to its parent; without one it is the document. */
function close(element: XmlElement, parent: { children: XmlElement[] } | undefined): XmlElement | undefined {
  if (parent === undefined) return element;
  parent.children.push(element);
  return undefined;
}

/** The text of the first child of that name. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');
}
