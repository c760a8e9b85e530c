import { describe, expect, it } from 'vitest';
import { cannedLine, up } from './canned-run.fixture.ts';
import { colored, lookFor, plainLook } from './look.ts';
import { cannedProcess } from './process-info.fixture.ts';

const terminal = { isTTY: true, columns: 80, rows: 24 };
const pipe = { isTTY: false, columns: 0, rows: 0 };

describe('lookFor', () => {
  const painted = (env: Record<string, string>, stdout = terminal): string =>
    lookFor(stdout, terminal, env).paint('red', 'x');

  it('is colored on a terminal only', () => {
    expect(painted({ TERM: 'xterm' })).toBe('\u001b[31mx\u001b[0m');
    expect(painted({ TERM: 'xterm' }, pipe)).toBe('x');
    expect(painted({ TERM: 'dumb' })).toBe('x');
    expect(painted({ TERM: 'xterm', NO_COLOR: '' })).not.toBe('x');
  });

  it('is plain in everything with NO_COLOR', () => {
    expect(lookFor(terminal, terminal, { NO_COLOR: '1' })).toBe(plainLook);
  });

  it('gives hints where a person reads stderr', () => {
    expect(lookFor(pipe, terminal, {}).hints).toBe(true);
    expect(lookFor(terminal, pipe, {}).hints).toBe(false);
  });
});

describe('colors', () => {
  const answers = up({
    getAllProcessInfo: [
      cannedProcess('a', 'a'),
      cannedProcess('b', 'b', { state: 200, statename: 'FATAL' }),
      cannedProcess('c', 'c', { state: 999, statename: 'NEW' }),
    ],
    startProcess: true,
  });
  const look = { ...plainLook, paint: colored };

  it('B17.5: change nothing but the color of the state', async () => {
    const plain = await cannedLine('status', { answers });
    const { stdout } = await cannedLine('status', { answers, look });
    expect(stdout).toContain('\u001b[32mRUNNING   \u001b[0mpid 7');
    expect(stdout).toContain('\u001b[31mFATAL     \u001b[0mpid 7');
    // oxlint-disable-next-line no-control-regex -- color sequences are what is taken out.
    expect(stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });

  it('B17.7: of what was done stand behind the name', async () => {
    expect(await cannedLine('start a', { answers, look })).toMatchObject({
      stdout: 'a: \u001b[32mstarted\u001b[0m\n',
    });
  });
});
