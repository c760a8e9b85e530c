/** Pads with blanks on the right to a number of characters, counted as code points. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - Array.from(text).length));
}
