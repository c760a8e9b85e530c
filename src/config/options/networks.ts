/** Addresses and networks of IPv4 and IPv6. */
import { isIP } from 'node:net';
import { parseInteger } from '../python/integer.ts';
import { parsed, refused } from '../python/parsed.ts';
import { repr } from '../python/repr.ts';
import { strip } from '../python/text.ts';
import type { Converter } from './converter.ts';

/** As they were given, without blanks and brackets. */
export const networks: Converter<readonly string[]> = {
  parse(value) {
    const all = value
      .split(',')
      .map((network) => strip(network).replaceAll(/[[\]]/g, ''))
      .filter((network) => network !== '');
    const bad = all.find((network) => !isNetwork(network));
    return bad === undefined ? parsed(all) : refused(`not an address or network: ${repr(bad)}`);
  },
  expected: 'addresses or networks with commas between them, such as 127.0.0.1, 10.0.0.0/8, fd00::/8',
};

function isNetwork(network: string): boolean {
  const [address = '', prefix, ...rest] = network.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) {
    return false;
  }
  const bits = prefix === undefined ? parsed(0) : parseInteger(prefix);
  return bits.ok && bits.value >= 0 && bits.value <= (family === 4 ? 32 : 128);
}
