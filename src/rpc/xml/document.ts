/**
 * From text to the root element of a message.
 */
import { SaxesParser } from 'saxes';
import type { Frame } from './elements.ts';
import {
  elementNames,
  enterElement,
  leaveElement,
  openFrame,
  refuseText,
  UnacceptableMessage,
} from './elements.ts';
import { type DocumentSink, readPlainDocument } from './plain-document.ts';
import { scalarReaders } from './scalars.ts';

export interface DocumentForm {
  readonly root: 'methodCall' | 'methodResponse';
  /** Deepest nesting of elements. */
  readonly maxDepth: number;
  /** Most elements of all kinds. */
  readonly maxElements: number;
  /** Most members of one struct. */
  readonly maxMembers: number;
  /** Whether control characters are accepted that XML forbids. */
  readonly controlCharacters: boolean;
}

/**
 * Reads a document of one text; a plain one without the full parser.
 *
 * @throws UnacceptableMessage
 */
export function readDocument(text: string, form: DocumentForm): Frame {
  const quick = new DocumentReader(form);
  if (readPlainDocument(text, elementNames, quick)) {
    return quick.document;
  }
  const reading = readInPieces([text], form);
  for (;;) {
    const step = reading.next();
    if (step.done === true) {
      return step.value;
    }
  }
}

/**
 * Reads a document that comes in pieces; whoever drives this may do something else between them.
 *
 * @throws UnacceptableMessage
 */
export function* readInPieces(texts: Iterable<string>, form: DocumentForm): Generator<void, Frame, void> {
  const full = new DocumentReader(form);
  const parser = parserInto(full, form);
  for (const text of texts) {
    parser.write(text);
    yield;
  }
  parser.close();
  return full.document;
}

/** Levels of elements that a scalar member consists of. */
const memberDepth = 3;

/** Builds the frames of a document, and ends with that of its root. */
class DocumentReader implements DocumentSink {
  readonly #form: DocumentForm;
  readonly #open: Frame[] = [];
  #elements = 0;
  #document: Frame | undefined;

  constructor(form: DocumentForm) {
    this.#form = form;
  }

  get document(): Frame {
    if (this.#document === undefined) {
      throw new UnacceptableMessage('no document');
    }
    return this.#document;
  }

  open(element: string): void {
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      enterElement(parent, element);
    } else if (element !== this.#form.root) {
      throw new UnacceptableMessage(`<${element}> where <${this.#form.root}> was expected`);
    }
    if (this.#open.length >= this.#form.maxDepth) {
      throw new UnacceptableMessage(`nested deeper than ${this.#form.maxDepth} elements`);
    }
    this.#elements += 1;
    if (this.#elements > this.#form.maxElements) {
      throw new UnacceptableMessage(`more than ${this.#form.maxElements} elements`);
    }
    this.#open.push(openFrame(element));
  }

  text(data: string): void {
    const frame = this.#open.at(-1);
    if (frame !== undefined) {
      frame.text += data;
    }
  }

  scalarMember(name: string, type: string, text: string): boolean {
    const struct = this.#open.at(-1);
    const read = Object.hasOwn(scalarReaders, type) ? scalarReaders[type] : undefined;
    const value = struct?.element === 'struct' ? read?.(text) : undefined;
    if (
      struct === undefined ||
      value === undefined ||
      this.#open.length + memberDepth > this.#form.maxDepth
    ) {
      return false;
    }
    this.#elements += memberDepth;
    struct.members.push([name, value]);
    return true;
  }

  close(): void {
    const frame = this.#open.pop();
    if (frame === undefined) {
      return;
    }
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      leaveElement(frame, parent);
      if (parent.members.length > this.#form.maxMembers) {
        throw new UnacceptableMessage(`a <struct> of more than ${this.#form.maxMembers} members`);
      }
      return;
    }
    refuseText(frame);
    this.#document = frame;
  }
}

/** A parser of any XML document, which goes into the sink. */
function parserInto(sink: DocumentSink, { controlCharacters }: DocumentForm): SaxesParser {
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => {
    if (controlCharacters && error.message.endsWith('disallowed character.')) {
      return;
    }
    throw new UnacceptableMessage(`not well-formed XML: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw new UnacceptableMessage('a document type declaration is not accepted');
  });
  parser.on('opentag', ({ name }) => {
    sink.open(name);
  });
  const onText = (data: string): void => {
    sink.text(data);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    sink.close();
  });
  return parser;
}
