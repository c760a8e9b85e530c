/**
 * Faults of the XML-RPC API: the numbers and names that clients test for.
 *
 * Source: Supervisor manual, "XML-RPC API", and the answers of its daemon: `faultString` is the name, or
 * `NAME: detail`.
 */
export const faultCodes = {
  UNKNOWN_METHOD: 1,
  INCORRECT_PARAMETERS: 2,
  BAD_ARGUMENTS: 3,
  SIGNATURE_UNSUPPORTED: 4,
  SHUTDOWN_STATE: 6,
  BAD_NAME: 10,
  BAD_SIGNAL: 11,
  NO_FILE: 20,
  NOT_EXECUTABLE: 21,
  FAILED: 30,
  ABNORMAL_TERMINATION: 40,
  SPAWN_ERROR: 50,
  ALREADY_STARTED: 60,
  NOT_RUNNING: 70,
  SUCCESS: 80,
  ALREADY_ADDED: 90,
  STILL_RUNNING: 91,
  CANT_REREAD: 92,
} as const;

export type FaultName = keyof typeof faultCodes;

/** The name of a code that this API answers with; FAILED for any other. */
export function faultNameOf(code: number): FaultName {
  const names = Object.keys(faultCodes) as FaultName[];
  return names.find((name) => faultCodes[name] === code) ?? 'FAILED';
}

/** Characters of a detail, which often repeats what the request said. */
const maxDetailLength = 1024;

/** A detail of bearable length. */
export function shortened(detail: string): string {
  // Not in the middle of a pair of surrogates.
  return detail.length <= maxDetailLength
    ? detail
    : `${detail.slice(0, maxDetailLength).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

/** An expected refusal of a request, answered to the client as a fault. */
export class RpcFault extends Error {
  override readonly name = 'RpcFault';
  readonly fault: FaultName;
  readonly code: number;

  constructor(fault: FaultName, detail?: string) {
    super(detail === undefined ? fault : `${fault}: ${shortened(detail)}`);
    this.fault = fault;
    this.code = faultCodes[fault];
  }
}
