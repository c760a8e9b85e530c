/** An ordinary user who has bound to the name of a socket and keeps what clients say there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The user who has no rights to anything. */
export const strangerId = 65534;

const script = `
const server = require('node:net').createServer((socket) => {
  console.log('connected');
  socket.on('data', (bytes) => {
    console.log(JSON.stringify(String(bytes)));
    socket.end('HTTP/1.1 401 Unauthorized\\r\\nContent-Length: 0\\r\\n\\r\\n');
  });
  socket.on('error', () => undefined);
});
server.listen(process.argv[1], () => {
  require('node:fs').chmodSync(process.argv[1], 0o777);
  console.log('ready');
});`;

export class Impostor {
  /** What it was told, one request an entry. */
  readonly heard: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, ended: Promise<unknown>) {
    this.#child = child;
    this.#ended = ended;
  }

  /** Binds to a path; the caller stops it. */
  static async start(path: string, uid = strangerId): Promise<Impostor> {
    const child = spawn(process.execPath, ['-e', script, path], {
      uid,
      gid: uid,
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const impostor = new Impostor(child, ended);
    const ready = new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        if (line === 'ready') {
          resolve();
        } else if (line !== 'connected') {
          impostor.heard.push(String(JSON.parse(line)));
        }
      });
      child.on('exit', () => reject(new Error(`nobody listens at ${path}`)));
    });
    await ready;
    return impostor;
  }

  /** Ends it; all that it heard is known then. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}
