/** Programs that sit in one state each, and are named after it. */
export const everyState = `
[program:running]
command=/bin/sleep 1000
startsecs=0

[program:stopped]
command=/bin/sleep 1000
autostart=false

[program:starting]
command=/bin/sleep 1000
startsecs=3600

; Without a command to find, a start fails in the same instant: it is never seen in any other state.
[program:backoff]
command=/no/such/command
startretries=1000

[program:fatal]
command=/no/such/command
startretries=0

[program:exited]
command=/bin/true
startsecs=0
autorestart=false

[program:failed]
command=/bin/sh -c 'exit 3'
startsecs=0
autorestart=false

[program:tooquick]
command=/bin/false
startretries=0
autostart=false

[program:notexecutable]
command=/etc/hostname
startretries=0
autostart=false

; Ignores the signal that is to stop it.
[program:stopping]
command=/bin/sh -c 'trap "" USR1; exec sleep 1000'
startsecs=0
stopsignal=USR1
stopwaitsecs=3600

[program:a-name-that-is-longer-than-thirty-characters]
command=/bin/sleep 1000
startsecs=0

[program:worker]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)02d
numprocs=2
startsecs=0

[program:beat]
command=/bin/sleep 1000
startsecs=0
priority=5

[program:idle]
command=/bin/sleep 1000
autostart=false

[group:web]
programs=beat,idle
priority=7
`;
