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

describe('B12.5: the sample configuration', () => {
  it('begins with the line that scripts look for', () => {
    expect(sampleConfiguration().split('\n')[0]).toBe('; Sample supervisor config file.');
  });

  it('is clean', () => {
    const world = worldWith({ [configFile]: sampleConfiguration() });
    expect(checkConfig({ configFile, world, json: false, strict: true }).text).toBe(
      `${configFile}: no problems\n`,
    );
  });

  it('loads with every option switched on', () => {
    const text = sampleConfiguration()
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
