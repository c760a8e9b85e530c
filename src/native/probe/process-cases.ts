/** What the tests ask about the process itself and its descriptors; each case runs in a process of its own. */
import { once } from 'node:events';
import { chmodSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { Binding } from '../binding.ts';
import type { ProbeCase } from './child-cases.ts';
import { allChildren, requestOf } from './children.ts';
import { inspectProcess, openDescriptors, statusOf } from './inspect.ts';

const other = { uid: 33, gid: 33, groups: [33] };

/** The identity of every thread, each once. */
function threadIdentities() {
  const lines = readdirSync('/proc/self/task').map((thread) => {
    const { Uid, Gid, Groups } = statusOf(Number(thread));
    return `${Uid} | ${Gid} | ${Groups}`;
  });
  return [...new Set(lines)];
}

function isCloseOnExec(fd: number): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
  return (Number.parseInt(flags ?? '', 8) & 0o2000000) !== 0;
}

/** Node keeps it, and says nothing of it. */
function descriptorOf(socket: Socket & { readonly _handle?: { readonly fd: number } }): number {
  return socket._handle?.fd ?? -1;
}

/** All numbers that come through a pipe. */
function wordsFrom(binding: Binding, fd: number): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const watch = binding.watchOpen(fd, () => {
      const chunk = Buffer.alloc(64);
      const length = binding.readAvailable(fd, chunk);
      if (length > 0) {
        chunks.push(chunk.subarray(0, length));
      } else if (typeof watch !== 'number') {
        binding.watchClose(watch);
        binding.close(fd);
        const bytes = Uint8Array.from(Buffer.concat(chunks));
        resolve([...new Uint32Array(bytes.buffer)]);
      }
    });
    if (typeof watch !== 'number') {
      binding.watchStart(watch, false);
    }
  });
}

