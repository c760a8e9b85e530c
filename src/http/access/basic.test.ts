import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { areCredentials, type Credentials, readAuthorization } from './basic.ts';

function checkAuthorization(header: string | undefined, stored: Credentials): string {
  const given = readAuthorization(header);
  if (given === 'malformed') {
    return given;
  }
  return given !== null && areCredentials(given, stored) === true ? 'allowed' : 'denied';
}

const plain = { username: 'u', password: 'pä:ss' };
const hashed = { username: 'u', password: `{SHA}${createHash('sha1').update('pä:ss').digest('hex')}` };

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

describe('an Authorization header', () => {
  it.each([
    ['the right ones', basic('u:pä:ss'), 'allowed'],
    ['a scheme in lower case', basic('u:pä:ss').replace('Basic', 'basic'), 'allowed'],
    ['another password', basic('u:pass'), 'denied'],
    ['another user', basic('v:pä:ss'), 'denied'],
    ['a part of the password', basic('u:pä:s'), 'denied'],
    ['nothing', undefined, 'denied'],
    ['an empty header', '', 'denied'],
    ['another scheme', 'Bearer x', 'denied'],
    ['no credentials', 'Basic', 'denied'],
    ['no colon', basic('u'), 'malformed'],
    ['no UTF-8', `Basic ${Buffer.from([0x75, 0x3a, 0xff]).toString('base64')}`, 'malformed'],
  ] as const)('B19.5: B3.3: %s', (_what, header, expected) => {
    expect(checkAuthorization(header, plain)).toBe(expected);
    expect(checkAuthorization(header, hashed)).toBe(expected);
  });

  it('B3.3: the hash itself is no password, and base64 is no hash', () => {
    expect(checkAuthorization(basic(`u:${hashed.password}`), hashed)).toBe('denied');
    const base64 = createHash('sha1').update('p').digest('base64');
    expect(checkAuthorization(basic('u:p'), { username: 'u', password: `{SHA}${base64}` })).toBe('denied');
  });
});
