/**
 * What a method of the API is: one record with its names, parameters, help and handler.
 *
 * Dispatch, `system.methodHelp`, `system.methodSignature` and `docs/api.md` are all derived from it.
 */
import type { LogLevel } from '../config/settings.ts';
import type { LogReader } from '../logging/log-reader.ts';
import type { Cause } from '../process/record.ts';
import type { Clock } from '../system/clock.ts';
import type { FaultName } from './faults.ts';
import type { JsonSchema } from './json-schema.ts';
import type { SupervisorControl } from './supervisor-control.ts';
import type { AnswerRoom } from './answer-room.ts';
import type { XmlRpcResult, XmlRpcValue } from './xml/value.ts';

/** Names of types as `system.methodSignature` gives them. */
export type RpcTypeName = 'string' | 'int' | 'boolean' | 'array' | 'struct';

/** What a handler may use. */
export interface MethodContext {
  readonly control: SupervisorControl;
  readonly clock: Clock;
  /** Reads log files. */
  readonly reader: LogReader;
  /** Aborted when nobody waits for the answer any more; a handler that waits then rejects. */
  readonly signal: AbortSignal;
  /** For results that may be large. */
  readonly room: AnswerRoom;
  /** Who asked for it, and by which way. */
  readonly cause: Cause;
  log(level: LogLevel, message: string): void;
  /** Calls another method as a client would. */
  call(method: string, params: readonly XmlRpcValue[], room: AnswerRoom): MethodResult;
}

/** A handler that need not wait answers at once; one that does must watch {@link MethodContext.signal}. */
export type MethodResult = XmlRpcResult | Promise<XmlRpcResult>;

export interface Parameter<Value> {
  readonly name: string;
  readonly type: RpcTypeName;
  readonly summary: string;
  /** Says more than the type. */
  readonly schema?: JsonSchema;
  /** Characters of a name; a longer one names nothing (BAD_NAME). */
  readonly maxLength?: number;
  /** Used when the client gives no argument; null: it must be given. */
  readonly fallback: { readonly value: Value & XmlRpcValue } | null;
  /** Turns an argument into what the handler expects, or throws the fault INCORRECT_PARAMETERS. */
  parse(argument: XmlRpcValue): Value;
}

export interface RpcResult {
  readonly type: RpcTypeName;
  readonly summary: string;
  /** Says more than the type, where that is not all. */
  readonly schema?: JsonSchema;
}

export interface RpcMethod {
  /** Without the namespace. */
  readonly name: string;
  /** Older names of the same method. */
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly parameters: readonly Omit<Parameter<unknown>, 'parse'>[];
  readonly result: RpcResult;
  /** Names of the faults it may answer with, besides those of every method. */
  readonly faults: readonly FaultName[];
  /** Still answered while the daemon shuts down or restarts. */
  readonly duringShutdown: boolean;
  /** It changes something, and is remembered with who asked for it. */
  readonly acts: boolean;
  /** `params` are as many as {@link acceptsCount} allows. */
  invoke(context: MethodContext, params: readonly XmlRpcValue[]): MethodResult;
}

type Values<Parameters extends readonly Parameter<unknown>[]> = {
  [Index in keyof Parameters]: Parameters[Index] extends Parameter<infer Value> ? Value : never;
};

interface MethodDefinition<Parameters extends readonly Parameter<unknown>[]> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly parameters: Parameters;
  readonly result: RpcResult;
  readonly faults?: readonly FaultName[];
  readonly duringShutdown?: boolean;
  readonly acts?: boolean;
  handle(context: MethodContext, ...values: Values<Parameters>): MethodResult;
}

/** Makes a method whose handler gets its arguments parsed, each with the type of its parameter. */
export function defineMethod<const Parameters extends readonly Parameter<unknown>[]>(
  definition: MethodDefinition<Parameters>,
): RpcMethod {
  const { aliases = [], faults = [], duringShutdown = false, acts = false } = definition;
  const parameters: readonly Parameter<unknown>[] = definition.parameters;
  return {
    ...definition,
    parameters,
    aliases,
    faults,
    duringShutdown,
    acts,
    invoke: (context, params) => {
      const values = parameters.map((parameter, index) => argumentOf(parameter, params[index]));
      return definition.handle(context, ...(values as Values<Parameters>));
    },
  };
}

function argumentOf(parameter: Parameter<unknown>, argument: XmlRpcValue | undefined): unknown {
  return argument === undefined ? parameter.fallback?.value : parameter.parse(argument);
}

/** Whether so many arguments fit; those with a fallback may be left out from the end. */
export function acceptsCount({ parameters }: RpcMethod, count: number): boolean {
  const required = parameters.filter(({ fallback }) => fallback === null).length;
  return count >= required && count <= parameters.length;
}

/**
 * The help text of a method: `@param` and `@return` lines, which clients take apart, follow the summary.
 * Source: the form of the answers of `system.methodHelp`.
 */
export function helpText({ summary, parameters, result }: RpcMethod): string {
  const tags = [
    ...parameters.map(({ type, name, summary: text }) => `@param ${type} ${name} ${text}`),
    `@return ${result.type} result ${result.summary}`,
  ];
  return `${summary}\n\n${tags.join('\n')}\n`;
}
