import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { useTempDir } from './logging.fixture.ts';
import { contents, PumpedFileWorld } from './pumped-file.fixture.ts';
import type { SizeLimits } from './rotation.ts';

const tempDir = useTempDir();

/** The original's algorithm over a table of files, as its log handlers carry it out. */
function model(files: Record<string, string>, chunks: readonly string[], { maxBytes, backups }: SizeLimits) {
  const table = new Map(Object.entries(files));
  table.set('log', table.get('log') ?? '');
  const move = (from: string, to: string): void => {
    const content = table.get(from);
    if (content !== undefined) {
      table.set(to, content);
      table.delete(from);
    }
  };
  for (const chunk of chunks) {
    const content = (table.get('log') ?? '') + chunk;
    table.set('log', content);
    if (maxBytes > 0 && content.length >= maxBytes) {
      for (let index = backups - 1; index > 0; index -= 1) {
        move(`log.${index}`, `log.${index + 1}`);
      }
      if (backups > 0) {
        move('log', 'log.1');
      }
      table.set('log', '');
    }
  }
  return Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const text = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', '\n', '0'), { maxLength }).map((parts) => parts.join(''));
const limits = fc.record({
  maxBytes: fc.integer({ min: 0, max: 40 }),
  backups: fc.integer({ min: 0, max: 4 }),
});
const present = fc.record(
  { log: text(60), 'log.1': text(20), 'log.2': text(20), 'log.3': text(20) },
  { requiredKeys: [] },
);

function asPresent(files: Partial<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function run(
  dir: string,
  files: Record<string, string>,
  chunks: readonly string[],
  limits: SizeLimits,
): PumpedFileWorld {
  fs.mkdirSync(dir);
  for (const [name, content] of Object.entries(files)) {
    fs.writeFileSync(path.join(dir, name), content);
  }
  const world = new PumpedFileWorld(path.join(dir, 'log'));
  chunks.forEach((chunk) => world.write(chunk, limits));
  return world;
}

describe('B16.4: rotation by size', () => {
  it('leaves the files that the algorithm of the original leaves', () => {
    let round = 0;
    fc.assert(
      fc.property(present, fc.array(text(50)), limits, (partial, chunks, limits) => {
        round += 1;
        const files = asPresent(partial);
        const dir = tempDir(`m${round}`);
        run(dir, files, chunks, limits).close();
        expect(contents(dir)).toEqual(model(files, chunks, limits));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the end of what was written, whatever the chunks, short writes and full disks', () => {
    let round = 0;
    const disk = fc.array(fc.record({ chunk: text(30), roomBytes: fc.integer({ min: 0, max: 40 }) }));
    fc.assert(
      fc.property(present, disk, limits, fc.integer({ min: 1, max: 7 }), (partial, steps, limits, most) => {
        round += 1;
        const files = asPresent(partial);
        const dir = tempDir(`f${round}`);
        const world = run(dir, files, [], limits);
        world.faults.maxWriteBytes = most;
        for (const { chunk, roomBytes } of steps) {
          world.faults.roomBytes = roomBytes;
          world.write(chunk, limits);
          world.advance(700);
        }
        world.faults.roomBytes = Number.POSITIVE_INFINITY;
        world.advance(1000);
        expect(world.file.backlogBytes).toBe(0);
        world.close();
        const chunks = steps.map(({ chunk }) => chunk);
        expect(contents(dir)).toEqual(model(files, chunks, limits));
      }),
      { numRuns: 200 },
    );
  });

  const python = ['/usr/bin/python3', 'python3'].find((command) => {
    try {
      execFileSync(command, ['-c', 'import supervisor.loggers'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  it.skipIf(python === undefined)(
    "leaves the files that the original's own handler leaves (skipped without Debian's supervisor)",
    () => {
      const cases = fc.sample(fc.record({ files: present, chunks: fc.array(text(50)), limits }), {
        numRuns: 60,
        seed: 20,
      });
      fs.writeFileSync(
        tempDir('cases.json'),
        JSON.stringify(
          cases.map(({ files, chunks, limits }) => ({ files: asPresent(files), chunks, limits })),
        ),
      );
      const script = `
import json, os, sys
from supervisor import loggers
base = sys.argv[1]
for number, case in enumerate(json.load(open(base + '/cases.json'))):
    folder = '%s/o%d' % (base, number)
    os.mkdir(folder)
    for name, content in case['files'].items():
        open(folder + '/' + name, 'w').write(content)
    limits = case['limits']
    logger = loggers.getLogger()
    loggers.handle_file(logger, folder + '/log', '%(message)s', rotating=not not limits['maxBytes'],
                        maxbytes=limits['maxBytes'], backups=limits['backups'])
    for chunk in case['chunks']:
        if chunk:
            logger.info(chunk.encode('ascii'))
    logger.close()
`;
      execFileSync(python ?? '', ['-c', script, tempDir()]);
      cases.forEach(({ files, chunks, limits }, number) => {
        const dir = tempDir(`t${number}`);
        run(
          dir,
          asPresent(files),
          chunks.filter((chunk) => chunk !== ''),
          limits,
        ).close();
        expect(contents(dir)).toEqual(contents(tempDir(`o${number}`)));
      });
    },
  );
});

describe('B16.4: a rotation that fails', () => {
  const limits = { maxBytes: 10, backups: 2 };

  it('goes on in the present file, says so once, and rotates later', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, { 'log.1': 'older' }, [], limits);
    world.faults.renameError = () => 'EACCES';
    world.write('0123456789', limits);
    world.write('abc', limits);
    expect(contents(dir)).toEqual({ log: '0123456789abc', 'log.1': 'older' });
    world.advance(20_000);
    world.write('d', limits);
    expect(world.reports).toEqual([
      `error: cannot rotate '${path.join(dir, 'log')}': EACCES; it keeps growing until it works again`,
    ]);
    world.faults.renameError = () => null;
    world.advance(20_000);
    world.write('e', limits);
    expect(contents(dir)).toEqual({ log: '', 'log.1': '0123456789abcde', 'log.2': 'older' });
    expect(world.reports.at(-1)).toContain('can rotate');
    world.close();
  });

  it('moves no file onto one that could not be moved away', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, { 'log.1': 'one' }, [], limits);
    world.faults.renameError = (from) => (from.endsWith('.1') ? 'EBUSY' : null);
    world.write('0123456789', limits);
    expect(contents(dir)).toEqual({ log: '0123456789', 'log.1': 'one' });
    world.close();
  });

  it('writes on into the moved file when no new one can be opened, and shifts nothing twice', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, { 'log.1': 'one' }, [], limits);
    world.faults.openError = () => 'EMFILE';
    world.write('0123456789', limits);
    world.write('0123456789', limits);
    expect(contents(dir)).toEqual({ 'log.1': '01234567890123456789', 'log.2': 'one' });
    world.faults.openError = () => null;
    world.advance(1000);
    world.write('new', limits);
    expect(contents(dir)).toEqual({ log: 'new', 'log.1': '01234567890123456789', 'log.2': 'one' });
    world.close();
  });
});

describe('B16.4: the file is taken away', () => {
  const limits = { maxBytes: 0, backups: 0 };

  it('is made anew with all that was written since it was seen last', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, ['before '], limits);
    world.advance(300);
    world.write('seen ', limits);
    fs.unlinkSync(path.join(dir, 'log'));
    world.write('unseen ', limits);
    world.advance(300);
    world.write('after', limits);
    expect(contents(dir)).toEqual({ log: 'seen unseen after' });
    world.close();
  });

  it('goes on when its directory is there again, without losing what came in between', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, [], limits);
    fs.rmSync(dir, { recursive: true });
    for (let index = 0; index < 10; index += 1) {
      world.write(`${index}\n`, limits);
      world.advance(1000);
    }
    expect(world.reports).toHaveLength(1);
    fs.mkdirSync(dir);
    world.write('end\n', limits);
    world.advance(1000);
    expect(contents(dir)).toEqual({ log: '0\n1\n2\n3\n4\n5\n6\n7\n8\n9\nend\n' });
    world.close();
  });

  it('holds back rather than fill a file that nobody can see', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, [], limits);
    fs.rmSync(dir, { recursive: true });
    const megabyte = 'x'.repeat(1024 * 1024);
    let written = 0;
    while (world.file.backlogBytes === 0) {
      world.write(megabyte, limits);
      written += 1;
    }
    expect(written).toBe(9);
    world.drains = 0;
    fs.mkdirSync(dir);
    world.advance(1000);
    expect(world.drains).toBe(1);
    expect(fs.statSync(path.join(dir, 'log')).size).toBe(written * megabyte.length);
    world.close();
  });

  it('writes to a file that was moved until it is told to reopen, as logrotate expects', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, ['one '], limits);
    fs.renameSync(path.join(dir, 'log'), path.join(dir, 'log.old'));
    world.advance(5000);
    world.write('two ', limits);
    world.file.reopen();
    world.settle();
    world.write('three', limits);
    expect(contents(dir)).toEqual({ log: 'three', 'log.old': 'one two ' });
    world.close();
  });

  it('keeps an unwritten rest across a move and a reopen', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, [], limits);
    world.faults.roomBytes = 3;
    world.write('onetwo', limits);
    fs.renameSync(path.join(dir, 'log'), path.join(dir, 'log.old'));
    world.file.reopen();
    world.settle();
    world.faults.roomBytes = Number.POSITIVE_INFINITY;
    world.advance(1000);
    expect(contents(dir)).toEqual({ log: 'two', 'log.old': 'one' });
    world.close();
  });

  it('notices that somebody has truncated it before it rotates', () => {
    const dir = tempDir('log-dir');
    const small = { maxBytes: 10, backups: 1 };
    const world = run(dir, {}, ['12345678'], small);
    fs.truncateSync(path.join(dir, 'log'));
    world.write('abc', small);
    expect(contents(dir)).toEqual({ log: 'abc' });
    world.close();
  });
});

