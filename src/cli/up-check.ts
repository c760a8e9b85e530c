/**
 * The question most commands begin with: is there a daemon, and does it speak our API?
 */
import { ConnectionError, FaultError } from '../client/errors.ts';
import { faultCodes } from '../rpc/faults.ts';
import type { CommandContext } from './command.ts';
import { exitStatuses } from './exit-statuses.ts';

const apiVersion = '3.0';

/**
 * Whether the daemon can be commanded. If not, says why and sets the exit status.
 *
 * @throws errors of the client other than those it explains.
 */
export async function isUp(context: CommandContext): Promise<boolean> {
  try {
    const version = await context.client.getVersion();
    if (version === apiVersion) {
      return true;
    }
    context.output(
      `Sorry, this version of supervisorctl expects to talk to a server with API version ${apiVersion}, but the ` +
        `remote version is ${version}.`,
    );
    context.exitStatus = exitStatuses.notInstalled;
    return false;
  } catch (error) {
    const problem = explain(error, context.serverUrl);
    if (problem === null) {
      context.exitStatus = exitStatuses.generic;
      throw error;
    }
    context.output(problem.text);
    context.exitStatus = problem.exitStatus;
    await context.explainFailure(error);
    return false;
  }
}

function explain(
  error: unknown,
  serverUrl: string,
): { readonly text: string; readonly exitStatus: number } | null {
  if (error instanceof FaultError && error.faultCode === faultCodes.UNKNOWN_METHOD) {
    return {
      text:
        'Sorry, supervisord responded but did not recognize the supervisor namespace commands that supervisorctl ' +
        'uses to control it.  Please check that the [rpcinterface:supervisor] section is enabled in the ' +
        'configuration file (see sample.conf).',
      exitStatus: exitStatuses.unimplementedFeature,
    };
  }
  if (error instanceof ConnectionError && error.errno === 'ECONNREFUSED') {
    return { text: `${serverUrl} refused connection`, exitStatus: exitStatuses.insufficientPrivileges };
  }
  if (error instanceof ConnectionError && error.errno === 'ENOENT') {
    return { text: `${serverUrl} no such file`, exitStatus: exitStatuses.notRunning };
  }
  return null;
}
