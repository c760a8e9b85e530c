/** What the tests ask about file jobs; each case runs in a process of its own. */
import {
  fstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Binding } from '../binding.ts';
import { type FileJobAnswer, type FileJobRequest, FileJobs } from '../file-jobs.ts';
import type { ProbeCase } from './child-cases.ts';

const { errno } = os.constants;

type Ask = (request: Partial<FileJobRequest> & Pick<FileJobRequest, 'kind'>) => Promise<FileJobAnswer>;

function asking(binding: Binding): { readonly jobs: FileJobs; readonly ask: Ask } {
  const jobs = new FileJobs(binding);
  const defaults = { domain: -1, path: '/', friends: [], links: [], mode: 0o644 };
  return {
    jobs,
    ask: (request) =>
      new Promise((resolve) => {
        jobs.start({ ...defaults, ...request }, resolve);
      }),
  };
}

/** Rotates one log again and again while others read, clear and follow it. */
async function useLog(
  { jobs, ask }: ReturnType<typeof asking>,
  log: string,
  domain: number,
): Promise<string[]> {
  const outcomes = new Set<string>();
  let opened = await ask({ kind: 'open', path: log, domain });
  for (let round = 0; round < 30; round += 1) {
    const fd = opened.fd ?? -1;
    writeSync(fd, `round ${round}`);
    const rotated = ask({
      kind: 'rotate',
      path: log,
      domain,
      fd,
      maxBytes: 1,
      backups: [0, 3, 300][round % 3] ?? 0,
    });
    const others = await Promise.all([
      ask({ kind: 'read', path: `${log}.1`, domain, position: -5, length: 100 }),
      ask({ kind: 'stat', path: log, domain: domain - 1, friends: [1, 2], links: [3, 4] }),
      ask({ kind: 'readOn', path: log, domain, fd, position: 0, length: 100 }),
      ask({ kind: 'readNext', path: log, domain, fd, position: `round ${round}`.length, length: 100 }),
      ask({ kind: 'reopen', path: log, domain, fd, position: 2, onlyIfOther: round % 2 === 0 }),
      ask({ kind: 'clear', path: `${log}.old`, domain: domain - 1 }),
    ]);
    const next = await rotated;
    outcomes.add(next.outcome + next.why);
    others.forEach((other) => {
      if (other.fd !== null) {
        jobs.close(other.fd, domain);
      }
    });
    if (next.fd !== null) {
      jobs.close(fd, domain);
      opened = next;
    }
  }
  return [...outcomes];
}

