/**
 * Reads the values of replies as the types that methods promise; anything else is a {@link MalformedReplyError}.
 */
import type { XmlRpcStruct, XmlRpcValue } from '../rpc/xml/value.ts';
import { MalformedReplyError } from './errors.ts';

/** A value of a reply, and where it stands in it for the error message. */
export class ReplyReader {
  readonly #method: string;
  readonly #value: XmlRpcValue | undefined;
  readonly #place: string;

  constructor(method: string, value: XmlRpcValue | undefined, place = 'the reply') {
    this.#method = method;
    this.#value = value;
    this.#place = place;
  }

  text(): string {
    return typeof this.#value === 'string' ? this.#value : this.#refuse('a string');
  }

  number(): number {
    return typeof this.#value === 'number' ? this.#value : this.#refuse('a number');
  }

  boolean(): boolean {
    return typeof this.#value === 'boolean' ? this.#value : this.#refuse('a boolean');
  }

  /** The items of an array. */
  items(): readonly ReplyReader[] {
    const items = this.#value;
    if (!isArray(items)) {
      return this.#refuse('an array');
    }
    return items.map((item, index) => new ReplyReader(this.#method, item, `item ${index} of ${this.#place}`));
  }

  /** An item of an array, which must be there. */
  item(index: number): ReplyReader {
    return this.items()[index] ?? new ReplyReader(this.#method, undefined, `item ${index} of ${this.#place}`);
  }

  /** A member of a struct; reading one that is not there fails, see {@link has}. */
  member(name: string): ReplyReader {
    return new ReplyReader(this.#method, this.#struct()[name], `member ${name} of ${this.#place}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#struct(), name);
  }

  texts(): readonly string[] {
    return this.items().map((item) => item.text());
  }

  /** The value as it came. */
  raw(): XmlRpcValue {
    return this.#value ?? this.#refuse('a value');
  }

  #struct(): XmlRpcStruct {
    return isStruct(this.#value) ? this.#value : this.#refuse('a struct');
  }

  #refuse(expected: string): never {
    throw new MalformedReplyError(this.#method, `${this.#place} is not ${expected}`);
  }
}

function isArray(value: XmlRpcValue | undefined): value is readonly XmlRpcValue[] {
  return Array.isArray(value);
}

function isStruct(value: XmlRpcValue | undefined): value is XmlRpcStruct {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}
