/**
 * Refusals of the JSON API as documents that programs and people can read.
 *
 * Source: RFC 9457, Problem Details for HTTP APIs.
 */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { faultCodes, type FaultName, type RpcFault, shortened } from '../../rpc/faults.ts';
import { sendContent } from '../reply.ts';

/** Thrown by operations, and answered as a document of type `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** The fault of the API that it corresponds to, if any. */
  readonly fault: FaultName | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    {
      fault = null,
      headers = {},
    }: { readonly fault?: FaultName | null; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(shortened(detail));
    this.status = status;
    this.fault = fault;
    this.headers = headers;
  }
}

/** Which status of HTTP says what a fault does. */
export const statusOfFault: Readonly<Record<FaultName, number>> = {
  UNKNOWN_METHOD: 404,
  INCORRECT_PARAMETERS: 400,
  BAD_ARGUMENTS: 400,
  SIGNATURE_UNSUPPORTED: 404,
  SHUTDOWN_STATE: 503,
  BAD_NAME: 404,
  BAD_SIGNAL: 400,
  NO_FILE: 404,
  NOT_EXECUTABLE: 409,
  FAILED: 500,
  ABNORMAL_TERMINATION: 409,
  SPAWN_ERROR: 409,
  ALREADY_STARTED: 409,
  NOT_RUNNING: 409,
  SUCCESS: 200,
  ALREADY_ADDED: 409,
  STILL_RUNNING: 409,
  CANT_REREAD: 409,
};

export function problemOfFault(fault: RpcFault): Problem {
  const detail = fault.message.replace(/^[A-Z_]+: /, '');
  return new Problem(statusOfFault[fault.fault], detail === fault.fault ? fault.message : detail, {
    fault: fault.fault,
  });
}

export function sendProblem(response: ServerResponse, problem: Problem): void {
  const { status, fault, headers, message } = problem;
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    ...(fault === null ? {} : { fault, faultCode: faultCodes[fault] }),
  };
  sendContent(
    response,
    status,
    { contentType: 'application/problem+json', body: `${JSON.stringify(body)}\n` },
    headers,
  );
}
