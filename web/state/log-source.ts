/** The logs that can be read: of a program's streams, and of the daemon. */
import { apiUrl, getJson } from '../stream/api.ts';
import type { LogPage, LogPiece } from '../stream/wire.ts';
import { listenToActivity, listenToLog } from './daemon.ts';

export interface LogSource {
  /** `NAMESPEC/stdout`, or `activity`. */
  readonly key: string;
  readonly label: string;
  readonly stream: 'stdout' | 'stderr' | 'activity';
  readonly downloadUrl: string;
  /** The last lines, or those before an offset. */
  readLines(lines: number, before?: number): Promise<LogPage>;
  readAt(offset: number, length: number): Promise<LogPage>;
  /** Hears of what is written; null: something was, read it. */
  listen(listener: (piece: LogPiece | null) => void): () => void;
}

export function sourceOf(key: string): LogSource {
  return key === 'activity' ? activitySource() : streamSource(key);
}

/** Without a stream it is stdout. */
function streamSource(key: string): LogSource {
  const match = /^(.*)\/(stdout|stderr)$/s.exec(key);
  const name = match?.[1] ?? key;
  const stream = match?.[2] === 'stderr' ? 'stderr' : 'stdout';
  const path = ['processes', name, 'logs', stream];
  return {
    key: `${name}/${stream}`,
    label: stream === 'stderr' ? `${name} stderr` : name,
    stream,
    downloadUrl: apiUrl([...path, 'download']),
    ...readers(path),
    listen: (listener) => listenToLog(`${name}/${stream}`, listener),
  };
}

function activitySource(): LogSource {
  return {
    key: 'activity',
    label: 'activity log',
    stream: 'activity',
    downloadUrl: apiUrl(['log', 'download']),
    ...readers(['log']),
    // Activity events say no offsets: the file is read on instead.
    listen: (listener) => listenToActivity(() => listener(null)),
  };
}

function readers(path: readonly string[]): Pick<LogSource, 'readLines' | 'readAt'> {
  return {
    readLines: (lines, before) => getJson(apiUrl(path, { lines, before })),
    readAt: (offset, length) => getJson(apiUrl(path, { offset, length })),
  };
}