export const fileCases: Readonly<Record<string, ProbeCase>> = {
  /** Twenty logs on four file systems, one of them with hundreds of backups. */
  fileJobs: async ({ binding }, folder) => {
    const context = asking(binding);
    const logs = Array.from({ length: 20 }, (_, index) => path.join(folder, `log${index}`));
    Array.from({ length: 200 }, (_, index) => writeFileSync(path.join(folder, `log0.${index + 3}`), 'old'));
    const outcomes = await Promise.all(logs.map((log, index) => useLog(context, log, -1 - (index % 4))));
    return { outcomes: [...new Set(outcomes.flat())], threads: binding.jobThreads() };
  },

  /** Jobs for one path, each of which sees what the one before has done. */
  orderOfJobs: async ({ binding }, folder) => {
    const { ask } = asking(binding);
    const log = path.join(folder, 'log');
    const kinds = ['remove', 'open', 'remove', 'remove', 'clear', 'open', 'remove'] as const;
    const answers = await Promise.all(kinds.map((kind) => ask({ kind, path: log })));
    return answers.map(({ outcome, why }) => outcome + why);
  },

  /** What a wrong request does, and one for which there is no descriptor. */
  wrongJobs: async ({ binding }, folder) => {
    const thrown = (call: () => unknown): string => {
      try {
        return String(call());
      } catch (error) {
        return error instanceof TypeError ? error.message : String(error);
      }
    };
    const { ask } = asking(binding);
    const inbox = binding.inboxOpen();
    const handle = typeof inbox === 'number' ? null : inbox.handle;
    const request = { id: 1, kind: 0, domain: 0, path: folder, friends: [], links: [] };
    const start = (changes: object): string =>
      thrown(() => handle && binding.fileJobStart(handle, { ...request, ...changes }));
    const wrong = [
      start({ kind: 99 }),
      start({ links: [1] }),
      start({ friends: ['x'] }),
      start({ path: 'a\0b' }),
      start({ block: {} }),
      thrown(() => binding.blockMake(0)),
      thrown(() => binding.blockMake('x' as unknown as number)),
    ];
    await ask({ kind: 'stat' });
    const { soft, hard } = binding.getRlimit('NOFILE');
    binding.setRlimit('NOFILE', 1, hard);
    const answers = [
      await ask({ kind: 'open', path: path.join(folder, 'log') }),
      await ask({ kind: 'stat', path: folder }),
    ];
    binding.setRlimit('NOFILE', soft, hard);
    return {
      wrong,
      answers: answers.map(({ outcome, why }) => outcome + why),
      closed: await closeTwice(ask),
    };
  },

  /** Links of every kind that lead far, round, and out of a directory that others can write. */
  walks: ({ binding }, folder) => {
    mkdirSync(path.join(folder, 'way'));
    symlinkSync('b', path.join(folder, 'a'));
    symlinkSync('a', path.join(folder, 'b'));
    symlinkSync(`${'way/../'.repeat(500)}way`, path.join(folder, 'long'));
    symlinkSync('long/../'.repeat(60), path.join(folder, 'many'));
    const walked = ['a', 'long', 'many', `${'x'.repeat(300)}/y`, 'long/'.repeat(900), 'way/none/none'].map(
      (name) => {
        const { place, error } = binding.walkPath(path.join(folder, name), false, [], [], false);
        if (place !== null && place.fd !== null) {
          binding.close(place.fd);
        }
        return place === null ? error : place.name;
      },
    );
    return {
      walked,
      errnos: [errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT],
      left: readdirSync('/proc/self/fd').length,
    };
  },

  /** Names that stand for descriptors, and links that lead to such or far away, round and too deep; then what is made and listed. */
  descriptorsAndDirectories: async ({ binding }, folder) => {
    const { ask } = asking(binding);
    const links = {
      out: '/dev/stdout',
      up: `${'../'.repeat(40)}./proc//self/fd/7`,
      far: `/dev/${'x/../'.repeat(700)}fd/5`,
      full: '/dev/fd/1'.padStart(4090, '/'),
      deep: 'x/'.repeat(2000),
      round: 'round',
      high: '/dev/fd/9999999999',
      chain0: '/dev/stderr',
    };
    Object.entries(links).forEach(([name, target]) => symlinkSync(target, path.join(folder, name)));
    for (let count = 1; count < 9; count += 1) {
      symlinkSync(`chain${count - 1}`, path.join(folder, `chain${count}`));
    }
    const names = ['out', 'up', 'far', 'full', 'deep', 'round', 'high', 'chain6', 'chain8', 'none'];
    const within = names.map((name) => binding.ownDescriptor(path.join(folder, name), [1], [2, 3]));
    const jobs = await Promise.all(
      names.map((name) => ask({ kind: 'links', path: path.join(folder, name) })),
    );
    const made = [];
    for (const name of ['made', 'made', 'out', 'none/none']) {
      made.push(await ask({ kind: 'create', path: path.join(folder, name), takesPresent: name === 'out' }));
    }
    const lists = [await ask({ kind: 'list', path: folder }), await ask({ kind: 'list', path: '/none' })];
    return {
      within,
      words: ['/', '/dev', '/dev/fd', '/proc/', '/proc/self/fd', '/dev/stdoutx', 'x'].map((name) =>
        binding.ownDescriptor(name, [], []),
      ),
      jobs: new Set(jobs.map(({ outcome }) => outcome)).size,
      made: made.map(({ outcome, why }) => outcome + why),
      lists: lists.map(
        ({ why, bytes }) => why + (bytes === null ? '' : Buffer.from(bytes).toString()).length,
      ),
    };
  },

  /** Ends with jobs that have not been carried out. */
  endWithJobs: ({ binding }, folder) => {
    const { ask } = asking(binding);
    for (let count = 0; count < 200; count += 1) {
      void ask({ kind: 'open', path: path.join(folder, `log${count}`) });
    }
    setImmediate(() => process.exit());
    return readFileSync('/proc/self/comm', 'utf8').length > 0;
  },
};

/** A descriptor that was not open; nobody is told of that, and it closes nothing else. */
async function closeTwice(ask: Ask): Promise<string> {
  const { fd } = await ask({ kind: 'open', path: '/dev/null' });
  const readAt = await ask({ kind: 'readAt', fd: 999, length: 10 });
  return fd === null ? 'not opened' : `${fstatSync(fd).isCharacterDevice()} ${readAt.why}`;
}
