import { describe, expect, it } from 'vitest';

import { loadClientSettings, type ClientOverrides } from './load-client.ts';
import type { ClientSettings } from './settings.ts';
import { configFile, worldWith } from './world.fixture.ts';

function load(text: string, overrides: ClientOverrides = {}): ClientSettings | string {
  const result = loadClientSettings({ configFile, world: worldWith({ [configFile]: text }), overrides });
  return result.ok ? result.settings : result.problems[0].message;
}

const defaults: ClientSettings = {
  serverUrl: 'http://localhost:9001',
  username: null,
  password: null,
  prompt: 'supervisor',
  historyFile: null,
};

describe('B6: [supervisorctl]', () => {
  it('B1.2: without a file, defaults', () => {
    const result = loadClientSettings({
      configFile: null,
      world: worldWith({}),
      overrides: { username: 'me' },
    });
    expect(result).toMatchObject({ ok: true, settings: { ...defaults, username: 'me' } });
  });

  it('B1.5: a file has to have the section', () => {
    expect(load('[supervisord]\n')).toBe('.ini file does not include supervisorctl section');
    expect(load('[supervisorctl]\n')).toEqual(defaults);
  });

  it('B6.1: options of the file', () => {
    const text = `[supervisorctl]
serverurl=unix://%(here)s/../s.sock
username=%(ENV_LANG)s
password=p
prompt=hey
history_file=~/.h
`;
    expect(load(text)).toEqual({
      serverUrl: 'unix:///etc/s.sock',
      username: 'C.UTF-8',
      password: 'p',
      prompt: 'hey',
      historyFile: '/root/.h',
    });
  });

  it('B6.1: the command line beats the file', () => {
    expect(load('[supervisorctl]\nserverurl=http://a:1\n', { serverUrl: 'http://b:2' })).toMatchObject({
      serverUrl: 'http://b:2',
    });
  });

  it('B1.4: a missing file', () => {
    const result = loadClientSettings({ configFile: '/no', world: worldWith({}) });
    expect(result.ok ? '' : result.problems[0].message).toBe('could not find config file /no');
  });

  it('B11.4: plugins', () => {
    const text = '[supervisorctl]\n[ctlplugin:x]\nsupervisor.ctl_factory=./x.mjs:make\nkey=1\n';
    const result = loadClientSettings({ configFile, world: worldWith({ [configFile]: text }) });
    expect(result.ok ? result.plugins : null).toEqual([
      { name: 'x', factory: { name: './x.mjs:make', directory: '/etc/app' }, options: { key: '1' } },
    ]);
    expect(load('[supervisorctl]\n[ctlplugin:x]\nsupervisor.ctl_factory=nosuch.a\n')).toBe(
      "nosuch.a cannot be resolved within [ctlplugin:x]: No module named 'nosuch'",
    );
  });
});
