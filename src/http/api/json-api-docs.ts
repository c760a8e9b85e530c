/**
 * `docs/json-api.md`, made from the table of operations.
 */
import type { ObjectEntries, ObjectSchema } from 'valibot';
import { getDescription, type GenericSchema } from 'valibot';
import type { Operation } from './operation.ts';

const introduction = `# JSON API

This page is generated from the table in \`src/http/api/operations.ts\`. The same as an OpenAPI 3.1 document, with the schemas of
all bodies and answers: \`GET /api/v1/openapi.json\`.

Everything is below \`/api/v1\` of any of the configured HTTP servers. It has the users, the rights and the checks of
the [XML-RPC API](api.md), whose methods do the work. Times are milliseconds since the epoch, sizes bytes. Names of processes are \`group:process\`,
or one name where both are the same, percent-encoded in addresses (\`/processes/web%3Aworker/start\`).

## Rights

With \`username\` and \`password\` in the section of the server, every request needs HTTP Basic authentication, or the cookie of a
session that \`POST /session\` has begun (HttpOnly, SameSite=Strict; it ends after twelve hours without use, with the daemon, or when the password is
changed). A wrong password is answered late: each further one from the same address within five minutes later, and one at a time. A right one never
waits, nor does anybody on a unix socket. The clients of a proxy are told apart when its address is in \`trusted_proxies\`.

Bodies have at most 256 KiB, 4 MiB for \`stdin\` and 4 KiB for \`session\`.

Nothing happens by GET. Whatever is no GET needs the header \`X-Supervisor-Token\` with the token that \`GET /session\` tells, so that pages of
other sites cannot act through a browser, whose requests from other origins are refused as well:

\`\`\`sh
api=http://127.0.0.1:9001/api/v1
token=$(curl -s -u user:password $api/session | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
curl -s -u user:password -H "X-Supervisor-Token: $token" -X POST $api/processes/web/restart
\`\`\`

A server on an address and port without a password answers below \`/api/v1\`, whoever reads (GET), and browsers everywhere, only when it is asked by an address, by a name without a
dot, by its host's own name, by the one in its \`port\`, or by one that ends in \`.local\`, \`.internal\`, \`.lan\`, \`.home.arpa\`, \`.localhost\` or
\`.test\`; otherwise with status 421. So no page can reach it under a name that was made to lead here (DNS rebinding). Under a public name, also that of a proxy in
front, set a password, or the name in \`allowed_hosts\`. XML-RPC clients may use any name.

## Refusals

A refusal is a document of type \`application/problem+json\` (RFC 9457): \`type\`, \`title\`, \`status\`, \`detail\`, and the \`fault\` and \`faultCode\` of
the XML-RPC API where there is one. Actions on processes answer status 200 with an outcome for each of them: \`name\`, \`ok\`, \`fault\`, \`detail\`.

## Events

\`GET /events\` is a stream of server-sent events:

- \`process\`: a process as in \`GET /processes\`, after it has changed; several changes within a tenth of a second are one.
- \`removed\`: \`{name}\`.
- \`timeline\`: an entry as in \`GET /timeline\`.
- \`daemon\`: \`{state: {code, name}}\`.
- \`statistics\`: \`{atMs, values: {NAME: [percent of one processor, bytes]}}\`, every two seconds, with \`statistics=1\`.
- \`log\`: \`{name, stream, offset, end, text}\`, with \`logs=NAME/stdout,...\`; \`rotated\` or \`truncated\` when a file begins anew.
- \`activity\`: \`{atMs, level, message}\`, with \`activity=1\`.
- \`reset\`: \`{}\`: what was missed is not known any more; read everything again.

A client that comes back with \`Last-Event-ID\` (or \`since\`) is told what it missed. The first \`log\` event of each log tells where it begins, so that a gap can be
read with \`GET /processes/{name}/logs/{stream}\`. A client that does not read is dropped.
`;

export function renderJsonApiDocs(operations: readonly Operation[]): string {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return [
    introduction,
    '## Operations',
    ...tags.flatMap((tag) => [
      '',
      `### ${tag.slice(0, 1).toUpperCase()}${tag.slice(1)}`,
      ...operations.filter((operation) => operation.tag === tag).flatMap((operation) => render(operation)),
    ]),
    '',
  ].join('\n');
}

function render({ method, path, summary, query, body, answer, faults }: Operation): readonly string[] {
  return [
    '',
    `#### ${method} ${path}`,
    '',
    summary,
    '',
    ...members(query).map((member) => `- Query ${member}`),
    ...members(body).map((member) => `- Body ${member}`),
    `- Answer${answer.contentType === 'application/json' ? '' : ` (${answer.contentType})`}: ${answer.summary}`,
    ...(faults.length === 0 ? [] : [`- Faults: ${faults.join(', ')}`]),
  ];
}

function members(schema: GenericSchema | null): readonly string[] {
  if (schema === null) {
    return [];
  }
  const { entries } = schema as ObjectSchema<ObjectEntries, undefined>;
  return Object.entries(entries).map(([name, entry]) => {
    const inner = 'wrapped' in entry ? entry.wrapped : entry;
    const description = getDescription(inner);
    return description === undefined ? `\`${name}\`` : `\`${name}\`: ${description}`;
  });
}
