/** A configuration for Debian's nginx that keeps to a sandbox. */
import type { Sandbox } from './sandbox.ts';

const temporary = ['client_body', 'fastcgi', 'proxy', 'uwsgi', 'scgi'] as const;

/** Writes it around these `server` blocks, in the foreground, and returns its path. */
export function writeNginxConfig(sandbox: Sandbox, servers: string): string {
  const paths = temporary.map((name) => `  ${name}_temp_path ${sandbox.path(name)};`);
  return sandbox.write(
    'nginx.conf',
    `${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${sandbox.path('nginx.pid')};
error_log stderr;
daemon off;
events {}
http {
  access_log off;
${paths.join('\n')}
${servers}
}
`,
  );
}
