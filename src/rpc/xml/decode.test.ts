import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xmlRpcValue, xmlText } from './arbitrary-value.ts';
import { decodeMethodCall, decodeMethodCallInTurns, decodeMethodResponse } from './decode.ts';
import { encodeFault, encodeMethodCall, encodeMethodResponse } from './encode.ts';
import type { XmlRpcValue } from './value.ts';

const call = (params: string): string =>
  `<?xml version="1.0"?><methodCall><methodName>a.b</methodName>${params}</methodCall>`;

/** The one parameter of a call with this `<value>`; undefined when the call is refused. */
function parameter(value: string): XmlRpcValue | undefined {
  const decoded = decodeMethodCall(call(`<params><param>${value}</param></params>`));
  return decoded.ok ? decoded.message.params[0] : undefined;
}

function refusal(body: string | Uint8Array): string {
  const decoded = decodeMethodCall(body);
  return decoded.ok ? 'accepted' : decoded.reason;
}

/** As a body comes in. */
function inChunks(body: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += 65_531) {
    chunks.push(body.subarray(at, at + 65_531));
  }
  return chunks;
}

describe('decodeMethodCall', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(xmlRpcValue, { maxLength: 3 }), (params) => {
        expect(decodeMethodCall(encodeMethodCall({ method: 'a.b', params }))).toEqual({
          ok: true,
          message: { method: 'a.b', params },
        });
      }),
    );
  });

  it('reads the same with the full parser as without it', () => {
    const member = fc.constantFrom(
      '<member><name>a</name><value><int>1</int></value></member>',
      '<member>\n<name>b</name>\n<value><string>x y</string></value>\n</member>\n',
      '<member><name>c</name><value>bare &amp;</value></member>',
      '<member><name>d</name><value><constructor>1</constructor></value></member>',
      '<member><name>e</name><value><int>x</int></value></member>',
      '<member><name>f</name><value><boolean>1</boolean></value>',
      '<value><i4>1</i4></value>',
      '\u00A0',
    );
    fc.assert(
      fc.property(fc.array(member, { maxLength: 3 }), fc.integer({ min: 5, max: 9 }), (members, maxDepth) => {
        const value = `<value><struct>${members.join('')}</struct></value>`;
        const read = (extra: string): unknown =>
          decodeMethodCall(call(`<params>${extra}<param>${value}</param></params>`), {
            maxBytes: 10_000,
            maxDepth,
          });
        expect(read('')).toEqual(read('<!-- not plain -->'));
      }),
    );
  });

  it('never throws and never hangs, whatever is sent', () => {
    const template = encodeMethodCall({ method: 'a.b', params: [1, 'x', [true, { y: null }]] });
    fc.assert(
      fc.property(fc.nat(template.length), fc.nat(20), fc.string({ unit: 'binary' }), (at, length, text) => {
        const mangled = template.slice(0, at) + text + template.slice(at + length);
        expect(typeof decodeMethodCall(mangled).ok).toBe('boolean');
        expect(typeof decodeMethodResponse(mangled).ok).toBe('boolean');
      }),
    );
  });

  it('never throws and never hangs on bytes, in turns or in one go', async () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          '<methodCall>',
          '<methodName>a.b</methodName>',
          '<params>',
          '<param>',
          '<value>',
          '</value>',
          '<array><data>',
          '<struct><member><name>',
          '<int>',
          '1',
          '</int>',
          '<base64>',
          '&lt;',
          '&#0;',
          '<![CDATA[',
          ']]>',
          '<!DOCTYPE a [',
          '<?xml version="1.0"?>',
          '\r\n',
        )
        .map((text) => Buffer.from(text)),
    );
    const documents = fc.array(pieces, { maxLength: 12 }).map((parts) => Buffer.concat(parts));
    await fc.assert(
      fc.asyncProperty(documents, async (body) => {
        const { signal } = new AbortController();
        expect(await decodeMethodCallInTurns(inChunks(body), signal)).toEqual(decodeMethodCall(body));
      }),
    );
  });

  // Each is the largest message that is read, and such that a reader of quadratic time would never come to its end.
  it.each([
    ['digits that are no number', '<double>', '1', 'x</double>'],
    ['digits that are no integer', '<int>', '1', 'x</int>'],
    ['blanks in front of nothing', '<int>', ' ', '</int>'],
    ['blanks in base64', '<base64>', 'A ', '*</base64>'],
    ['lone carriage returns', '<boolean>', '\r', '</boolean>'],
    ['entities', '<int>', '&amp;', '</int>'],
    ['elements that are never closed', '', '<array><data><value>', ''],
    ['an attribute without end', '<int ', 'a', ''],
  ])('reads or refuses 16 MiB of %s, with turns for others in between', async (_, before, unit, after) => {
    const [head = '', tail = ''] = call(
      `<params><param><value>${before}|${after}</value></param></params>`,
    ).split('|');
    const room = 16 * 1024 * 1024 - head.length - tail.length;
    const body = Buffer.from(head + unit.repeat(Math.floor(room / unit.length)) + tail);
    let turns = 0;
    const counter = setInterval(() => {
      turns += 1;
    });
    const decoded = await decodeMethodCallInTurns(inChunks(body), new AbortController().signal);
    clearInterval(counter);
    expect(decoded.ok).toBe(false);
    // The one that is nested too deeply is refused in the first turn.
    expect(turns > 0 || unit.startsWith('<array>')).toBe(true);
  });

  it('stops reading once nobody waits for the answer', async () => {
    const abort = new AbortController();
    const body = Buffer.from(
      call(`<params><param><value>${'x'.repeat(1024 * 1024)}</value></param></params>`),
    );
    const decoded = decodeMethodCallInTurns(inChunks(body), abort.signal);
    abort.abort(new Error('gone'));
    await expect(decoded).rejects.toThrow('gone');
  });

  it('reads line ends of every kind as LF, as XML wants them', () => {
    const body = call('<params><param><value>a\r\nb\rc\r\r\nd\n</value></param></params>');
    for (const given of [body, Buffer.from(body)]) {
      const decoded = decodeMethodCall(given);
      expect(decoded.ok && decoded.message.params).toEqual(['a\nb\nc\n\nd\n']);
    }
  });

  it('reads a text of many steps, whatever stands where one ends', () => {
    const text = 'a😀<é>&\n'.repeat(50_000);
    for (const shift of ['', 'x', 'xy', 'xyz']) {
      const params = [shift + text];
      expect(decodeMethodCall(encodeMethodCall({ method: 'a.b', params }))).toEqual({
        ok: true,
        message: { method: 'a.b', params },
      });
    }
  });

  it('B18.1: accepts a call without <params>', () => {
    expect(decodeMethodCall(call(''))).toEqual({ ok: true, message: { method: 'a.b', params: [] } });
    expect(decodeMethodCall(call('<params/>'))).toEqual({ ok: true, message: { method: 'a.b', params: [] } });
  });

  it('takes a value without a type as a string', () => {
    expect(parameter('<value>plain &amp; <![CDATA[<simple>]]></value>')).toBe('plain & <simple>');
    expect(parameter('<value></value>')).toBe('');
    expect(parameter('<value/>')).toBe('');
    expect(parameter('<value>  kept  </value>')).toBe('  kept  ');
  });

  it.each([
    ['<i4> -7 </i4>', -7],
    ['<int>+7</int>', 7],
    ['<i8>9007199254740991</i8>', Number.MAX_SAFE_INTEGER],
    ['<boolean>1</boolean>', true],
    ['<boolean>false</boolean>', false],
    ['<double>-1.5e3</double>', -1500],
    ['<double>inf</double>', Number.POSITIVE_INFINITY],
    ['<double>nan</double>', Number.NaN],
    ['<string/>', ''],
    ['<nil/>', null],
    ['<base64>\n YWJj \n</base64>', new TextEncoder().encode('abc')],
    ['<dateTime.iso8601>20260131T12:30:00</dateTime.iso8601>', new Date('2026-01-31T12:30:00Z')],
    ['<array><data/></array>', []],
    ['<struct></struct>', {}],
  ])('B18.4: reads %s', (xml, value) => {
    expect(parameter(`<value> ${xml} </value>`)).toEqual(value);
  });

  it.each([
    ['<int></int>', 'malformed <int>'],
    ['<int>1.5</int>', 'malformed <int>'],
    ['<int>9007199254740993</int>', 'malformed <int>'],
    ['<boolean>yes</boolean>', 'malformed <boolean>'],
    ['<double>0x10</double>', 'malformed <double>'],
    ['<base64>YW*j</base64>', 'malformed <base64>'],
    ['<dateTime.iso8601>20260230T00:00:00</dateTime.iso8601>', 'malformed <dateTime.iso8601>'],
    ['<nil>x</nil>', 'malformed <nil>'],
    ['<float>1</float>', 'unexpected <float> in <value>'],
    ['<int>1</int>text', 'unexpected text in <value>'],
    ['<int>1</int><int>2</int>', 'more than one element in <value>'],
    ['<string><b>x</b></string>', 'unexpected <b> in <string>'],
    ['<array></array>', '<array> is incomplete'],
    ['<struct><member><name>a</name></member></struct>', '<member> is incomplete'],
    ['<struct><member><value/></member></struct>', 'a <member> without <name>'],
    [
      '<struct><member><name>a</name><name>b</name><value/></member></struct>',
      'more than one <name> in <member>',
    ],
  ])('refuses %s', (xml, reason) => {
    expect(refusal(call(`<params><param><value>${xml}</value></param></params>`))).toBe(reason);
  });

  it('refuses a document type, and with it every entity', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><methodCall/>`;
    expect(refusal(bomb)).toBe('a document type declaration is not accepted');
    expect(refusal(call('<params><param><value>&b;</value></param></params>'))).toMatch(/undefined entity/);
  });

  it('is bounded in bytes and depth', () => {
    const limits = { maxBytes: 200, maxDepth: 8 };
    expect(decodeMethodCall(call(' '.repeat(200)), limits)).toEqual({
      ok: false,
      reason: 'larger than 200 bytes',
    });
    const deep = `<value>${'<array><data><value>'.repeat(2)}`;
    expect(decodeMethodCall(call(`<params><param>${deep}`), limits)).toEqual({
      ok: false,
      reason: 'nested deeper than 8 elements',
    });
  });

  it('takes more parameters than a JavaScript call could', () => {
    const decoded = decodeMethodCall(call(`<params>${'<param><value/></param>'.repeat(200_000)}</params>`));
    expect(decoded.ok && decoded.message.params.length).toBe(200_000);
  });

  it('B18.1: refuses what is no request', () => {
    expect(refusal('')).not.toBe('accepted');
    expect(refusal('hello')).not.toBe('accepted');
    expect(refusal('<methodResponse/>')).toBe('<methodResponse> where <methodCall> was expected');
    expect(refusal('<methodCall/>')).toBe('no method name');
    expect(refusal('<methodCall><methodName> </methodName></methodCall>')).toBe('no method name');
    expect(refusal(call('').replace('</methodCall>', ''))).toMatch(/unclosed tag/);
    expect(refusal(new Uint8Array([0x3c, 0xff]))).toBe('not UTF-8');
    expect(refusal(call('\u0001'))).toMatch(/disallowed character/);
  });

  it('reads bytes as UTF-8 whatever the declaration says', () => {
    const body =
      '<?xml version="1.0" encoding="ISO-8859-1"?><methodCall><methodName>é</methodName></methodCall>';
    const decoded = decodeMethodCall(Buffer.from(body));
    expect(decoded.ok && decoded.message.method).toBe('é');
  });

  it('gives a struct its members as own properties, whatever their names', () => {
    const decoded = decodeMethodCall(
      call(
        '<params><param><value><struct><member><name>__proto__</name><value>x</value></member></struct></value></param></params>',
      ),
    );
    const struct = decoded.ok ? decoded.message.params[0] : undefined;
    expect(Object.entries(struct ?? {})).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(struct)).toBe(Object.prototype);
  });
});

describe('decodeMethodResponse', () => {
  it('reads back values and faults', () => {
    fc.assert(
      fc.property(xmlRpcValue, fc.integer(), xmlText, (value, faultCode, faultString) => {
        expect(decodeMethodResponse(encodeMethodResponse(value))).toEqual({
          ok: true,
          message: { ok: true, value },
        });
        expect(decodeMethodResponse(encodeFault(faultCode, faultString))).toEqual({
          ok: true,
          message: { ok: false, faultCode, faultString },
        });
      }),
    );
  });

  it('always gets a well-formed document from the encoder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const asRequest = encodeMethodCall({ method: 'a.b', params: [text] });
        expect(decodeMethodCall(asRequest).ok).toBe(true);
        expect(decodeMethodResponse(encodeMethodResponse(text)).ok).toBe(true);
      }),
    );
  });

  it('accepts the control characters that the original leaves in log texts', () => {
    const body = encodeMethodResponse('MARK').replace('MARK', '\u001b[1mbold\u001b[0m');
    expect(decodeMethodResponse(body)).toEqual({
      ok: true,
      message: { ok: true, value: '\u001b[1mbold\u001b[0m' },
    });
  });

  it('refuses a response without exactly one value, and a fault that is none', () => {
    expect(decodeMethodResponse('<methodResponse/>').ok).toBe(false);
    expect(decodeMethodResponse('<methodResponse><params/></methodResponse>').ok).toBe(false);
    expect(decodeMethodResponse('<methodResponse><fault><value>x</value></fault></methodResponse>')).toEqual({
      ok: false,
      reason: 'a fault without faultCode and faultString',
    });
  });
});
