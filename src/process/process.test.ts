import { describe, expect, it } from 'vitest';
import { FakeHost, FakeOutput } from './host.fixture.ts';
import type { Process } from './process.ts';

function stderrOf(process: Process): FakeOutput {
  if (process.outputs.stderr instanceof FakeOutput) {
    return process.outputs.stderr;
  }
  throw new Error('stderr is redirected');
}

describe('a start', () => {
  it('opens the logs, makes pipes, spawns and hands the ends on', () => {
    const host = new FakeHost();
    const process = host.process({ command: '/bin/cat -u', directory: '/srv', umask: 0o27 });
    process.start();
    expect(process).toMatchObject({ state: 'STARTING', pid: 1001 });
    expect(host.system.spawned).toHaveLength(1);
    expect(host.system.spawnedFds).toEqual([[101, 104, 106]]);
    expect(host.system.spawned[0]).toMatchObject({
      file: '/bin/cat',
      argv: ['/bin/cat', '-u'],
      cwd: '/srv',
      umask: 0o27,
      identity: null,
      leader: 'group',
    });
    expect((process.outputs.stdout as FakeOutput).calls).toEqual(['open', 'attach 103']);
    expect(stderrOf(process).calls).toEqual(['open', 'attach 105']);
    // Of three pipes the daemon keeps its own three ends.
    expect([...host.system.openFds]).toEqual([102, 103, 105]);
  });

  it('B7.8: with redirect_stderr the child has one pipe for both', () => {
    const host = new FakeHost();
    host.process({ redirectStderr: true }).start();
    expect(host.system.spawnedFds[0]).toEqual([101, 104, 104]);
  });

  it('B7.1: finds a command without a slash in the PATH of the program, else in that of the daemon', () => {
    const host = new FakeHost();
    host.system.addExecutable('/opt/bin/cat');
    host.process({ command: 'cat' }).start();
    host.process({ command: 'cat', environment: { PATH: '/opt/bin' } }).start();
    expect(host.system.spawned.map((request) => request.file)).toEqual(['/bin/cat', '/opt/bin/cat']);
  });

  it('B7.13: gives the child what Supervisor adds, and the program its own on top', () => {
    const host = new FakeHost();
    host.process({ environment: { A: '1', SUPERVISOR_GROUP_NAME: 'mine' } }).start();
    expect(host.system.spawned[0]?.env).toEqual([
      'PATH=/usr/bin:/bin',
      'SUPERVISOR_ENABLED=1',
      'SUPERVISOR_SERVER_URL=unix:///run/s.sock',
      'SUPERVISOR_PROCESS_NAME=cat',
      'SUPERVISOR_GROUP_NAME=mine',
      'A=1',
    ]);
  });

  it("B7.7: takes on the identity of the user, unless it is the daemon's own", () => {
    const host = new FakeHost();
    const identity = { uid: 33, gid: 33, groups: [33, 4] };
    host.system.users.set(33, identity);
    host.process({ uid: 33 }).start();
    host.process({ uid: 0 }).start();
    expect(host.system.spawned.map((request) => request.identity)).toEqual([identity, null]);
  });

  it.each([
    { command: '/bin/nosuch', message: "can't find command '/bin/nosuch'" },
    { command: 'nosuch', message: "can't find command 'nosuch'" },
    { command: '/bin/folder', message: "command at '/bin/folder' is a directory" },
    { command: '/bin/data', message: "command at '/bin/data' is not executable" },
    { command: '/bin/secret', message: "no permission to run command '/bin/secret'" },
    { command: "/bin/cat 'x", message: `can't parse command "/bin/cat 'x": No closing quotation` },
    { command: '', message: 'command is empty' },
  ])('B7.16: $command: $message', ({ command, message }) => {
    const host = new FakeHost();
    host.system.addExecutable('/bin/folder', { isDirectory: true });
    host.system.addExecutable('/bin/data', { hasExecuteBit: false, mayExecute: false });
    host.system.addExecutable('/bin/secret', { mayExecute: false });
    const process = host.process({ command });
    process.start();
    expect(process).toMatchObject({ state: 'BACKOFF', spawnError: message, pid: 0 });
    expect(host.lines).toEqual([`info spawnerr: ${message}`]);
    expect(host.system.openFds.size).toBe(0);
  });

  it.each([
    { errno: 'EMFILE', message: "too many open files to spawn 'cat'" },
    { errno: 'ENFILE', message: "unknown error making dispatchers for 'cat': ENFILE" },
  ])('B7.16: no pipe because of $errno', ({ errno, message }) => {
    const host = new FakeHost();
    host.system.nextPipeErrno = errno;
    const process = host.process();
    process.start();
    expect(process.spawnError).toBe(message);
    expect(host.system.openFds.size).toBe(0);
    expect(stderrOf(process).calls).toEqual(['open', 'finish']);
  });

  it('a log that cannot be opened is a failed start', () => {
    const host = new FakeHost();
    const process = host.process();
    stderrOf(process).openErrno = 'EACCES';
    process.start();
    expect(process.spawnError).toBe("unknown error making dispatchers for 'cat': EACCES");
  });

  it.each([
    { stage: 'fork', errno: 'EAGAIN', message: "Too many processes in process table to spawn 'cat'" },
    { stage: 'fork', errno: 'ENOMEM', message: "unknown error during fork for 'cat': ENOMEM" },
    { stage: 'chdir', errno: 'ENOENT', message: "couldn't chdir to /nowhere: ENOENT" },
    { stage: 'exec', errno: 'ENOEXEC', message: "couldn't exec /bin/cat: ENOEXEC" },
  ] as const)('B7.17: $stage fails with $errno', ({ stage, errno, message }) => {
    const host = new FakeHost();
    host.system.nextSpawnFailure = { ok: false, stage, errno };
    const process = host.process({ directory: '/nowhere' });
    process.start();
    expect(process).toMatchObject({ state: 'BACKOFF', spawnError: message });
    const notes = stderrOf(process).calls.filter((call) => call.startsWith('note'));
    expect(notes).toEqual(
      stage === 'fork' ? [] : [`note supervisor: ${message}\nsupervisor: child process was not spawned\n`],
    );
    expect(host.system.openFds.size).toBe(0);
  });

  it('B7.7: a user that cannot be taken on is a failed start', () => {
    const host = new FakeHost();
    const unknown = host.process({ uid: 4711 });
    unknown.start();
    expect(unknown.spawnError).toBe("couldn't setuid to 4711: Can't find uid 4711");
    host.system.uid = 1000;
    host.system.users.set(33, { uid: 33, gid: 33, groups: [33] });
    const forbidden = host.process({ uid: 33 });
    forbidden.start();
    expect(forbidden.spawnError).toBe("couldn't setuid to 33: Can't drop privilege as nonroot user");
  });
});

