/** A web server of one page, which says how often it was asked. */
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 8080);
const greeting = process.env.GREETING ?? 'Hello';
let served = 0;

const server = createServer((request, response) => {
  served += 1;
  console.log(`${new Date().toISOString()} ${request.method} ${request.url}`);
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${greeting}.\nProcess ${process.pid}, answer number ${served}.\n`);
});

server.listen(port, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${port}/`);
});

// What `stopsignal=TERM` asks for: take no new requests, finish the running ones, end.
process.on('SIGTERM', () => {
  console.log('asked to stop');
  server.close();
  server.closeIdleConnections();
});
