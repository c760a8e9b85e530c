/**
 * Runs lines of supervisorctl against canned answers, and tells all that was printed.
 */
import { PassThrough } from 'node:stream';
import { CannedDaemon } from '../client/canned-daemon.fixture.ts';
import type { CannedAnswers, CannedReply } from '../client/canned-daemon.fixture.ts';
import type { MethodCall } from '../rpc/xml/value.ts';
import { commands } from './commands/table.ts';
import { PipedInput } from './input/piped-input.ts';
import { Interrupts } from './interrupts.ts';
import { type Look, plainLook } from './look.ts';
import { Output } from './output.ts';
import { runLine } from './run-line.ts';
import { Session } from './session.ts';
import { runShell } from './shell.ts';

export interface CannedRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitStatus: number;
  readonly calls: readonly MethodCall[];
}

export interface CannedRunOptions {
  readonly answers?: CannedAnswers;
  readonly interactive?: boolean;
  readonly configFile?: string | null;
  readonly look?: Look;
  /** What is typed; the input ends with it. */
  readonly input?: string;
}

/** Answers of a daemon that is up, and those given. */
export function up(methods: Readonly<Record<string, CannedReply>> = {}): CannedAnswers {
  const named = Object.entries(methods).map(([name, reply]) => [`supervisor.${name}`, reply] as const);
  return { methods: { 'supervisor.getVersion': '3.0', ...Object.fromEntries(named) } };
}

/** Runs one line. */
export function cannedLine(line: string, options: CannedRunOptions = {}): Promise<CannedRun> {
  return cannedRun(options, async (session) => {
    await runLine(session, line);
  });
}

/** Runs the shell on `input`. */
export function cannedShell(options: CannedRunOptions): Promise<CannedRun> {
  return cannedRun({ interactive: true, ...options }, (session, interrupts) =>
    runShell(session, interrupts, 'supervisor'),
  );
}

async function cannedRun(
  { answers = up(), interactive = false, configFile = null, look = plainLook, input = '' }: CannedRunOptions,
  run: (session: Session, interrupts: Interrupts) => Promise<void>,
): Promise<CannedRun> {
  const daemon = await CannedDaemon.start(answers);
  const stdout = new Recorder();
  const stderr = new Recorder();
  const stdin = new PassThrough();
  stdin.end(input);
  const interrupts = new Interrupts();
  const session = new Session({
    serverUrl: daemon.serverUrl,
    serverUrlOrigin: { kind: 'file' },
    configFile,
    credentials: null,
    interactive,
    commands,
    look,
    output: stdout.output,
    errors: stderr.output,
    input: new PipedInput(stdin, stdout.output, stderr.output),
    interrupts,
  });
  try {
    await run(session, interrupts);
    await Promise.all([stdout.output.flush(), stderr.output.flush()]);
    const readable = (text: string): string => text.replaceAll(daemon.serverUrl, 'URL');
    return {
      stdout: readable(stdout.text),
      stderr: readable(stderr.text),
      exitStatus: session.exitStatus,
      calls: daemon.calls.filter((call) => call.method !== 'supervisor.getVersion'),
    };
  } finally {
    session.close();
    daemon.close();
  }
}

/** An output whose text is kept. */
class Recorder {
  text = '';
  readonly output: Output;

  constructor() {
    const stream = new PassThrough();
    // Characters may come in pieces.
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.text += text;
    });
    this.output = new Output(stream);
  }
}
