/**
 * Pages and their parts, served from memory.
 */
import { createHash } from 'node:crypto';
import type { Exchange } from './exchange.ts';
import { securityHeaders, sendContent, type Content } from './reply.ts';
import type { Route } from './routes.ts';

/** By path. */
export type StaticAssets = ReadonlyMap<string, Content>;

/** Source: checklist B19.4; monitoring asks for it. */
const healthPage: Content = { contentType: 'text/plain', body: 'OK' };

export function staticRoutes(assets: StaticAssets): readonly Route[] {
  const all = new Map([['/ok.html', healthPage], ...assets]);
  return [...all].map(([path, content]) => assetRoute(path, content));
}

/** Browsers keep a copy but ask each time whether it is still the same. */
function assetRoute(path: string, content: Content): Route {
  const etag = `"${createHash('sha256').update(content.body).digest('base64url')}"`;
  const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
  return {
    path,
    match: 'exact',
    methods: ['GET'],
    handle: ({ request, response }: Exchange) => {
      if (request.headers['if-none-match'] === etag) {
        response.writeHead(304, { ...securityHeaders, ...headers }).end();
      } else {
        sendContent(response, 200, content, headers);
      }
    },
  };
}