describe('time', () => {
  it('becomes RUNNING by its timer, and leaves none behind', () => {
    const host = new FakeHost();
    const process = host.process({ startSecs: 2 });
    process.start();
    host.clock.advance(1999);
    expect(process.state).toBe('STARTING');
    host.clock.advance(1);
    expect(process.state).toBe('RUNNING');
    expect(host.clock.pending).toBe(0);
  });

  it('retries by its timer', () => {
    const host = new FakeHost();
    const process = host.process();
    process.start();
    host.end(process, 1);
    expect(process.state).toBe('BACKOFF');
    host.clock.advance(1000);
    expect(process).toMatchObject({ state: 'STARTING', pid: 1002 });
  });

  it('B14.13: says at most every two seconds that it waits for the end', () => {
    const host = new FakeHost();
    const process = host.process();
    process.start();
    process.stop();
    for (let turn = 0; turn < 50; turn += 1) {
      process.reportStopping();
      host.clock.advance(100);
    }
    expect(host.lines.filter((line) => line === 'info waiting for cat to stop')).toHaveLength(3);
  });
});

describe('an end', () => {
  it('takes what is left of the output before the state changes', () => {
    const host = new FakeHost();
    const process = host.process({ autorestart: 'never' });
    process.start();
    const output = stderrOf(process);
    process.onStateChange((state) => output.calls.push(state));
    host.clock.advance(2000);
    host.end(process, 0);
    expect(output.calls).toEqual(
      ['open', 'attach 105', 'STARTING', 'RUNNING', 'finish', 'EXITED'].filter((call) => call !== 'STARTING'),
    );
    expect(host.stdins[0]?.closed).toBe(true);
  });

  it('is reported as unknown when the child belongs to nobody', () => {
    const host = new FakeHost();
    host.system.end(77, { kind: 'exited', code: 0 });
    host.reap();
    expect(host.lines).toEqual(['orphan reaped unknown pid 77 (exit status 0)']);
  });

  it('is followed by the new process in the same turn', () => {
    const host = new FakeHost();
    const process = host.process({ autorestart: 'always' });
    process.start();
    host.clock.advance(2000);
    host.end(process, 1);
    expect(process).toMatchObject({ state: 'STARTING', pid: 1002 });
    expect(host.changes).toEqual([
      'cat STOPPED>STARTING',
      'cat STARTING>RUNNING',
      'cat RUNNING>EXITED',
      'cat EXITED>STARTING',
    ]);
  });
});

