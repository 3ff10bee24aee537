import { describe, expect, it } from 'vitest';
import { escapeXml, readXml } from '../../../local/server/xml.ts';

describe('readXml', () => {
  it('reads elements and text, and turns references into characters', () => {
    const root = readXml('<?xml version="1.0"?>\n<a xmlns="x"><b>1 &lt;&amp;&#x4e2d;&#33;</b><b/><c><d>2</d></c></a>\n');
    expect(root).toEqual({
      name: 'a',
      text: '',
      children: [
        { name: 'b', text: '1 <&中!', children: [] },
        { name: 'b', text: '', children: [] },
        { name: 'c', text: '', children: [{ name: 'd', text: '2', children: [] }] },
      ],
    });
  });

  it('gives back what was escaped', () => {
    const text = `<&>"'\r\n&amp;]]>`;
    expect(readXml(`<a>${escapeXml(text)}</a>`)?.text).toBe(text);
  });

  it.each([
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a>1</a>2',
    '<a><b></a></b>',
    '<a',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a><!-- b --></a>',
    '<a><![CDATA[b]]></a>',
    `${'<a>'.repeat(11)}${'</a>'.repeat(11)}`,
  ])('refuses %j', (text) => {
    expect(readXml(text)).toBeUndefined();
  });
});
