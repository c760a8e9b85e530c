/**
 * The values that travel in XML-RPC messages, in their JavaScript shape.
 *
 * A JavaScript number that is an integer of 32 bits is an `<int>`, any other a `<double>`.
 * `null` is `<nil/>`, an extension that only `allow_none` clients of Python understand.
 * Source: the XML-RPC specification; `<nil/>`: xmlrpc.client of Python.
 */
export type XmlRpcValue =
  string | number | boolean | Date | Uint8Array | null | readonly XmlRpcValue[] | XmlRpcStruct;

/** A `<string>` in a result that is kept as the bytes of its UTF-8, outside of the heap, because it is large. */
export class Utf8Text {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** What a method answers with. */
export type XmlRpcResult = XmlRpcValue | Utf8Text | readonly XmlRpcResult[];

/** The same for those who want all of it at once. */
export function plainValue(result: XmlRpcResult): XmlRpcValue {
  if (result instanceof Utf8Text) {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(result.bytes);
  }
  return Array.isArray(result) && result.some((item) => item instanceof Utf8Text || Array.isArray(item))
    ? (result as readonly XmlRpcResult[]).map(plainValue)
    : (result as XmlRpcValue);
}

export interface XmlRpcStruct {
  readonly [member: string]: XmlRpcValue;
}

/** A request: the method and its positional parameters. */
export interface MethodCall {
  readonly method: string;
  readonly params: readonly XmlRpcValue[];
}

/** A response: a value, or a fault. */
export type MethodResponse<Value = XmlRpcValue> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faultCode: number; readonly faultString: string };
