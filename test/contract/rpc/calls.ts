/** The calls whose answers are compared, as a story: later ones meet what earlier ones did. */

export type Call = readonly [method: string, params?: readonly unknown[]];

/** Programs that the calls are about. Logs lie beside the configuration, so that their paths are comparable. */
export const programs = `
[program:cat]
command=/bin/cat
startsecs=0
priority=5
stdout_logfile=%(here)s/cat.out
stderr_logfile=AUTO

[program:off]
command=/bin/cat
autostart=false
stdout_logfile=NONE
stderr_logfile=%(here)s/off.err
environment=A="b"

[program:gone]
command=/nonexistent/program
autostart=false

[program:dir]
command=/etc
autostart=false

[program:plainfile]
command=/etc/passwd
autostart=false

[program:quick]
command=/bin/false
autostart=false
startsecs=5
startretries=0

[program:stubborn]
command=/bin/sh -c "trap '' TERM; while :; do sleep 0.1; done"
autostart=false
startsecs=0
stopwaitsecs=1
stopasgroup=true
autorestart=true
exitcodes=0,2
stopsignal=TERM

[program:ends]
command=/bin/sh -c "exit 3"
autostart=false
startsecs=0
autorestart=false
directory=/tmp
umask=022

[program:low]
command=/bin/cat
autostart=false
startsecs=0
priority=1

[program:high]
command=/bin/cat
autostart=false
startsecs=1
priority=900
redirect_stderr=true

[group:pool]
programs=high,low
priority=7
`;

const supervisor = (method: string, ...params: readonly unknown[]): Call => [`supervisor.${method}`, params];

