/**
 * The XML-RPC endpoint.
 *
 * Source: checklist B18.1; log lines as the original's.
 */
import { repr } from '../config/python/repr.ts';
import { withLines } from '../logging/log-text.ts';
import { answerCall, type RpcHost } from '../rpc/dispatch.ts';
import { decodeMethodCallInTurns } from '../rpc/xml/decode.ts';
import { encodeFault } from '../rpc/xml/encode.ts';
import { announcesBody, readChunks, statusOfBodyFailure, type BodyLimits } from './body.ts';
import type { Exchange } from './exchange.ts';
import { isForeignOrigin } from './access/origin.ts';
import { AnswerPlace } from './limits/answer-place.ts';
import { sendContent, sendError } from './reply.ts';
import { sendResult } from './send-result.ts';
import type { Route } from './routes.ts';

/** Bytes as the decoder allows; more than a minute for them has nobody. */
const rpcBodyLimits: BodyLimits = { maxBytes: 16 * 1024 * 1024, timeoutMs: 60_000 };

export function rpcRoute(host: RpcHost): Route {
  return { path: '/RPC2', match: 'prefix', methods: ['POST'], handle: (exchange) => answer(host, exchange) };
}

async function answer(host: RpcHost, exchange: Exchange): Promise<void> {
  const { request, response, signal, access } = exchange;
  if (isForeignOrigin(request.headers)) {
    sendError(response, 403);
    return;
  }
  if (!announcesBody(request)) {
    sendError(response, 411);
    return;
  }
  const read = await readChunks(exchange, rpcBodyLimits);
  if (!read.ok) {
    if (read.reason !== 'gone') {
      sendError(response, statusOfBodyFailure[read.reason], { Connection: 'close' });
    }
    return;
  }
  const decoded = await decodeMethodCallInTurns(read.chunks, signal);
  if (!decoded.ok) {
    const problem = decoded.reason === 'no method name' ? decoded.reason : 'unmarshallable';
    host.log('error', `XML-RPC request data ${excerpt(read.chunks)} is invalid: ${problem}`);
    sendError(response, 400);
    return;
  }
  const room = new AnswerPlace(exchange);
  try {
    const caller = { interface: 'xml-rpc', user: access.user } as const;
    const answered = await answerCall(host, decoded.message, { signal, caller, room });
    if (answered.ok) {
      await sendResult(exchange, answered.value, room);
    } else {
      const body = encodeFault(answered.faultCode, answered.faultString);
      sendContent(response, 200, { contentType: 'text/xml', body });
    }
  } catch (error) {
    if (!signal.aborted) {
      host.log(
        'critical',
        withLines(
          `Handling XML-RPC request with data ${excerpt(read.chunks)} raised an unexpected exception: ${traceOf(error)}`,
        ),
      );
      if (response.headersSent) {
        response.destroy();
      } else {
        sendError(response, 500);
      }
    }
  }
}

/** Characters of a request that go into the activity log, so that nobody can fill it with one. */
const excerptLength = 1000;

function excerpt(chunks: readonly Buffer[]): string {
  // A character takes four bytes at most.
  const first = Buffer.concat(chunks.slice(0, 2)).subarray(0, 4 * excerptLength + 4);
  const text = first.toString('utf8');
  return text.length <= excerptLength ? repr(text) : `${repr(text.slice(0, excerptLength))}...`;
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
