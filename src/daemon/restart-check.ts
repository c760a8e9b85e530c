/**
 * Whether the daemon could start with another configuration, looked at before anything is stopped for it.
 *
 * Not everything can be known beforehand; what goes wrong nevertheless is met by going back to the configuration before
 * (`run.ts`).
 */
import { accessSync, constants, lstatSync } from 'node:fs';
import path from 'node:path';
import type { HttpServerSettings, Settings } from '../config/settings.ts';
import type { LogFiles } from '../logging/log-files.ts';
import { AwaitedAnswer, type Question } from '../system/answers.ts';
import type { Clock } from '../system/clock.ts';
import type { Errno } from '../system/errno.ts';
import { identityMissing } from '../system/identity-missing.ts';
import { isReplaceableBySocket, isSocketPathTooLong, socketPathTooLong } from '../system/socket-path.ts';
import type { System } from '../system/system.ts';

export interface CheckContext {
  readonly system: Pick<System, 'ownUid' | 'identityOf' | 'listen' | 'close'>;
  readonly files: Pick<LogFiles, 'admit' | 'open' | 'stat' | 'close'>;
  readonly clock: Clock;
}

/** What would keep the daemon from starting, a line for each; null: nothing is known to. `current`: what it runs with. */
export async function restartProblem(
  next: Settings,
  current: Settings,
  context: CheckContext,
): Promise<string | null> {
  const logAnswer = await logProblem(next, current, context);
  const problems = [
    userProblem(next, context),
    logAnswer,
    ...next.httpServers.map((server) => serverProblem(server, current, context)),
  ].filter((problem) => problem !== null);
  return problems.length === 0 ? null : problems.join('\n');
}

function userProblem({ daemon: { uid } }: Settings, { system }: CheckContext): string | null {
  const ownUid = system.ownUid();
  if (uid === null || uid === ownUid) {
    return null;
  }
  if (ownUid !== 0) {
    return "Can't drop privilege as nonroot user";
  }
  const found = system.identityOf(uid);
  return found.ok ? null : identityMissing(uid, found);
}

/** The next life opens its log while nobody is answered, so one on which nobody answers now is a problem as well. */
async function logProblem(
  next: Settings,
  current: Settings,
  { files, clock }: CheckContext,
): Promise<string | null> {
  const { logfilePath } = next.daemon;
  if (logfilePath === 'syslog') {
    return null;
  }
  const isKept = logfilePath === current.daemon.logfilePath;
  const question = isKept ? answers(logfilePath, files) : canBeOpened(logfilePath, files);
  const why = await new Promise<Errno | null>((resolve) => {
    new AwaitedAnswer<Errno | null>(clock, 'ETIMEDOUT', resolve).ask(question);
  });
  return why === null ? null : `cannot open the activity log ${logfilePath}: ${why}`;
}

function answers(logfilePath: string, files: CheckContext['files']): Question<null> {
  return (answered) => files.stat(logfilePath, () => answered(null));
}

function canBeOpened(logfilePath: string, files: CheckContext['files']): Question<Errno | null> {
  return (answered) => {
    const release = files.admit(logfilePath, null);
    files.open(logfilePath, 0o666, (opened) => {
      release();
      if (typeof opened === 'object' && 'fd' in opened) {
        files.close(opened.fd);
      }
      answered(typeof opened === 'string' ? opened : null);
    });
  };
}

function serverProblem(server: HttpServerSettings, current: Settings, context: CheckContext): string | null {
  const problem = server.family === 'unix' ? unixProblem(server.file) : inetProblem(server, current, context);
  return problem === null ? null : `[${server.section}] cannot be opened: ${problem}`;
}

function unixProblem(file: string): string | null {
  if (isSocketPathTooLong(file)) {
    return socketPathTooLong;
  }
  try {
    accessSync(path.dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    return `${path.dirname(file)}: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`;
  }
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found === undefined || isReplaceableBySocket(found) ? null : `${file} exists and is not a socket`;
}

/** Ports that are ours will be free; addresses of IPv6 are not looked at. */
function inetProblem(
  { host, port }: Extract<HttpServerSettings, { family: 'inet' }>,
  current: Settings,
  { system }: CheckContext,
): string | null {
  const isOurs = current.httpServers.some((server) => server.family === 'inet' && server.port === port);
  if (isOurs || host.includes(':')) {
    return null;
  }
  const opened = system.listen({ kind: 'tcp', host: host === '' ? '0.0.0.0' : host, port }, null);
  if (!opened.ok) {
    return opened.reason;
  }
  system.close(opened.fd);
  return null;
}
