import { describe, expect, it } from 'vitest';
import { parseCommandLine, usageText } from './options.ts';

const nothing = {
  configFile: null,
  interactive: false,
  serverUrl: null,
  username: null,
  password: null,
  historyFile: null,
  color: null,
  action: [],
};

describe('parseCommandLine', () => {
  it('B17: reads options up to the action', () => {
    expect(
      parseCommandLine(['-ic', 'f', '--serverurl=unix:///s', '-uu', '-p', '', 'tail', '-f', 'x']),
    ).toEqual({
      kind: 'run',
      commandLine: {
        ...nothing,
        configFile: 'f',
        interactive: true,
        serverUrl: 'unix:///s',
        username: 'u',
        password: '',
        action: ['tail', '-f', 'x'],
      },
    });
  });

  it.each([['-r', 'h'], ['--history', 'h'], ['--history_file=h'], ['--history-file', 'h']])(
    'B17: keeps a history with %j',
    (...args) => {
      expect(parseCommandLine(args)).toEqual({ kind: 'run', commandLine: { ...nothing, historyFile: 'h' } });
    },
  );

  it('B12.6: help wins over what follows, not over what precedes', () => {
    expect(parseCommandLine(['-h', '-s', 'x'])).toEqual({ kind: 'help' });
    expect(parseCommandLine(['-s', 'x', '-h'])).toMatchObject({ kind: 'error' });
    expect(parseCommandLine(['-h', '-y'])).toEqual({ kind: 'error', message: 'option -y not recognized' });
  });

  it.each(['http://h', 'unix:///x', 'unix:x', 'HTTP://h:1', 'a+b://c'])('B17: takes %s for a URL', (url) => {
    expect(parseCommandLine(['-s', url])).toMatchObject({ kind: 'run' });
  });

  it.each(['', 'x', '/x', 'http:', 'http://', 'http://?q', '1a:b', ':x'])(
    'B17: refuses %j as a URL',
    (url) => {
      expect(parseCommandLine(['-s', url])).toEqual({
        kind: 'error',
        message: `invalid value for -s '${url}': value '${url}' is not a URL`,
      });
    },
  );
});

describe('usageText', () => {
  it('B12.6: has a line for every option', () => {
    const lines = usageText('ctl').split('\n');
    expect(lines[0]).toMatch(/^supervisorctl -- control applications /);
    expect(lines.filter((line) => line.startsWith('-')).map((line) => line.split(' -- ')[0])).toEqual([
      '-c/--configuration FILENAME',
      '-h/--help',
      '-?',
      '-i/--interactive',
      '-s/--serverurl URL',
      '-u/--username USERNAME',
      '-p/--password PASSWORD',
      '-r/--history_file FILENAME',
      '--history-file FILENAME',
      '--color[=WHEN]',
    ]);
    expect(lines).toContain('-i/--interactive -- start an interactive shell after executing commands');
  });
});
