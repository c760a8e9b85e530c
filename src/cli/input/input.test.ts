import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Output } from '../output.ts';
import { loadHistory, saveHistory } from './history.ts';
import { LineQueue } from './line-queue.ts';
import { readHidden } from '../../system/hidden-line.ts';
import { PipedInput } from './piped-input.ts';
import { StandardInput } from './standard-input.ts';

function piped(): { readonly input: PipedInput; readonly stream: PassThrough } {
  const stream = new PassThrough();
  const sink = new Output(new PassThrough().resume());
  return { input: new PipedInput(stream, sink, sink), stream };
}

describe('PipedInput', () => {
  it('B17.1: splits lines wherever chunks end', async () => {
    const { input, stream } = piped();
    const bytes = Buffer.from('one\r\ntwö\n\nlast');
    for (const byte of bytes) {
      stream.write(Buffer.from([byte]));
    }
    stream.end();
    expect([
      await input.ask(''),
      await input.ask(''),
      await input.ask(''),
      await input.ask(''),
      await input.ask(''),
    ]).toEqual(['one', 'twö', '', 'last', null]);
  });

  it('reads nothing before it is asked', () => {
    const { stream } = piped();
    stream.write('for somebody else\n');
    expect(stream.read()?.toString()).toBe('for somebody else\n');
  });

  it('loses no line when a question is given up', async () => {
    const { input, stream } = piped();
    const controller = new AbortController();
    const given = input.ask('', controller.signal);
    controller.abort(new Error('never mind'));
    await expect(given).rejects.toThrow('never mind');
    stream.write('kept\n');
    expect(await input.ask('')).toBe('kept');
  });
});

describe('StandardInput', () => {
  it('shows no prompt to whom nobody waits any more', async () => {
    const shown = new PassThrough();
    const output = new Output(shown);
    const input = new StandardInput({
      output,
      errors: output,
      history: loadHistory(null),
      complete: () => Promise.resolve([[], '']),
      onInterrupt: () => undefined,
    });
    await expect(input.ask('prompt> ', AbortSignal.abort(new Error('interrupted')))).rejects.toThrow(
      'interrupted',
    );
    expect(shown.read()).toBeNull();
    input.close();
  });
});

describe('readHidden', () => {
  it('hides what is typed before it asks for it', async () => {
    const steps: string[] = [];
    const input = Object.assign(new PassThrough(), {
      setRawMode: (isRaw: boolean) => steps.push(isRaw ? 'raw' : 'plain'),
    });
    const output = { write: (text: string) => steps.push(text) };
    const hidden = readHidden(
      // Only what is used of a terminal.
      { input, output, onInterrupt: () => undefined } as unknown as Parameters<typeof readHidden>[0],
      'Password:',
    );
    input.write('sez\u007fcret\r');
    expect(await hidden).toBe('secret');
    expect(steps).toEqual(['raw', 'Password:', 'plain', '\n']);
  });
});

describe('LineQueue', () => {
  it('answers null after the end until it is opened again', async () => {
    const queue = new LineQueue();
    queue.push('a');
    queue.end();
    expect([await queue.next(), await queue.next()]).toEqual(['a', null]);
    queue.reopen();
    const next = queue.next();
    queue.push('b');
    expect(await next).toBe('b');
  });
});

describe('history', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('B17.1: is kept oldest first, readable by its owner alone', () => {
    const file = path.join(directory, 'history');
    saveHistory(file, { newestFirst: ['status', 'start x'], maxLines: 10 });
    expect(readFileSync(file, 'utf8')).toBe('start x\nstatus\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadHistory(file).newestFirst).toEqual(['status', 'start x']);
  });

  it('goes through no link, and to no second name or file of a stranger, where others can write', () => {
    const shared = path.join(directory, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    const precious = path.join(directory, 'precious');
    writeFileSync(precious, 'precious\n');
    const history = { newestFirst: ['status'], maxLines: 10 };

    for (const plant of [symlinkSync, linkSync]) {
      const file = path.join(shared, plant.name);
      plant(precious, file);
      expect(loadHistory(file).newestFirst).toEqual([]);
      saveHistory(file, history);
    }
    expect(readFileSync(precious, 'utf8')).toBe('precious\n');
    saveHistory(path.join(shared, 'own'), history);
    expect(loadHistory(path.join(shared, 'own')).newestFirst).toEqual(['status']);
  });

  it.skipIf(process.getuid?.() !== 0)('is no file of a stranger (needs root)', () => {
    chmodSync(directory, 0o1777);
    const file = path.join(directory, 'history');
    writeFileSync(file, 'shutdown\n');
    chownSync(file, 65_534, 65_534);
    expect(loadHistory(file).newestFirst).toEqual([]);
    saveHistory(file, { newestFirst: ['status'], maxLines: 10 });
    expect(readFileSync(file, 'utf8')).toBe('shutdown\n');
  });

  it('B17.1: is empty without a file, and nothing happens where it cannot be written', () => {
    expect(loadHistory(null).newestFirst).toEqual([]);
    expect(loadHistory(path.join(directory, 'none')).newestFirst).toEqual([]);
    expect(() => {
      saveHistory(path.join(directory, 'no', 'such'), { newestFirst: ['x'], maxLines: 1 });
    }).not.toThrow();
  });

  it('B17.1: reads the file of another line editor', () => {
    const file = path.join(directory, 'history');
    writeFileSync(file, '_HiStOrY_V2_\nstatus\n');
    expect(loadHistory(file).newestFirst).toEqual(['status']);
  });
});
