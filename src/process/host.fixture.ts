/** A process with everything around it faked, for tests of the holder. */
import type { ProcessSettings } from '../config/settings.ts';
import type { Descriptor } from '../system/descriptor.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { FakeSystem } from '../system/fake-system.ts';
import { Children } from './children.ts';
import type { ProcessOutput, ProcessOutputs } from './output.ts';
import { Process, type ProcessHost } from './process.ts';
import { StartOrder } from './start-order.ts';
import { processSettings } from './settings.fixture.ts';
import type { SharedSocket } from './shared-socket.ts';
import type { ProcessStdin } from './stdin.ts';

/** What an output is asked and answers. */
type Asked = 'open' | 'finish' | 'clear';

/**
 * Remembers what was asked of it, and answers at once, unless a test wants to do so later. Fails when it is not asked in the order of a
 * run.
 */
export class FakeOutput implements ProcessOutput {
  readonly calls: string[] = [];
  logPath: string | null = null;
  blockedForMs = 0;
  openErrno: string | null = null;
  clearable = true;
  /** What is only answered by {@link answer}. */
  readonly slow = new Set<Asked>();
  readonly #waiting: { readonly asked: Asked; readonly answer: () => void }[] = [];
  #run: 'none' | 'open' | 'attached' | 'finishing' = 'none';

  open(opened: (problem: string | null) => void): void {
    this.#enter('open', ['none']);
    this.#ask('open', () => opened(this.openErrno));
  }

  attach(fd: Descriptor): void {
    this.#enter('attached', ['open'], `attach ${fd.number}`);
  }

  finish(finished: () => void): void {
    this.#enter('finishing', ['none', 'open', 'attached'], 'finish');
    this.#ask('finish', () => {
      this.#run = 'none';
      finished();
    });
  }

  note(text: string): void {
    this.calls.push(`note ${text}`);
  }

  reopen(): void {
    this.calls.push('reopen');
  }

  clear(cleared: (ok: boolean) => void): void {
    this.calls.push('clear');
    this.#ask('clear', () => cleared(this.clearable));
  }

  close(): void {
    this.calls.push('close');
  }

  /** Answers the first of these questions that is waiting; false when none is. */
  answer(asked: Asked): boolean {
    const index = this.#waiting.findIndex((waiting) => waiting.asked === asked);
    const [found] = index < 0 ? [] : this.#waiting.splice(index, 1);
    found?.answer();
    return found !== undefined;
  }

  #enter(run: 'open' | 'attached' | 'finishing', from: readonly string[], call: string = run): void {
    this.calls.push(call);
    if (!from.includes(this.#run)) {
      throw new Error(`${call} of an output whose run is: ${this.#run}`);
    }
    this.#run = run;
  }

  #ask(asked: Asked, answer: () => void): void {
    if (this.slow.has(asked)) {
      this.#waiting.push({ asked, answer });
    } else {
      answer();
    }
  }
}

/** Both outputs; what they were configured with and asked to check is kept. */
export class FakeOutputs implements ProcessOutputs {
  readonly stdout = new FakeOutput();
  readonly stderr: FakeOutput | null;
  readonly configured: ProcessSettings[] = [];
  /** What `check` answers. */
  problem: string | null = null;
  /** `check` is only answered by {@link answerChecks}. */
  checksLater = false;
  readonly #checks: (() => void)[] = [];

  constructor(settings: ProcessSettings) {
    this.stderr = settings.redirectStderr ? null : new FakeOutput();
  }

  check(_settings: ProcessSettings, checked: (problem: string | null) => void): void {
    const answer = (): void => checked(this.problem);
    if (this.checksLater) {
      this.#checks.push(answer);
    } else {
      answer();
    }
  }

  /** Answers all that has been asked. */
  answerChecks(): void {
    this.#checks.splice(0).forEach((answer) => answer());
  }

  configure(settings: ProcessSettings): void {
    this.configured.push(settings);
  }
}

export class FakeStdin implements ProcessStdin {
  readonly written: string[] = [];
  closed = false;

  write(bytes: Uint8Array): 'ok' | 'closed' {
    this.written.push(Buffer.from(bytes).toString());
    return this.closed ? 'closed' : 'ok';
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeHost implements ProcessHost {
  readonly system = new FakeSystem();
  readonly clock = new FakeClock();
  readonly children = new Children();
  readonly order = new StartOrder(this.clock);
  readonly daemon = { env: { PATH: '/usr/bin:/bin' }, serverUrl: 'unix:///run/s.sock' };
  readonly lines: string[] = [];
  readonly changes: string[] = [];
  readonly errors: string[] = [];
  readonly stdins: FakeStdin[] = [];
  /** Pids of the children that were ended. */
  readonly ended = new Set<number>();
  socket: SharedSocket | null = null;
  restartAllowed = true;

  constructor() {
    this.system.addExecutable('/bin/cat');
  }

  mayRestart(): boolean {
    return this.restartAllowed;
  }

  log = (level: string, message: string): void => {
    this.lines.push(`${level} ${message}`);
  };

  stateChanged(process: Process, change: { readonly from: string; readonly to: string }): void {
    this.changes.push(`${process.settings.name} ${change.from}>${change.to}`);
  }

  openStdin(): ProcessStdin {
    const stdin = new FakeStdin();
    this.stdins.push(stdin);
    return stdin;
  }

  process(overrides: Partial<ProcessSettings> = {}, groupName = 'g'): Process {
    const settings = processSettings(overrides);
    return new Process(settings, groupName, new FakeOutputs(settings), this);
  }

  /** Ends the child of a process and collects it. */
  end(process: Process, code: number): void {
    this.ended.add(process.pid);
    this.system.end(process.pid, { kind: 'exited', code });
    this.reap();
  }

  orphanEnded(line: string): void {
    this.lines.push(`orphan ${line}`);
  }

  reportError(where: string, error: unknown): void {
    this.errors.push(`${where}: ${String(error)}`);
  }

  reap(): void {
    this.children.reap(this);
  }
}
