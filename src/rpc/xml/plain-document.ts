/**
 * A quick reader for the XML that XML-RPC libraries write: elements without attributes, and text.
 *
 * Nearly every message is such a document, and a short-lived client has no time to warm a full parser up. Whatever is
 * not plain (attributes, comments, CDATA, numeric references, another encoding of line ends, anything malformed) is
 * left to the full parser, which then has the last word: this reader accepts nothing that the other would refuse.
 */

/** Takes a document piece by piece. What it throws ends the reading. */
export interface DocumentSink {
  open(element: string): void;
  text(data: string): void;
  /** Closes the element opened last. */
  close(): void;
  /**
   * Takes a whole `<member>` of a struct with a scalar value.
   *
   * @returns false to be given its elements one by one instead.
   */
  scalarMember(name: string, type: string, text: string): boolean;
}

/** Control characters, carriage returns, surrogates and noncharacters: right or wrong, not for this reader. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for.
const unplain = /[\0-\u0008\u000B-\u001F\uD800-\uDFFF\uFFFE\uFFFF]|\]\]>/;

const declaration = /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"[\w.-]+"|'[\w.-]+'))?\s*\?>/;

const references: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);

const slash = 0x2f;

/** Of what long answers consist, in one step instead of four elements and their texts. */
const scalarMember =
  /<member>[ \t\n]*<name>([^<>&]*)<\/name>[ \t\n]*<value><([\w.]+)>([^<>&]*)<\/\2><\/value>[ \t\n]*<\/member>/y;

/**
 * Reads a document into a sink.
 *
 * @param elements names that are read here; any other is not plain.
 * @returns false when the document is not plain. The sink may have got a part of it then, and is to be thrown away.
 */
export function readPlainDocument(text: string, elements: ReadonlySet<string>, sink: DocumentSink): boolean {
  if (unplain.test(text)) {
    return false;
  }
  const open: string[] = [];
  let isRead = false;
  let at = declaration.exec(text)?.[0].length ?? 0;
  for (let tag = text.indexOf('<', at); tag !== -1; tag = text.indexOf('<', at)) {
    const data = plainText(text.slice(at, tag));
    const end = text.indexOf('>', tag);
    if (data === null || end === -1) {
      return false;
    }
    if (open.length > 0) {
      sink.text(data);
    } else if (isRead || !isBlank(data)) {
      return false;
    }
    scalarMember.lastIndex = tag;
    const member = scalarMember.exec(text);
    if (member !== null) {
      const [all, name = '', type = '', value = ''] = member;
      if (sink.scalarMember(name, type, value)) {
        at = tag + all.length;
        continue;
      }
    }
    at = end + 1;
    if (text.charCodeAt(tag + 1) === slash) {
      if (open.pop() !== text.slice(tag + 2, end)) {
        return false;
      }
      sink.close();
    } else {
      const isEmpty = text.charCodeAt(end - 1) === slash;
      const name = text.slice(tag + 1, isEmpty ? end - 1 : end);
      if (!elements.has(name)) {
        return false;
      }
      sink.open(name);
      if (isEmpty) {
        sink.close();
      } else {
        open.push(name);
      }
    }
    isRead = open.length === 0;
  }
  return isRead && isBlank(text.slice(at));
}

/** Nothing but white space as XML has it. */
function isBlank(text: string): boolean {
  return !/[^ \t\n]/.test(text);
}

/** Character data with its references resolved; null when there is one that only the full parser judges. */
function plainText(data: string): string | null {
  if (!data.includes('&')) {
    return data;
  }
  let isPlain = true;
  const resolved = data.replaceAll(/&(?:\w+;)?/g, (reference) => {
    const character = references.get(reference);
    isPlain &&= character !== undefined;
    return character ?? '';
  });
  return isPlain ? resolved : null;
}
