import { setMaxListeners } from 'node:events';
import fs from 'node:fs';

import { describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { Follower } from './follow.ts';
import { HeldFiles } from './held-files.fixture.ts';
import { LogReader } from './log-reader.ts';
import { readLastLines, readWindow } from './log-window.ts';
import { until, useTempDir } from './logging.fixture.ts';
import { type LogClient, readFile, tailFile } from './read-log.ts';
import { ReadableLog } from './readable-log.ts';
import { WriteNotices } from './write-notices.ts';

const tempDir = useTempDir();

function world() {
  const files = new HeldFiles();
  const reader = new LogReader(files, (_path, done) => done());
  const gone = new AbortController();
  const log = tempDir('log');
  fs.writeFileSync(log, '0123456789\n');
  const granted: number[] = [];
  const client: LogClient = {
    reader,
    signal: gone.signal,
    beforeReading: (bytes) => granted.push(bytes),
  };
  return { files, reader, gone, log, client, granted };
}

type World = ReturnType<typeof world>;

async function openLog({ reader, log, gone }: World): Promise<ReadableLog> {
  const opened = await reader.open(log, gone.signal);
  if ('why' in opened) {
    throw new Error(opened.why);
  }
  return opened;
}

/** What each of them is asked for, in one way or another. */
const askers: readonly [string, (world: World) => Promise<unknown>][] = [
  ['readFile', ({ client, log }) => readFile(client, { path: log, offset: 0, length: 0 })],
  ['tailFile', ({ client, log }) => tailFile(client, { path: log, offset: 0, length: 5 })],
  ['readWindow', ({ reader, log, gone }) => readWindow({ reader, path: log, signal: gone.signal }, 0, 5)],
  [
    'readLastLines',
    ({ reader, log, gone }) => readLastLines({ reader, path: log, signal: gone.signal }, 1, null),
  ],
  [
    'a follower',
    ({ reader, log, gone }) =>
      Follower.open({ reader, clock: new FakeClock(), notices: new WriteNotices() }, log, 5, gone.signal),
  ],
];

describe.each(askers)('%s of a log on a file system that hangs', (_name, ask) => {
  it('ends when nobody waits any more, and closes what is opened for nobody', async () => {
    const scene = world();
    scene.files.hold();
    const answer = ask(scene);
    await until(() => scene.files.held.length === 1);
    const reason = new Error('gone');
    scene.gone.abort(reason);
    await expect(answer).rejects.toBe(reason);
    scene.files.letGo();
    await until(() => scene.files.closes.every((count) => count === 1));
    expect(scene.granted).toEqual([]);
  });

  it('goes on when it does', async () => {
    const scene = world();
    scene.files.hold();
    const answer = ask(scene);
    await until(() => scene.files.held.length === 1);
    scene.files.letGo();
    expect(await answer).toMatchObject({});
  });
});

describe('a log that is read', () => {
  it('is closed only when the job is over for which nobody waits any more', async () => {
    const scene = world();
    scene.files.hold();
    const answer = readFile(scene.client, { path: scene.log, offset: 0, length: 0 });
    await until(() => scene.files.held.length === 1);
    scene.files.held.shift()?.();
    await until(() => scene.files.held.length === 1);
    expect(scene.granted).toEqual([11]);
    scene.gone.abort();
    await expect(answer).rejects.toBe(scene.gone.signal.reason);
    expect(scene.files.closes).toEqual([0]);
    scene.files.letGo();
    await until(() => scene.files.closes[0] === 1);
  });

  it('is not read for what is not granted, and is closed', async () => {
    const scene = world();
    const refusal = new Error('no room');
    const refused = readFile(
      {
        ...scene.client,
        beforeReading: () => {
          scene.files.hold();
          throw refusal;
        },
      },
      { path: scene.log, offset: 0, length: 0 },
    );
    await expect(refused).rejects.toBe(refusal);
    expect(scene.files.held).toEqual([]);
    expect(scene.files.closes).toEqual([1]);
  });

  it('is asked for no more than four times at once, and never by those who have left', async () => {
    const scene = world();
    const leaving = new AbortController();
    setMaxListeners(0, leaving.signal);
    scene.files.hold();
    const read = async (signal: AbortSignal): Promise<unknown> =>
      scene.reader.read(scene.log, { start: 0, length: 1 }, signal).catch(() => 'left');
    const stuck = Array.from({ length: 4 }, () => read(scene.gone.signal));
    const others = Array.from({ length: 100 }, () => read(leaving.signal));
    const last = read(scene.gone.signal);
    const elsewhere = scene.reader.read(tempDir('other'), { start: 0, length: 1 }, scene.gone.signal);
    await until(() => scene.files.held.length === 5);
    leaving.abort();
    expect(new Set(await Promise.all(others))).toEqual(new Set(['left']));
    const begun: number[] = [];
    while (scene.files.held.length > 0 || begun.length === 0) {
      begun.push(scene.files.held.length);
      scene.files.held.splice(0).forEach((begin) => begin());
      await Promise.race([last, until(() => scene.files.held.length > 0)]);
    }
    expect(begun).toEqual([5, 1]);
    expect(await Promise.all([...stuck, last])).toHaveLength(5);
    expect(await elsewhere).toMatchObject({ isThere: false });
  });

  it('comes in pieces where it is large', async () => {
    const scene = world();
    const text = Buffer.alloc(2_500_000, '0123456789');
    fs.writeFileSync(scene.log, text);
    const log = await openLog(scene);
    const range = async (start: number, length: number): Promise<string | undefined> =>
      (await log.readRange(start, length, scene.gone.signal))?.toString();
    for (const [start, length] of [
      [0, 2_500_000],
      [1, 3_000_000],
      [5, 1024 * 1024],
      [0, 2 * 1024 * 1024],
      [2_499_999, 2_000_000],
      [3_000_000, 2_000_000],
    ] as const) {
      expect((await range(start, length)) === text.subarray(start, start + length).toString()).toBe(true);
    }
    log.close();
    log.close();
    expect(scene.files.closes).toEqual([1]);
  });
});

describe('a follower', () => {
  async function follow(scene: World) {
    const clock = new FakeClock();
    const notices = new WriteNotices();
    const context = { reader: scene.reader, clock, notices };
    const follower = await Follower.open(context, scene.log, 100, scene.gone.signal);
    if (follower === null) {
      throw new Error('cannot follow');
    }
    return { follower, clock, notices };
  }

  it('whose file system hangs does nothing, and ends at once', async () => {
    const scene = world();
    const { follower, clock, notices } = await follow(scene);
    scene.files.hold();
    const piece = follower.read();
    await until(() => scene.files.held.length === 1);
    notices.notifyWritten(scene.log);
    clock.advance(10_000);
    expect(scene.files.held).toHaveLength(1);
    expect(clock.pending).toBe(0);
    follower.abort();
    expect(await piece).toBeNull();
    expect(scene.files.closes).toEqual([0]);
    scene.files.letGo();
    await until(() => scene.files.closes[0] === 1);
  });

  it('closes the next file too, that it does not come to any more', async () => {
    const scene = world();
    const { follower } = await follow(scene);
    await follower.read();
    fs.renameSync(scene.log, `${scene.log}.1`);
    fs.writeFileSync(scene.log, 'new');
    scene.files.hold();
    const piece = follower.read();
    await until(() => scene.files.held.length === 1);
    follower.abort();
    expect(await piece).toBeNull();
    scene.files.letGo();
    await until(() => scene.files.closes.length === 2 && scene.files.closes.every((count) => count === 1));
  });

  it('misses no news that come while it looks', async () => {
    const scene = world();
    const { follower, clock, notices } = await follow(scene);
    await follower.read();
    const piece = follower.read();
    await until(() => clock.pending === 1);
    scene.files.hold();
    notices.notifyWritten(scene.log);
    await until(() => scene.files.held.length === 1);
    scene.files.held.shift()?.();
    notices.notifyWritten(scene.log);
    // It looks again, instead of waiting.
    await until(() => scene.files.held.length === 1);
    expect(clock.pending).toBe(0);
    fs.appendFileSync(scene.log, 'more');
    scene.files.letGo();
    expect(Buffer.from((await piece) ?? []).toString()).toBe('more');
    follower.abort();
  });
});
