import fs from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { AwaitedFiles } from './awaited-files.fixture.ts';
import { makeFifo, oddMakers, until, useTempDir } from './logging.fixture.ts';
import { backupPath } from './rotation.ts';

const tempDir = useTempDir();
const files = new AwaitedFiles();
const strangers = [
  'log.0',
  'log.01',
  'log.04',
  'log.1e1',
  'log.2.gz',
  'log.7.gz',
  'log.old',
  'other.1',
  'xlog.5',
];

afterEach(() => files.closeAll());

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
  const found = new Map(
    fs.readdirSync(dir).map((name) => [name, fs.readFileSync(path.join(dir, name), 'utf8')]),
  );
  for (const name of strangers) {
    expect(found.get(name)).toBe(name);
    found.delete(name);
  }
  return found;
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
  const moved = [...table].map(([number, content]): [string, string] => [`log.${number}`, content]);
  return new Map([['log', ''], ...moved]);
}

/** Waits until nothing is left of a rotation but the files themselves. */
async function untilFinished(log: string): Promise<void> {
  await until(() => !fs.existsSync(`${log}.~`) && !fs.existsSync(`${log}.~0`));
}

const upTo = (last: number): readonly number[] => Array.from({ length: last + 1 }, (_, number) => number);

describe('B16.4: a rotation', () => {
  it('leaves what the original leaves, whichever files are there', async () => {
    let round = 0;
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 24 }));
    await fc.assert(
      fc.asyncProperty(numbers, fc.integer({ min: 1, max: 22 }), async (others, backups) => {
        round += 1;
        const present = [0, ...others];
        const log = makeFiles(tempDir(`s${round}`), present);
        expect(await files.shift(log, backups)).toBe('rotated');
        await untilFinished(log);
        expect(filesOf(path.dirname(log))).toEqual(model(present, backups));
        files.closeAll();
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [100, 100],
    [100, 200],
    [64, 65],
    [65, 64],
  ])('with %i backups of at most %i leaves the same', async (there, backups) => {
    const log = makeFiles(tempDir('d'), upTo(there));
    expect(await files.shift(log, backups)).toBe('rotated');
    await untilFinished(log);
    expect(filesOf(tempDir('d'))).toEqual(model(upTo(there), backups));
  });

  it('waits for what the one before has left to do', async () => {
    const log = makeFiles(tempDir('d'), upTo(300));
    const answers = [];
    for (let round = 1; round <= 5; round += 1) {
      answers.push(await files.shift(log, 300));
      fs.writeFileSync(log, `round ${round}`);
    }
    expect(await files.open(log)).toHaveProperty('fd');
    await untilFinished(log);
    expect(answers).toEqual(answers.map(() => 'rotated'));
    const found = filesOf(tempDir('d'));
    expect([found.get('log.1'), found.get('log.5'), found.get('log.6'), found.get('log.300')]).toEqual([
      'round 4',
      '0',
      '1',
      '295',
    ]);
    expect(found.size).toBe(301);
  });

  it('opens the new file before thousands of backups have been moved', async () => {
    const log = makeFiles(tempDir('d'), upTo(3000));
    expect(await files.shift(log, 3000)).toBe('rotated');
    // What is left to do takes at least two system calls a file.
    expect(fs.existsSync(`${log}.~0`)).toBe(true);
    await untilFinished(log);
    expect(filesOf(tempDir('d'))).toEqual(model(upTo(3000), 3000));
  });

  it('makes one look of the directory when few of many backups are there', async () => {
    const log = makeFiles(tempDir('d'), [0, 1, 8999, 9000, 9001]);
    expect(await files.shift(log, 9000)).toBe('rotated');
    await untilFinished(log);
    expect(filesOf(tempDir('d'))).toEqual(model([0, 1, 8999, 9000, 9001], 9000));
  });

  it('keeps the oldest when nothing comes to its place', async () => {
    const log = makeFiles(tempDir('d'), [1]);
    expect(await files.shift(log, 1, tempDir('d/other.1'))).toBe('rotated');
    expect(filesOf(tempDir('d'))).toEqual(
      new Map([
        ['log.1', '1'],
        ['log', ''],
      ]),
    );
  });

  it('moves links to files, and links to nothing, as they are', async () => {
    const log = makeFiles(tempDir('d'), []);
    fs.writeFileSync(tempDir('a'), 'text');
    fs.symlinkSync('../a', log);
    fs.symlinkSync('nowhere', `${log}.11`);
    expect(await files.shift(log, 12)).toBe('rotated');
    await untilFinished(log);
    expect([fs.readlinkSync(`${log}.1`), fs.readlinkSync(`${log}.12`)]).toEqual(['../a', 'nowhere']);
    expect(fs.readFileSync(tempDir('a'), 'utf8')).toBe('text');
  });

  it.skipIf(process.getuid?.() !== 0).each([12, 9000])(
    'is made in a directory that may be entered but not listed (at most %i backups)',
    async (backups) => {
      const log = makeFiles(tempDir('blind'), [0, 2]);
      fs.chmodSync(tempDir(), 0o755);
      [tempDir('blind'), log, `${log}.2`].forEach((file) => fs.chownSync(file, 65_534, 65_534));
      fs.chmodSync(tempDir('blind'), 0o311);
      process.seteuid?.(65_534);
      try {
        expect(await files.shift(log, backups)).toBe('rotated');
        await untilFinished(log);
      } finally {
        process.seteuid?.(0);
      }
      expect(filesOf(tempDir('blind'))).toEqual(model([0, 2], backups));
    },
  );

  it('empties the file where there are to be none', async () => {
    const log = makeFiles(tempDir('d'), [0, 1]);
    const inode = fs.statSync(log).ino;
    expect(await files.shift(log, 0)).toBe('rotated');
    expect([fs.statSync(log).ino, fs.statSync(log).size, fs.existsSync(`${log}.1`)]).toEqual([
      inode,
      0,
      true,
    ]);
  });
});

