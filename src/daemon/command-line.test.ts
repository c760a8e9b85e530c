import { describe, expect, it } from 'vitest';

import { worldWith } from '../config/world.fixture.ts';
import { helpText, parseCommandLine, type CommandLine } from './command-line.ts';

const world = worldWith({});

function parse(...argv: string[]): Partial<CommandLine> | string {
  const result = parseCommandLine(argv, world);
  return result.ok ? result.commandLine : result.message;
}

describe('B12.1: the command line of supervisord', () => {
  it('nothing said', () => {
    expect(parse()).toEqual({
      mode: 'run',
      configFile: null,
      overrides: {},
      profileOptions: null,
      origins: false,
      showSecrets: false,
      json: false,
      strict: false,
      assume: null,
    });
  });

  it('every option, short', () => {
    const argv =
      '-c c -n -s -u me -m 027 -d /tmp -l ~/l -y 1KB -z 3 -e DEBUG -j p -i id -q /tmp -k -a 9 -t --minprocs 8'.split(
        ' ',
      );
    expect(parse(...argv)).toMatchObject({
      configFile: 'c',
      overrides: {
        nodaemon: true,
        silent: true,
        user: 'me',
        umask: 0o27,
        directory: '/tmp',
        logfile: '/root/l',
        logfileMaxBytes: 1024,
        logfileBackups: 3,
        logLevel: 'debug',
        pidfile: 'p',
        identifier: 'id',
        childLogDir: '/tmp',
        nocleanup: true,
        minfds: 9,
        stripAnsi: true,
        minprocs: 8,
      },
    });
  });

  it('long options, spelt out or cut', () => {
    expect(parse('--configuration=x', '--nodaem', '--logl', 'warn')).toMatchObject({
      configFile: 'x',
      overrides: { nodaemon: true, logLevel: 'warn' },
    });
    expect(parse('--profile_options=Cumulative, callers')).toMatchObject({
      profileOptions: ['cumulative', 'callers'],
    });
  });

  it('our own options cut no beginnings short that were unique before', () => {
    expect(parse('--d', '/tmp')).toMatchObject({ overrides: { directory: '/tmp' } });
    expect(parse('--ch', '/tmp', '--str')).toMatchObject({
      overrides: { childLogDir: '/tmp', stripAnsi: true },
    });
    expect(parse('--hash-password')).toMatchObject({ mode: 'hash-password' });
    expect(parse('--check', '--json', '--strict', '--assume', 'w')).toMatchObject({
      mode: 'check',
      json: true,
      strict: true,
      assume: 'w',
    });
    expect(parse('--dump-config', '-c', 'x')).toMatchObject({ mode: 'dump-config', configFile: 'x' });
  });
});

describe('B12.2: what is refused', () => {
  it.each([
    [['-x'], 'option -x not recognized'],
    [['-c'], 'option -c requires argument'],
    [['--nodaemon=3'], 'option --nodaemon must not have an argument'],
    [['--log', 'x'], 'option --log not a unique prefix'],
    [['foo', "it's"], "positional arguments are not supported: ['foo', \"it's\"]"],
    [['-h', 'foo'], "positional arguments are not supported: ['foo']"],
    [['-n', '--nodaemon'], "conflicting command line option '--nodaemon'"],
    [['-c', 'a', '-c', 'b'], "conflicting command line option '-c'"],
    [['-m', '9'], "invalid value for -m '9': 9 can not be converted to an octal type"],
    [['-y', '1q'], "invalid value for -y '1q': invalid literal for int() with base 10: '1q'"],
    [['-e', 'foo'], "invalid value for -e 'foo': bad logging level name 'foo'"],
    [['--minprocs='], "invalid value for --minprocs '': invalid literal for int() with base 10: ''"],
    [
      ['-d', '/nonexistent'],
      "invalid value for -d '/nonexistent': /nonexistent is not an existing directory",
    ],
  ])('%j', (argv, message) => {
    expect(parse(...argv)).toBe(message);
  });
});

describe('B12.2, B12.6: help and version', () => {
  it('the first of them wins, and stops the reading', () => {
    expect(parse('-hv')).toMatchObject({ mode: 'help' });
    expect(parse('-v', '-?')).toMatchObject({ mode: 'version' });
    expect(parse('-n', '-?', '-m', '9')).toMatchObject({ mode: 'help' });
    expect(parse('-m', '9', '-h')).toContain('octal');
  });

  it('the help has a line for each option', () => {
    const lines = helpText('/usr/bin/supervisord').split('\n');
    expect(lines[0]).toMatch(/^supervisord -- run a set of applications/);
    expect(lines).toContain('Usage: /usr/bin/supervisord [options]');
    const options = lines.slice(lines.indexOf('Options:') + 1, -1);
    const form = /^(?:-[a-z?]|--[a-z_-]+|-[a-z]\/--[a-z_-]+)(?: [A-Z]+)? -- [a-z]/;
    expect(options.filter((line) => !form.test(line))).toEqual([]);
    expect(options).toHaveLength(29);
    expect(lines.find((line) => line.startsWith('-l/--logfile FILENAME -- '))).toBeDefined();
  });
});
