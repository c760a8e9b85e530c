import { describe, expect, it } from 'vitest';

import { decodeResponse, RpcFaultAnswer } from './xml-rpc.ts';

describe('decodeResponse', () => {
  it('reads nested values, with and without white space between tags', () => {
    const xml = `<?xml version='1.0'?>
<methodResponse><params><param>
<value><array><data>
<value><struct>
<member><name>a</name><value><int>-7</int></value></member>
<member><name>b&amp;</name><value><string> x &lt;y&gt;
</string></value></member>
</struct></value><value><boolean>1</boolean></value><value><string></string></value>
</data></array></value>
</param></params></methodResponse>`;
    expect(decodeResponse(xml)).toEqual([{ a: -7, 'b&': ' x <y>\n' }, true, '']);
  });

  it('throws a fault with its code and text', () => {
    const xml =
      '<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>10</int></value></member>' +
      '<member><name>faultString</name><value><string>BAD_NAME: x</string></value></member></struct></value></fault></methodResponse>';
    expect(() => decodeResponse(xml)).toThrow(new RpcFaultAnswer(10, 'BAD_NAME: x'));
  });

  it('refuses what is not XML-RPC', () => {
    expect(() => decodeResponse('<html></html>')).toThrow('cannot read XML-RPC');
  });
});
