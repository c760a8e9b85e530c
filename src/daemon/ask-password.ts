/** The password for `--hash-password`: typed twice without being shown, or the first line of what comes through a pipe. */
import type { ReadStream, WriteStream } from 'node:tty';
import { readHidden } from '../system/hidden-line.ts';

export type Asked =
  | { readonly ok: true; readonly password: string }
  /** The message belongs behind "Error: ". */
  | { readonly ok: false; readonly message: string };

/** `process`, or something like it in tests. */
export interface Asker {
  readonly stdin: ReadStream | (AsyncIterable<Uint8Array | string> & { readonly isTTY?: boolean });
  readonly stderr: WriteStream;
}

/** More than anybody types. */
const maxBytes = 1024 * 1024;

/** Prompts go to standard error, so that the hash can be piped elsewhere. */
export async function askForPassword({ stdin, stderr }: Asker): Promise<Asked> {
  if (isTerminal(stdin)) {
    const terminal = { input: stdin, output: stderr, onInterrupt: () => undefined };
    const first = await readHidden(terminal, 'Password: ');
    const second = first === null ? null : await readHidden(terminal, 'Again: ');
    return second !== null && first !== second ? refusal('the passwords differ') : answer(second);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stdin) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > maxBytes) {
      return refusal('there is no end to the password');
    }
    pieces.push(bytes);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
    return answer(/^[^\r\n]*/.exec(text)?.[0] ?? null);
  } catch {
    return refusal('the password is not UTF-8');
  }
}

function isTerminal(stdin: Asker['stdin']): stdin is ReadStream {
  return stdin.isTTY === true;
}

function answer(password: string | null): Asked {
  return password === null || password === '' ? refusal('there is no password') : { ok: true, password };
}

function refusal(message: string): Asked {
  return { ok: false, message };
}
