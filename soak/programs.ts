/** What the daemon supervises during a soak: every kind of trouble at once, and some programs that just run. */

/** Answers an event listener's side of the protocol, in plain shell. */
export const listenerScript = `while :; do
  echo READY
  read -r header || exit 0
  length=\${header##*len:}
  head -c "$length" >/dev/null
  printf 'RESULT 2\\nOK'
done
`;

/** Leaves children behind without end: some in a session of their own, some not, all of them short-lived. */
export const forkingScript = `while :; do
  (setsid sleep 0.3 </dev/null >/dev/null 2>&1 &)
  (sleep 0.2 >/dev/null 2>&1 &)
  (true &)
  sleep 0.1
done
`;

/** Programs whose last digit changes from one configuration to the next are changed by it. */
function changing(version: number): string {
  const extra =
    version % 2 === 0
      ? ''
      : `[program:extra]\ncommand=/bin/sleep 1000\nnumprocs=3\nprocess_name=%(process_num)d\n`;
  return `[program:changed]
command=/bin/sleep 100${version % 10}
startsecs=0
${extra}`;
}

/** The configuration number `version`; two that follow each other differ. */
export function configuration(version: number): string {
  return `[supervisord]
logfile=%(here)s/supervisord.log
logfile_maxbytes=200KB
logfile_backups=2
pidfile=%(here)s/supervisord.pid
childlogdir=%(here)s
minfds=1024

[unix_http_server]
file=%(here)s/supervisor.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[program:steady]
command=/bin/cat
numprocs=20
process_name=%(process_num)02d
startsecs=0
stdout_logfile_maxbytes=10KB

[program:crashing]
command=/bin/sh -c 'echo up; sleep 0.%(process_num)d; echo down >&2; exit 1'
numprocs=8
numprocs_start=2
process_name=%(process_num)d
startsecs=0
autorestart=true
stdout_logfile_maxbytes=10KB
stdout_logfile_backups=1

[program:failing]
command=/bin/sh -c 'sleep 0.1; exit 3'
startsecs=1
startretries=1

[program:missing]
command=/nonexistent
startretries=1

[program:forking]
command=/bin/sh %(here)s/forking.sh
killasgroup=true
stopasgroup=true

[program:flooding]
command=/bin/sh -c 'while :; do head -c 200000 /dev/zero | tr "\\0" x; echo; sleep 0.1; done'
stopasgroup=true
stdout_logfile=%(here)s/flooding.log
stdout_logfile_maxbytes=1MB
stdout_logfile_backups=2

[program:stubborn]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
stopwaitsecs=1
startsecs=0

[eventlistener:listener]
command=/bin/sh %(here)s/listener.sh
events=PROCESS_STATE,TICK_5,PROCESS_GROUP
buffer_size=100

${changing(version)}`;
}
