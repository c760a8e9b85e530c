/** A program that takes connections on its stdin, without FastCGI: it tells its pid and its descriptors. */
import { connect } from 'node:net';

import type { Sandbox } from '../../helpers/sandbox.ts';

const worker = `import { readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
const sockets = readdirSync('/proc/self/fd').filter((fd) => {
  try {
    return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:');
  } catch {
    return false;
  }
});
createServer((client) => client.end(process.pid + ' ' + sockets.join())).listen({ fd: 0 }, () => console.log('ready'));
`;

/** Its \`command\`. */
export function workerCommand(sandbox: Sandbox): string {
  return `${process.execPath} ${sandbox.write('worker.mjs', worker)}`;
}

export interface WorkerAnswer {
  readonly pid: number;
  /** Numbers of the descriptors that are sockets. */
  readonly sockets: string;
}

/** Connects once and reads to the end; rejects when it is refused. */
export function askWorker(
  address: { readonly path: string } | { readonly port: number },
): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const client = connect('port' in address ? { ...address, host: '127.0.0.1' } : address);
    let text = '';
    client.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    client.on('error', reject).on('end', () => {
      const [pid = '', sockets = ''] = text.split(' ');
      resolve({ pid: Number(pid), sockets });
    });
  });
}
