/**
 * Pages and their parts, served from memory.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { leastCompressedBytes, takesGzip } from './compression.ts';
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

/**
 * Browsers keep a copy but ask each time whether it is still the same. It is compressed for who takes that; one
 * validator, which is weak, stands for both forms.
 */
function assetRoute(path: string, content: Content): Route {
  const etag = `W/"${createHash('sha256').update(content.body).digest('base64url')}"`;
  const headers = { ETag: etag, 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' };
  const isLarge = Buffer.byteLength(content.body) >= leastCompressedBytes;
  let compressed: Content | null = null;
  return {
    path,
    match: 'exact',
    methods: ['GET'],
    handle: ({ request, response }: Exchange) => {
      if (request.headers['if-none-match'] === etag) {
        response.writeHead(304, { ...securityHeaders, ...headers }).end();
      } else if (isLarge && takesGzip(request.headers['accept-encoding'])) {
        compressed ??= { ...content, body: gzipSync(content.body) };
        sendContent(response, 200, compressed, { ...headers, 'Content-Encoding': 'gzip' });
      } else {
        sendContent(response, 200, content, headers);
      }
    },
  };
}
