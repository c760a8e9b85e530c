/**
 * A client of supervisord: one method for each of its XML-RPC methods, typed, and its log streams.
 *
 * ```ts
 * const client = new SupervisorClient({ serverUrl: 'unix:///run/supervisor.sock' });
 * await client.startProcess('web');
 * client.close();
 * ```
 *
 * Every method throws: ConnectionError, UntrustedServerError, HttpStatusError, UnauthorizedError, FaultError,
 * MalformedReplyError (see `errors.ts`). A waiting method such as `startProcess` takes as long as the process does.
 *
 * Source: Supervisor manual, "XML-RPC API".
 */
import { decodeMethodResponse } from '../rpc/xml/decode.ts';
import { encodeMethodCall } from '../rpc/xml/encode.ts';
import type { XmlRpcValue } from '../rpc/xml/value.ts';
import { type DescribedConfiguration, readConfiguration } from './configuration.ts';
import { FaultError, HttpStatusError, MalformedReplyError, UnauthorizedError } from './errors.ts';
import type { FollowedLog } from './follow.ts';
import { followLog } from './follow.ts';
import type {
  ConfigChanges,
  ConfigInfo,
  LogTail,
  ProcessInfo,
  ProcessOutcome,
  SupervisorStateInfo,
} from './replies.ts';
import {
  readConfigChanges,
  readConfigInfo,
  readLogTail,
  readOutcome,
  readProcessInfo,
  readSupervisorState,
} from './replies.ts';
import {
  type GroupPlan,
  readGroupPlan,
  readReloadChange,
  type ReloadChange,
  readUpdateOutcome,
  type UpdateMode,
  type UpdateOutcome,
} from './update-replies.ts';
import type { RpcMethods } from './rpc-methods.ts';
import { ReplyReader } from './reply-reader.ts';
import type { TransportOptions } from './transport.ts';
import { HttpTransport } from './transport.ts';
import { type ProcessUsage, readUsage } from './usage.ts';

export class SupervisorClient {
  readonly #transport: HttpTransport;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param options where the daemon is, and the credentials it asks for.
   * @param signal aborts all calls of this client; they reject with its reason.
   * @throws BadServerUrlError
   */
  constructor(options: TransportOptions, signal?: AbortSignal) {
    this.#transport = new HttpTransport(options);
    this.#signal = signal;
  }

  /** Closes the connections kept for later calls. */
  close(): void {
    this.#transport.close();
  }

