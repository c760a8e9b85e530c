/** Every method with every kind of argument in every place, and with too few and too many. */
import type { Call } from './calls.ts';

/** One that runs and one that does not; nothing of what is called here changes that before the last calls. */
export const programs = `
[program:run]
command=/bin/sleep 1000
startsecs=0
stdout_logfile=%(here)s/run.out
stderr_logfile=%(here)s/run.err

[program:off]
command=/bin/sleep 1000
startsecs=0
autostart=false
`;

/** Arguments that each method takes. */
const methods: Readonly<Record<string, readonly unknown[]>> = {
  'supervisor.getAPIVersion': [],
  'supervisor.getVersion': [],
  'supervisor.getSupervisorVersion': [],
  'supervisor.getIdentification': [],
  'supervisor.getState': [],
  'supervisor.getPID': [],
  'supervisor.readLog': [0, 10],
  'supervisor.readMainLog': [0, 10],
  'supervisor.clearLog': [],
  'supervisor.shutdown': [],
  'supervisor.restart': [],
  'supervisor.reloadConfig': [],
  'supervisor.addProcessGroup': ['run'],
  'supervisor.removeProcessGroup': ['run'],
  'supervisor.startProcess': ['run', true],
  'supervisor.startProcessGroup': ['run', true],
  'supervisor.startAllProcesses': [true],
  'supervisor.stopProcess': ['off', true],
  'supervisor.stopProcessGroup': ['off', true],
  'supervisor.stopAllProcesses': [true],
  'supervisor.signalProcess': ['off', 'CONT'],
  'supervisor.signalProcessGroup': ['off', 'CONT'],
  'supervisor.signalAllProcesses': ['CONT'],
  'supervisor.getAllConfigInfo': [],
  'supervisor.getProcessInfo': ['run'],
  'supervisor.getAllProcessInfo': [],
  'supervisor.readProcessStdoutLog': ['run', 0, 10],
  'supervisor.readProcessLog': ['run', 0, 10],
  'supervisor.readProcessStderrLog': ['run', 0, 10],
  'supervisor.tailProcessStdoutLog': ['run', 0, 10],
  'supervisor.tailProcessLog': ['run', 0, 10],
  'supervisor.tailProcessStderrLog': ['run', 0, 10],
  'supervisor.clearProcessLogs': ['run'],
  'supervisor.clearProcessLog': ['run'],
  'supervisor.clearAllProcessLogs': [],
  'supervisor.sendProcessStdin': ['off', 'text'],
  'supervisor.sendRemoteCommEvent': ['type', 'data'],
  'system.listMethods': [],
  'system.methodHelp': ['supervisor.getState'],
  'system.methodSignature': ['supervisor.getState'],
  'system.multicall': [[]],
};

export const methodNames: readonly string[] = Object.keys(methods);

/** Every method with arguments that it takes. */
export const fittingCalls: readonly Call[] = Object.entries(methods);

/** A value of each type, and texts and numbers at the edges. */
const values: readonly unknown[] = [
  0,
  1,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  true,
  false,
  '',
  'nosuch',
  'off',
  '5',
  ' 5 ',
  'größer 漢字 😀',
  { $double: 1.5 },
  { $double: 1e300 },
  { $double: -0.5 },
  null,
  [],
  [1, 'a'],
  [[[[]]]],
  {},
  { a: { b: [1] } },
  { $base64: 'b2Zm' },
  { $base64: '/w==' },
  { $date: '20260131T12:30:00' },
];

/** These would change what the others meet. */
const lastOnly: ReadonlySet<string> = new Set([
  'supervisor.shutdown',
  'supervisor.restart',
  'supervisor.startAllProcesses',
  'supervisor.stopAllProcesses',
  'supervisor.signalAllProcesses',
]);

function callsOf(method: string, fitting: readonly unknown[]): readonly Call[] {
  const counts = [...fitting.keys(), fitting.length, fitting.length + 1].map((count): Call => [
    method,
    [...fitting, 'more'].slice(0, count),
  ]);
  const places = fitting.flatMap((_, place) =>
    values.map((value): Call => [method, fitting.with(place, value)]),
  );
  return [...counts, ...places];
}

export const calls: readonly Call[] = [
  ...Object.entries(methods)
    .filter(([method]) => !lastOnly.has(method))
    .flatMap(([method, fitting]) => callsOf(method, fitting)),
  ['supervisor.signalAllProcesses'],
  ['supervisor.signalAllProcesses', ['CONT', 1]],
  ...['CONT', '18', 18, 'nosuch', ''].map((signal): Call => ['supervisor.signalAllProcesses', [signal]]),
  ['supervisor.startAllProcesses', [true, 1]],
  ['supervisor.stopAllProcesses', [true, 1]],
  ['supervisor.startAllProcesses', [{}]],
  ['supervisor.stopAllProcesses', ['yes']],
  ['supervisor.startAllProcesses'],
  // Answered before they have stopped: nothing more is asked of them.
  ['supervisor.stopAllProcesses', [[]]],
  ['supervisor.restart', [1]],
  ['supervisor.shutdown', [1]],
  ['supervisor.shutdown'],
];
