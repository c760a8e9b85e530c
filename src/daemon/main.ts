/** The `supervisord` program: what its command line asks for. */
import { runDaemon } from './run.ts';

/** Resolves to the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = process.argv[1] ?? 'supervisord';
  const configFile = argv[argv.indexOf('-c') + 1] ?? '';
  const overrides = argv.includes('-n') ? { nodaemon: true } : {};
  return runDaemon({ configFile, overrides, program, args: argv });
}
