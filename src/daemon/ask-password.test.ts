import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Asked, type Asker, askForPassword } from './ask-password.ts';

/** What comes of these pieces on a pipe. */
function piped(...pieces: readonly (string | Uint8Array)[]): Promise<Asked> {
  const stdin = new PassThrough();
  pieces.forEach((piece) => stdin.write(piece));
  stdin.end();
  return askForPassword({ stdin } as unknown as Asker);
}

/** What comes of these lines on a terminal, each typed when it is asked for; and what is shown. */
async function typed(...lines: readonly string[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const rest = [...lines];
  let shown = '';
  const stderr = {
    write: (text: string) => {
      shown += text;
      if (text.endsWith(': ')) {
        setImmediate(() => stdin.write(rest.shift() ?? '\u0004'));
      }
    },
  };
  return { asked: await askForPassword({ stdin, stderr } as unknown as Asker), shown };
}

describe('the password to hash', () => {
  it('is the first line of a pipe', async () => {
    expect(await piped('sec', 'ret\n')).toEqual({ ok: true, password: 'secret' });
    expect(await piped(' with blanks \r\nmore')).toEqual({ ok: true, password: ' with blanks ' });
    expect(await piped('no end')).toEqual({ ok: true, password: 'no end' });
  });

  it.each([
    ['nothing', [], 'there is no password'],
    ['an empty line', ['\nx'], 'there is no password'],
    ['other bytes', [Uint8Array.of(0xff)], 'the password is not UTF-8'],
    ['what has no end', ['x'.repeat(700_000), 'x'.repeat(700_000)], 'there is no end to the password'],
  ])('is not %s', async (_what, pieces, message) => {
    expect(await piped(...pieces)).toEqual({ ok: false, message });
  });

  it('is typed twice, unseen', async () => {
    expect(await typed('secret\r', 'secret\r')).toEqual({
      asked: { ok: true, password: 'secret' },
      shown: 'Password: \nAgain: \n',
    });
    expect((await typed('secret\r', 'secrot\r')).asked).toEqual({
      ok: false,
      message: 'the passwords differ',
    });
    expect((await typed('\u0003')).asked).toEqual({ ok: false, message: 'there is no password' });
    expect((await typed('secret\r', '\u0004')).asked).toEqual({ ok: false, message: 'there is no password' });
  });
});
