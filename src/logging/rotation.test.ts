import fs from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { LogIo, Move } from './io.ts';
import { FaultyIo, nodeIo, useTempDir } from './logging.fixture.ts';
import { backupPath, shiftBackups } from './rotation.ts';

const tempDir = useTempDir();
const strangers = ['log.0', 'log.01', 'log.2.gz', 'log.old', 'other.1'];

/** A directory with these numbers of a log, 0 being the log itself; each file holds its number. */
function makeFiles(dir: string, numbers: readonly number[]): string {
  fs.mkdirSync(dir);
  const log = path.join(dir, 'log');
  strangers.forEach((name) => fs.writeFileSync(path.join(dir, name), name));
  numbers.forEach((number) => fs.writeFileSync(number === 0 ? log : backupPath(log, number), String(number)));
  return log;
}

/** Name and content of each file but the strangers', which have to be as they were. */
function filesOf(dir: string): ReadonlyMap<string, string> {
  const files = new Map(
    fs.readdirSync(dir).map((name) => [name, fs.readFileSync(path.join(dir, name), 'utf8')]),
  );
  for (const name of strangers) {
    expect(files.get(name)).toBe(name);
    files.delete(name);
  }
  return files;
}

/** What the original's `doRollover` leaves: it tries every number, and removes what is at the other name. */
function model(numbers: readonly number[], backups: number): ReadonlyMap<string, string> {
  const table = new Map(numbers.map((number) => [number, String(number)]));
  for (let index = backups - 1; index >= 0; index -= 1) {
    const content = table.get(index);
    if (content !== undefined) {
      table.set(index + 1, content);
      table.delete(index);
    }
  }
  return new Map([...table].map(([number, content]) => [number === 0 ? 'log' : `log.${number}`, content]));
}

/** Counts the files that calls are about. */
function counting(): { readonly io: LogIo; readonly moved: Move[] } {
  const moved: Move[] = [];
  const io: LogIo = {
    ...nodeIo,
    rename: (moves) => {
      moved.push(...moves);
      return nodeIo.rename(moves);
    },
  };
  return { io, moved };
}

describe('B16.4: the shift of the backups', () => {
  it('leaves what the original leaves, whichever files are there', () => {
    let round = 0;
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 24 }));
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 22 }), (others, backups) => {
        round += 1;
        const present = [0, ...others];
        const log = makeFiles(tempDir(`s${round}`), present);
        expect(shiftBackups(nodeIo, log, backups)).toBeNull();
        expect(filesOf(path.dirname(log))).toEqual(model(present, backups));
      }),
      { numRuns: 200 },
    );
  });

  it('moves each file to a free name, and none that is not there', () => {
    const { io, moved } = counting();
    const log = makeFiles(tempDir('d'), [0, 1, 8999, 9000]);
    expect(shiftBackups(io, log, 9000)).toBeNull();
    expect(moved.map((move) => move.map((file) => path.basename(file)))).toEqual([
      ['log.9000', 'log.~'],
      ['log.8999', 'log.9000'],
      ['log.1', 'log.2'],
      ['log', 'log.1'],
    ]);
  });

  it('keeps the oldest when nothing comes to its place', () => {
    const log = makeFiles(tempDir('d'), [1]);
    expect(shiftBackups(nodeIo, log, 1)).toBeNull();
    expect(filesOf(tempDir('d'))).toEqual(new Map([['log.1', '1']]));
  });

  it('goes well when its directory has gone', () => {
    expect(shiftBackups(nodeIo, tempDir('gone/log'), 3)).toBeNull();
  });
});

describe('B16.4: a shift that fails', () => {
  it.each([
    ['at the first file', 2, { log: '0', 'log.1': '1', 'log.2': '2', 'log.3': '3' }],
    ['later', 1, { log: '0', 'log.1': '1', 'log.3': '2', 'log.~': '3' }],
  ])('loses nothing: %s', (_when, stuck, left) => {
    const faults = new FaultyIo();
    const log = makeFiles(tempDir('d'), [0, 1, 2, 3]);
    faults.renameError = (from) => (from.endsWith(`.${stuck}`) ? 'EBUSY' : null);
    expect(shiftBackups(faults.io, log, 3)).toBe('EBUSY');
    expect(filesOf(tempDir('d'))).toEqual(new Map(Object.entries(left)));
  });

  it('wherever it was killed is finished by the next one', () => {
    for (let done = 0; done <= 4; done += 1) {
      const dir = tempDir(`k${done}`);
      const log = makeFiles(dir, [0, 1, 2, 3]);
      killAfter(log, done);
      expect(new Set(filesOf(dir).values())).toEqual(new Set(['0', '1', '2', '3']));
      fs.writeFileSync(log, 'after');
      expect(shiftBackups(nodeIo, log, 3)).toBeNull();
      expect(filesOf(dir).has('log.~')).toBe(false);
      expect(filesOf(dir).get('log.1')).toBe('after');
    }
  });

  it('says why the oldest cannot be put aside', () => {
    const log = makeFiles(tempDir('d'), [0, 1, 2]);
    fs.mkdirSync(`${log}.~`);
    expect(shiftBackups(nodeIo, log, 2)).toBe('EINVAL');
    fs.rmdirSync(`${log}.~`);
    expect(filesOf(tempDir('d'))).toEqual(new Map(Object.entries({ log: '0', 'log.1': '1', 'log.2': '2' })));
  });
});

/** Ends a shift after so many moves, as the end of the daemon would. */
function killAfter(log: string, moves: number): void {
  const killed = new Error('killed');
  const io: LogIo = {
    ...nodeIo,
    rename: (all) => {
      nodeIo.rename(all.slice(0, moves));
      throw killed;
    },
  };
  expect(() => shiftBackups(io, log, 3)).toThrow(killed);
}
