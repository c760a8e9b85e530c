import { describe, expect, it } from 'vitest';
import { encodeFault, encodeMethodCall, encodeMethodResponse } from './encode.ts';
import type { XmlRpcValue } from './value.ts';

/** The `<value>` of a response, without the lines around it. */
function encoded(value: XmlRpcValue): string {
  const text = encodeMethodResponse(value);
  return text.slice(text.indexOf('<value>'), text.lastIndexOf('</value>') + '</value>'.length);
}

describe('encodeMethodResponse', () => {
  it('B18.3: lays a struct out as the original does', () => {
    expect(encodeMethodResponse({ statecode: 1, statename: 'RUNNING' })).toBe(
      [
        "<?xml version='1.0'?>",
        '<methodResponse>',
        '<params>',
        '<param>',
        '<value><struct>',
        '<member>',
        '<name>statecode</name>',
        '<value><int>1</int></value>',
        '</member>',
        '<member>',
        '<name>statename</name>',
        '<value><string>RUNNING</string></value>',
        '</member>',
        '</struct></value>',
        '</param>',
        '</params>',
        '</methodResponse>',
        '',
      ].join('\n'),
    );
  });

  it('B18.3: writes <int>, <boolean> and <string>, never <i4> or a bare value', () => {
    expect(encoded(0)).toBe('<value><int>0</int></value>');
    expect(encoded(-(2 ** 31))).toBe('<value><int>-2147483648</int></value>');
    expect(encoded(true)).toBe('<value><boolean>1</boolean></value>');
    expect(encoded(false)).toBe('<value><boolean>0</boolean></value>');
    expect(encoded('')).toBe('<value><string></string></value>');
    expect(encoded([])).toBe('<value><array><data>\n</data></array></value>');
  });

  it('writes as <double> what is no integer of 32 bits', () => {
    expect(encoded(1.5)).toBe('<value><double>1.5</double></value>');
    expect(encoded(2 ** 31)).toBe('<value><double>2147483648.0</double></value>');
    expect(encoded(-0)).toBe('<value><double>-0.0</double></value>');
    expect(encoded(Number.NEGATIVE_INFINITY)).toBe('<value><double>-inf</double></value>');
    expect(encoded(Number.NaN)).toBe('<value><double>nan</double></value>');
  });

  it('writes the remaining types', () => {
    expect(encoded(new Date('2026-01-31T12:30:00Z'))).toBe(
      '<value><dateTime.iso8601>20260131T12:30:00</dateTime.iso8601></value>',
    );
    expect(encoded(new TextEncoder().encode('abc'))).toBe('<value><base64>YWJj</base64></value>');
    expect(encoded(null)).toBe('<value><nil/></value>');
  });

  it('escapes markup in texts and member names', () => {
    expect(encoded({ 'a<b': '<&]]>"' })).toContain(
      '<name>a&lt;b</name>\n<value><string>&lt;&amp;]]&gt;"</string></value>',
    );
  });

  it('replaces what XML 1.0 cannot carry and keeps everything else', () => {
    expect(encoded('\u001b[31mred\u0000\u0008')).toBe(
      '<value><string>\ufffd[31mred\ufffd\ufffd</string></value>',
    );
    expect(encoded('lone \ud800 pair \u{1f600} non \ufffe\uffff')).toBe(
      '<value><string>lone \ufffd pair \u{1f600} non \ufffd\ufffd</string></value>',
    );
    expect(encoded('tab\tline\ncr\r\ndel\u007f nel\u0085')).toBe(
      '<value><string>tab\tline\ncr\r\ndel\u007f nel\u0085</string></value>',
    );
  });
});

describe('encodeFault', () => {
  it('B18.3: carries the code as <int> and the string', () => {
    expect(encodeFault(10, 'BAD_NAME: x')).toBe(
      [
        "<?xml version='1.0'?>",
        '<methodResponse>',
        '<fault>',
        '<value><struct>',
        '<member>',
        '<name>faultCode</name>',
        '<value><int>10</int></value>',
        '</member>',
        '<member>',
        '<name>faultString</name>',
        '<value><string>BAD_NAME: x</string></value>',
        '</member>',
        '</struct></value>',
        '</fault>',
        '</methodResponse>',
        '',
      ].join('\n'),
    );
  });
});

describe('encodeMethodCall', () => {
  it('keeps a carriage return', () => {
    expect(encodeMethodCall({ method: 'supervisor.sendProcessStdin', params: ['cat', 'a\r\n'] })).toContain(
      '<value><string>a&#13;\n</string></value>',
    );
  });

  it('writes <params> without any parameter too', () => {
    expect(encodeMethodCall({ method: 'supervisor.getState', params: [] })).toBe(
      "<?xml version='1.0'?>\n<methodCall>\n<methodName>supervisor.getState</methodName>\n<params>\n</params>\n</methodCall>\n",
    );
  });
});
