/**
 * The JSON API described for programs, made from the table of operations.
 *
 * Source: OpenAPI Specification 3.1.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema, ObjectEntries, ObjectSchema } from 'valibot';
import type { FaultName } from '../../rpc/faults.ts';
import type { Operation } from './operation.ts';
import { statusOfFault } from './problem.ts';

type Json = Readonly<Record<string, unknown>>;

/** The whole document; `version` is that of the daemon. */
export function describeApi(operations: readonly Operation[], version: string): Json {
  const paths = new Map<string, Record<string, Json>>();
  for (const operation of operations) {
    const methods = paths.get(operation.path) ?? {};
    methods[operation.method.toLowerCase()] = describeOperation(operation);
    paths.set(operation.path, methods);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'supervisord-ts',
      version,
      description:
        'Names of processes are `group:process`, or one name where both are the same; percent-encoded in addresses. ' +
        'Whatever is no GET needs the header X-Supervisor-Token, which GET /session tells.',
    },
    // Relative to where the document is, so that it is right behind any proxy.
    servers: [{ url: '.' }],
    security: [{ basic: [] }, { session: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        session: { type: 'apiKey', in: 'cookie', name: 'supervisor_*' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457; `fault` and `faultCode` as in the XML-RPC API.',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    fault: { type: 'string' },
    faultCode: { type: 'integer' },
  },
  required: ['type', 'title', 'status', 'detail'],
};

function describeOperation(operation: Operation): Json {
  const { id, tag, summary, body, answer, isOpen, method } = operation;
  const acts = method !== 'GET';
  return {
    operationId: id,
    tags: [tag],
    summary,
    parameters: [
      ...pathParameters(operation),
      ...(acts ? [tokenParameter] : []),
      ...queryParameters(operation),
    ],
    ...(body === null
      ? {}
      : { requestBody: { content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: {
      200: {
        description: answer.summary,
        content: { [answer.contentType]: { schema: schemaOf(answer.schema) } },
      },
      ...refusals(operation),
    },
    ...(isOpen ? { security: [{}] } : {}),
  };
}

const tokenParameter: Json = {
  name: 'X-Supervisor-Token',
  in: 'header',
  required: true,
  description: 'The token of GET /session.',
  schema: { type: 'string' },
};

function pathParameters({ path }: Operation): readonly Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: name === 'stream' ? { type: 'string', enum: ['stdout', 'stderr'] } : { type: 'string' },
  }));
}

function queryParameters({ query }: Operation): readonly Json[] {
  if (query === null) {
    return [];
  }
  const { entries } = query as ObjectSchema<ObjectEntries, undefined>;
  return Object.keys(entries).map((name) => {
    const { description, ...schema } = (schemaOf(query) as { properties: Record<string, Json> }).properties[
      name
    ] ?? { type: 'string' };
    return { name, in: 'query', required: false, description, schema };
  });
}

/** By status, with the names of the faults that lead to it. */
function refusals({ faults, isOpen, method, body, query }: Operation): Json {
  const byStatus = new Map<number, string[]>();
  const add = (status: number, reason: string): void => {
    byStatus.set(status, [...(byStatus.get(status) ?? []), reason]);
  };
  for (const fault of faults) {
    add(statusOfFault[fault], fault);
  }
  if (body !== null || query !== null) {
    add(statusOfFault.INCORRECT_PARAMETERS, 'INCORRECT_PARAMETERS' satisfies FaultName);
  }
  if (!isOpen) {
    add(401, 'Not logged in.');
  }
  if (method !== 'GET') {
    add(403, 'Without the token, or from another origin.');
  }
  return Object.fromEntries(
    [...byStatus].map(([status, reasons]) => [
      status,
      {
        description: reasons.join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** Texts where there is no schema. What is transformed is described as it is sent. */
function schemaOf(schema: GenericSchema | null): Json {
  if (schema === null) {
    return { type: 'string' };
  }
  const { $schema: _dialect, ...described } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
  });
  return described;
}
