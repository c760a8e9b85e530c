/**
 * What a message looks like in the activity log. A message is one line, whatever is in it: names, URLs and what a listener
 * has answered come from others, who could otherwise write lines of their own, or hide what they did from a terminal.
 */

/** A line, or a line with more under it. */
export type LogMessage = string | LogLines;

/** More lines than one. Only what knows that it has them makes this. */
export interface LogLines {
  readonly line: string;
  readonly below: string;
  /** `output` is a program's own and printed as it is, as in the original; `text` cannot be taken for lines of the log. */
  readonly kind: 'text' | 'output';
}

/** Characters of a line, and of all that is below it; the rest is cut off. */
const maxLineLength = 8 * 1024;
const maxBelowLength = 64 * 1024;

/** In front of a line below, unless it begins with a blank: the lines of the log begin with a date. */
const indent = '    ';

/** Control characters but the tab, line separators, and what turns the direction of a text. */
const unsafe = /[^\P{Cc}\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };

/** A text whose first line belongs to the message and whose others stand below, such as an error with its stack. */
export function withLines(text: string): LogMessage {
  const end = text.indexOf('\n');
  return end < 0 ? text : { line: text.slice(0, end), below: text.slice(end + 1), kind: 'text' };
}

/** A line with what a program has printed. */
export function withOutput(line: string, output: string): LogMessage {
  return { line, below: output, kind: 'output' };
}

/** The message as it is written, without the newline at its end. */
export function logText(message: LogMessage): string {
  if (typeof message === 'string') {
    return escapeLine(message);
  }
  const { line, below, kind } = message;
  return `${escapeLine(line)}\n${kind === 'output' ? below : linesBelow(below)}`;
}

function linesBelow(text: string): string {
  const lines = text.slice(0, maxBelowLength).replace(/\n+$/, '').split('\n').map(escapeLine);
  if (text.length > maxBelowLength) {
    lines.push(cutMark(text));
  }
  return lines.map((line) => (/^[ \t]/.test(line) ? line : `${indent}${line}`)).join('\n');
}

function escapeLine(text: string): string {
  if (text.length <= maxLineLength) {
    const escaped = text.replace(unsafe, escapeCharacter);
    if (escaped.length <= maxLineLength) {
      return escaped;
    }
  }
  let line = '';
  for (const character of text) {
    const piece = character.replace(unsafe, escapeCharacter);
    if (line.length + piece.length > maxLineLength) {
      break;
    }
    line += piece;
  }
  return `${line}${cutMark(text)}`;
}

function cutMark(text: string): string {
  return `... (cut, ${text.length} characters in all)`;
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  return names[character] ?? (code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
}
