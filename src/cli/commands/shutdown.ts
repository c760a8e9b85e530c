import { ConnectionError, FaultError } from '../../client/errors.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isAgreed } from './confirm.ts';

export const shutdown: Command = {
  name: 'shutdown',
  summary: 'Stop everything and end supervisord',
  help: [['shutdown', 'Stop every process and end supervisord']],
  completes: 'none',
  options: [],
  results: [['done', 'string', '`shutdown`']],
  listing: 'original',
  async run(context, argument) {
    if (argument !== '') {
      refuseUsage(context, shutdown, 'Error: shutdown accepts no arguments', exitStatuses.generic);
      return;
    }
    if (!(await isAgreed(context, 'Really shut the remote supervisord process down y/N? '))) {
      return;
    }
    try {
      await context.client.shutdown();
      context.report([{ done: 'shutdown' }], ['Shut down']);
    } catch (error) {
      explain(context, error);
      await context.explainFailure(error);
    }
  },
};

/** Compat: a daemon that is shutting down already leaves the exit status 0. */
function explain(context: CommandContext, error: unknown): void {
  if (error instanceof FaultError && error.faultCode === faultCodes.SHUTDOWN_STATE) {
    context.output('ERROR: already shutting down');
    return;
  }
  context.exitStatus = exitStatuses.generic;
  if (error instanceof ConnectionError && error.errno === 'ECONNREFUSED') {
    context.output(`ERROR: ${context.serverUrl} refused connection (already shut down?)`);
    return;
  }
  if (error instanceof ConnectionError && error.errno === 'ENOENT') {
    context.output(`ERROR: ${context.serverUrl} no such file (already shut down?)`);
    return;
  }
  throw error;
}
