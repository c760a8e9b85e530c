import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { type DocumentSink, readPlainDocument } from './plain-document.ts';

const elements = new Set(['a', 'b']);

/** What a sink was given, adjoining texts as one and empty ones left out. */
class Recorder implements DocumentSink {
  readonly events: string[] = [];

  open(element: string): void {
    this.events.push(`<${element}>`);
  }

  text(data: string): void {
    const last = this.events.at(-1);
    if (last?.startsWith('"') === true) {
      this.events[this.events.length - 1] = last + data;
    } else if (data !== '') {
      this.events.push(`"${data}`);
    }
  }

  close(): void {
    this.events.push('</>');
  }

  scalarMember(): boolean {
    return false;
  }
}

function plain(text: string): readonly string[] | null {
  const recorder = new Recorder();
  return readPlainDocument(text, elements, recorder) ? recorder.events : null;
}

/** The same by the full parser; null when it refuses the document. */
function full(text: string): readonly string[] | null {
  const recorder = new Recorder();
  const parser = new SaxesParser({ position: false });
  let isRefused = false;
  let depth = 0;
  parser.on('error', () => {
    isRefused = true;
  });
  parser.on('opentag', ({ name }) => {
    depth += 1;
    recorder.open(name);
  });
  parser.on('text', (data) => {
    if (depth > 0) {
      recorder.text(data);
    }
  });
  parser.on('closetag', () => {
    depth -= 1;
    recorder.close();
  });
  parser.write(text).close();
  return isRefused ? null : recorder.events;
}

describe('readPlainDocument', () => {
  it('reads elements, text and the references of XML', () => {
    const text = `<?xml version='1.0' encoding="utf-8"?>\n<a>x &lt;&amp;&gt;&quot;&apos; é<b/>\n<b></b></a>\n`;
    const events = ['<a>', `"x <&>"' é`, '<b>', '</>', '"\n', '<b>', '</>', '</>'];
    expect(plain(text)).toEqual(events);
    expect(full(text)).toEqual(events);
  });

  it.each([
    ['an attribute', '<a x="1"/>'],
    ['a comment', '<a><!-- b --></a>'],
    ['CDATA', '<a><![CDATA[x]]></a>'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['a processing instruction', '<a><?x y?></a>'],
    ['a numeric reference', '<a>&#13;</a>'],
    ['an unknown reference', '<a>&x;</a>'],
    ['a lone ampersand', '<a>x & y</a>'],
    ['a carriage return', '<a>\r\n</a>'],
    ['a control character', '<a>\u001b</a>'],
    ['an unknown element', '<c/>'],
    ['another version', '<?xml version="1.1"?><a/>'],
    ['a blank in a tag', '<a ></a>'],
    ['an end of CDATA', '<a>]]></a>'],
    ['text before the root', 'x<a/>'],
    ['a blank that XML does not know', '\u00A0<a/>\u00A0'],
    ['text behind the root', '<a/>x'],
    ['two roots', '<a/><a/>'],
    ['tags that do not match', '<a><b></a></b>'],
    ['an element that stays open', '<a><b></b>'],
    ['a tag without end', '<a></a'],
    ['nothing', ''],
  ])('leaves %s to the full parser', (_, text) => {
    expect(plain(text)).toBeNull();
  });

  it('accepts nothing that the full parser refuses, and reads it in the same way', () => {
    const tags = ['<a>', '</a>', '<b>', '</b>', '<b/>', '<a', '>', '/', '<', '<a x="y">', '<!--', '-->'];
    const texts = [
      '&amp;',
      '&#65;',
      '&',
      ';',
      ']]>',
      '\r',
      '\n',
      ' ',
      'text',
      'é',
      '\u{1F600}',
      '\uFFFF',
      '\u00A0',
    ];
    const piece = fc.constantFrom(...tags, ...texts, '<?xml version="1.0"?>');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, isWrapped) => {
        const text = isWrapped ? `<a>${pieces.join('')}</a>` : pieces.join('');
        const read = plain(text);
        if (read !== null) {
          expect(full(text)).toEqual(read);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
