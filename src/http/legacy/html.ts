/** Pages that need no script, in which nothing but what is written here is markup. */
import { escapeHtml } from '../escape-html.ts';
import type { Content } from '../reply.ts';

/** `body` is markup. */
export function htmlPage(title: string, body: string): Content {
  return {
    contentType: 'text/html; charset=utf-8',
    body:
      '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
      '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
      `<title>${escapeHtml(title)}</title>\n</head>\n<body>\n${body}\n</body>\n</html>\n`,
  };
}
