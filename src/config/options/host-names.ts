/** Names that a server may be asked for by. */
import { parsed, refused } from '../python/parsed.ts';
import { repr } from '../python/repr.ts';
import { strip } from '../python/text.ts';
import type { Converter } from './converter.ts';

/** A name, an address, `*.` before a name for all below it, or `*` for any. */
const hostPattern = /^(?:\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[?[0-9a-f:.]*:[0-9a-f:.]+\]?)$/;

/** In lower case, without brackets and final dots. */
export const hostNames: Converter<readonly string[]> = {
  parse(value) {
    const names = value
      .split(',')
      .map((name) => strip(name).toLowerCase().replace(/\.$/, ''))
      .filter((name) => name !== '');
    const bad = names.find((name) => !hostPattern.test(name));
    return bad === undefined
      ? parsed(names.map((name) => name.replaceAll(/[[\]]/g, '')))
      : refused(`not the name of a host: ${repr(bad)}`);
  },
  expected: 'names of hosts with commas between them, without ports, such as ops.example.com, *.example.com',
};
