import type { ReadStream, WriteStream } from 'node:tty';

interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly onInterrupt: () => void;
}

/** What a password field understands of the keyboard. */
const keys = {
  interrupt: '\u0003',
  endOfInput: '\u0004',
  eraseLine: '\u0015',
  erase: ['\u0008', '\u007f'],
  enter: ['\r', '\n'],
} as const;

/** Reads a line from a terminal without showing it; null when ^D is typed first. */
export function readHidden({ input, output, onInterrupt }: Terminal, prompt: string): Promise<string | null> {
  // First of all: who types as soon as the prompt is there must not see it echoed.
  input.setRawMode(true);
  input.resume();
  output.write(prompt);
  return new Promise((resolve) => {
    let line: string[] = [];
    const finish = (result: string | null): void => {
      input.off('data', onData);
      input.pause();
      input.setRawMode(false);
      output.write('\n');
      resolve(result);
    };
    const onData = (data: Buffer | string): void => {
      for (const key of data.toString()) {
        if (isOneOf(keys.enter, key)) {
          finish(line.join(''));
          return;
        }
        if (key === keys.interrupt) {
          finish(null);
          onInterrupt();
          return;
        }
        if (key === keys.endOfInput && line.length === 0) {
          finish(null);
          return;
        }
        if (key === keys.eraseLine) {
          line = [];
        } else if (isOneOf(keys.erase, key)) {
          line.pop();
        } else {
          line.push(key);
        }
      }
    };
    input.on('data', onData);
  });
}

function isOneOf(list: readonly string[], key: string): boolean {
  return list.includes(key);
}
