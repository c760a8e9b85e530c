import { describe, expect, it } from 'vitest';

import { reloadChanges, type ReloadChange } from './reload-changes.ts';
import { configFile, load } from './world.fixture.ts';

/** `before` and `after` are lines behind `[supervisord]`. */
function changes(before: string, after: string): readonly ReloadChange[] {
  const overrides = { pidfile: '/tmp/from-the-command-line.pid' };
  const [from, to] = [before, after].map((text) => load(`[supervisord]\n${text}`, { overrides }));
  if (from?.ok !== true || to?.ok !== true) {
    throw new Error('a configuration is broken');
  }
  return reloadChanges(from, to, overrides);
}

const server = (options: string): string => `[inet_http_server]\nport=9001\n${options}\n`;

describe('what needs a reload', () => {
  it.each([
    ['loglevel=debug', 'loglevel', 'info', 'debug'],
    ['umask=027', 'umask', '022', '027'],
    ['user=root', 'user', null, 'root'],
    ['strip_ansi=true', 'strip_ansi', 'false', 'true'],
    ['identifier=x', 'identifier', 'supervisor', 'x'],
  ])('%s', (line, option, from, to) => {
    const found = changes('', line).filter((change) => change.option === option);
    expect(found).toEqual([{ section: 'supervisord', option, from, to, file: configFile, line: 2 }]);
  });

  it('servers and interfaces that came and went, and their options', () => {
    expect(changes('', server(''))).toEqual([
      {
        section: 'inet_http_server',
        option: null,
        from: null,
        to: '[inet_http_server]',
        file: null,
        line: null,
      },
    ]);
    expect(changes(server(''), '')).toMatchObject([{ from: '[inet_http_server]', to: null }]);
    const found = changes(
      server('username=u\npassword=one'),
      `[inet_http_server]\nport=9002\nusername=u\npassword=two\n`,
    );
    const where = { section: 'inet_http_server', file: configFile };
    expect(found).toEqual([
      { ...where, option: 'port', from: '9001', to: '9002', line: 3 },
      { ...where, option: 'password', from: '********', to: '********', line: 5 },
    ]);
    const plugin = (value: string): string =>
      `[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\nx=${value}\n`;
    expect(changes(plugin('1'), plugin('2'))).toMatchObject([
      { section: 'rpcinterface:supervisor', option: 'options', from: '{ "x": "1" }', to: '{ "x": "2" }' },
    ]);
  });

  it('options of plugins that look like secrets, without telling them', () => {
    const plugin = (options: string): string =>
      `[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n${options}\n`;
    const [change, ...others] = changes(
      plugin('api_token=one\nurl=http://u:two@h'),
      plugin('api_token=three'),
    );
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      from: '{ "api_token": "********", "url": "http://u:********@h" }',
      to: '{ "api_token": "********" }',
    });
    expect(changes(plugin('api_token=one'), plugin('api_token=two'))).toMatchObject([{ option: 'options' }]);
  });

  it('not the environment and the programs, which an update takes up, nor what the command line decides', () => {
    const program = '[program:p]\ncommand=cat\n';
    expect(changes(program, `environment=A="1"\n${program}umask=1\n`)).toEqual([]);
    expect(changes('', 'pidfile=/tmp/other.pid')).toEqual([]);
    expect(changes(server(''), server(''))).toEqual([]);
  });
});