describe('signals', () => {
  it('reports why one could not be sent, and is UNKNOWN', () => {
    const host = new FakeHost();
    const process = host.process();
    process.start();
    host.system.nextKillErrno = 'EPERM';
    expect(process.signal(1)).toContain('EPERM');
    expect(process.state).toBe('UNKNOWN');
  });

  it('a process that has just ended is no failure', () => {
    const host = new FakeHost();
    const process = host.process();
    process.start();
    host.system.nextKillErrno = 'ESRCH';
    expect(process.stop()).toBeNull();
    expect(process.state).toBe('STOPPING');
    expect(host.lines.at(-1)).toBe(
      'debug unable to signal cat (pid 1001), it probably just exited on its own: ESRCH',
    );
  });

  it('goes to the process group with stopasgroup', () => {
    const host = new FakeHost();
    const process = host.process({ stopAsGroup: true });
    process.start();
    process.stop();
    expect(host.system.kills).toEqual([{ pid: -1001, signal: 15 }]);
  });

  it('goes to the program itself when it has left its process group', () => {
    const host = new FakeHost();
    const process = host.process({ stopAsGroup: true });
    process.start();
    host.system.nextKillErrno = 'ESRCH';
    expect(process.stop()).toBeNull();
    expect(host.system.kills.slice(1)).toEqual([{ pid: 1001, signal: 15 }]);
    expect(process.state).toBe('STOPPING');
  });

  it('SIGKILL goes to the group and to the program, wherever it is', () => {
    const host = new FakeHost();
    const process = host.process({ killAsGroup: true, stopWaitSecs: 1 });
    process.start();
    process.stop();
    host.clock.advance(1000);
    expect(host.system.kills.slice(1)).toEqual([
      { pid: -1001, signal: 9 },
      { pid: 1001, signal: 9 },
    ]);
  });
});

describe('stdin', () => {
  it('B7.15: takes bytes while the process lives and is not being stopped', () => {
    const host = new FakeHost();
    const process = host.process();
    expect(process.writeStdin(Buffer.from('early'))).toBe('closed');
    process.start();
    expect(process.writeStdin(Buffer.from('hello'))).toBe('ok');
    process.stop();
    expect(process.writeStdin(Buffer.from('late'))).toBe('closed');
    expect(host.stdins[0]?.written).toEqual(['hello']);
  });
});

describe('logs', () => {
  it('clears both, and says when one could not be cleared', () => {
    const process = new FakeHost().process();
    const outcomes: string[] = [];
    process.clearLogs((outcome) => outcomes.push(outcome));
    stderrOf(process).clearable = false;
    process.clearLogs((outcome) => outcomes.push(outcome));
    expect(outcomes).toEqual(['cleared', 'failed']);
  });
});

describe('listeners', () => {
  it('hear of each change until they stop listening, and may ask for more', () => {
    const host = new FakeHost();
    const process = host.process({ startSecs: 0 });
    const heard: string[] = [];
    const end = process.onStateChange((state) => {
      heard.push(state);
      if (state === 'RUNNING' && heard.at(-2) !== 'RUNNING') {
        process.stop();
      }
    });
    process.start();
    expect(process.state).toBe('STOPPING');
    end();
    host.end(process, 0);
    expect(heard).not.toContain('STOPPED');
  });
});

