import fs from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { AutoLogs, clearAutoLogs, createAutoLog } from './auto-log.ts';
import { useTempDir, nodeIo } from './logging.fixture.ts';

const io = nodeIo;
const tempDir = useTempDir();

describe('B16.3: AUTO logs', () => {
  it('are named after process, stream and identifier, and are for the owner only', () => {
    const made = createAutoLog(io, tempDir(), {
      processName: 'cat',
      channel: 'stderr',
      identifier: 'supervisor',
    });
    const file = typeof made === 'string' ? made : made.path;
    expect(path.dirname(file)).toBe(tempDir());
    expect(path.basename(file)).toMatch(/^cat-stderr---supervisor-[a-z0-9_]{8}\.log$/);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never take over a file that is there', () => {
    let tries = 0;
    const occupied = { ...io, open: () => ((tries += 1), 'EEXIST') };
    const name = { processName: 'cat', channel: 'stdout', identifier: 'supervisor' } as const;
    expect(createAutoLog(occupied, tempDir(), name)).toBe('EEXIST');
    expect(tries).toBe(100);
    expect(createAutoLog(io, tempDir('missing'), name)).toBe('ENOENT');
  });
});

describe('AUTO logs of one life', () => {
  it('are the same for a process that comes again, and no others', () => {
    const logs = new AutoLogs(io, tempDir(), 'supervisor');
    const first = logs.pathFor('web', 'app', 'stdout');
    expect(logs.pathFor('web', 'app', 'stdout')).toEqual(first);
    expect(logs.pathFor('web', 'app', 'stderr')).not.toEqual(first);
    expect(logs.pathFor('other', 'app', 'stdout')).not.toEqual(first);
    expect(fs.readdirSync(tempDir())).toHaveLength(3);
  });

  it('are made anew where the file has gone, or something else is in its place', () => {
    const logs = new AutoLogs(io, tempDir(), 'supervisor');
    const made = logs.pathFor('web', 'app', 'stdout');
    const file = typeof made === 'string' ? made : made.path;
    fs.unlinkSync(file);
    fs.symlinkSync('/dev/null', file);
    const again = logs.pathFor('web', 'app', 'stdout');
    expect(again).not.toEqual(made);
    expect(logs.pathFor('web', 'app', 'stdout')).toEqual(again);
  });
});

describe('B5.10: clearing AUTO logs', () => {
  const kept = [
    'cat-stdout---other-abc.log',
    'cat-stdout---superXvisor-abc.log',
    '---super.visor-abc.log',
    'cat-stdout---super.visor-abc.txt',
    'cat-stdout---super.visor-a b.log',
    'supervisord.log',
  ];
  const cleared = [
    'cat-stdout---super.visor-abc.log',
    'cat-stdout---super.visor-abc.log.1',
    'cat-stdout---super.visor-abc.log.12',
    'cat-stdout---super.visor-abc.log.gz',
    'a b-stderr---super.visor-x_1.log',
  ];

  it('removes those of this identifier with their backups, and nothing else', () => {
    [...kept, ...cleared].forEach((name) => fs.writeFileSync(tempDir(name), ''));
    expect(clearAutoLogs(io, tempDir(), 'super.visor')).toEqual([]);
    expect(fs.readdirSync(tempDir()).sort()).toEqual([...kept].sort());
  });

  it('warns in the words of the original', () => {
    fs.mkdirSync(tempDir('x---supervisor-y.log'));
    expect(clearAutoLogs(io, tempDir(), 'supervisor')).toEqual([
      `Failed to clean up '${tempDir('x---supervisor-y.log')}'`,
    ]);
    expect(clearAutoLogs(io, tempDir('missing'), 'supervisor')).toEqual(['Could not clear childlog dir']);
  });
});
