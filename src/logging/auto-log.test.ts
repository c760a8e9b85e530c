import fs from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { AutoLogs, type AutoLogOwner } from './auto-log.ts';
import { AwaitedFiles } from './awaited-files.fixture.ts';
import { useTempDir } from './logging.fixture.ts';

const { files } = new AwaitedFiles();
const tempDir = useTempDir();

const cat: AutoLogOwner = { groupName: 'cat', processName: 'cat', channel: 'stderr' };

interface AutoLog {
  /** Told at once. */
  readonly chosen: string;
  /** What came of it: where it is, or the errno's name. */
  readonly made: string;
}

function make(logs: AutoLogs, owner: AutoLogOwner): Promise<AutoLog> {
  return new Promise((resolve) => {
    const chosen = logs.pathFor(owner, (answer) =>
      resolve({ chosen, made: typeof answer === 'string' ? answer : answer.path }),
    );
  });
}

const clear = (directory: string, identifier: string): Promise<readonly string[]> =>
  new Promise((resolve) => {
    new AutoLogs(files, directory, identifier).clear(resolve);
  });

describe('B16.3: AUTO logs', () => {
  it('are named after process, stream and identifier, and are for the owner only', async () => {
    const { chosen, made } = await make(new AutoLogs(files, tempDir(), 'supervisor'), cat);
    expect([made, path.dirname(made)]).toEqual([chosen, tempDir()]);
    expect(path.basename(made)).toMatch(/^cat-stderr---supervisor-[a-z0-9_]{8}\.log$/);
    expect(fs.statSync(made).mode & 0o777).toBe(0o600);
  });

  it('never take over a file that is there', async () => {
    const tried = new Set<string>();
    const occupied = {
      list: files.list.bind(files),
      remove: files.remove.bind(files),
      create: (file: string, _options: unknown, done: (errno: string) => void): void => {
        tried.add(file);
        setImmediate(() => done('EEXIST'));
      },
    };
    expect(await make(new AutoLogs(occupied, tempDir(), 'supervisor'), cat)).toMatchObject({
      made: 'EEXIST',
    });
    expect(tried.size).toBe(100);
    const nowhere = new AutoLogs(files, tempDir('missing'), 'supervisor');
    expect(await make(nowhere, cat)).toMatchObject({ made: 'ENOENT' });
    fs.mkdirSync(tempDir('missing'));
    expect(path.dirname((await make(nowhere, cat)).made)).toBe(tempDir('missing'));
  });
});

describe('AUTO logs of one life', () => {
  it('are the same for a process that comes again, and no others', async () => {
    const logs = new AutoLogs(files, tempDir(), 'supervisor');
    const app: AutoLogOwner = { groupName: 'web', processName: 'app', channel: 'stdout' };
    const [first, again] = await Promise.all([make(logs, app), make(logs, app)]);
    expect(again).toEqual(first);
    const stderr = await make(logs, { ...app, channel: 'stderr' });
    const other = await make(logs, { ...app, groupName: 'other' });
    expect(new Set([first.made, stderr.made, other.made]).size).toBe(3);
    expect(fs.readdirSync(tempDir())).toHaveLength(3);
  });

  it('are made anew where the file has gone, and elsewhere where something else is in its place', async () => {
    const logs = new AutoLogs(files, tempDir(), 'supervisor');
    const { made } = await make(logs, cat);
    fs.unlinkSync(made);
    expect(await make(logs, cat)).toEqual({ chosen: made, made });
    expect(fs.statSync(made).mode & 0o777).toBe(0o600);
    fs.unlinkSync(made);
    fs.symlinkSync('/dev/null', made);
    const again = await make(logs, cat);
    expect(again.chosen).toBe(made);
    expect(again.made).not.toBe(made);
    expect(await make(logs, cat)).toEqual({ chosen: again.made, made: again.made });
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

  it('removes those of this identifier with their backups, and nothing else', async () => {
    [...kept, ...cleared].forEach((name) => fs.writeFileSync(tempDir(name), ''));
    expect(await clear(tempDir(), 'super.visor')).toEqual([]);
    expect(fs.readdirSync(tempDir()).sort()).toEqual([...kept].sort());
  });

  it('warns in the words of the original', async () => {
    fs.mkdirSync(tempDir('x---supervisor-y.log'));
    expect(await clear(tempDir(), 'supervisor')).toEqual([
      `Failed to clean up '${tempDir('x---supervisor-y.log')}'`,
    ]);
    expect(await clear(tempDir('missing'), 'supervisor')).toEqual(['Could not clear childlog dir']);
  });

  it('leaves those of this life, however late it comes, and does nothing once that is over', async () => {
    fs.writeFileSync(tempDir('old---supervisor-y.log'), '');
    let list: () => void = () => undefined;
    const late = { create: files.create.bind(files), remove: files.remove.bind(files) };
    const logs = new AutoLogs(
      { ...late, list: (directory, done) => (list = () => files.list(directory, done)) },
      tempDir(),
      'supervisor',
    );
    const ofFirst = new Promise<readonly string[]>((resolve) => {
      logs.clear(resolve);
    });
    const { made } = await make(logs, cat);
    list();
    expect(await ofFirst).toEqual([]);
    expect(fs.readdirSync(tempDir())).toEqual([path.basename(made)]);
    const ofNext = new Promise<readonly string[]>((resolve) => {
      logs.clear(resolve);
    });
    fs.writeFileSync(tempDir('next---supervisor-y.log'), '');
    logs.end();
    list();
    expect(await ofNext).toEqual([]);
    expect(fs.existsSync(tempDir('next---supervisor-y.log'))).toBe(true);
  });
});
