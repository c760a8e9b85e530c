/**
 * Text as XML 1.0 character data.
 *
 * XML 1.0 has no way at all to carry most control characters, lone surrogates, U+FFFE and U+FFFF, not even as a
 * reference: a document with one of them is refused as a whole by expat, Go, PHP and Java. Child logs are full of
 * them (colours start with ESC). Each becomes U+FFFD, the replacement character, so that the rest of the text
 * arrives. The original writes them as they are, and its own clients then fail with "not well-formed".
 */

/** What has to be looked at: markup, control characters, lone surrogates and the two noncharacters. */
const special = /[&<>\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;
/** The same without a look at what surrogates belong to, which nearly no text has: a quarter of the time. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for.
const anySpecial = /[&<>\0-\u001F\u007F-\u009F\uD800-\uDFFF\uFFFE\uFFFF]/;

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes text for a response.
 *
 * Compat: a carriage return stays as it is, as the original writes it, so that every XML parser turns CR and CR LF
 * into LF on the way in.
 */
export function escapeText(text: string): string {
  return anySpecial.test(text)
    ? text.replace(special, (character) => escapeCharacter(character, '\r'))
    : text;
}

/** Escapes text for a request: as {@link escapeText}, but a carriage return arrives as one. */
export function escapeExactText(text: string): string {
  return anySpecial.test(text)
    ? text.replace(special, (character) => escapeCharacter(character, '&#13;'))
    : text;
}

function escapeCharacter(character: string, carriageReturn: string): string {
  const entity = markup[character];
  if (entity !== undefined) {
    return entity;
  }
  if (character === '\r') {
    return carriageReturn;
  }
  // DEL and the C1 controls are allowed in XML 1.0.
  const isAllowed =
    character === '\n' || character === '\t' || (character >= '\u007f' && character <= '\u009f');
  return isAllowed ? character : '\ufffd';
}