describe('B16.9: clear', () => {
  it('removes the file and begins a new one', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, ['old'], { maxBytes: 0, backups: 0 });
    const inode = fs.statSync(path.join(dir, 'log')).ino;
    const keeper = fs.openSync(path.join(dir, 'log'), 'r');
    expect(world.clear()).toBe(null);
    expect(fs.statSync(path.join(dir, 'log')).ino).not.toBe(inode);
    world.advance(1000);
    world.write('new', { maxBytes: 0, backups: 0 });
    expect(contents(dir)).toEqual({ log: 'new' });
    fs.closeSync(keeper);
    world.close();
  });

  it('works when somebody else has removed the file, and brings nothing back', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, ['old'], { maxBytes: 0, backups: 0 });
    fs.unlinkSync(path.join(dir, 'log'));
    expect(world.clear()).toBe(null);
    expect(contents(dir)).toEqual({ log: '' });
    world.close();
  });
});

describe('a full disk', () => {
  const limits = { maxBytes: 0, backups: 0 };

  it('holds back, says so once, and resumes without losing a byte', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, [], limits);
    world.faults.roomBytes = 4;
    world.write('012345', limits);
    world.write('6789', limits);
    expect(world.file.backlogBytes).toBe(6);
    world.advance(60_000);
    expect(world.reports).toEqual([
      `error: cannot write to '${path.join(dir, 'log')}': ENOSPC; output is held back until it works again`,
    ]);
    expect(world.drains).toBe(0);
    world.faults.roomBytes = 1000;
    world.advance(1000);
    expect(world.drains).toBe(1);
    expect(contents(dir)).toEqual({ log: '0123456789' });
    expect(world.reports).toHaveLength(2);
    expect(world.clock.pending).toBe(0);
    world.close();
  });

  it('holds copies, since the chunks it is given are views of a buffer in use', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, [], limits);
    const shared = Buffer.from('abcdef');
    world.faults.roomBytes = 1;
    world.file.write(shared.subarray(0, 3), limits);
    shared.fill('#');
    world.file.write(shared.subarray(0, 2), limits);
    shared.fill('!');
    world.faults.roomBytes = 100;
    world.advance(1000);
    expect(contents(dir)).toEqual({ log: 'abc##' });
    world.close();
  });

  it('is not the only trouble that passes: after another one the file is opened again', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, [], limits);
    world.faults.appendError = 'ESTALE';
    world.write('abc', limits);
    fs.renameSync(path.join(dir, 'log'), path.join(dir, 'gone'));
    world.faults.appendError = null;
    world.advance(1000);
    expect(contents(dir)).toEqual({ gone: '', log: 'abc' });
    world.close();
  });

  it('costs what is still waiting at the end, and says how much', () => {
    const dir = tempDir('log-dir');
    const world = run(dir, {}, [], limits);
    world.faults.roomBytes = 1;
    world.write('abc', limits);
    expect(world.close()).toBe(0);
    world.advance(1000);
    expect(world.reports.at(-1)).toBe(`error: lost 2 bytes of output for '${path.join(dir, 'log')}'`);
    expect(world.clock.pending).toBe(0);
  });
});