describe('B16.4: no rotation', () => {
  it('is made of a file that has been removed or truncated', async () => {
    const log = makeFiles(tempDir('d'), [0, 1]);
    const opened = await files.mustOpen(log);
    expect(await files.rotate(log, opened, 3, 100)).toEqual({ outcome: 'small', sizeBytes: 1 });
    fs.unlinkSync(log);
    expect(await files.rotate(log, opened, 3)).toEqual({ outcome: 'removed' });
    expect(filesOf(tempDir('d'))).toEqual(new Map([['log.1', '1']]));
  });

  it('is made where the directory has gone, or something else has come', async () => {
    const other = makeFiles(tempDir('d'), [0]);
    expect(await files.shift(tempDir('gone/log'), 3, other)).toBe('misplaced: ENOENT');
    makeFifo(tempDir('d/fifo'));
    expect(await files.shift(tempDir('d/fifo'), 0, other)).toBe('misplaced: EINVAL');
    expect(await files.shift(tempDir('d/fifo'), 3, other)).toBe('kept: EINVAL');
  });
});

describe('B16.4: a rotation that fails', () => {
  it.each([
    ['at the first file', 3, { log: '0', 'log.1': '1', 'log.2': '2' }],
    ['later', 2, { log: '0', 'log.1': '1', 'log.4': '3', 'log.~': '4' }],
  ])('loses nothing: %s', async (_when, stuck, left) => {
    const log = makeFiles(
      tempDir('d'),
      [0, 1, 2, 3, 4].filter((number) => number !== stuck),
    );
    fs.mkdirSync(`${log}.${stuck}`);
    expect(await files.shift(log, 4)).toBe('kept: EINVAL');
    fs.rmdirSync(`${log}.${stuck}`);
    expect(Object.fromEntries(filesOf(tempDir('d')))).toMatchObject(left);
  });

  it.each(Object.entries(oddMakers))('moves no %s, nor anything in its place', async (_kind, make) => {
    const log = makeFiles(tempDir('d'), [0]);
    make(`${log}.1`);
    const { ino } = fs.lstatSync(`${log}.1`);
    expect(await files.shift(log, 3)).toBe('kept: EINVAL');
    fs.renameSync(`${log}.1`, tempDir('odd'));
    expect(fs.lstatSync(tempDir('odd')).ino).toBe(ino);
    expect(filesOf(tempDir('d'))).toEqual(new Map([['log', '0']]));
  });

  it('says why the oldest cannot be put aside', async () => {
    const log = makeFiles(tempDir('d'), [0, 1, 2]);
    fs.mkdirSync(`${log}.~`);
    expect(await files.shift(log, 2)).toBe('kept: EINVAL');
    fs.rmdirSync(`${log}.~`);
    expect(filesOf(tempDir('d'))).toEqual(new Map(Object.entries({ log: '0', 'log.1': '1', 'log.2': '2' })));
  });

  it('after the new file was opened is told by the next one', async () => {
    const log = makeFiles(tempDir('d'), upTo(100));
    fs.unlinkSync(`${log}.50`);
    fs.mkdirSync(`${log}.50`);
    expect(await files.shift(log, 200)).toBe('rotated');
    fs.writeFileSync(log, 'after');
    expect(await files.shift(log, 200)).toBe('kept: EINVAL');
    fs.rmdirSync(`${log}.50`);
    expect(await files.shift(log, 200)).toBe('rotated');
    await untilFinished(log);
    expect([filesOf(tempDir('d')).get('log.1'), filesOf(tempDir('d')).get('log.2')]).toEqual(['after', '0']);
  });
});