export const calls: readonly Call[] = [
  supervisor('getAPIVersion'),
  supervisor('getVersion'),
  supervisor('getIdentification'),
  supervisor('getState'),
  supervisor('getAllConfigInfo'),
  supervisor('getAllProcessInfo'),

  // Methods and arguments that do not fit.
  supervisor('nope'),
  ['nope'],
  ['supervisor.getState.x'],
  ['nope.getState'],
  supervisor('_update', 'x'),
  supervisor('supervisord'),
  supervisor('getState', 1),
  supervisor('getProcessInfo'),
  supervisor('startProcess', 'cat', true, 1),
  supervisor('readLog', null, 5),
  ['system.multicall', [5]],
  ['system.multicall', [{}]],
  ['system.listMethods', [5]],
  ['system.listMethods'],
  ['system.methodHelp', ['nope']],
  ['system.methodSignature', ['nope']],
  ['system.methodSignature', ['supervisor.startProcess']],
  ['system.methodSignature', ['supervisor.readMainLog']],

  // Names.
  ...['nope', 'nope:*', ':x', '', ':', 'cat:nope', 'high', 'pool:'].map((name) =>
    supervisor('getProcessInfo', name),
  ),
  supervisor('getProcessInfo', 'cat:cat'),
  supervisor('getProcessInfo', 'pool:high'),
  supervisor('getProcessInfo', 'pool:*'),

  // Starting.
  supervisor('startProcess', 'cat'),
  supervisor('startProcess', 'cat:'),
  supervisor('startProcess', 'nope'),
  supervisor('startProcess', 'nope:*'),
  supervisor('startProcess', 'gone'),
  supervisor('startProcess', 'gone:*'),
  supervisor('startProcess', 'dir'),
  supervisor('startProcess', 'plainfile'),
  supervisor('startProcess', 'quick'),
  supervisor('startProcess', 'pool:*'),
  supervisor('startProcessGroup', 'pool'),
  supervisor('startProcessGroup', 'nope'),
  supervisor('startProcess', 'off', false),
  supervisor('startProcess', 'off'),
  supervisor('startProcess', 'stubborn', 0),

  // Signals.
  ...['CONT', 'sigcont', ' 18 ', 18, { $double: 18.7 }, 'bla', '', 10_000, '18x'].map((signal) =>
    supervisor('signalProcess', 'cat', signal),
  ),
  supervisor('signalProcess', 'gone', 'CONT'),
  supervisor('signalProcess', 'gone:*', 'CONT'),
  supervisor('signalProcess', 'nope', 'CONT'),
  supervisor('signalProcessGroup', 'pool', 'CONT'),
  supervisor('signalProcessGroup', 'pool', 'bla'),
  supervisor('signalProcessGroup', 'nope', 'CONT'),
  supervisor('signalAllProcesses', 'CONT'),

  // Standard input and logs.
  supervisor('sendProcessStdin', 'cat', 'héllo\n'),
  supervisor('sendProcessStdin', 'cat', { $base64: 'd29ybGQK' }),
  supervisor('sendProcessStdin', 'cat', 5),
  supervisor('sendProcessStdin', 'nope', [1, 'a', true, { $double: 2.5 }, { a: 1 }]),
  supervisor('sendProcessStdin', 'gone', 'x'),
  supervisor('sendProcessStdin', 'nope', 'x'),
  supervisor('sendProcessStdin', 'pool:*', 'x'),
  supervisor('startProcess', 'cat'),
  supervisor('readProcessStdoutLog', 'off', 0, 0),
  supervisor('readProcessStdoutLog', 'nope', 0, 0),
  supervisor('readProcessStdoutLog', 'pool:*', 0, 0),
  supervisor('tailProcessStdoutLog', 'off', 0, 0),
  supervisor('tailProcessStdoutLog', 'nope', 0, 10),
  supervisor('tailProcessStderrLog', 'cat', 0, 10),
  supervisor('readLog', -1, 5),
  supervisor('readLog', 0, -5),
  supervisor('readLog', 10 ** 9, 5),
  supervisor('sendRemoteCommEvent', 'type', 'data'),
  supervisor('sendRemoteCommEvent', 5, true),

  // Groups.
  supervisor('addProcessGroup', 'cat'),
  supervisor('addProcessGroup', 'nope'),
  supervisor('removeProcessGroup', 'cat'),
  supervisor('removeProcessGroup', 'nope'),
  supervisor('removeProcessGroup', 'gone'),
  supervisor('removeProcessGroup', 'gone'),
  supervisor('getProcessInfo', 'gone'),
  supervisor('reloadConfig'),
  supervisor('getAllConfigInfo'),
  supervisor('addProcessGroup', 'gone'),
  supervisor('reloadConfig'),

  // Stopping.
  supervisor('stopProcess', 'gone'),
  supervisor('stopProcess', 'gone:*'),
  supervisor('stopProcess', 'nope'),
  supervisor('stopProcess', 'stubborn'),
  supervisor('getProcessInfo', 'stubborn'),
  supervisor('stopProcess', 'quick'),
  supervisor('stopProcessGroup', 'pool'),
  supervisor('stopProcessGroup', 'pool'),
  supervisor('stopProcessGroup', 'nope'),
  supervisor('stopProcess', 'off'),
  supervisor('stopProcess', 'cat', false),

  // Many in one.
  [
    'system.multicall',
    [
      [
        { methodName: 'supervisor.getState' },
        { methodName: 'supervisor.getState', params: [1] },
        { params: [] },
        { methodName: 'system.multicall' },
        { methodName: 'supervisor.startProcess', params: ['low'] },
        { methodName: 'supervisor.startProcess', params: ['pool:high'] },
        { methodName: 'supervisor.stopProcess', params: ['pool:high'] },
        { methodName: 'supervisor.getProcessInfo', params: ['pool:high'] },
        { methodName: 'x' },
        { methodName: 'supervisor.getState', params: 5 },
      ],
    ],
  ],
  supervisor('clearProcessLogs', 'pool:high'),
  supervisor('clearProcessLog', 'nope'),
  supervisor('clearProcessLogs', 'pool:*'),
  supervisor('clearAllProcessLogs'),
  supervisor('stopAllProcesses'),
  supervisor('getAllProcessInfo'),
  supervisor('clearLog'),

  // The end.
  supervisor('shutdown'),
];
