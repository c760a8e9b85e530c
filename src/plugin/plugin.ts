/**
 * What a plugin is: the types of what its module exports and of what it is given. `supervisord-ts/plugin` is this file.
 *
 * A plugin is a function that a configuration names as `./file.mjs:name` or `package:name`. It needs to import nothing:
 * whatever it uses is handed to it, and what it answers is plain data and functions.
 */

/** What methods take and answer. */
export type RpcValue = string | number | boolean | null | Date | Uint8Array | readonly RpcValue[] | RpcStruct;

export interface RpcStruct {
  readonly [member: string]: RpcValue;
}

export type RpcTypeName = 'string' | 'int' | 'boolean' | 'array' | 'struct';

/** Settings of a plugin's section, without the one that names it; texts, with their expansions done. */
export type PluginOptions = Readonly<Record<string, string>>;

export type LogLevel = 'critical' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'blather';

/** An event as listeners are told of it. */
export interface PluginEvent {
  /** Such as `PROCESS_STATE_EXITED`. */
  readonly type: string;
  readonly payload: string;
}

/** The daemon, as an `[rpcinterface:x]` plugin sees it. */
export interface Supervisor {
  /** What follows the colon of the section: the namespace of the methods. */
  readonly namespace: string;
  /**
   * Calls a method of the API, such as `supervisor.startProcess`, as a client would.
   *
   * @throws an error with `faultCode` and `faultString` when the method refuses.
   */
  call(method: string, ...params: readonly RpcValue[]): Promise<RpcValue>;
  /** Writes a line to the activity log. */
  log(level: LogLevel, message: string): void;
  /** Calls `listener` for each event of a type or of one below it; returns what ends that. */
  onEvent(type: string, listener: (event: PluginEvent) => void): () => void;
  /** Tells listeners of an event of one of the module's own {@link EventTypes}. */
  publish(type: string, payload: string): void;
  /** An error that a method may throw, answered to the client as a fault with this text. */
  fault(code: number, text: string): Error;
}

/** A method of the XML-RPC API. */
export interface RpcMethod {
  /** One sentence for `system.methodHelp`. */
  readonly summary: string;
  /** In the order in which they are given; arguments of another type are refused before the method is called. */
  readonly parameters?: readonly RpcParameter[];
  readonly result: { readonly type: RpcTypeName; readonly summary: string };
  /** It changes something: calls of it are told of, with who made them, where the daemon tells what was done. */
  readonly acts?: boolean;
  /** Still answered while the daemon shuts down or restarts; otherwise the fault SHUTDOWN_STATE is. */
  readonly duringShutdown?: boolean;
  /**
   * Answers a call. What it throws becomes a fault: its own when it has a `faultCode` and a `faultString`, else FAILED, and
   * then it is logged.
   */
  handle(...params: readonly never[]): RpcValue | Promise<RpcValue>;
}

export interface RpcParameter {
  readonly name: string;
  readonly type: RpcTypeName;
  readonly summary: string;
  /** What is used when the argument is left out; without it, it has to be given. */
  readonly fallback?: RpcValue;
}

/** What an `[rpcinterface:x]` plugin makes. */
export interface RpcInterface {
  /** By name, without the namespace: letters, digits and underscores, not beginning with an underscore. */
  readonly methods: Readonly<Record<string, RpcMethod>>;
  /** Called at the end of the daemon and before a restart: ends timers and subscriptions. */
  close?(): void;
}

/** `supervisor.rpcinterface_factory`: called once in each life of the daemon, before it answers anybody. */
export type RpcInterfaceFactory = (supervisor: Supervisor, options: PluginOptions) => RpcInterface;

/**
 * `eventTypes`, exported by the module of an `[rpcinterface:x]` plugin: types of events of its own, by name in upper
 * case. Listeners subscribe to them as to any other.
 */
export type EventTypes = Readonly<Record<string, EventType>>;

export interface EventType {
  /** An abstract type whose subscribers hear of this one as well; `EVENT` without it. */
  readonly parent?: string;
  readonly summary: string;
}

/**
 * `result_handler` of an `[eventlistener:x]`: judges what a listener answered. A rejected event is offered again. When it
 * throws, that is logged, the event is offered again, and the listener gets no more events until it is started anew.
 */
export type ResultHandler = (event: PluginEvent, answer: Uint8Array) => 'accepted' | 'rejected';

/** supervisorctl, as a command of a `[ctlplugin:x]` plugin sees it. */
export interface ControlContext {
  readonly serverUrl: string;
  /** A person may be asked: the shell runs, or `-i` was given. */
  readonly interactive: boolean;
  /** What supervisorctl ends with; 0 is success. */
  exitStatus: number;
  /** Whether the daemon answers; if not, that was printed and the exit status is set, as for any other command. */
  isUp(): Promise<boolean>;
  /** Calls a method of the daemon's API. Throws an error with `faultCode` and `faultString` when it is refused. */
  call(method: string, ...params: readonly RpcValue[]): Promise<RpcValue>;
  /** Prints a line. */
  output(line: string): void;
  /** Prints a line on stderr. */
  warn(line: string): void;
  /** Asks for a line; throws when the input is at its end. */
  ask(prompt: string): Promise<string>;
}

/** A command of supervisorctl. */
export interface ControlCommand {
  /** One sentence without a full stop. */
  readonly summary: string;
  /** Lines of its help: how it is typed, and what that does; the name and the summary without them. */
  readonly help?: readonly (readonly [usage: string, description: string])[];
  /** What completion offers for the arguments; nothing without it. */
  readonly completes?: 'processes' | 'groups' | 'none';
  /** Carries it out; `argument` is everything behind its name, without blanks around it. */
  run(context: ControlContext, argument: string): void | Promise<void>;
}

/** What a `[ctlplugin:x]` plugin makes. */
export interface ControlPlugin {
  /** By name: letters, digits and underscores. Those that supervisorctl has itself cannot be replaced. */
  readonly commands: Readonly<Record<string, ControlCommand>>;
}

/** `supervisor.ctl_factory`: called when supervisorctl starts. */
export type ControlPluginFactory = (options: PluginOptions) => ControlPlugin;
