/**
 * An XML-RPC client of a page, for tests only. On purpose it shares no line with the project's own codec,
 * which it is there to check.
 */
import { httpRequest } from './http.ts';
import type { HttpRequest, HttpTarget } from './http.ts';

export type RpcValue = string | number | boolean | readonly RpcValue[] | RpcStruct;

export interface RpcStruct {
  readonly [member: string]: RpcValue;
}

/** A fault as the server sent it. */
export class RpcFaultAnswer extends Error {
  override readonly name = 'RpcFaultAnswer';
  readonly faultCode: number;
  readonly faultString: string;

  constructor(faultCode: number, faultString: string) {
    super(`fault ${faultCode}: ${faultString}`);
    this.faultCode = faultCode;
    this.faultString = faultString;
  }
}

/** Calls `namespace.method`; throws {@link RpcFaultAnswer} for a fault. */
export async function callRpc(
  target: HttpTarget,
  method: string,
  params: readonly RpcValue[] = [],
  credentials?: HttpRequest['credentials'],
): Promise<RpcValue> {
  const answer = await httpRequest(target, '/RPC2', {
    method: 'POST',
    headers: { 'Content-Type': 'text/xml' },
    body: encodeCall(method, params),
    ...(credentials === undefined ? {} : { credentials }),
  });
  if (answer.status !== 200) {
    throw new Error(`${method} was answered with HTTP ${answer.status}: ${answer.body}`);
  }
  return decodeResponse(answer.body);
}

function encodeCall(method: string, params: readonly RpcValue[]): string {
  const list = params.map((value) => `<param>${encodeValue(value)}</param>`).join('');
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${list}</params></methodCall>`;
}

function encodeValue(value: RpcValue): string {
  if (typeof value === 'string') {
    return `<value><string>${escapeText(value)}</string></value>`;
  }
  if (typeof value === 'number') {
    return `<value><int>${value}</int></value>`;
  }
  if (typeof value === 'boolean') {
    return `<value><boolean>${value ? 1 : 0}</boolean></value>`;
  }
  if (isList(value)) {
    return `<value><array><data>${value.map(encodeValue).join('')}</data></array></value>`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `<member><name>${escapeText(name)}</name>${encodeValue(member)}</member>`,
  );
  return `<value><struct>${members.join('')}</struct></value>`;
}

function isList(value: RpcValue): value is readonly RpcValue[] {
  return Array.isArray(value);
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Reads a `methodResponse`; throws {@link RpcFaultAnswer} for a fault. */
export function decodeResponse(xml: string): RpcValue {
  // Tags, and the text between them; white space between tags belongs to nobody.
  const tokens = (xml.match(/<[^>]+>|[^<]+/g) ?? []).filter((token) => !token.startsWith('<?'));
  const reader = new ValueReader(tokens, tokens.indexOf('<value>'));
  const value = reader.value();
  if (tokens.includes('<fault>')) {
    const fault = value as { readonly faultCode: number; readonly faultString: string };
    throw new RpcFaultAnswer(fault.faultCode, fault.faultString);
  }
  return value;
}

class ValueReader {
  readonly #tokens: readonly string[];
  #at: number;

  constructor(tokens: readonly string[], at: number) {
    this.#tokens = tokens;
    this.#at = at;
  }

  value(): RpcValue {
    this.#expect('<value>');
    const value = this.#typed();
    this.#expect('</value>');
    return value;
  }

  #typed(): RpcValue {
    this.#skipBlanks();
    const tag = this.#tokens[this.#at++] ?? '';
    switch (tag) {
      case '<int>':
      case '<i4>':
      case '<double>':
        return Number(this.#text(tag));
      case '<boolean>':
        return this.#text(tag) === '1';
      case '<string>':
        return this.#text(tag);
      case '<string/>':
        return '';
      case '<array>':
        return this.#list();
      case '<struct>':
        return this.#struct();
      default:
        throw new Error(`cannot read ${tag} as an XML-RPC value`);
    }
  }

  #list(): readonly RpcValue[] {
    const items: RpcValue[] = [];
    this.#expect('<data>');
    while (this.#next() === '<value>') {
      items.push(this.value());
    }
    this.#expect('</data>');
    this.#expect('</array>');
    return items;
  }

  #struct(): RpcStruct {
    const members: Record<string, RpcValue> = {};
    while (this.#next() === '<member>') {
      this.#expect('<member>');
      this.#expect('<name>');
      const name = this.#text('<name>');
      members[name] = this.value();
      this.#expect('</member>');
    }
    this.#expect('</struct>');
    return members;
  }

  /** The text up to the end of the element that `tag` has opened. */
  #text(tag: string): string {
    const end = tag.replace('<', '</');
    let text = '';
    while (this.#at < this.#tokens.length && this.#tokens[this.#at] !== end) {
      text += this.#tokens[this.#at++] ?? '';
    }
    this.#expect(end);
    return text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
  }

  #next(): string | undefined {
    this.#skipBlanks();
    return this.#tokens[this.#at];
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) {
      throw new Error(`cannot read XML-RPC: expected ${token}, found ${found ?? 'the end'}`);
    }
    this.#at += 1;
  }

  #skipBlanks(): void {
    while (this.#tokens[this.#at]?.trim() === '') {
      this.#at += 1;
    }
  }
}
