/** Ways in which a configuration can change, and whether that is a change, is for the original to say. */

/** What a configuration has besides servers and paths. */
export interface ConfigText {
  /** Lines of `[supervisord]`. */
  readonly daemon?: string;
  readonly sections: string;
  /** A file that is included. */
  readonly included?: string;
}

export interface Change {
  readonly title: string;
  readonly before: ConfigText;
  readonly after: ConfigText;
}

/** Nothing is ever started, so that going through them is quick. */
function program(name: string, options = ''): string {
  return `[program:${name}]\ncommand=/bin/sleep 1000\nautostart=false\n${options}\n`;
}

const pool = (options: string): string =>
  `[eventlistener:l]\ncommand=/bin/cat\nautostart=false\n${options}\n`;
const fcgi = (options: string): string => `[fcgi-program:f]\ncommand=/bin/cat\nautostart=false\n${options}\n`;
const many = (options: string): string => program('m', `process_name=m%(process_num)d\n${options}`);
const group = (name: string, programs: string, options = ''): string =>
  `[group:${name}]\nprograms=${programs}\n${options}\n`;

function option(line: string): Change {
  return {
    title: line.split('=')[0] ?? line,
    before: { sections: program('p') + program('other') },
    after: { sections: program('p', line) + program('other') },
  };
}

function sections(title: string, before: string, after: string): Change {
  return { title, before: { sections: before }, after: { sections: after } };
}

const options = [
  'priority=5',
  'startsecs=7',
  'startretries=8',
  'autorestart=true',
  'exitcodes=0,2',
  'stopsignal=HUP',
  'stopwaitsecs=11',
  'stopasgroup=true',
  'killasgroup=true',
  'user=0',
  'redirect_stderr=true',
  'stdout_logfile_maxbytes=1MB',
  'stdout_logfile_backups=2',
  'stdout_capture_maxbytes=3',
  'stdout_events_enabled=true',
  'stdout_syslog=true',
  'stderr_logfile_maxbytes=1MB',
  'stderr_logfile_backups=2',
  'stderr_capture_maxbytes=3',
  'stderr_events_enabled=true',
  'stderr_syslog=true',
  'environment=A="1"',
  'directory=/tmp',
  'umask=027',
  'serverurl=http://localhost:1',
].map(option);

const logs = [
  sections('AUTO to a file', program('p'), program('p', 'stdout_logfile=%(here)s/a')),
  sections('a file to AUTO', program('p', 'stderr_logfile=%(here)s/a'), program('p')),
  sections(
    'a file to another',
    program('p', 'stdout_logfile=%(here)s/a'),
    program('p', 'stdout_logfile=%(here)s/b'),
  ),
  sections('AUTO to NONE', program('p'), program('p', 'stdout_logfile=NONE')),
  sections('a file to NONE', program('p', 'stderr_logfile=%(here)s/a'), program('p', 'stderr_logfile=NONE')),
  sections(
    'AUTO with another option beside it',
    program('p'),
    program('p', 'stdout_logfile=%(here)s/a\npriority=3'),
  ),
];

const memberships = [
  sections('added, changed, removed', program('b') + program('a'), program('c') + program('b', 'umask=1')),
  sections('more processes', many('numprocs=2'), many('numprocs=3')),
  sections('fewer processes', many('numprocs=3'), many('numprocs=1')),
  sections('no process', many('numprocs=1'), many('numprocs=0')),
  sections('other numbers', many('numprocs=2'), many('numprocs=2\nnumprocs_start=1')),
  sections('another name for the process', program('p'), program('p', 'process_name=q')),
  sections(
    'the number of processes in the environment',
    many('numprocs=2\nenvironment=N="%(numprocs)s"'),
    many('numprocs=3\nenvironment=N="%(numprocs)s"'),
  ),
  sections('into a group', program('a') + program('b'), program('a') + program('b') + group('g', 'a,b')),
  sections('out of a group', program('a') + program('b') + group('g', 'a,b'), program('a') + program('b')),
  sections(
    'one more in a group',
    program('a') + program('b') + group('g', 'a'),
    program('a') + program('b') + group('g', 'a,b'),
  ),
  sections(
    'another order in a group',
    program('a') + program('b') + group('g', 'a,b'),
    program('a') + program('b') + group('g', 'b,a'),
  ),
  sections(
    'between groups',
    program('a') + program('b') + group('g', 'a') + group('h', 'b'),
    program('a') + program('b') + group('g', 'b') + group('h', 'a'),
  ),
  sections(
    'priority of a group',
    program('a') + group('g', 'a'),
    program('a') + group('g', 'a', 'priority=3'),
  ),
  sections('order of the sections', program('a') + program('b'), program('b') + program('a')),
  sections('a program becomes a listener', program('l'), pool('events=TICK_5')),
  sections('a program becomes a FastCGI program', program('f'), fcgi('socket=unix://%(here)s/f')),
];

