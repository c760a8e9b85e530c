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
  /** Whether control characters are accepted that XML forbids. */
  readonly controlCharacters: boolean;
}

/** Characters read in one step: a few milliseconds of work. */
const stepLength = 128 * 1024;

/**
 * Reads a document; whoever drives this may do something else between its steps. A plain one is read in one step, unless
 * it is a request of more than such a step: they come from anybody.
 *
 * @throws UnacceptableMessage
 */
export function* readDocument(text: string, form: DocumentForm): Generator<void, Frame, void> {
  if (form.root === 'methodResponse' || text.length <= stepLength) {
    const quick = new DocumentReader(form);
    if (readPlainDocument(text, elementNames, quick)) {
      return quick.document;
    }
  }
  const full = new DocumentReader(form);
  const parser = parserInto(full, form);
  for (let at = 0; at < text.length; at += stepLength) {
    if (at > 0) {
      yield;
    }
    parser.write(text.slice(at, at + stepLength));
  }
  parser.close();
  return full.document;
}

/** Levels of elements that a scalar member consists of. */
const memberDepth = 3;

/** Builds the frames of a document, and ends with that of its root. */
class DocumentReader implements DocumentSink {
  readonly #root: string;
  readonly #maxDepth: number;
  readonly #open: Frame[] = [];
  #document: Frame | undefined;

  constructor({ root, maxDepth }: DocumentForm) {
    this.#root = root;
    this.#maxDepth = maxDepth;
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
    } else if (element !== this.#root) {
      throw new UnacceptableMessage(`<${element}> where <${this.#root}> was expected`);
    }
    if (this.#open.length >= this.#maxDepth) {
      throw new UnacceptableMessage(`nested deeper than ${this.#maxDepth} elements`);
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
    if (struct === undefined || value === undefined || this.#open.length + memberDepth > this.#maxDepth) {
      return false;
    }
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
