/** The files of the dashboard, read once from beside the bundle. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { StaticAssets } from '../http/static-route.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** By path below `/`; empty when the folder is not there, since the daemon does its work without a page. */
export function readAssets(folder: string): StaticAssets {
  return new Map(
    namesIn(folder).flatMap((name) => {
      const contentType = contentTypes[path.extname(name)];
      return contentType === undefined
        ? []
        : [[`/${name}`, { contentType, body: readFileSync(path.join(folder, name)) }] as const];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