const kinds = [
  sections('buffer_size', pool('events=TICK_5'), pool('events=TICK_5\nbuffer_size=3')),
  sections('events', pool('events=TICK_5'), pool('events=TICK_5,TICK_60')),
  sections('order of events', pool('events=TICK_5,TICK_60'), pool('events=TICK_60,tick_5')),
  sections('priority of a pool', pool('events=TICK_5'), pool('events=TICK_5\npriority=4')),
  sections('command of a listener', pool('events=TICK_5'), pool('events=TICK_5\ndirectory=/tmp')),
  sections('address of a socket', fcgi('socket=unix://%(here)s/f'), fcgi('socket=unix://%(here)s/g')),
  sections('kind of a socket', fcgi('socket=unix://%(here)s/f'), fcgi('socket=tcp://localhost:1')),
  sections(
    'mode of a socket',
    fcgi('socket=unix://%(here)s/f'),
    fcgi('socket=unix://%(here)s/f\nsocket_mode=0777'),
  ),
  sections(
    'owner of a socket',
    fcgi('socket=unix://%(here)s/f'),
    fcgi('socket=unix://%(here)s/f\nsocket_owner=root:root'),
  ),
];

const surroundings: readonly Change[] = [
  {
    title: 'environment of the daemon',
    before: { sections: program('a') + program('b', 'environment=V="own"') },
    after: { daemon: 'environment=V="1"', sections: program('a') + program('b', 'environment=V="own"') },
  },
  {
    title: 'other settings of the daemon',
    before: { sections: program('a') },
    after: { daemon: 'loglevel=debug\nidentifier=other\nstrip_ansi=true', sections: program('a') },
  },
  {
    title: 'an included file that changes',
    before: { sections: program('a'), included: program('i') },
    after: { sections: program('a'), included: program('i', 'umask=1') + program('j') },
  },
  {
    title: 'an included file that goes',
    before: { sections: program('a'), included: program('i') },
    after: { sections: program('a') },
  },
  {
    title: 'a program that moves to an included file',
    before: { sections: program('a') + program('i') },
    after: { sections: program('a'), included: program('i') },
  },
];

/** Nothing of such a file is used. */
const broken: readonly Change[] = (
  [
    ['no command', { sections: '[program:x]\n' }],
    ['a value that is none', { sections: program('a', 'numprocs=x') }],
    ['no file any more', { sections: 'not a section\n' }],
    ['an expansion of nothing', { sections: program('a', 'directory=%(nothing)z') }],
    ['a group of unknown programs', { sections: group('g', 'nosuch') }],
    ['an unknown event', { sections: pool('events=NO_SUCH') }],
    ['a socket that is none', { sections: fcgi('socket=nowhere') }],
    ['an included file', { sections: program('b'), included: '[program:i]\nnumprocs=2\ncommand=x\n' }],
    ['the daemon itself', { daemon: 'loglevel=loud', sections: program('b') }],
  ] as const
).map(([title, after]) => ({ title: `broken: ${title}`, before: { sections: program('a') }, after }));

export const changes: readonly Change[] = [
  ...options,
  ...logs,
  ...memberships,
  ...kinds,
  ...surroundings,
  ...broken,
];
