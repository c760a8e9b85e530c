import { describe, expect, it } from 'vitest';
import { cannedLine, up } from './canned-run.fixture.ts';
import { colored, lookFor, type LookRequest, plainLook } from './look.ts';
import { cannedProcess } from './process-info.fixture.ts';

const terminal = { isTTY: true, columns: 80, rows: 24 };
const pipe = { isTTY: false, columns: 0, rows: 0 };

type Asked = Partial<LookRequest> & { readonly stdout?: typeof terminal };

function look({ stdout = terminal, color = null, isShell = false, env = {} }: Asked) {
  return lookFor(stdout, terminal, { color, isShell, env: { TERM: 'xterm', ...env } });
}

const isColored = (asked: Asked): boolean => look(asked).paint('red', 'x') === '\u001b[31mx\u001b[0m';
const isLiveColored = (asked: Asked): boolean => look(asked).livePaint('red', 'x') !== 'x';

describe('lookFor', () => {
  it('a command is plain on a terminal as well, unless somebody asked', () => {
    expect(isColored({})).toBe(false);
    expect(isColored({ color: 'always' })).toBe(true);
    expect(isColored({ color: 'auto' })).toBe(true);
    expect(isColored({ env: { SUPERVISORCTL_COLOR: 'always' } })).toBe(true);
    expect(isColored({ env: { SUPERVISORCTL_COLOR: 'auto' } })).toBe(true);
    expect(isColored({ env: { CLICOLOR_FORCE: '1' } })).toBe(true);
    expect(isColored({ env: { CLICOLOR: '1' } })).toBe(false);
  });

  it('the shell and what is followed are coloured on a terminal', () => {
    expect(isColored({ isShell: true })).toBe(true);
    expect(isLiveColored({})).toBe(true);
    expect(isLiveColored({ env: { TERM: 'dumb' } })).toBe(false);
    expect(isLiveColored({ env: { NO_COLOR: '1' } })).toBe(false);
    expect(isLiveColored({ color: 'never' })).toBe(false);
  });

  it('nothing that goes elsewhere is coloured, unless always', () => {
    expect(isColored({ stdout: pipe, isShell: true })).toBe(false);
    expect(isLiveColored({ stdout: pipe })).toBe(false);
    expect(isColored({ stdout: pipe, color: 'auto' })).toBe(false);
    expect(isColored({ stdout: pipe, color: 'always' })).toBe(true);
    expect(isColored({ stdout: pipe, env: { CLICOLOR_FORCE: '1' } })).toBe(true);
    expect(isColored({ stdout: pipe, env: { CLICOLOR_FORCE: '0' } })).toBe(false);
  });

  it('the option beats SUPERVISORCTL_COLOR, that NO_COLOR, that CLICOLOR_FORCE', () => {
    expect(isColored({ color: 'always', env: { SUPERVISORCTL_COLOR: 'never', NO_COLOR: '1' } })).toBe(true);
    expect(isColored({ env: { SUPERVISORCTL_COLOR: 'always', NO_COLOR: '1' } })).toBe(true);
    expect(isColored({ env: { NO_COLOR: '1', CLICOLOR_FORCE: '1' } })).toBe(false);
    expect(isColored({ env: { NO_COLOR: '', CLICOLOR_FORCE: '1' } })).toBe(true);
    expect(isColored({ env: { SUPERVISORCTL_COLOR: 'often', CLICOLOR_FORCE: '1' } })).toBe(true);
  });

  it('NO_COLOR makes everything else plain, too', () => {
    const { hints, screen } = look({ env: { NO_COLOR: '1' } });
    expect([hints, screen()]).toEqual([false, null]);
  });

  it('gives hints where a person reads stderr', () => {
    const request = { color: null, isShell: false, env: {} };
    expect(lookFor(pipe, terminal, request).hints).toBe(true);
    expect(lookFor(terminal, pipe, request).hints).toBe(false);
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
