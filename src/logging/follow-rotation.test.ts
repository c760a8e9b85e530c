import fs from 'node:fs';

import { expect, it } from 'vitest';

import { AwaitedFiles } from './awaited-files.fixture.ts';
import { Follower } from './follow.ts';
import { LogReader } from './log-reader.ts';
import { realClock, useTempDir } from './logging.fixture.ts';
import { WriteNotices } from './write-notices.ts';

const tempDir = useTempDir();

// 100: more backups than are moved while somebody waits.
it.each([20, 100])(
  'a log that is rotated all the while is followed from file to file (%i times)',
  async (rotations) => {
    const files = new AwaitedFiles();
    const notices = new WriteNotices();
    const context = {
      reader: new LogReader(files.files, (_path, done) => done()),
      clock: realClock,
      notices,
    };
    const log = tempDir('log');
    let opened = await files.mustOpen(log);
    const { signal } = new AbortController();
    const followers = await Promise.all(
      Array.from({ length: 8 }, () => Follower.open(context, log, 0, signal)),
    );
    const end = `${rotations} `;
    const readAll = async (follower: Follower | null): Promise<string> => {
      let text = '';
      for (let piece = await follower?.read(); piece instanceof Uint8Array; piece = await follower?.read()) {
        text += Buffer.from(piece).toString();
        if (text.endsWith(` ${end}`)) {
          follower?.abort();
        }
      }
      return text;
    };
    const read = followers.map(readAll);
    let written = '';
    for (let number = 0; number <= rotations; number += 1) {
      fs.writeSync(opened.fd.number, `${number} `);
      written += `${number} `;
      notices.notifyWritten(log);
      const answer = number === rotations ? null : await files.rotate(log, opened, 1000);
      if (answer?.outcome === 'rotated') {
        opened = answer.opened;
      }
    }
    expect(new Set(await Promise.all(read))).toEqual(new Set([written]));
    files.closeAll();
  },
);