describe('a process that shares a socket', () => {
  const shared = (host: FakeHost) => {
    const opened = host.system.listen({ kind: 'tcp', host: '', port: 9000 });
    if (!opened.ok) {
      throw new Error(opened.reason);
    }
    const { fd } = opened;
    const state = { fd, held: new Set<object>(), failure: null as string | null };
    host.socket = {
      acquire: (holder) => {
        state.held.add(holder);
        const { failure } = state;
        return failure === null ? { ok: true, fd } : { ok: false, message: failure, reason: 'EADDRINUSE' };
      },
      release: (holder) => void state.held.delete(holder),
    };
    return state;
  };

  it('B9.5: has it as its stdin, which nobody can write to', () => {
    const host = new FakeHost();
    const { held, fd } = shared(host);
    const process = host.process();
    process.start();
    expect(host.system.spawned[0]?.stdio.map((given) => given === fd)).toEqual([true, false, false]);
    expect(held).toEqual(new Set([process]));
    expect(process.writeStdin(Buffer.from('x'))).toBe('closed');
    expect(host.stdins).toEqual([]);
  });

  it('B9.3: keeps it while it is started again, and lets it go when it has ended', () => {
    const host = new FakeHost();
    const { held } = shared(host);
    const process = host.process({ startSecs: 5, startRetries: 1 });
    process.start();
    host.end(process, 1);
    expect([process.state, held.size]).toEqual(['BACKOFF', 1]);
    host.clock.advance(2000);
    expect([process.state, held.size]).toEqual(['STARTING', 1]);
    host.end(process, 1);
    expect([process.state, held.size]).toEqual(['FATAL', 0]);
  });

  it('tells as its spawn error what is wrong with it', () => {
    const host = new FakeHost();
    const state = shared(host);
    state.failure = 'could not create it';
    const process = host.process();
    process.start();
    expect(process).toMatchObject({ state: 'BACKOFF', spawnError: 'could not create it' });
    expect(host.system.openFds).toEqual(new Set([state.fd.number]));
    process.stop();
    expect(state.held.size).toBe(0);
  });
});

describe('a part that fails', () => {
  const broken = (): never => {
    throw new Error('broken');
  };

  it('leaves a child supervised whose output cannot be read', () => {
    const host = new FakeHost();
    const process = host.process();
    process.outputs.stdout.attach = broken;
    host.openStdin = broken;
    process.start();
    host.clock.advance(2000);
    expect(process).toMatchObject({ state: 'RUNNING', pid: 1001 });
    expect(host.errors).toEqual(['stdout of g:cat: Error: broken', 'stdin of g:cat: Error: broken']);
    process.outputs.stdout.finish = broken;
    host.end(process, 0);
    expect(process.state).toBe('EXITED');
  });

  it('is a failed start when it keeps a child from being made', () => {
    const host = new FakeHost();
    const process = host.process({ startRetries: 0 });
    host.system.spawn = broken;
    process.start();
    expect(process).toMatchObject({ state: 'FATAL', spawnError: 'unexpected error: Error: broken' });
    expect(host.errors).toEqual(['spawn of g:cat: Error: broken']);
  });

  it('keeps neither the others who watch a process from hearing, nor its state from going on', () => {
    const host = new FakeHost();
    const process = host.process({ startSecs: 0 });
    const heard: string[] = [];
    process.onStateChange(broken);
    process.onStateChange((state) => heard.push(state));
    host.stateChanged = broken;
    process.start();
    expect(process.state).toBe('RUNNING');
    expect(heard).toContain('RUNNING');
    expect(new Set(host.errors)).toEqual(
      new Set(['a watcher of g:cat: Error: broken', 'state-changed of g:cat: Error: broken']),
    );
  });

  it('keeps no other child from being collected', () => {
    const host = new FakeHost();
    host.children.add(50, { ended: broken });
    const process = host.process({ autorestart: 'never', startSecs: 0 });
    process.start();
    host.system.end(50, { kind: 'exited', code: 0 });
    host.end(process, 0);
    expect(process.state).toBe('EXITED');
    expect(host.errors).toEqual(['the end of pid 50: Error: broken']);
  });
});
