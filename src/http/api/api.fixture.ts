/** The JSON API over a scripted daemon, as a client that knows its token uses it. */
import { ask, serveFake, type Answer } from '../server.fixture.ts';

export type ApiAnswer = Answer & { readonly json: unknown };

export async function serveApi(options: Parameters<typeof serveFake>[0] = {}) {
  const served = await serveFake(options);
  const at = options.family === 'inet' ? served.port : served.file;
  const request = async (
    method: string,
    target: string,
    { headers = {}, body }: { readonly headers?: Record<string, string>; readonly body?: unknown } = {},
  ): Promise<ApiAnswer> => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await ask(at, method, `/api/v1${target}`, { headers, body: text });
    return { ...answer, json: JSON.parse(answer.body === '' ? 'null' : answer.body) as unknown };
  };
  const token = async (headers: Record<string, string> = {}): Promise<string> => {
    const { json } = await request('GET', '/session', { headers });
    return (json as { readonly token: string }).token;
  };
  return {
    ...served,
    at,
    control: served.host.control,
    request,
    token,
    get: (target: string) => request('GET', target),
    /** An action with everything it needs. */
    post: async (target: string, body: unknown = {}) =>
      request('POST', target, { headers: { 'X-Supervisor-Token': await token() }, body }),
  };
}
