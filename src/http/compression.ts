/** Which answers are compressed, and for whom. */

/** Less than this is hardly made smaller. */
export const leastCompressedBytes = 1024;

/** Source: RFC 9110, 12.5.3. */
export function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  return String(acceptEncoding ?? '')
    .split(',')
    .some((coding) => /^\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)|$)/i.test(coding));
}
