/**
 * Whether the daemon could start with another configuration, looked at before anything is stopped for it.
 *
 * Not everything can be known beforehand; what goes wrong nevertheless is met by going back to the configuration before
 * (`run.ts`).
 */
import { accessSync, constants, lstatSync } from 'node:fs';
import path from 'node:path';
import type { HttpServerSettings, Settings } from '../config/settings.ts';
import { openForAppend } from '../logging/open-log.ts';
import type { LogIo } from '../logging/io.ts';
import { identityMissing } from '../system/identity-missing.ts';
import { isReplaceableBySocket, isSocketPathTooLong, socketPathTooLong } from '../system/socket-path.ts';
import type { System } from '../system/system.ts';

export interface CheckContext {
  readonly system: Pick<System, 'ownUid' | 'identityOf' | 'listen' | 'close'>;
  readonly io: LogIo;
}

/** What would keep the daemon from starting, a line for each; null: nothing is known to. `current`: what it runs with. */
export function restartProblem(next: Settings, current: Settings, context: CheckContext): string | null {
  const problems = [
    userProblem(next, context),
    logProblem(next, current, context),
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

function logProblem(next: Settings, current: Settings, { io }: CheckContext): string | null {
  const { logfilePath } = next.daemon;
  const isKept = logfilePath === current.daemon.logfilePath;
  if (logfilePath === 'syslog' || isKept || io.ownDescriptor(logfilePath) !== null) {
    return null;
  }
  const release = io.admit(logfilePath, null);
  const opened = openForAppend(io, logfilePath, 0o666);
  release();
  if (typeof opened === 'string') {
    return `cannot open the activity log ${logfilePath}: ${opened}`;
  }
  io.close(opened.fd);
  return null;
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
