/** Bytes that no client would send, or only a broken one. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeMethodCall } from '../rpc/xml/encode.ts';
import { ask, serveFake } from './server.fixture.ts';

/** Sends bytes and closes its half; resolves when the other end has closed the connection, too. */
function send(file: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(file);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume().end(bytes);
  });
}

const body = encodeMethodCall({ method: 'supervisor.getAllProcessInfo', params: [] });

const requests = [
  `POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  `POST /RPC2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  'GET /ok.html HTTP/1.0\r\nAuthorization: Basic dTpw\r\n\r\n',
  'GET /logtail/cat/stdout HTTP/1.1\r\nHost: x\r\n\r\n',
];

/** A request with some of its bytes replaced by others. */
const mutated = fc
  .tuple(fc.constantFrom(...requests), fc.nat(), fc.nat(12), fc.uint8Array({ maxLength: 12 }))
  .map(([request, position, length, bytes]) => {
    const whole = Buffer.from(request);
    const at = position % whole.length;
    return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + length)]);
  });

describe('a server that is sent nonsense', () => {
  let world: Awaited<ReturnType<typeof serveFake>>;

  beforeEach(async () => {
    world = await serveFake({});
    world.host.control.addFakeGroup('cat', [{ name: 'cat' }]);
  });

  afterEach(() => world.close());

  it('ends every such connection, and answers the next one', async () => {
    const nonsense = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      mutated,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(nonsense, { minLength: 1, maxLength: 5 }), async (connections) => {
        await Promise.all(connections.map((bytes) => send(world.file, bytes)));
        expect((await ask(world.file, 'GET', '/ok.html')).status).toBe(200);
      }),
    );
    expect(world.errors).toEqual([]);
    expect(world.host.lines.filter((line) => line.startsWith('critical Handling'))).toEqual([]);
  });

  it('takes a client for no defect that goes away while its large request is read', async () => {
    const params = '<param><value/></param>'.repeat(100_000);
    const call = `<methodCall><methodName>supervisor.getState</methodName><params>${params}</params></methodCall>`;
    await send(
      world.file,
      Buffer.from(`POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${call.length}\r\n\r\n${call}`),
    );
    // Answered only once the event loop has had its turns.
    await ask(world.file, 'GET', '/ok.html');
    expect(world.errors).toEqual([]);
  });
});
