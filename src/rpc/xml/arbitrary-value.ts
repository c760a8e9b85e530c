/**
 * Random XML-RPC values for property tests.
 */
import fc from 'fast-check';
import type { XmlRpcValue } from './value.ts';

/** Text that XML 1.0 can carry unchanged. */
export const xmlText = fc
  .string({ unit: 'binary' })
  .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (c) => (c === '\n' || c === '\t' ? c : '')));

/** Whole seconds of years with four digits, which is all that XML-RPC dates have. */
const date = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));

const bytes = fc.uint8Array({ maxLength: 40 });

/** Values of every type, nested a little. `-0` and `NaN` are left to example tests. */
export const xmlRpcValue: fc.Arbitrary<XmlRpcValue> = fc.letrec<{ value: XmlRpcValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    xmlText,
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
    date,
    bytes,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(xmlText, tie('value'), { maxKeys: 4 }),
  ),
})).value;
