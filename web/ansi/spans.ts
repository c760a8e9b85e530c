/**
 * One line of a program's output as spans to be shown as text. Nothing a program prints is ever parsed as markup:
 * colours become class names and numbers, everything else that is not plain text is made visible or left out.
 *
 * Colours are read by anser; cursor movements, window titles and links, which have no meaning in a list of lines, are
 * dropped; control characters and those that change the direction of text are shown as signs.
 */
import anser from 'anser';

export interface Span {
  readonly text: string;
  readonly classes: readonly string[];
  /** `r, g, b` for colours outside the sixteen that the theme names. */
  readonly color: string | null;
  readonly background: string | null;
}

const escape = '\u001B';

/** Colours and styles, the only sequences with a meaning here. */
const sgrPattern = new RegExp(`${escape}\\[([\\d;:]*)m`, 'g');

/** Commands to a terminal: OSC, DCS and the like with their text, CSI other than SGR, two-character ones. */
const otherSequences = new RegExp(
  `${escape}[\\]P^_X][^\\u0007${escape}]*(?:\\u0007|${escape}\\\\)?` +
    `|${escape}\\[(?![\\d;:]*m)[0-?]*[ -/]*[@-~]?` +
    `|${escape}(?!\\[)[ -/]*[0-~]?`,
  'g',
);

/** C0 without tab, DEL, C1, and the invisible characters that reorder, join or hide text. */
const controls =
  '[\\u0000-\\u0008\\u000A-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u200B-\\u200F' +
  '\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]';
const controlPattern = new RegExp(controls, 'g');
const anythingSpecial = new RegExp(controls);

const noClasses: readonly string[] = [];

/** `carried`: the styles that earlier lines left on, as `sgrAfter` says. */
export function parseSpans(line: string, carried = ''): readonly Span[] {
  if (!anythingSpecial.test(line) && carried === '') {
    return [{ text: line, classes: noClasses, color: null, background: null }];
  }
  const text = afterCarriageReturns((carried + line).replace(otherSequences, ''));
  return anser
    .ansiToJson(text, { json: true, use_classes: true, remove_empty: true })
    .flatMap((entry) => splitControls(entry.content, styleOf(entry)));
}

/** The text of the spans: what a search looks in. */
export function visibleText(line: string): string {
  return anythingSpecial.test(line)
    ? parseSpans(line)
        .map(({ text }) => text)
        .join('')
    : line;
}

const longestCarry = 128;

/** The styles that are on after `line`, as the sequences that switch them on again. */
export function sgrAfter(carried: string, line: string): string {
  if (!line.includes(escape)) {
    return carried;
  }
  let state = carried;
  for (const match of line.matchAll(sgrPattern)) {
    const codes = match[1] ?? '';
    const isReset = /^0*(?:;|$)/.test(codes);
    const isOnlyReset = /^[0;]*$/.test(codes);
    state = isOnlyReset ? '' : isReset ? match[0] : state + match[0];
  }
  return state.length > longestCarry ? '' : state;
}

/** A progress bar draws over itself: what was written last is what a terminal would show. */
function afterCarriageReturns(text: string): string {
  const trimmed = text.replace(/\r+$/, '');
  const last = trimmed.lastIndexOf('\r');
  return last === -1 ? trimmed : trimmed.slice(last + 1);
}

type Style = Omit<Span, 'text'>;

function styleOf(entry: ReturnType<typeof anser.ansiToJson>[number]): Style {
  const foreground = colourOf(entry.fg, entry.fg_truecolor);
  const background = colourOf(entry.bg, entry.bg_truecolor);
  return {
    classes: [
      ...entry.decorations.map((decoration) => `ansi-${decoration}`),
      ...(foreground.name === null ? [] : [`fg-${foreground.name}`]),
      ...(background.name === null ? [] : [`bg-${background.name}`]),
    ],
    color: foreground.rgb,
    background: background.rgb,
  };
}

interface Colour {
  readonly name: string | null;
  readonly rgb: string | null;
}

function colourOf(name: string | null, truecolor: string | null): Colour {
  if (name === null || name === '') {
    return { name: null, rgb: null };
  }
  if (name === 'ansi-truecolor') {
    return { name: null, rgb: truecolor };
  }
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  return palette === null
    ? { name: name.replace(/^ansi-/, ''), rgb: null }
    : { name: null, rgb: paletteColour(Number(palette[1])) };
}

/** Entries 16 to 255 of the palette that xterm has made usual: a cube of 6 x 6 x 6, then greys. */
function paletteColour(index: number): string {
  if (index >= 232) {
    const grey = (index - 232) * 10 + 8;
    return `${grey}, ${grey}, ${grey}`;
  }
  const cube = index - 16;
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6]
    .map((level) => (level === 0 ? 0 : level * 40 + 55))
    .join(', ');
}

function splitControls(text: string, style: Style): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(controlPattern)) {
    if (match.index > from) {
      spans.push({ ...style, text: text.slice(from, match.index) });
    }
    spans.push({ ...style, text: signFor(match[0]), classes: [...style.classes, 'control'] });
    from = match.index + match[0].length;
  }
  if (from < text.length) {
    spans.push({ ...style, text: text.slice(from) });
  }
  return spans;
}

/** Unicode has pictures for C0; others are named by their number. */
function signFor(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) {
    return String.fromCharCode(0x24_00 + code);
  }
  return code === 0x7f ? '␡' : `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