export const processCases: Readonly<Record<string, ProbeCase>> = {
  /** After dropping root, nothing brings it back, in a child neither. */
  identity: ({ binding }) => ({
    answer: binding.setIdentity(65534, 65534, [65534, 100]),
    threads: threadIdentities(),
    again: binding.setIdentity(0, 0, [0]),
    child: binding.spawn(requestOf({ identity: other })),
    raised: binding.setRlimit('NOFILE', 1e9, 1e9),
    killed: binding.kill(1, 0),
    reaped: binding.reap(allChildren),
  }),

  /** Who owns our own files in /proc before and after starting a child of another user. */
  dumpable: async (children) => {
    const owner = () => statSync('/proc/self/environ').uid;
    const before = owner();
    await children.endOf(children.start({ identity: { uid: 34, gid: 34, groups: [34] } }));
    return { before, after: owner() };
  },

  limits: ({ binding }) => {
    const { hard } = binding.getRlimit('NOFILE');
    return {
      hard,
      set: binding.setRlimit('NOFILE', 100, hard),
      read: binding.getRlimit('NOFILE'),
      kernel: inspectProcess(process.pid).nofile,
      tooLow: binding.setRlimit('NOFILE', 100, 10),
      nproc: binding.getRlimit('NPROC').soft > 0,
    };
  },

  /** Pipes until there are no descriptors left; a failed one must leave no end open. */
  pipeLimit: ({ binding }) => {
    const { hard } = binding.getRlimit('NOFILE');
    binding.setRlimit('NOFILE', 65, hard);
    for (let i = 0; i < 100; i += 1) {
      const pipe = binding.pipe(true);
      if (typeof pipe === 'number') {
        const again = binding.pipe(false);
        binding.setRlimit('NOFILE', hard, hard);
        return { errnos: [-pipe, -Number(again)], open: Object.keys(openDescriptors(process.pid)).length };
      }
    }
    return null;
  },

  /** Reading and writing without waiting. */
  descriptors: ({ binding }) => {
    const kept = binding.pipe(true);
    const given = binding.pipe(false);
    if (typeof kept === 'number' || typeof given === 'number') {
      return null;
    }
    const buffer = Buffer.alloc(8);
    const resized = [binding.resizePipe(kept.readFd, 128 * 1024), binding.resizePipe(999, 1)];
    const holds = [binding.pipeBytes(kept.readFd), binding.pipeBytes(999)];
    const empty = binding.readAvailable(kept.readFd, buffer);
    const wrote = binding.writeSome(kept.writeFd, Buffer.from('__text'), 2);
    const read = binding.readAvailable(kept.readFd, buffer);
    const text = buffer.toString('latin1', 0, read);
    binding.close(kept.writeFd);
    const atEnd = binding.readAvailable(kept.readFd, buffer);
    const filled: number[] = [];
    for (let last = 1; last > 0; filled.push(last)) {
      last = binding.writeSome(given.writeFd, Buffer.alloc(48 * 1024), 0);
    }
    binding.close(given.readFd);
    return {
      resized,
      holds,
      empty,
      wrote,
      text,
      atEnd,
      filled,
      noReader: binding.writeSome(given.writeFd, Buffer.from('x'), 0),
      fullDisk: binding.writeSome(openSync('/dev/full', 'w'), Buffer.from('x'), 0),
      notOpen: [binding.readAvailable(999, buffer), binding.close(999), binding.setNonBlocking(999, true)],
      nothing: binding.writeSome(1, buffer, buffer.length),
    };
  },

  /** Sockets that listen, and what is in their way; the parameter is a folder for the files. */
  listening: ({ binding }, folder) => {
    const before = Object.keys(openDescriptors(process.pid)).length;
    const tcp = binding.listenInet('127.0.0.1', 0, 5);
    const file = binding.listenUnix(`${folder}/s`, 0o640, 5);
    const answer = {
      closeOnExec: [tcp, file].map(isCloseOnExec),
      mode: statSync(`${folder}/s`).mode & 0o777,
      taken: binding.listenUnix(`${folder}/s`, 0o640, 5),
      tooLong: binding.listenUnix(`${folder}/${'x'.repeat(200)}`, 0o640, 5),
      noFolder: binding.listenUnix(`${folder}/none/s`, 0o640, 5),
      noAddress: binding.listenInet('localhost', 0, 5),
      foreign: binding.listenInet('192.0.2.1', 0, 5),
      hosts: ['127.0.0.1', 'localhost', 'no such host'].map((host) => binding.resolveHost(host)),
    };
    binding.close(tcp);
    binding.close(file);
    return { ...answer, leaked: Object.keys(openDescriptors(process.pid)).length - before };
  },

  /** Listened as root, connected to as another user. */
  peers: async ({ binding }, folder) => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(`${folder}/p`, resolve);
    });
    chmodSync(`${folder}/p`, 0o666);
    binding.setIdentity(65534, 65534, []);
    const accepted = once(server, 'connection');
    const socket = connect(`${folder}/p`);
    await once(socket, 'connect');
    const [other] = await accepted;
    const answer = {
      pid: process.pid,
      listening: binding.peerOf(descriptorOf(socket)),
      connecting: binding.peerOf(descriptorOf(other)),
      overTcp: binding.peerOf(binding.listenInet('127.0.0.1', 0, 1)),
      noSocket: binding.peerOf(openSync('/dev/null', 'r')),
      notOpen: binding.peerOf(999),
    };
    socket.destroy();
    other.destroy();
    server.close();
    return answer;
  },

  flags: ({ binding }) => {
    const pipe = binding.pipe(true);
    if (typeof pipe === 'number') {
      return null;
    }
    const closeOnExec = [pipe.readFd, pipe.writeFd].map(isCloseOnExec);
    binding.setCloseOnExec(pipe.readFd, false);
    const cleared = isCloseOnExec(pipe.readFd);
    const buffer = Buffer.alloc(1);
    binding.writeSome(pipe.writeFd, Buffer.from('a'), 0);
    return {
      closeOnExec,
      cleared,
      off: binding.setNonBlocking(pipe.readFd, false),
      read: binding.readAvailable(pipe.readFd, buffer),
      on: binding.setNonBlocking(pipe.readFd, true),
      again: binding.readAvailable(pipe.readFd, buffer),
    };
  },

  background: ({ binding }) => {
    const answer = binding.openNullOnto([0, 1, 2]);
    const before = Object.keys(openDescriptors(process.pid)).length;
    const again = binding.openNullOnto([0, 1, 2]);
    const { fds, session, pid } = inspectProcess(process.pid);
    const stdio = [fds[0], fds[1], fds[2]];
    const leaked = Object.keys(fds).length - before;
    return { answer, again, leaked, stdio, wasLeader: session === pid, sid: binding.setsid(), pid };
  },

  /** A thousand pipes, each watched, written to, read, and closed by its owner right after the watch. */
  watches: async ({ binding }) => {
    const buffer = Buffer.alloc(8);
    const before = Object.keys(openDescriptors(process.pid)).length;
    let read = 0;
    for (let round = 0; round < 1000; round += 1) {
      const pipe = binding.pipe(true);
      if (typeof pipe === 'number') {
        return null;
      }
      await new Promise<void>((resolve) => {
        const watch = binding.watchOpen(pipe.readFd, () => {
          read += binding.readAvailable(pipe.readFd, buffer);
          if (typeof watch !== 'number') {
            binding.watchClose(watch);
            binding.watchClose(watch);
          }
          binding.close(pipe.readFd);
          resolve();
        });
        if (typeof watch !== 'number') {
          binding.watchStart(watch, false);
        }
        binding.writeSome(pipe.writeFd, Buffer.from('a'), 0);
      });
      binding.close(pipe.writeFd);
    }
    const forgotten = binding.pipe(true);
    const notOpen = binding.watchOpen(9999, () => undefined);
    if (typeof forgotten === 'number') {
      return null;
    }
    binding.watchOpen(forgotten.readFd, () => undefined);
    binding.close(forgotten.readFd);
    binding.close(forgotten.writeFd);
    return { read, notOpen, leaked: Object.keys(openDescriptors(process.pid)).length - before };
  },

  users: ({ binding }) => ({
    root: binding.userByName('root'),
    zero: binding.userById(0),
    groups: binding.groupsOfUser('root', 0),
    unusualPrimary: binding.groupsOfUser('root', 12_345),
    group: binding.groupByName('daemon'),
    groupById: binding.groupById(1),
    none: [
      binding.userByName('no-such-user'),
      binding.userById(3_999_999_999),
      binding.groupByName('no-such-group'),
      binding.groupById(3_999_999_999),
    ],
  }),

  /** Who user 0 is, asked on this thread and on another one. */
  lookUps: async ({ binding }) => {
    const fd = binding.lookUpIdentity(0);
    return {
      byName: binding.userByName('root'),
      byId: binding.userById(0),
      groups: binding.groupsOfUser('root', 0),
      answer: fd < 0 ? fd : await wordsFrom(binding, fd),
    };
  },

  /** Nobody listens to the answers, and some are not there when the process ends. */
  unheardLookUps: ({ binding }) => {
    const before = Object.keys(openDescriptors(process.pid)).length;
    const fds = Array.from({ length: 8 }, () => binding.lookUpIdentity(0));
    fds.forEach((fd) => binding.close(fd));
    return { asked: fds.every((fd) => fd >= 0), before };
  },

  /** Questions without a descriptor to read the answer from. */
  lookUpsWithoutDescriptors: ({ binding }) => {
    const { hard } = binding.getRlimit('NOFILE');
    const open = Object.keys(openDescriptors(process.pid)).map(Number);
    const highest = Math.max(...open);
    const held = Array.from({ length: highest }, () => binding.pipe(true));
    binding.setRlimit('NOFILE', highest + 1, hard);
    const answers = [
      binding.userByName('root'),
      binding.userById(0),
      binding.groupByName('daemon'),
      binding.groupsOfUser('root', 0),
      binding.lookUpIdentity(0),
    ];
    binding.setRlimit('NOFILE', hard, hard);
    return { held: held.length > 0, answers };
  },

  /** Node has marked our stdout close-on-exec. */
  execve: ({ binding }, file) => {
    binding.setCloseOnExec(1, false);
    return { failed: binding.execve(file, ['sh', '-c', 'echo $$ $VALUE'], ['VALUE=kept']) };
  },
};
