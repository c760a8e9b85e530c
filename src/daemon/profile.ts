/**
 * `--profile_options`: a CPU profile of the daemon, written when it ends.
 *
 * Compat: the original prints what Python's profiler counted, sorted as the option says; here it is a file for
 * the browser's developer tools, which sort it themselves.
 */
import { mkdtempSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import os from 'node:os';
import path from 'node:path';
import { makeOwnFile } from '../system/own-file.ts';
import type { SafePaths } from '../system/safe-paths.ts';

/** Profiles this process while `work` is under way, and tells `report` where the profile is. */
export async function withCpuProfile<T>(
  paths: SafePaths,
  work: () => Promise<T>,
  report: (file: string) => void,
): Promise<T> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  try {
    return await work();
  } finally {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    // A folder of its own: nobody can have put a link there that root would follow.
    const folder = mkdtempSync(path.join(os.tmpdir(), 'supervisord-'));
    const file = path.join(folder, `${process.pid}.cpuprofile`);
    makeOwnFile(paths, file, JSON.stringify(profile));
    report(file);
  }
}
