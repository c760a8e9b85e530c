import { fstatSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadBinding } from '../native/index.ts';
import { BackgroundLaunch } from './detach.ts';

/** The end of a pipe that the waiting command would have given, and the one it would read. */
function readyPipe(): { readonly readFd: number; readonly writeFd: number } {
  const pipe = loadBinding().pipe(true);
  if (typeof pipe === 'number') {
    throw new Error(`cannot make a pipe: ${pipe}`);
  }
  return pipe;
}

describe('BackgroundLaunch', () => {
  it('tells the waiting command that it is ready, and closes the pipe', () => {
    const { readFd, writeFd } = readyPipe();
    const env = { SUPERVISORD_LAUNCH: `${writeFd} 1024`, A: '1' };
    BackgroundLaunch.take(env)?.ready();
    expect(env).toEqual({ A: '1' });
    const buffer = new Uint8Array(10);
    expect(loadBinding().readAvailable(readFd, buffer)).toBe(1);
    expect(loadBinding().readAvailable(readFd, buffer)).toBe(0);
    loadBinding().close(readFd);
  });

  it('takes back what the waiting command has added to the environment, and nothing else', () => {
    const { readFd, writeFd } = readyPipe();
    const added = { SUPERVISORD_LAUNCH: `${writeFd} 1024 `, MALLOC_ARENA_MAX: '1' };
    BackgroundLaunch.take(added)?.ready();
    expect(added).toEqual({});
    loadBinding().close(readFd);
    const another = readyPipe();
    const given = { SUPERVISORD_LAUNCH: `${another.writeFd} 1024 3`, MALLOC_ARENA_MAX: '3' };
    BackgroundLaunch.take(given)?.ready();
    expect(given).toEqual({ MALLOC_ARENA_MAX: '3' });
    loadBinding().close(another.readFd);
  });

  it('B12.4: goes on when the waiting command has been killed', () => {
    const { readFd, writeFd } = readyPipe();
    loadBinding().close(readFd);
    BackgroundLaunch.take({ SUPERVISORD_LAUNCH: `${writeFd} 1024` })?.ready();
    expect(() => fstatSync(writeFd)).toThrow('EBADF');
  });
});
