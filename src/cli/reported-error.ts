/**
 * Failures of a command as they are printed: `error: <class '...'>, text: file: ... line: ...`.
 *
 * Compat: the classes and texts are those of the original, since scripts look for them; file and line are where our
 * own error was made.
 */
import { constants } from 'node:os';
import { repr } from '../config/python/repr.ts';
import {
  BadServerUrlError,
  ConnectionError,
  FaultError,
  HttpStatusError,
  MalformedReplyError,
  UntrustedServerError,
} from '../client/errors.ts';

/** A failure that the original reports under the name of one of Python's exceptions. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError';
  readonly className: string;

  constructor(className: string, message: string) {
    super(message);
    this.className = className;
  }
}

/** A line was asked for and the input is at its end. */
export class EndOfInput extends ReportedError {
  constructor() {
    super('EOFError', 'EOF when reading a line');
  }
}

/** The line that reports any failure. One that the original does not know is told for people alone. */
export function errorLine(error: unknown): string {
  if (error instanceof UntrustedServerError) {
    return `error: ${error.message}`;
  }
  const { className, text } = describe(error);
  const { file, line } = origin(error);
  return `error: <class '${className}'>, ${text}: file: ${file} line: ${line}`;
}

/** `<Fault 10: 'BAD_NAME: x'>` */
export function faultText(fault: FaultError): string {
  return `<Fault ${fault.faultCode}: ${repr(fault.faultString)}>`;
}

interface Description {
  readonly className: string;
  readonly text: string;
}

function describe(error: unknown): Description {
  if (error instanceof ReportedError) {
    return { className: error.className, text: error.message };
  }
  if (error instanceof ConnectionError) {
    return describeConnection(error);
  }
  if (error instanceof FaultError) {
    return { className: 'xmlrpc.client.Fault', text: faultText(error) };
  }
  if (error instanceof HttpStatusError) {
    const text = `<ProtocolError for 127.0.0.1${error.path}: ${error.status} ${error.reason}>`;
    return { className: 'xmlrpc.client.ProtocolError', text };
  }
  if (error instanceof MalformedReplyError) {
    return { className: 'xml.parsers.expat.ExpatError', text: error.reason };
  }
  if (error instanceof BadServerUrlError) {
    return { className: 'ValueError', text: `Unknown protocol for serverurl ${error.serverUrl}` };
  }
  return error instanceof Error
    ? { className: error.name, text: error.message }
    : { className: 'Error', text: String(error) };
}

/** Class and text of a connection's failures; any other errno is an `OSError`. */
const connectionFailures: Readonly<Record<string, Description>> = {
  ECONNREFUSED: { className: 'ConnectionRefusedError', text: 'Connection refused' },
  ECONNRESET: { className: 'ConnectionResetError', text: 'Connection reset by peer' },
  EPIPE: { className: 'BrokenPipeError', text: 'Broken pipe' },
  ENOENT: { className: 'FileNotFoundError', text: 'No such file or directory' },
  EACCES: { className: 'PermissionError', text: 'Permission denied' },
  EPERM: { className: 'PermissionError', text: 'Operation not permitted' },
  ENOTDIR: { className: 'NotADirectoryError', text: 'Not a directory' },
  ETIMEDOUT: { className: 'TimeoutError', text: 'Connection timed out' },
  EHOSTUNREACH: { className: 'OSError', text: 'No route to host' },
  ENETUNREACH: { className: 'OSError', text: 'Network is unreachable' },
};

const resolverFailures: Readonly<Record<string, string>> = {
  ENOTFOUND: '[Errno -2] Name or service not known',
  EAI_NONAME: '[Errno -2] Name or service not known',
  EAI_AGAIN: '[Errno -3] Temporary failure in name resolution',
};

/** Class and text, the errno's number in front, as Python prints a failed connection. */
export function describeConnection(error: ConnectionError): Description {
  if (error.hungUp) {
    return {
      className: 'http.client.RemoteDisconnected',
      text: 'Remote end closed connection without response',
    };
  }
  const resolverText = resolverFailures[error.errno];
  if (resolverText !== undefined) {
    return { className: 'socket.gaierror', text: resolverText };
  }
  const known = connectionFailures[error.errno];
  const numbers: Readonly<Record<string, number>> = constants.errno;
  const number = numbers[error.errno];
  const text = known?.text ?? error.errno;
  return {
    className: known?.className ?? 'OSError',
    text: number === undefined ? text : `[Errno ${number}] ${text}`,
  };
}

/** The first place in the error's stack, `file:` URLs as paths. */
function origin(error: unknown): { readonly file: string; readonly line: string } {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const match = /\n\s+at (?:.*\()?(?:file:\/\/)?([^\n()]+):(\d+):\d+\)?/.exec(stack);
  return { file: match?.[1] ?? 'supervisorctl', line: match?.[2] ?? '0' };
}
