import { describe, expect, it } from 'vitest';

import { loadSettings } from './load.ts';
import { configurationManual } from './manual.ts';
import { sampleConfiguration } from './sample.ts';
import { checkConfig } from './check/check.ts';
import { sectionKinds } from './options/sections.ts';
import { configFile, worldWith } from './world.fixture.ts';

describe('docs/configuration.md', () => {
  it('is what the option tables say; run with -u to bring it up to date', async () => {
    await expect(configurationManual()).toMatchFileSnapshot('../../docs/configuration.md');
  });

  it('has a row for every option', () => {
    const manual = configurationManual();
    const options = sectionKinds.flatMap((kind) => Object.keys(kind.options));
    expect(options.filter((option) => !manual.includes(`| \`${option}\``))).toEqual([]);
  });
});

describe.each(['root', 'anybody'] as const)('B12.5: the sample configuration for %s', (user) => {
  it('begins with the line that scripts look for', () => {
    expect(sampleConfiguration(user).split('\n')[0]).toBe('; Sample supervisor config file.');
  });

  it('has the paths of the original, and for root such as nobody else can write', () => {
    const set = sampleConfiguration(user).match(/^(?:file|logfile|pidfile|serverurl)=[^ ]*/gm);
    expect(set).toEqual(
      user === 'root'
        ? [
            'file=/run/supervisor.sock',
            'logfile=/var/log/supervisord.log',
            'pidfile=/run/supervisord.pid',
            'serverurl=unix:///run/supervisor.sock',
          ]
        : [
            'file=/tmp/supervisor.sock',
            'logfile=/tmp/supervisord.log',
            'pidfile=/tmp/supervisord.pid',
            'serverurl=unix:///tmp/supervisor.sock',
          ],
    );
  });

  it('is the same for both but for those', () => {
    const rest = (text: string): string =>
      text
        .replace(/^;  - The paths in .*\n/m, '')
        .replace(/^(file|logfile|pidfile|serverurl)=\S+ +/gm, '$1=');
    expect(rest(sampleConfiguration(user))).toBe(rest(sampleConfiguration('anybody')));
  });

  it('is clean', () => {
    const world = worldWith({ [configFile]: sampleConfiguration(user) });
    expect(checkConfig({ configFile, world, json: false, strict: true }).text).toBe(
      `${configFile}: no problems\n`,
    );
  });

  it('loads with every option switched on', () => {
    const text = sampleConfiguration(user)
      .replace(/^;(?=[[a-z])/gm, '')
      .replace(/^numprocs=.*|^programs=.*|^socket_owner=.*/gm, '');
    const world = worldWith({ [configFile]: text });
    const result = loadSettings({ configFile, world });
    expect(result.problems.map(({ message }) => message)).toEqual([]);
    expect(result.ok && result.settings.groups.map(({ kind }) => kind)).toEqual([
      'eventlistener',
      'fcgi-program',
      'group',
      'group',
    ]);
  });
});
