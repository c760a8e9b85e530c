import crypto from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseStoredPassword } from '../../config/stored-password.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** RFC 7914, section 12: "pleaseletmein", "SodiumChloride", N 16384, r 8, p 1. */
const vector = `{SCRYPT}16384,8,1$${Buffer.from('SodiumChloride').toString('base64')}$${Buffer.from(
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
    'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  'hex',
).toString('base64')}`;

/** Cheap to check. */
function stored(password: string, salt = 'saltsalt'): string {
  const hash = crypto.scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });
  return `{SCRYPT}1024,8,1$${Buffer.from(salt).toString('base64')}$${hash.toString('base64')}`;
}

describe('verifyPassword', () => {
  it('answers at once for a text and for SHA-1', () => {
    const sha = `{SHA}${crypto.createHash('sha1').update('pä:ss').digest('hex')}`;
    expect(verifyPassword('pä:ss', 'pä:ss')).toBe(true);
    expect(verifyPassword('pä:s', 'pä:ss')).toBe(false);
    expect(verifyPassword('pä:ss', sha)).toBe(true);
    expect(verifyPassword(sha, sha)).toBe(false);
  });

  it('knows the hash of the RFC, and no other password for it', async () => {
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    expect(await verifyPassword('pleaseletmein', vector)).toBe(true);
    // Meanwhile everybody else was served.
    expect(turned).toBe(true);
    expect(await verifyPassword('pleaseletmeout', vector)).toBe(false);
    expect(await verifyPassword('', vector)).toBe(false);
    expect(await verifyPassword(vector, vector)).toBe(false);
  });

  it("is nobody's password when it makes no sense", () => {
    expect(verifyPassword('{SCRYPT}secret', '{SCRYPT}secret')).toBe(false);
  });

  it('remembers what was right, and for that hash alone', async () => {
    const one = stored('one');
    expect(verifyPassword('one', one)).toBeInstanceOf(Promise);
    expect(await verifyPassword('one', one)).toBe(true);
    expect(verifyPassword('one', one)).toBe(true);
    expect(verifyPassword('one', stored('one', 'othersalt'))).toBeInstanceOf(Promise);
    expect(await verifyPassword('two', one)).toBe(false);
    expect(verifyPassword('two', one)).toBeInstanceOf(Promise);
  });

  it('makes one check for many who ask with the same password', async () => {
    const hash = stored('many');
    const checks = ['many', 'many', 'wrong', 'many'].map((given) => verifyPassword(given, hash));
    expect(new Set(checks).size).toBe(2);
    expect(await Promise.all(checks.map((check) => Promise.resolve(check)))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('makes hashes that it takes, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('pä ss'), hashPassword('pä ss')]);
    expect(one).not.toBe(two);
    expect(parseStoredPassword(one)).toMatchObject({ ok: true, value: { kind: 'scrypt', cost: 16_384 } });
    expect(await verifyPassword('pä ss', one)).toBe(true);
    expect(await verifyPassword('pä  ss', one)).toBe(false);
  });
});