/** What a rotation of four files leaves that ends after so many moves, the oldest put aside first. */
function killAfter(log: string, done: number): void {
  const moves = [
    [`${log}.3`, `${log}.~`],
    [`${log}.2`, `${log}.3`],
    [`${log}.1`, `${log}.2`],
    [log, `${log}.1`],
  ] as const;
  moves.slice(0, done).forEach(([from, to]) => fs.renameSync(from, to));
}

describe('B16.4: a rotation that was killed', () => {
  it('is completed by the next one, wherever that was', async () => {
    for (let done = 0; done <= 4; done += 1) {
      const dir = tempDir(`k${done}`);
      const log = makeFiles(dir, upTo(3));
      killAfter(log, done);
      fs.writeFileSync(log, 'after');
      expect(await files.shift(log, 3)).toBe('rotated');
      await untilFinished(log);
      expect(filesOf(dir).get('log.1')).toBe('after');
    }
  });

  it.each(upTo(4))('with the log put aside is completed when it is opened (after %i moves)', async (done) => {
    const log = makeFiles(tempDir('d'), upTo(3));
    fs.renameSync(log, `${log}.~0`);
    killAfter(log, Math.min(done, 3));
    if (done === 4) {
      fs.renameSync(`${log}.~0`, `${log}.1`);
    }
    await files.mustOpen(log);
    // Where nothing has been moved yet, only a rotation knows whether the oldest may stay.
    const whole = { log: '', 'log.1': '0', 'log.2': '1', 'log.3': '2' };
    const expected: Readonly<Record<number, object>> = {
      0: { log: '', 'log.1': '1', 'log.2': '2', 'log.3': '3', 'log.~0': '0' },
      4: { ...whole, 'log.~': '3' },
    };
    expect(filesOf(tempDir('d'))).toEqual(new Map(Object.entries(expected[done] ?? whole)));
    fs.writeFileSync(log, 'after');
    expect(await files.shift(log, 3)).toBe('rotated');
    await untilFinished(log);
    expect(filesOf(tempDir('d'))).toEqual(
      new Map(Object.entries({ log: '', 'log.1': 'after', 'log.2': '0', 'log.3': '1' })),
    );
  });
});
