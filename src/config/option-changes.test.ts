import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import {
  type Application,
  applications,
  groupChanges,
  maskChange,
  processChanges,
} from './option-changes.ts';
import { sectionKinds } from './options/sections.ts';
import type { ProcessSettings } from './settings.ts';
import { groupOf, processOf } from './world.fixture.ts';

/** A value of an option that is not its default, as it is shown. */
const others: Readonly<Record<string, string>> = {
  command: 'dog',
  priority: '5',
  autostart: 'false',
  startsecs: '7',
  startretries: '8',
  autorestart: 'true',
  exitcodes: '0,2',
  stopsignal: 'HUP',
  stopwaitsecs: '11',
  stopasgroup: 'true',
  killasgroup: 'true',
  user: '0',
  redirect_stderr: 'true',
  stdout_logfile: 'NONE',
  stdout_logfile_maxbytes: '3MB',
  stdout_logfile_backups: '2',
  stdout_capture_maxbytes: '3KB',
  stdout_events_enabled: 'true',
  stdout_syslog: 'true',
  stderr_logfile: '/tmp/log',
  stderr_logfile_maxbytes: '1GB',
  stderr_logfile_backups: '2',
  stderr_capture_maxbytes: '3',
  stderr_events_enabled: 'true',
  stderr_syslog: 'true',
  directory: '/tmp',
  umask: '027',
  serverurl: 'http://h:1',
};

describe('processChanges', () => {
  it.each(Object.entries(others))('finds %s=%s', (option, value) => {
    const after = processOf(`${option}=${value}\n`);
    const changes = processChanges(processOf(''), after);
    expect(changes).toContainEqual(expect.objectContaining({ option, variable: null, to: value }));
    expect(processChanges(after, after)).toEqual([]);
  });

  it('finds a change in every field there is', () => {
    const before = processOf('');
    const streams: ReadonlySet<string> = new Set(['stdout', 'stderr']);
    // The name is what processes are told apart by, the kind is that of the group.
    const fields = Object.keys(before).filter((field) => field !== 'name' && field !== 'kind');
    const changed = new Set(
      Object.entries(others).flatMap(([option, value]) => {
        const after = processOf(`${option}=${value}\n`);
        return fields.filter(
          (field) =>
            JSON.stringify(before[field as keyof ProcessSettings]) !==
            JSON.stringify(after[field as keyof ProcessSettings]),
        );
      }),
    );
    expect(fields.filter((field) => !changed.has(field) && field !== 'environment')).toEqual([]);
    for (const stream of streams) {
      const options = Object.keys(others).filter((option) => option.startsWith(`${stream}_`));
      expect(options).toHaveLength(Object.keys(before.stdout).length);
    }
  });

  it('compares the environment variable by variable', () => {
    const changes = processChanges(
      processOf('environment=A="1",B="2",C="3"'),
      processOf('environment=B="two",C="3",D="4"'),
    );
    const of = (variable: string, from: string | null, to: string | null) => ({
      option: 'environment',
      variable,
      from,
      to,
      applies: 'restart',
    });
    expect(changes).toEqual([of('A', '1', null), of('B', '2', 'two'), of('D', null, '4')]);
  });
});

describe('groupChanges', () => {
  const listener = '[eventlistener:l]\ncommand=x\nevents=TICK_5,TICK_60\n';
  const fcgi = '[fcgi-program:f]\ncommand=x\nsocket=unix:///f\n';

  it.each([
    [listener, 'buffer_size=5', 'buffer_size', 'live'],
    [listener, 'events=TICK_5', 'events', 'live'],
    [listener, 'result_handler=./a.mjs:b', 'result_handler', 'replace'],
    [listener, 'priority=5', 'priority', 'live'],
    [fcgi, 'socket=unix:///g', 'socket', 'replace'],
    [fcgi, 'socket_mode=0777', 'socket_mode', 'replace'],
    [fcgi, 'socket_owner=0:0', 'socket_owner', 'replace'],
    [fcgi, 'socket_backlog=5', 'socket_backlog', 'replace'],
  ])('%j with %s', (text, line, option, applies) => {
    const changes = groupChanges(groupOf(text), groupOf(`${text}${line}\n`));
    expect(changes.map((change) => [change.option, change.applies])).toEqual([[option, applies]]);
  });

  it('takes a group of another kind for another group', () => {
    const changes = groupChanges(groupOf('[program:f]\ncommand=x\n'), groupOf(fcgi));
    expect(changes[0]).toEqual({
      option: 'kind',
      variable: null,
      from: 'group',
      to: 'fcgi-program',
      applies: 'replace',
    });
  });
});

it('maskChange: hides variables that look like secrets, and passwords in addresses', () => {
  const change = { option: 'environment', from: null, to: 'amqp://u:p@h', applies: 'restart' } as const;
  expect(maskChange({ ...change, variable: 'BROKER' }).to).toBe('amqp://u:********@h');
  expect(maskChange({ ...change, variable: 'API_KEY' })).toMatchObject({ from: null, to: '********' });
  expect(maskChange({ ...change, variable: null }).to).toBe('amqp://u:p@h');
});

it('docs/reloading.md says of every option what it takes', () => {
  const page = readFileSync(new URL('../../docs/reloading.md', import.meta.url), 'utf8');
  const words: Readonly<Record<string, Application>> = {
    applies: 'live',
    restarts: 'restart',
    starts: 'members',
    makes: 'replace',
  };
  const rows = [...page.slice(page.indexOf('| option')).matchAll(/^\| (`.*) \| (\w+)/gm)];
  const documented = rows.flatMap(([, names = '', verb = '']) => {
    const options = [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
    const both = names.includes('the same of `stderr`') ? options.filter((name) => name !== 'stderr') : [];
    const stderr = both.map((name) => name.replace('stdout', 'stderr'));
    return [...new Set([...options.filter((name) => name !== 'stderr'), ...stderr])].map((name) => [
      name,
      words[verb],
    ]);
  });
  expect(Object.fromEntries(documented)).toEqual(applications);
});

it('decides for every option of every section that makes groups', () => {
  const kinds = new Set(['program', 'group', 'eventlistener', 'fcgi-program']);
  const options = sectionKinds
    .filter(({ name }) => kinds.has(name))
    .flatMap((kind) => Object.keys(kind.options));
  expect(new Set(Object.keys(applications))).toEqual(new Set(options));
});
