import type { Passage, Row } from './passages.ts';
import type { Locale } from './template.ts';

/** What an e-mail consists of; all of it plain text, escaped here and nowhere else. */
export interface EmailParts {
  readonly locale: Locale;
  readonly heading: string;
  readonly preheader: string;
  readonly bankName: string;
  /** Can be called by a tap wherever it stands. */
  readonly hotline: string;
  readonly passages: readonly Passage[];
  readonly footer: readonly string[];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML, in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Text as HTML in which a telephone number can be called, and is not broken across lines. */
function withCall(text: string, hotline: string): string {
  const escaped = escapeHtml(text);
  if (!/^\+?[\d ()-]{5,40}$/.test(hotline)) return escaped;
  const link = `<a href="tel:${hotline.replace(/[^+\d]/g, '')}" style="color:inherit;white-space:nowrap">${hotline}</a>`;
  return escaped.replaceAll(hotline, () => link);
}

const FONTS: Readonly<Record<Locale, string>> = {
  'zh-CN': "-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans SC',Arial,sans-serif",
  'zh-TW': "-apple-system,'PingFang TC','Microsoft JhengHei','Noto Sans TC',Arial,sans-serif",
  en: "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
};

// Mail clients keep inline styles and drop much else, so the colours of a light page are inline; a client that knows the media query
// takes the dark ones from it, Outlook's apps by their own attribute.
const DARK = [
  ['.page', 'background-color:#16181c!important'],
  ['.card', 'background-color:#22252b!important;border-color:#3a3f48!important'],
  ['.ink', 'color:#eceef1!important'],
  ['.soft', 'color:#b3b9c4!important'],
  ['.line', 'border-color:#3a3f48!important'],
  ['.link', 'color:#9cc2ff!important'],
] as const;
const STYLE = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  'body{margin:0;padding:0;-webkit-text-size-adjust:100%}',
  '@media only screen and (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}.edge{padding:0!important}}',
  `@media (prefers-color-scheme:dark){${DARK.map(([name, rules]) => `${name}{${rules}}`).join('')}}`,
  DARK.map(([name, rules]) => `[data-ogsc] ${name}{${rules}}`).join(''),
].join('');

/**
 * The HTML part: tables for layout, inline styles, nothing remote, and the same words as the text part.
 *
 * @see https://www.caniemail.com/ for what clients keep
 */
export function emailHtml({ locale, heading, preheader, bankName, hotline, passages, footer }: EmailParts): string {
  const text = (plain: string) => withCall(plain, hotline);
  const font = `font-family:${FONTS[locale]}`;
  const cell = `padding:0 32px 16px 32px;${font}`;
  const inner = passages.map((passage) => `<tr><td class="pad" style="${cell}">${passageHtml(passage, font, text)}</td></tr>`).join('');
  const end = [bankName, ...footer].map(text).join('<br>');
  // Blanks that take no room keep the client from filling its preview with the first lines of the mail.
  const filler = '&#847;&zwnj;&nbsp;'.repeat(40);
  return [
    `<!doctype html><html lang="${locale}" dir="ltr"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="date=no,address=no">',
    `<title>${escapeHtml(heading)}</title><style>${STYLE}</style></head>`,
    '<body class="page" style="margin:0;padding:0;background-color:#f1f3f6">',
    `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preheader)}${filler}</div>`,
    `<div role="article" lang="${locale}" dir="ltr" aria-label="${escapeHtml(heading)}">`,
    '<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f1f3f6">',
    '<tr><td class="edge" align="center" style="padding:24px 12px">',
    '<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0"><tr><td><![endif]-->',
    '<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" ',
    'style="max-width:600px;background-color:#ffffff;border:1px solid #dfe3e9;border-radius:8px">',
    `<tr><td class="pad soft" style="padding:28px 32px 4px 32px;${font};font-size:14px;line-height:20px;color:#5b6472">`,
    `${escapeHtml(bankName)}</td></tr>`,
    `<tr><td class="pad" style="padding:0 32px 20px 32px;${font}"><h1 class="ink" style="margin:0;font-size:22px;line-height:30px;`,
    `font-weight:600;color:#1b2330">${escapeHtml(heading)}</h1></td></tr>`,
    inner,
    `<tr><td class="pad" style="padding:8px 32px 28px 32px;${font}"><p class="soft line" style="margin:0;padding-top:16px;`,
    `border-top:1px solid #dfe3e9;font-size:13px;line-height:20px;color:#5b6472">${end}</p></td></tr>`,
    '</table><!--[if mso]></td></tr></table><![endif]-->',
    '</td></tr></table></div></body></html>',
  ].join('');
}

function passageHtml(passage: Passage, font: string, words: (plain: string) => string): string {
  switch (passage.kind) {
    case 'paragraph':
      return `<p class="ink" style="margin:0;font-size:16px;line-height:25px;color:#1b2330">${words(passage.text)}</p>`;
    case 'table':
      return `${headingHtml(passage.heading)}${tableHtml(passage.rows, font)}`;
    case 'list': {
      const lines = passage.lines.map((line) => `<li style="margin:0 0 6px 0">${words(line)}</li>`).join('');
      const style = 'margin:0;padding:0 0 0 22px;font-size:15px;line-height:23px;color:#1b2330';
      return `${headingHtml(passage.heading)}<ul class="ink" style="${style}">${lines}</ul>`;
    }
    case 'pay':
      return `${headingHtml(passage.heading)}${buttonHtml(passage.link, passage.button, font)}`;
  }
}

function headingHtml(text: string): string {
  const style = 'margin:8px 0 8px 0;font-size:16px;line-height:24px;font-weight:600;color:#1b2330';
  return `<h2 class="ink" style="${style}">${escapeHtml(text)}</h2>`;
}

function tableHtml(rows: readonly Row[], font: string): string {
  const cells = rows.map(({ label, value, total }) => {
    const weight = total ? 'font-weight:600;' : '';
    const style = `padding:9px 0;border-bottom:1px solid #dfe3e9;${font};font-size:15px;line-height:22px;${weight}color:#1b2330`;
    return (
      `<tr><th scope="row" class="ink line" align="left" valign="top" style="${style};${total ? '' : 'font-weight:400;'}text-align:left">` +
      `${escapeHtml(label)}</th><td class="ink line" align="right" valign="top" style="${style};text-align:right;white-space:nowrap">` +
      `${escapeHtml(value)}</td></tr>`
    );
  });
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse">${cells.join('')}</table>`;
}

/** A button that Outlook draws too, and the address in full: a customer should see where a link leads. */
function buttonHtml(link: string, label: string, font: string): string {
  const href = escapeHtml(link);
  const button = `display:inline-block;padding:12px 28px;${font};font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none`;
  return (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>' +
    `<td align="center" bgcolor="#1f5fbf" style="background-color:#1f5fbf;border-radius:6px"><a href="${href}" style="${button}">` +
    `${escapeHtml(label)}</a></td></tr></table>` +
    `<p style="margin:10px 0 0 0;font-size:14px;line-height:20px"><a class="link" href="${href}" ` +
    `style="color:#1f5fbf;word-break:break-all">${href}</a></p>`
  );
}
