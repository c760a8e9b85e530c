/**
 * `docs/api.md`, made from the method table.
 */
import { eventTypes } from '../events/types.ts';
import { faultCodes, type FaultName } from './faults.ts';
import type { RpcMethod } from './method.ts';
import type { RpcNamespace } from './registry.ts';

const faultMeanings: Readonly<Record<FaultName, string>> = {
  UNKNOWN_METHOD: 'There is no such method, or its interface is not configured.',
  INCORRECT_PARAMETERS: 'The arguments are too few, too many or of a wrong type.',
  BAD_ARGUMENTS: 'Offset and length do not go together.',
  SIGNATURE_UNSUPPORTED: 'There is no such method to be described.',
  SHUTDOWN_STATE: 'The daemon is shutting down or restarting.',
  BAD_NAME: 'There is no process or group of that name.',
  BAD_SIGNAL: 'There is no such signal.',
  NO_FILE: 'A log, a command or an open stdin does not exist.',
  NOT_EXECUTABLE: 'The command cannot be executed or parsed.',
  FAILED: 'Something went wrong; the text says what.',
  ABNORMAL_TERMINATION: 'The process ended, or was stopped, before it was RUNNING.',
  SPAWN_ERROR: 'The process could not be started, or ended too quickly.',
  ALREADY_STARTED: 'The process is running or being started.',
  NOT_RUNNING: 'The process is not running.',
  SUCCESS: 'Not a fault: the status of what worked, where several processes are concerned.',
  ALREADY_ADDED: 'The group is active.',
  STILL_RUNNING: 'A process of the group runs.',
  CANT_REREAD: 'The configuration has an error; the text names it.',
};

/** The whole document. */
export function renderApiDocs(namespaces: readonly RpcNamespace[]): string {
  return [
    '# API',
    '',
    'This page is generated from the tables in `src/rpc/methods/` and `src/events/types.ts`.',
    '',
    'For programs there is [a JSON schema](rpc-schema.json) of the parameters and the result of each method, and ' +
      '[a client](client.md) with their types. [The JSON API](json-api.md) calls the same methods.',
    '',
    'Methods are called by XML-RPC, with `POST /RPC2` on any of the configured HTTP servers. Every answer may be one of ' +
      'the faults UNKNOWN_METHOD, INCORRECT_PARAMETERS and, while the daemon goes down, SHUTDOWN_STATE.',
    ...namespaces.flatMap(({ name, methods }) => [
      '',
      `## ${name}`,
      ...methods.flatMap((method) => renderMethod(name, method)),
    ]),
    '',
    '## Faults',
    '',
    'The text of a fault is its name, or `NAME: detail`.',
    '',
    ...renderTable([
      ['code', 'name', 'meaning'],
      ...Object.entries(faultMeanings).map(([name, meaning]) => [
        String(faultCodes[name as FaultName]),
        name,
        meaning,
      ]),
    ]),
    '',
    '## Events',
    '',
    'Who subscribes to a type gets the events of all types below it.',
    '',
    ...renderTable([
      ['type', 'part of', 'when'],
      ...Object.entries(eventTypes).map(([name, { parent, abstract, summary }]) => [
        `${name}${abstract ? ' (abstract)' : ''}`,
        parent ?? '',
        summary,
      ]),
    ]),
    '',
  ].join('\n');
}

function renderMethod(namespace: string, method: RpcMethod): readonly string[] {
  const { name, aliases, parameters, result, summary, faults } = method;
  const signature = parameters.map((parameter) =>
    parameter.fallback === null
      ? parameter.name
      : `${parameter.name}=${JSON.stringify(parameter.fallback.value)}`,
  );
  return [
    '',
    `### ${namespace}.${name}(${signature.join(', ')})`,
    '',
    summary,
    '',
    ...parameters.map((parameter) => `- \`${parameter.name}\` (${parameter.type}): ${parameter.summary}`),
    `- Result (${result.type}): ${result.summary}`,
    ...(faults.length === 0 ? [] : [`- Faults: ${faults.join(', ')}`]),
    ...(aliases.length === 0
      ? []
      : [`- Also called ${aliases.map((alias) => `${namespace}.${alias}`).join(', ')}`]),
  ];
}

/** A Markdown table with aligned columns; the first row is its head. */
function renderTable(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = []] = rows;
  const widths = head.map((_name, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const render = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [render(head), render(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(render)];
}
