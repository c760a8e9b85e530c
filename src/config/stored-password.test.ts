import { describe, expect, it } from 'vitest';
import { parseStoredPassword, scryptText } from './stored-password.ts';
import { configFile, load } from './world.fixture.ts';

const salt = Buffer.alloc(16, 's');
const hash = Buffer.alloc(32, 'h');
const whole = scryptText({ cost: 16_384, blockSize: 8, parallelization: 5, salt, hash });

/** The same with another part. */
function changed(from: string, to: string): string {
  expect(whole).toContain(from);
  return whole.replace(from, to);
}

describe('the password of a server', () => {
  it.each([
    ['123', { kind: 'plain', text: '123' }],
    ['', { kind: 'plain', text: '' }],
    ['{SCRYPT', { kind: 'plain', text: '{SCRYPT' }],
    ['{SHA}x', { kind: 'sha1', digest: 'x' }],
    [whole, { kind: 'scrypt', cost: 16_384, blockSize: 8, parallelization: 5, salt, hash }],
    [
      changed('=$', '$').replace(/=+$/, ''),
      { kind: 'scrypt', cost: 16_384, blockSize: 8, parallelization: 5, salt, hash },
    ],
  ])('may be %s', (text, value) => {
    expect(parseStoredPassword(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['{SCRYPT}', 'it has another form'],
    ['{SCRYPT}secret', 'it has another form'],
    [changed('16384', '-1'), 'it has another form'],
    [`${whole}$`, 'it has another form'],
    [`${whole}\n`, 'it has another form'],
    [changed('16384', '16385'), 'N is no power of two from 1024 on'],
    [changed('16384', '512'), 'N is no power of two from 1024 on'],
    [changed(',8,', ',0,'), 'r and p begin at 1'],
    [changed(',5$', ',0$'), 'r and p begin at 1'],
    [changed('16384', '1048576'), 'N, r and p ask for more memory or time than a check may take'],
    [changed(',5$', ',999$'), 'N, r and p ask for more memory or time than a check may take'],
    [changed(salt.toString('base64'), 'c2FsdA=='), 'salt and hash have 8 and 32 to 64 bytes'],
    [changed(hash.toString('base64'), 'aGFzaA=='), 'salt and hash have 8 and 32 to 64 bytes'],
    [changed(hash.toString('base64'), `${'A'.repeat(42)}B`), 'salt and hash have 8 and 32 to 64 bytes'],
  ])('may not be %s', (text, why) => {
    expect(parseStoredPassword(text)).toEqual({
      ok: false,
      message: `not a hash of a password that begins with {SCRYPT}: ${why}`,
    });
  });

  it('is an error of the configuration, with its place and without the value', () => {
    const server = (password: string): string =>
      `[supervisord]\n[inet_http_server]\nport=9001\nusername=u\npassword=${password}\n`;
    const broken = load(server('{SCRYPT}secret'));
    expect(broken.ok).toBe(false);
    expect(broken.problems).toMatchObject([
      {
        severity: 'error',
        file: configFile,
        line: 5,
        section: 'inet_http_server',
        option: 'password',
        value: null,
        expected: expect.stringContaining('supervisord --hash-password'),
      },
    ]);
    const right = load(server(whole));
    expect(right.ok && right.settings.httpServers[0]?.credentials).toEqual({
      username: 'u',
      password: whole,
    });
  });
});
