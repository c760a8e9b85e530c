import { appendFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { loadBinding } from '../native/index.ts';
import { AddonPump } from './addon-pump.ts';
import { AwaitedFiles } from './awaited-files.fixture.ts';
import { LogOutlets } from './log-outlets.ts';
import { LogReader } from './log-reader.ts';
import { nodeIo, realClock, useTempDir } from './logging.fixture.ts';
import { unlimited } from './rotation.ts';
import { WriteNotices } from './write-notices.ts';

const tempDir = useTempDir();

it('what the daemon has just written is read, and what others have', async () => {
  const { files } = new AwaitedFiles();
  const pump = new AddonPump(loadBinding(), nodeIo);
  const outlets = new LogOutlets({ io: nodeIo, files, pump, clock: realClock, notices: new WriteNotices() });
  const reader = new LogReader(files, (file, done) => outlets.settled(file, done));
  const log = tempDir('log');
  const options = { limits: unlimited, report: () => undefined, onDrain: () => undefined };
  const destination = outlets.join(log, options);
  destination.open(() => undefined);
  const { signal } = new AbortController();
  let written = '';
  const read = async (): Promise<string> => {
    const part = await reader.read(log, { start: 0, length: 2 ** 24 }, signal);
    return 'why' in part ? part.why : Buffer.from(part.bytes).toString();
  };
  for (let round = 0; round < 20; round += 1) {
    const line = `${round} ${'x'.repeat(10_000 * round)}\n`;
    destination.write(Buffer.from(line));
    written += line;
    // The first is written before the log is open.
    expect((await read()) === written).toBe(true);
    appendFileSync(log, 'other\n');
    written += 'other\n';
    expect((await read()) === written).toBe(true);
  }
  destination.close();
  await new Promise<void>((resolve) => outlets.close(resolve));
  expect((await read()) === written).toBe(true);
});
