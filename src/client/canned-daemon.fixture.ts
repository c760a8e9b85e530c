/**
 * A server for tests that answers XML-RPC calls and log requests with what it was given.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { decodeMethodCall } from '../rpc/xml/decode.ts';
import { encodeFault, encodeMethodResponse } from '../rpc/xml/encode.ts';
import type { MethodCall, XmlRpcValue } from '../rpc/xml/value.ts';

/** A fault to answer with. */
export class CannedFault {
  readonly code: number;
  readonly text: string;

  constructor(code: number, text: string) {
    this.code = code;
    this.text = text;
  }
}

export type CannedReply =
  XmlRpcValue | CannedFault | ((params: readonly XmlRpcValue[]) => XmlRpcValue | CannedFault);

export interface CannedAnswers {
  /** By method; any other is answered with UNKNOWN_METHOD. */
  readonly methods?: Readonly<Record<string, CannedReply>>;
  /** By path of a GET request; any other is answered with 404. */
  readonly streams?: Readonly<Record<string, (response: ServerResponse) => void>>;
  /** Looks at a request before anything else; true: it was answered. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export class CannedDaemon {
  readonly serverUrl: string;
  /** Calls in the order in which they came. */
  readonly calls: MethodCall[] = [];
  readonly #directory: string;
  readonly #server: Server;
  readonly #answers: CannedAnswers;

  private constructor(answers: CannedAnswers) {
    this.#directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
    this.serverUrl = `unix://${this.#socketPath}`;
    this.#answers = answers;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  static async start(answers: CannedAnswers): Promise<CannedDaemon> {
    const daemon = new CannedDaemon(answers);
    await new Promise<void>((resolve) => {
      daemon.#server.listen(daemon.#socketPath, resolve);
    });
    return daemon;
  }

  /** Ends every connection; the socket file goes with it. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #socketPath(): string {
    return path.join(this.#directory, 's.sock');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    if (this.#answers.intercept?.(request, response) === true) {
      return;
    }
    const stream = this.#answers.streams?.[request.url ?? ''];
    if (stream !== undefined) {
      stream(response);
    } else if (request.method === 'POST') {
      response.end(this.#reply(Buffer.concat(chunks)));
    } else {
      response.writeHead(404).end();
    }
  }

  #reply(body: Buffer): string {
    const decoded = decodeMethodCall(body);
    if (!decoded.ok) {
      throw new Error(decoded.reason);
    }
    const { method, params } = decoded.message;
    this.calls.push(decoded.message);
    const canned = this.#answers.methods?.[method] ?? new CannedFault(1, 'UNKNOWN_METHOD');
    const reply = typeof canned === 'function' ? canned(params) : canned;
    return reply instanceof CannedFault ? encodeFault(reply.code, reply.text) : encodeMethodResponse(reply);
  }
}