  /**
   * Calls a method and returns the value as it came: one of this project's daemon with its types, which are taken on trust, or any
   * other, also of other RPC interfaces.
   */
  call<Method extends keyof RpcMethods>(
    method: Method,
    params: RpcMethods[Method]['params'],
  ): Promise<RpcMethods[Method]['result']>;
  call<Name extends string>(
    method: Name extends keyof RpcMethods ? never : Name,
    params?: readonly XmlRpcValue[],
  ): Promise<XmlRpcValue>;
  async call(method: string, params: readonly XmlRpcValue[] = []): Promise<XmlRpcValue> {
    return (await this.#read(method, params)).raw();
  }

  /** Bytes of a log as they are written, beginning about a kilobyte before its end. */
  follow(log: FollowedLog, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return followLog(this.#transport, log, signal ?? this.#signal);
  }

  /**
   * What the daemon and its active groups are configured as, with the file and line of each value.
   *
   * Not in the original: HttpStatusError 404 from there. Passwords are never shown; values that look like
   * secrets only with `secrets`, over a unix socket (elsewhere HttpStatusError 403).
   */
  async getConfiguration(secrets: 'shown' | 'masked' = 'masked'): Promise<DescribedConfiguration> {
    const body = await this.#transport.get(`/api/v1/config?secrets=${secrets}`, this.#signal);
    return readConfiguration(body);
  }

  /**
   * Processor, memory, restarts and latest end of every process, by name; null where the daemon does not tell.
   *
   * Not in the original.
   */
  async getUsage(): Promise<ReadonlyMap<string, ProcessUsage> | null> {
    try {
      return readUsage(await this.#transport.get('/api/v1/processes', this.#signal));
    } catch (error) {
      if (error instanceof HttpStatusError && !(error instanceof UnauthorizedError)) {
        return null;
      }
      throw error;
    }
  }

  // The daemon

  /** Version of the API: `3.0`. */
  getAPIVersion(): Promise<string> {
    return this.#text('getAPIVersion');
  }

  /** The older name of {@link getAPIVersion}, which every daemon knows. */
  getVersion(): Promise<string> {
    return this.#text('getVersion');
  }

  getSupervisorVersion(): Promise<string> {
    return this.#text('getSupervisorVersion');
  }

  getIdentification(): Promise<string> {
    return this.#text('getIdentification');
  }

  async getState(): Promise<SupervisorStateInfo> {
    return readSupervisorState(await this.#supervisor('getState'));
  }

  async getPID(): Promise<number> {
    return (await this.#supervisor('getPID')).number();
  }

  /** Part of the activity log; a negative offset with length 0 is its last bytes. */
  readLog(offset: number, length: number): Promise<string> {
    return this.#text('readLog', offset, length);
  }

  clearLog(): Promise<boolean> {
    return this.#boolean('clearLog');
  }

  shutdown(): Promise<boolean> {
    return this.#boolean('shutdown');
  }

  restart(): Promise<boolean> {
    return this.#boolean('restart');
  }

  // Configuration

  /** Rereads the configuration; nothing that runs is changed. */
  async reloadConfig(): Promise<ConfigChanges> {
    return readConfigChanges(await this.#supervisor('reloadConfig'));
  }

  addProcessGroup(group: string): Promise<boolean> {
    return this.#boolean('addProcessGroup', group);
  }

  removeProcessGroup(group: string): Promise<boolean> {
    return this.#boolean('removeProcessGroup', group);
  }

  /**
   * What an update would do; changes nothing. Not in the original: UNKNOWN_METHOD from there.
   *
   * @param groups names of groups; none: all of them.
   */
  async planUpdate(mode: UpdateMode, groups: readonly string[] = []): Promise<readonly GroupPlan[]> {
    return (await this.#read('supervisord_ts.planUpdate', [mode, groups])).items().map(readGroupPlan);
  }

  /** What of the configuration no update takes up, but a reload; changes nothing. */
  async planReload(): Promise<readonly ReloadChange[]> {
    return (await this.#read('supervisord_ts.planReload')).items().map(readReloadChange);
  }

  /** Has the daemon read its configuration and act on it, all of it or nothing; see {@link planUpdate}. */
  async update(mode: UpdateMode, groups: readonly string[] = []): Promise<readonly UpdateOutcome[]> {
    return (await this.#read('supervisord_ts.update', [mode, groups])).items().map(readUpdateOutcome);
  }

  async getAllConfigInfo(): Promise<readonly ConfigInfo[]> {
    return (await this.#supervisor('getAllConfigInfo')).items().map(readConfigInfo);
  }

  // Processes; names are `group:process`, or one name where both are the same

  async getProcessInfo(name: string): Promise<ProcessInfo> {
    return readProcessInfo(await this.#supervisor('getProcessInfo', name));
  }

  async getAllProcessInfo(): Promise<readonly ProcessInfo[]> {
    return (await this.#supervisor('getAllProcessInfo')).items().map(readProcessInfo);
  }

  startProcess(name: string, wait = true): Promise<boolean> {
    return this.#boolean('startProcess', name, wait);
  }

  startProcessGroup(group: string, wait = true): Promise<readonly ProcessOutcome[]> {
    return this.#outcomes('startProcessGroup', group, wait);
  }

  startAllProcesses(wait = true): Promise<readonly ProcessOutcome[]> {
    return this.#outcomes('startAllProcesses', wait);
  }

  stopProcess(name: string, wait = true): Promise<boolean> {
    return this.#boolean('stopProcess', name, wait);
  }

  stopProcessGroup(group: string, wait = true): Promise<readonly ProcessOutcome[]> {
    return this.#outcomes('stopProcessGroup', group, wait);
  }

  stopAllProcesses(wait = true): Promise<readonly ProcessOutcome[]> {
    return this.#outcomes('stopAllProcesses', wait);
  }

  /** `signal` is a name or number as text: `HUP`, `SIGHUP`, `1`. */
  signalProcess(name: string, signal: string): Promise<boolean> {
    return this.#boolean('signalProcess', name, signal);
  }

  signalProcessGroup(group: string, signal: string): Promise<readonly ProcessOutcome[]> {
    return this.#outcomes('signalProcessGroup', group, signal);
  }

  signalAllProcesses(signal: string): Promise<readonly ProcessOutcome[]> {
    return this.#outcomes('signalAllProcesses', signal);
  }

  sendProcessStdin(name: string, text: string): Promise<boolean> {
    return this.#boolean('sendProcessStdin', name, text);
  }

  /** Publishes a REMOTE_COMMUNICATION event. */
  sendRemoteCommEvent(type: string, data: string): Promise<boolean> {
    return this.#boolean('sendRemoteCommEvent', type, data);
  }

  // Logs of processes; offsets and lengths in bytes

  readProcessStdoutLog(name: string, offset: number, length: number): Promise<string> {
    return this.#text('readProcessStdoutLog', name, offset, length);
  }

  readProcessStderrLog(name: string, offset: number, length: number): Promise<string> {
    return this.#text('readProcessStderrLog', name, offset, length);
  }

  async tailProcessStdoutLog(name: string, offset: number, length: number): Promise<LogTail> {
    return readLogTail(await this.#supervisor('tailProcessStdoutLog', name, offset, length));
  }

  async tailProcessStderrLog(name: string, offset: number, length: number): Promise<LogTail> {
    return readLogTail(await this.#supervisor('tailProcessStderrLog', name, offset, length));
  }

  clearProcessLogs(name: string): Promise<boolean> {
    return this.#boolean('clearProcessLogs', name);
  }

  clearAllProcessLogs(): Promise<readonly ProcessOutcome[]> {
    return this.#outcomes('clearAllProcessLogs');
  }

  // The API about itself

  async listMethods(): Promise<readonly string[]> {
    return (await this.#read('system.listMethods')).texts();
  }

  async methodHelp(method: string): Promise<string> {
    return (await this.#read('system.methodHelp', [method])).text();
  }

  /** Type of the result, then those of the parameters. */
  async methodSignature(method: string): Promise<readonly string[]> {
    return (await this.#read('system.methodSignature', [method])).texts();
  }

  /**
   * Several calls in one request.
   *
   * Compat: results are bare values, and faults are structs of `faultCode` and `faultString` among them.
   */
  async multicall(
    calls: readonly { readonly methodName: string; readonly params: readonly XmlRpcValue[] }[],
  ): Promise<readonly XmlRpcValue[]> {
    const list = calls.map(({ methodName, params }) => ({ methodName, params }));
    return (await this.#read('system.multicall', [list])).items().map((item) => item.raw());
  }

  async #text(method: string, ...params: XmlRpcValue[]): Promise<string> {
    return (await this.#supervisor(method, ...params)).text();
  }

  async #boolean(method: string, ...params: XmlRpcValue[]): Promise<boolean> {
    return (await this.#supervisor(method, ...params)).boolean();
  }

  async #outcomes(method: string, ...params: XmlRpcValue[]): Promise<readonly ProcessOutcome[]> {
    return (await this.#supervisor(method, ...params)).items().map(readOutcome);
  }

  #supervisor(method: string, ...params: XmlRpcValue[]): Promise<ReplyReader> {
    return this.#read(`supervisor.${method}`, params);
  }

  async #read(method: string, params: readonly XmlRpcValue[] = []): Promise<ReplyReader> {
    const body = await this.#transport.post('/RPC2', encodeMethodCall({ method, params }), this.#signal);
    const decoded = decodeMethodResponse(body);
    if (!decoded.ok) {
      throw new MalformedReplyError(method, decoded.reason);
    }
    const response = decoded.message;
    if (!response.ok) {
      throw new FaultError(method, response.faultCode, response.faultString);
    }
    return new ReplyReader(method, response.value);
  }
}
