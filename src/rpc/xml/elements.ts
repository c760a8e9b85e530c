/**
 * The grammar of XML-RPC messages: which element may stand in which, and what closing one does.
 *
 * A frame is an element that is still open. Closing it hands its result to the frame around it, so a message is
 * read in one pass and without a tree.
 */
import type { XmlRpcValue } from './value.ts';
import { scalarReaders } from './scalars.ts';

/** A message that cannot be accepted; caught by the decoder, never seen by a caller. */
export class UnacceptableMessage extends Error {
  override readonly name = 'UnacceptableMessage';
}

export interface Frame {
  readonly element: string;
  /** Character data directly in the element. */
  text: string;
  /** Values handed up by elements inside, in order. */
  readonly values: XmlRpcValue[];
  /** Of `<struct>`: its members; of `<member>`: nothing or its one pair. */
  readonly members: [string, XmlRpcValue][];
  /** Of `<member>` its `<name>`; of `<methodCall>` its `<methodName>`. */
  label: string | undefined;
  /** Names of the elements that have been seen directly inside. */
  readonly seen: string[];
}

export function openFrame(element: string): Frame {
  return { element, text: '', values: [], members: [], label: undefined, seen: [] };
}

const typeElements = [...Object.keys(scalarReaders), 'array', 'struct'];

/** What may stand in an element, and how often: `once` means each at most once, `one` one of them at most. */
const contents: Readonly<
  Record<string, { readonly inside: readonly string[]; readonly times: 'once' | 'one' | 'many' }>
> = {
  methodCall: { inside: ['methodName', 'params'], times: 'once' },
  methodResponse: { inside: ['params', 'fault'], times: 'one' },
  params: { inside: ['param'], times: 'many' },
  param: { inside: ['value'], times: 'one' },
  fault: { inside: ['value'], times: 'one' },
  value: { inside: typeElements, times: 'one' },
  array: { inside: ['data'], times: 'one' },
  data: { inside: ['value'], times: 'many' },
  struct: { inside: ['member'], times: 'many' },
  member: { inside: ['name', 'value'], times: 'once' },
};

/** Every element that a message may consist of. */
export const elementNames: ReadonlySet<string> = new Set([
  'methodCall',
  'methodResponse',
  ...Object.values(contents).flatMap(({ inside }) => inside),
]);

/** Refuses an element where the grammar does not have it. */
export function enterElement(parent: Frame, element: string): void {
  const content = contents[parent.element];
  if (content === undefined || !content.inside.includes(element)) {
    throw new UnacceptableMessage(`unexpected <${element}> in <${parent.element}>`);
  }
  if (content.times === 'many') {
    return;
  }
  if (content.times === 'one' ? parent.seen.length > 0 : parent.seen.includes(element)) {
    throw new UnacceptableMessage(
      `more than one ${content.times === 'one' ? 'element' : `<${element}>`} in <${parent.element}>`,
    );
  }
  parent.seen.push(element);
}

/** Completes an element: checks it, and hands its result to the frame around it. */
export function leaveElement(frame: Frame, parent: Frame): void {
  const readScalar = scalarReaders[frame.element];
  if (readScalar !== undefined) {
    const value = readScalar(frame.text);
    if (value === undefined) {
      throw new UnacceptableMessage(`malformed <${frame.element}>`);
    }
    parent.values.push(value);
    return;
  }
  switch (frame.element) {
    case 'methodName':
    case 'name':
      parent.label = frame.text;
      return;
    case 'value':
      parent.values.push(closeValue(frame));
      return;
    case 'data':
      parent.values.push(frame.values);
      break;
    case 'array':
    case 'param':
    case 'fault':
      parent.values.push(onlyValue(frame));
      break;
    case 'params':
      // Not spread: a request may hold more parameters than a call takes arguments.
      for (const value of frame.values) {
        parent.values.push(value);
      }
      break;
    case 'member':
      if (frame.label === undefined) {
        throw new UnacceptableMessage('a <member> without <name>');
      }
      parent.members.push([frame.label, onlyValue(frame)]);
      break;
    case 'struct':
      // Defines own properties whatever their name, `__proto__` included.
      parent.values.push(Object.fromEntries(frame.members));
      break;
    default:
      throw new UnacceptableMessage(`unexpected <${frame.element}>`);
  }
  refuseText(frame);
}

/** Refuses character data, other than blanks, where only elements may stand. */
export function refuseText(frame: Frame): void {
  if (frame.text.trim() !== '') {
    throw new UnacceptableMessage(`unexpected text in <${frame.element}>`);
  }
}

/** A `<value>` without a type is a string. Source: the XML-RPC specification, "Scalar <value>s". */
function closeValue(frame: Frame): XmlRpcValue {
  if (frame.seen.length === 0) {
    return frame.text;
  }
  refuseText(frame);
  return onlyValue(frame);
}

function onlyValue(frame: Frame): XmlRpcValue {
  const value = frame.values[0];
  if (value === undefined) {
    throw new UnacceptableMessage(`<${frame.element}> is incomplete`);
  }
  return value;
}
