/**
 * What the JSON API can be asked: each operation one record with its address, parameters, body, answer and handler.
 *
 * Routing, validation, the OpenAPI document and `docs/json-api.md` are all derived from it.
 */
import type { GenericSchema, InferOutput } from 'valibot';
import type { FaultName } from '../../rpc/faults.ts';
import type { Exchange } from '../exchange.ts';
import type { ApiHost } from './host.ts';

/** Values of the placeholders of a path, decoded. */
type PathValues = Readonly<Record<string, string>>;

export interface Request<Query, Body> {
  readonly host: ApiHost;
  readonly exchange: Exchange;
  readonly path: PathValues;
  readonly query: Query;
  readonly body: Body;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export interface OperationAnswer {
  readonly summary: string;
  /** `application/json` when there is a schema. */
  readonly contentType: string;
  /** Name and schema of the JSON. */
  readonly schema: GenericSchema | null;
}

/** An operation as the router and the documents see it. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v1`, with placeholders in braces. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** An object schema whose members are texts as they stand in a query. */
  readonly query: GenericSchema | null;
  readonly body: GenericSchema | null;
  /** Bytes that a body may have. */
  readonly maxBodyBytes: number;
  readonly answer: OperationAnswer;
  /** Names of the faults it may answer a problem for, besides those of every operation. */
  readonly faults: readonly FaultName[];
  /** Asked without having logged in. */
  readonly isOpen: boolean;
  /** Answers the request; the value is sent as JSON, unless the handler has answered itself. */
  handle(request: Request<unknown, unknown>): unknown;
}

interface OperationBase<Query, Body> {
  readonly id: string;
  readonly method: Operation['method'];
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly maxBodyBytes?: number;
  readonly faults?: readonly FaultName[];
  readonly isOpen?: boolean;
}

type OutputOf<Schema> = Schema extends GenericSchema ? InferOutput<Schema> : null;

/** An operation that answers JSON of the given schema. */
export function defineOperation<
  Answer extends GenericSchema,
  Query extends GenericSchema | undefined = undefined,
  Body extends GenericSchema | undefined = undefined,
>(
  definition: OperationBase<Query, Body> & {
    readonly answer: Answer;
    readonly answerSummary: string;
    handle(
      request: Request<OutputOf<Query>, OutputOf<Body>>,
    ): InferOutput<Answer> | Promise<InferOutput<Answer>>;
  },
): Operation {
  const { answer, answerSummary } = definition;
  return {
    ...withDefaults(definition),
    answer: { summary: answerSummary, contentType: 'application/json', schema: answer },
    handle: (request) => definition.handle(request as Request<OutputOf<Query>, OutputOf<Body>>),
  };
}

/** What a handler returns that has sent the answer itself. */
export const answeredItself: unique symbol = Symbol('answered itself');

/** An operation that sends its answer itself, such as a stream. */
export function defineStream<Query extends GenericSchema | undefined = undefined>(
  definition: OperationBase<Query, undefined> & {
    readonly contentType: string;
    readonly answerSummary: string;
    handle(request: Request<OutputOf<Query>, null>): void | Promise<void>;
  },
): Operation {
  const { contentType, answerSummary } = definition;
  return {
    ...withDefaults(definition),
    answer: { summary: answerSummary, contentType, schema: null },
    handle: async (request) => {
      await definition.handle(request as Request<OutputOf<Query>, null>);
      return answeredItself;
    },
  };
}

/** Room for the names of some thousand programs. */
const usualBodyBytes = 256 * 1024;

function withDefaults<Query extends GenericSchema | undefined, Body extends GenericSchema | undefined>(
  definition: OperationBase<Query, Body>,
): Omit<Operation, 'answer' | 'handle'> {
  const { query, body, faults = [], isOpen = false, maxBodyBytes = usualBodyBytes } = definition;
  const { id, method, path, tag, summary } = definition;
  return {
    id,
    method,
    path,
    tag,
    summary,
    query: query ?? null,
    body: body ?? null,
    maxBodyBytes,
    faults,
    isOpen,
  };
}
