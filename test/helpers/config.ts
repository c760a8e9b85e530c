/** The configuration around the programs of a scenario. */
import type { HttpTarget } from './http.ts';
import type { Sandbox } from './sandbox.ts';

export interface ScenarioConfig {
  readonly configFile: string;
  readonly logfile: string;
  readonly pidfile: string;
  /** The unix socket of its API, without a password. */
  readonly api: HttpTarget & { readonly socketPath: string };
}

/**
 * Writes `supervisord.conf` into the sandbox: one unix socket, logs beside it, and the given sections.
 *
 * @param programs sections as text; `%(here)s` in them is the sandbox.
 * @param daemonOptions further lines of `[supervisord]`.
 */
export function writeConfig(sandbox: Sandbox, programs: string, daemonOptions = ''): ScenarioConfig {
  const configFile = sandbox.write(
    'supervisord.conf',
    `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
childlogdir=%(here)s
${daemonOptions}

[unix_http_server]
file=%(here)s/supervisor.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://%(here)s/supervisor.sock

${programs}
`,
  );
  return {
    configFile,
    logfile: sandbox.path('supervisord.log'),
    pidfile: sandbox.path('supervisord.pid'),
    api: { socketPath: sandbox.path('supervisor.sock') },
  };
}
