/**
 * What can go wrong between a client and a daemon, as classes a caller can act on.
 *
 * All of them carry a stable `code`, so that copies of this package in one program recognise each other's errors.
 */

export type ClientErrorCode =
  | 'BAD_SERVER_URL'
  | 'CONNECTION'
  | 'UNTRUSTED_SERVER'
  | 'HTTP_STATUS'
  | 'UNAUTHORIZED'
  | 'FAULT'
  | 'MALFORMED_REPLY';

/** Base of all errors of the client; `cause` is the underlying error, if there is one. */
class ClientError extends Error {
  override readonly name: string = 'ClientError';
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A server URL that is neither `http://host:port` nor `unix:///path`. */
export class BadServerUrlError extends ClientError {
  override readonly name = 'BadServerUrlError';
  readonly serverUrl: string;

  constructor(serverUrl: string) {
    super(
      'BAD_SERVER_URL',
      `cannot use server URL ${JSON.stringify(serverUrl)}: expected http:// or unix://`,
    );
    this.serverUrl = serverUrl;
  }
}

/** Nobody could be reached, or the connection ended before the reply did. */
export class ConnectionError extends ClientError {
  override readonly name = 'ConnectionError';
  readonly serverUrl: string;
  /** Name of the errno or resolver error, such as `ECONNREFUSED` (nobody listens) or `ENOENT` (no socket file), or what else is wrong. */
  readonly errno: string;
  /** The server ended the connection without an answer. */
  readonly hungUp: boolean;

  constructor(serverUrl: string, errno: string, options: ErrorOptions & { readonly hungUp: boolean }) {
    super(
      'CONNECTION',
      `cannot talk to ${serverUrl}: ${options.hungUp ? 'the server hung up' : errno}`,
      options,
    );
    this.serverUrl = serverUrl;
    this.errno = errno;
    this.hungUp = options.hungUp;
  }
}

/** A unix socket is served by somebody who must not know the password, which was not sent, nor anything else. */
export class UntrustedServerError extends ClientError {
  override readonly name = 'UntrustedServerError';
  /** Path of the socket. */
  readonly path: string;
  /** Who serves it; null where that cannot be told. */
  readonly uid: number | null;

  constructor(path: string, server: { readonly uid: number; readonly name: string | null } | null) {
    super('UNTRUSTED_SERVER', `${path} ${whoServes(server)}: the password was not sent`);
    this.path = path;
    this.uid = server?.uid ?? null;
  }
}

function whoServes(server: { readonly uid: number; readonly name: string | null } | null): string {
  if (server === null) {
    return 'is where others can put a socket, and who serves it cannot be told without the native addon';
  }
  const { uid, name } = server;
  const user = name === null ? `uid ${uid}` : `user ${name} (uid ${uid})`;
  return `is served by ${user}, who is neither root nor you`;
}

/** The server answered with an HTTP status other than 200. */
export class HttpStatusError extends ClientError {
  override readonly name: string = 'HttpStatusError';
  /** Path that was asked for. */
  readonly path: string;
  readonly status: number;
  /** Reason phrase of the status line. */
  readonly reason: string;

  constructor(path: string, status: number, reason: string, code: ClientErrorCode = 'HTTP_STATUS') {
    super(code, `cannot get ${path}: the server answered ${status} ${reason}`);
    this.path = path;
    this.status = status;
    this.reason = reason;
  }
}

/** Status 401: credentials are missing or wrong. */
export class UnauthorizedError extends HttpStatusError {
  override readonly name = 'UnauthorizedError';

  constructor(path: string, reason: string) {
    super(path, 401, reason, 'UNAUTHORIZED');
  }
}

/** The daemon understood the call and refused it; the codes are in `src/rpc/faults.ts`. */
export class FaultError extends ClientError {
  override readonly name = 'FaultError';
  readonly method: string;
  readonly faultCode: number;
  /** Name of the fault, or `NAME: detail`. */
  readonly faultString: string;

  constructor(method: string, faultCode: number, faultString: string) {
    super('FAULT', `cannot ${method}: ${faultString} (fault ${faultCode})`);
    this.method = method;
    this.faultCode = faultCode;
    this.faultString = faultString;
  }
}

/** The reply is not XML-RPC, or its value has not the shape that the method promises. */
export class MalformedReplyError extends ClientError {
  override readonly name = 'MalformedReplyError';
  readonly method: string;
  readonly reason: string;

  constructor(method: string, reason: string) {
    super('MALFORMED_REPLY', `cannot read the reply to ${method}: ${reason}`);
    this.method = method;
    this.reason = reason;
  }
}
