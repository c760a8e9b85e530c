/**
 * The values that travel in XML-RPC messages, in their JavaScript shape.
 *
 * A JavaScript number that is an integer of 32 bits is an `<int>`, any other a `<double>`.
 * `null` is `<nil/>`, an extension that only `allow_none` clients of Python understand.
 * Source: the XML-RPC specification; `<nil/>`: xmlrpc.client of Python.
 */
export type XmlRpcValue =
  string | number | boolean | Date | Uint8Array | null | readonly XmlRpcValue[] | XmlRpcStruct;

export interface XmlRpcStruct {
  readonly [member: string]: XmlRpcValue;
}

/** A request: the method and its positional parameters. */
export interface MethodCall {
  readonly method: string;
  readonly params: readonly XmlRpcValue[];
}

/** A response: a value, or a fault. */
export type MethodResponse =
  | { readonly ok: true; readonly value: XmlRpcValue }
  | { readonly ok: false; readonly faultCode: number; readonly faultString: string };
