/** What the tests ask about children; each case runs in a process of its own. */
import { openSync } from 'node:fs';
import os from 'node:os';
import type { NativeSpawnRequest } from '../binding.ts';
import { allChildren, type Children, requestOf } from './children.ts';
import { inspectChild, inspectProcess, inspectStarted } from './inspect.ts';

export type ProbeCase = (children: Children, parameter: string) => unknown;

const { SIGHUP, SIGPIPE, SIGXFSZ } = os.constants.signals;

/** What a spawn that has to fail answers, and the children there are afterwards. */
function failedSpawn({ binding }: Children, changes: Partial<NativeSpawnRequest>) {
  return { result: binding.spawn(requestOf(changes)), reaped: binding.reap(allChildren) };
}

export const childCases: Readonly<Record<string, ProbeCase>> = {
  /** A request as JSON, inspected. */
  inspect: (children, request) => inspectChild(children, JSON.parse(request)),

  /** A request as JSON that fails. */
  fail: (children, request) => failedSpawn(children, JSON.parse(request)),

  /** A request as JSON that throws. */
  refuse: ({ binding }, request) => {
    try {
      return { result: binding.spawn(JSON.parse(request)) };
    } catch (error) {
      return { thrown: String(error), reaped: binding.reap(allChildren) };
    }
  },

  /** Descriptors without close-on-exec must not reach the child. */
  leakyDescriptors: (children) => {
    const leaks = [openSync('/dev/null', 'r'), openSync('/dev/zero', 'r')];
    for (const fd of leaks) {
      children.binding.setCloseOnExec(fd, false);
    }
    children.binding.dupTo(leaks[0] ?? -1, 200);
    return inspectChild(children, {});
  },

  /** The child's 0, 1 and 2 are the parent's 1, 2 and 0. */
  swappedStdio: async (children) => {
    for (const [fd, file] of ['/dev/null', '/dev/zero', '/dev/full'].entries()) {
      children.binding.dupTo(openSync(file, 'r+'), fd);
    }
    const pid = children.start({ file: '/bin/sleep', argv: ['sleep', '60'], stdio: [1, 2, 0] });
    const { fds } = await inspectStarted(pid);
    children.binding.kill(pid, 9);
    await children.endOf(pid);
    return { fds, own: inspectProcess(process.pid).fds };
  },

  /** With the parent's 0 closed, a new pipe gets that number. */
  closedStdin: (children) => {
    children.binding.close(0);
    return inspectChild(children, {});
  },

  /** Nothing but one descriptor, three times. */
  sameDescriptor: async (children) => {
    const fd = openSync('/dev/zero', 'r+');
    const pid = children.start({ file: '/bin/sleep', argv: ['sleep', '60'], stdio: [fd, fd, fd] });
    const { fds } = await inspectStarted(pid);
    children.binding.kill(pid, 9);
    await children.endOf(pid);
    return fds;
  },

  /** The parent ignores SIGHUP and handles SIGTERM; only what is asked for stays ignored in the child. */
  signals: async (children) => {
    process.on('SIGTERM', () => undefined);
    children.binding.setDisposition(SIGHUP, true);
    const own = inspectProcess(process.pid).status;
    const child = await inspectChild(children, { ignoreSignals: [SIGPIPE, SIGXFSZ] });
    return { own, child: child.status };
  },

  /** Hundreds of children that end at once, started without a pause and one per turn. */
  manyChildren: async (children, count) => {
    const codes = new Map<number, number>();
    for (let i = 0; i < Number(count); i += 1) {
      const file = i % 2 === 0 ? '/bin/true' : '/bin/false';
      codes.set(children.start({ file, argv: [file] }), i % 2);
      if (i % 3 === 0) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    }
    await children.until(() => children.ended.length >= codes.size);
    const wrong = children.ended.filter((child) => !('code' in child) || child.code !== codes.get(child.pid));
    return {
      ended: children.ended.length,
      distinct: new Set(children.ended.map(({ pid }) => pid)).size,
      wrong,
    };
  },

  /** A file that opening waits for: the spawn must come back, and the next one work. */
  held: async (children, file) => {
    const held = children.binding.spawn(requestOf({ file, limitMs: 100 }));
    const next = await children.endOf(children.start({ limitMs: 100 }));
    return { held, reaped: children.ended.length, next };
  },

  killed: (children) => {
    const pid = children.start({ file: '/bin/sleep', argv: ['sleep', '60'] });
    children.binding.kill(pid, 9);
    return children.endOf(pid);
  },

  /** A signal to the group reaches the grandchild, whose end we learn as its subreaper. */
  group: async (children) => {
    children.binding.setSubreaper(true);
    const pipe = children.binding.pipe(true);
    if (typeof pipe === 'number') {
      return pipe;
    }
    const script = 'sleep 60 & echo $!; wait';
    const pid = children.start({ file: '/bin/sh', argv: ['sh', '-c', script], stdio: [0, pipe.writeFd, 2] });
    const buffer = Buffer.alloc(32);
    let bytes = -1;
    while (bytes < 0) {
      bytes = children.binding.readAvailable(pipe.readFd, buffer);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    const grandchild = Number(buffer.toString('latin1', 0, bytes));
    const answer = children.binding.kill(-pid, 15);
    return { answer, ends: [await children.endOf(pid), await children.endOf(grandchild)], pid, grandchild };
  },

  /** Requests that fail must give back what they took. */
  memory: ({ binding }, count) => {
    const env = Array.from({ length: 100 }, (_, i) => `V${i}=${'x'.repeat(2000)}`);
    const spawnOften = () => {
      for (let i = 0; i < Number(count); i += 1) {
        binding.spawn(requestOf({ env, stdio: [-1, 1, 2] }));
      }
      return process.memoryUsage.rss();
    };
    const before = spawnOften();
    return { grownBytes: spawnOften() - before };
  },
};
