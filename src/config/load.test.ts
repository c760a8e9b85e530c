import { describe, expect, it } from 'vitest';

import {
  configFile,
  errorsOf,
  groupOf,
  load,
  processOf,
  programErrorsOf,
  settingsOf,
} from './world.fixture.ts';

describe('B1: parsing rules', () => {
  it('B1.4: a missing file', () => {
    const result = load('', { files: {} });
    expect(result.ok).toBe(false);
  });

  it('B1.5: [supervisord] has to be there', () => {
    const result = load('[program:p]\ncommand=cat\n');
    expect(result.ok ? [] : result.problems.map(({ message }) => message)).toEqual([
      '.ini file does not include supervisord section',
    ]);
  });

  it('B1.6: the first = or : separates, names are in any case', () => {
    expect(processOf('COMMAND : /bin/x = y:z').command).toBe('/bin/x = y:z');
  });

  it('B1.7: comments need a blank before them, even inside quotes', () => {
    expect(processOf('command=/bin/sh -c "a;b#c ; d"').command).toBe('/bin/sh -c "a;b#c');
  });

  it('B1.8: indented lines continue a value', () => {
    expect(processOf('command=/bin/x\n  --a\n\n\t--b').command).toBe('/bin/x\n--a\n\n--b');
  });

  it('B1.9: a repeated section is merged, later options win', () => {
    const text = '[program:p]\ncommand=a\nstartsecs=5\n[program:q]\ncommand=q\n[program:p]\ncommand=b\n';
    const [process] = groupOf(text).processes;
    expect(process).toMatchObject({ command: 'b', startSecs: 5 });
  });

  it('B1.10: [DEFAULT] options belong to all sections, plugins included', () => {
    const settings = settingsOf(
      '[DEFAULT]\nstartsecs=7\n[program:p]\ncommand=a\n[rpcinterface:x]\nsupervisor.rpcinterface_factory=a:b\n',
    );
    expect(settings.groups[0]?.processes[0]?.startSecs).toBe(7);
    expect(settings.rpcInterfaces[0]?.options).toEqual({ startsecs: '7' });
  });

  it('B1.11: unknown options and sections are accepted with a warning', () => {
    const result = load('[supervisord]\nlogfil=x\n[porgram:p]\n');
    expect(result.ok).toBe(true);
    expect(result.problems).toMatchObject([
      { severity: 'warning', line: 2, option: 'logfil', expected: 'a known option, such as logfile' },
      {
        severity: 'warning',
        line: 3,
        section: 'porgram:p',
        expected: 'a known section, such as [program:name]',
      },
    ]);
  });

  it('B1.12: quotes are part of ordinary values', () => {
    expect(settingsOf('identifier="x"').daemon.identifier).toBe('"x"');
  });

  it('B1.13: ~ stands for a home directory, $VAR for nothing', () => {
    const { daemon } = settingsOf('logfile=~/a.log\npidfile=~web/$X.pid\ndirectory=~\n');
    expect(daemon).toMatchObject({
      logfile: '/root/a.log',
      pidfilePath: '/home/web/$X.pid',
      directory: '/root',
    });
  });

  it('B1.18: names have no blank, colon or slash in them', () => {
    expect(errorsOf('[program:a/b]\ncommand=cat\n')).toEqual([
      "Invalid name: 'a/b' because of character: '/'",
    ]);
    expect(groupOf('[program: p ]\ncommand=cat\n').name).toBe('p');
  });

  it('B1.19: directories of logs and pidfile have to exist, that of a program need not', () => {
    const text = 'logfile=/nonexistent/a\npidfile=/nonexistent/b\nchildlogdir=/nonexistent\n';
    expect(errorsOf(text)).toEqual([
      'The directory named as part of the path /nonexistent/a does not exist',
      'The directory named as part of the path /nonexistent/b does not exist',
      '/nonexistent is not an existing directory',
    ]);
    expect(processOf('directory=/nonexistent').directory).toBe('/nonexistent');
  });

  it('B1.20: errors of programs name the section and the file that has it first', () => {
    const files = { '/etc/app/more.ini': '[program:p]\ncommand=cat\nautostart=x\n' };
    expect(errorsOf('[include]\nfiles=*.ini\n', { files })).toEqual([
      "not a valid boolean value: 'x' in section 'program:p' (file: '/etc/app/more.ini')",
    ]);
  });

  it('B1.21: warnings of the original are kept in its order', () => {
    const settings = settingsOf(
      '[include]\nfiles=no.ini\n[program:p]\ncommand=cat\nstdout_logfile=syslog\nstderr_logfile_maxbytes=0\n',
    );
    expect(settings.warnings).toEqual([
      'No file matches via include "/etc/app/no.ini"',
      'For [program:p], stdout_logfile=syslog but this is deprecated and will be removed.  Use stdout_syslog=true to enable syslog instead.',
      'For [program:p], AUTO logging used for stderr_logfile without rollover, set maxbytes > 0 to avoid filling up filesystem unintentionally',
    ]);
  });

  it('all errors are found, each with its place, the first of the original first', () => {
    const result = load(
      '[inet_http_server]\nport=x\n[supervisord]\nminfds=many\n[program:p]\nautostart=maybe\npriority=high\n[group:g]\nprograms=nope\n',
    );
    expect(result.problems.map(({ file, line, option, message }) => [file, line, option, message])).toEqual([
      [configFile, 4, 'minfds', "invalid literal for int() with base 10: 'many'"],
      [configFile, 9, 'programs', '[group:g] names unknown program or fcgi-program nope'],
      [configFile, 7, 'priority', "invalid literal for int() with base 10: 'high'"],
      [
        configFile,
        6,
        'autostart',
        `not a valid boolean value: 'maybe' in section 'program:p' (file: '${configFile}')`,
      ],
      [
        configFile,
        5,
        null,
        `program section program:p does not specify a command in section 'program:p' (file: '${configFile}')`,
      ],
      [configFile, 2, 'port', "not a valid port number: 'x' "],
    ]);
  });

  it('reading goes on behind lines that are no options', () => {
    const result = load('[supervisord]\njunk\nminfds=x\n');
    expect(result.problems.map(({ message }) => message)).toEqual([
      `Source contains parsing errors: '${configFile}'\n\t[line  2]: 'junk\\n'`,
      "invalid literal for int() with base 10: 'x'",
    ]);
  });
});

describe('B2: expansions', () => {
  it('B2.1: widths and %% work, a lone % does not', () => {
    expect(processOf('command=x %(process_num)03d 5%%').command).toBe('x 000 5%');
    expect(programErrorsOf('directory=5%')).toEqual([
      "Format string '5%' for 'program:p.directory' is badly formatted: incomplete format",
    ]);
  });

  it('B2.2: an unknown name is named with the closest known one, and nothing is leaked', () => {
    const result = load('[supervisord]\nidentifier=%(ENV_LANGG)s\n', {
      assumptions: { env: { LANG: 'C', SECRET: 'x' } },
    });
    expect(result.problems).toMatchObject([
      {
        message:
          "Format string '%(ENV_LANGG)s' for 'supervisord.identifier' contains names ('ENV_LANGG') which cannot be expanded.",
        expected: 'a known name; the closest is ENV_LANG',
      },
    ]);
    expect(JSON.stringify(result)).not.toContain('SECRET');
  });

  it('B2.3: environment variables are known everywhere', () => {
    const text = '[inet_http_server]\nport=%(ENV_P)s\n[group:g]\npriority=%(ENV_N)s\n';
    const settings = settingsOf(text, { assumptions: { env: { P: '127.0.0.1:1', N: '5' } } });
    expect(settings.httpServers).toMatchObject([{ port: 1 }]);
    expect(settings.groups).toMatchObject([{ priority: 5 }]);
  });

  it('B2.4: here is the directory of the file that has the section', () => {
    const files = { '/etc/app/sub/p.ini': '[program:b]\ncommand=%(here)s\n' };
    const settings = settingsOf('[include]\nfiles=sub/p.ini\n[program:a]\ncommand=%(here)s\n', { files });
    expect(settings.groups.map((group) => group.processes[0]?.command)).toEqual(['/etc/app', '/etc/app/sub']);
  });

  it('B2.5, B2.6: names of host, program, group and process', () => {
    const text =
      '[program:p]\ncommand=%(host_node_name)s %(program_name)s %(group_name)s %(process_num)d/%(numprocs)d\n[group:g]\nprograms=p\n';
    expect(groupOf(text).processes[0]?.command).toBe('box p g 0/1');
  });

  it('B2.7: variables of the daemon and of the program itself are known', () => {
    const text =
      'environment=A="1"\n[program:p]\ncommand=%(ENV_A)s %(ENV_B)s\nprocess_name=%(process_num)d\nnumprocs=2\nenvironment=B="%(process_num)d"\n';
    expect(groupOf(text).processes.map(({ command }) => command)).toEqual(['1 0', '1 1']);
    expect(groupOf(text).processes[0]?.environment).toEqual({ A: '1', B: '0' });
  });

  it('B2.7: the program’s variables leak to its later numbers', () => {
    const text =
      '[program:p]\ncommand=x\nprocess_name=%(process_num)d\nnumprocs=2\nenvironment=B="%(process_num)d",C="%(ENV_B)s"\n';
    const assumptions = { env: {} };
    // The first number does not know B yet.
    expect(errorsOf(text, { assumptions })).toHaveLength(1);
  });

  it('B2.8: what was expanded is not expanded again', () => {
    expect(processOf('directory=%(ENV_X)s', { assumptions: { env: { X: '%(here)s' } } }).directory).toBe(
      '%(here)s',
    );
  });
});

describe('B3, B4: servers', () => {
  it('B3.1, B3.2: a Unix socket with its owner and mode', () => {
    const [server] = settingsOf(
      '[unix_http_server]\nfile=%(here)s/../s\nchown=0:0\nchmod=0770\n',
    ).httpServers;
    expect(server).toMatchObject({ family: 'unix', file: '/etc/s', chown: [0, 0], chmod: 0o770 });
    const [plain] = settingsOf('[unix_http_server:x]\nfile=s\n').httpServers;
    expect(plain).toMatchObject({ name: 'x', file: '/home/me/s', chown: [-1, -1], chmod: 0o700 });
    expect(errorsOf('[unix_http_server]\nchown=nosuch\n')).toEqual([
      'section [unix_http_server] has no file value',
      'Invalid sockchown value nosuch',
    ]);
  });

  it('B3.3: username and password come together', () => {
    expect(errorsOf('[inet_http_server]\nport=1\npassword=x\n')).toEqual([
      'Section [inet_http_server] contains incomplete authentication: If a username or a password is specified, both the username and password must be specified',
    ]);
    const [server] = settingsOf('[inet_http_server]\nport=1\nusername=\npassword=\n').httpServers;
    expect(server?.credentials).toEqual({ username: '', password: '' });
  });

  it.each([
    ['9001', '', 9001],
    ['Host:1', 'host', 1],
    ['*:2', '', 2],
    [':3', '', 3],
    ['[::1]:4', '[::1]', 4],
  ])('B4.1: port=%s', (port, host, number) => {
    expect(settingsOf(`[inet_http_server]\nport=${port}\n`).httpServers).toMatchObject([
      { host, port: number },
    ]);
  });

  it.each([
    ['0', "not a valid port number: '0' "],
    ['h:0', '0 is below lower bound (1)'],
    ['h:65536', '65536 is above upper bound (65535)'],
    ['h:', "no port number specified in ''"],
  ])('B4.1: port=%s is refused', (port, message) => {
    expect(errorsOf(`[inet_http_server]\nport=${port}\n`)).toEqual([message]);
  });

  it('children are told of the first Unix server, or else of the last one on TCP', () => {
    const tcp = '[inet_http_server:a]\nport=:1\n[inet_http_server:b]\nport=h:2\n';
    const unix = '[unix_http_server:a]\nfile=/a\n[unix_http_server:b]\nfile=/b\n';
    expect(settingsOf(tcp).daemon.serverUrl).toBe('http://h:2');
    expect(settingsOf(tcp + unix).daemon.serverUrl).toBe('unix:///a');
    expect(settingsOf('').daemon.serverUrl).toBeNull();
  });
});

describe('B5: [supervisord]', () => {
  it('B5.1 to B5.8: defaults', () => {
    expect(settingsOf('').daemon).toEqual({
      logfile: 'supervisord.log',
      logfilePath: '/home/me/supervisord.log',
      logfileMaxBytes: 50 * 1024 * 1024,
      logfileBackups: 10,
      logLevel: 'info',
      pidfile: 'supervisord.pid',
      pidfilePath: '/home/me/supervisord.pid',
      umask: 0o22,
      nodaemon: false,
      silent: false,
      minfds: 1024,
      minprocs: 200,
      directory: null,
      user: null,
      uid: null,
      gid: null,
      identifier: 'supervisor',
      childLogDir: '/tmp',
      nocleanup: false,
      stripAnsi: false,
      environment: {},
      serverUrl: null,
    });
  });

  it('B5.1: syslog is no path', () => {
    expect(settingsOf('logfile=syslog').daemon.logfilePath).toBe('syslog');
  });

  it('B5.3: warning is not a level', () => {
    expect(errorsOf('loglevel=warning')).toEqual(["bad logging level name 'warning'"]);
  });

  it('B5.7: the user is looked up last', () => {
    expect(errorsOf('user=nosuch\nminfds=x')).toEqual([
      "invalid literal for int() with base 10: 'x'",
      'Invalid user name nosuch',
    ]);
    expect(settingsOf('user=root').daemon).toMatchObject({ uid: 0, gid: 0 });
  });

  it('B5.9: %% works in the environment', () => {
    expect(settingsOf('environment=A="5%%",B="%(here)s"').daemon.environment).toEqual({
      A: '5%',
      B: '/etc/app',
    });
  });

  it('B12.1: the command line beats the file, which is checked all the same', () => {
    const overrides = { logfile: '/tmp/x', nodaemon: true, user: 'root' };
    const { daemon } = settingsOf('logfile=/tmp/y\nuser=nosuch\n', { overrides });
    expect(daemon).toMatchObject({ logfilePath: '/tmp/x', nodaemon: true, uid: 0 });
    expect(errorsOf('logfile=/nonexistent/y\n', { overrides })).toHaveLength(1);
  });
});

describe('B7: [program:x]', () => {
  it('B7.2 to B7.11: defaults', () => {
    const stream = {
      logfile: { kind: 'auto' },
      logfileMaxBytes: 50 * 1024 * 1024,
      logfileBackups: 10,
      captureMaxBytes: 0,
      eventsEnabled: false,
      syslog: false,
    };
    expect(processOf('')).toEqual({
      kind: 'program',
      name: 'p',
      command: '/bin/cat',
      directory: null,
      umask: null,
      priority: 999,
      autostart: true,
      autorestart: 'unexpected',
      startSecs: 1,
      startRetries: 3,
      uid: null,
      stdout: stream,
      stderr: stream,
      stopSignal: 15,
      stopWaitSecs: 10,
      stopAsGroup: false,
      killAsGroup: false,
      exitCodes: [0],
      redirectStderr: false,
      environment: {},
      serverUrl: null,
    });
  });

  it('B7.1: a command has to be given', () => {
    expect(errorsOf('[program:p]\n')).toEqual([
      `program section program:p does not specify a command in section 'program:p' (file: '${configFile}')`,
    ]);
  });

  it('B7.2: several processes need their number in their name', () => {
    expect(programErrorsOf('numprocs=2')).toEqual([
      '%(process_num) must be present within process_name when numprocs > 1',
    ]);
    const names = (options: string): (string | undefined)[] =>
      groupOf(`[program:p]\ncommand=cat\n${options}`).processes.map(({ name }) => name);
    expect(names('numprocs=0')).toEqual([]);
    expect(names('numprocs=-1')).toEqual([]);
    expect(names('numprocs=3\nnumprocs_start=9\nprocess_name=x%(process_num)d')).toEqual([
      'x10',
      'x11',
      'x9',
    ]);
  });

  it('B7.2: a mistaken number of processes is refused at once', () => {
    expect(programErrorsOf('numprocs=1000000000\nprocess_name=%(process_num)d')).toEqual([
      'cannot run 1000000000 processes of one program',
    ]);
  });

  it('B7.3: groups go by priority, then name', () => {
    const text = ['b 5', 'a 5', 'c 1'].map((row) => {
      const [name = '', priority = ''] = row.split(' ');
      return `[program:${name}]\ncommand=x\npriority=${priority}\n`;
    });
    expect(settingsOf(text.join('')).groups.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });

  it('B7.6: stopasgroup implies killasgroup, and cannot go without it', () => {
    expect(processOf('stopasgroup=true')).toMatchObject({ stopAsGroup: true, killAsGroup: true });
    expect(processOf('killasgroup=true')).toMatchObject({ stopAsGroup: false, killAsGroup: true });
    expect(programErrorsOf('stopasgroup=true\nkillasgroup=false')).toEqual([
      'Cannot set stopasgroup=true and killasgroup=false',
    ]);
  });

  it('B7.7: the user has to exist', () => {
    expect(processOf('user=0').uid).toBe(0);
    expect(programErrorsOf('user=nosuch')).toEqual(['Invalid user name nosuch']);
    expect(programErrorsOf('user=70000')).toEqual(['Invalid user id 70000']);
  });

  it('B7.8: redirect_stderr drops the stderr log', () => {
    const settings = settingsOf('[program:p]\ncommand=x\nredirect_stderr=true\nstderr_logfile=/tmp/e\n');
    expect(settings.groups[0]?.processes[0]?.stderr.logfile).toEqual({ kind: 'none' });
    expect(settings.warnings).toEqual([
      'For [program:p], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored',
    ]);
  });

  it.each([
    ['AUTO', { kind: 'auto' }],
    ['None', { kind: 'none' }],
    ['off', { kind: 'none' }],
    ['/dev/fd/1', { kind: 'path', path: '/dev/fd/1' }],
    ['/tmp/%(program_name)s%%%%', { kind: 'path', path: '/tmp/p%' }],
  ])('B7.9: stdout_logfile=%s', (value, logfile) => {
    expect(processOf(`stdout_logfile=${value}`).stdout.logfile).toEqual(logfile);
  });

  it('B7.9: syslog as a file name sets the option', () => {
    expect(processOf('stderr_logfile=SysLog').stderr).toMatchObject({
      logfile: { kind: 'none' },
      syslog: true,
    });
  });
});

describe('B8: [group:x]', () => {
  const programs = '[program:a]\ncommand=a\npriority=2\n[program:b]\ncommand=b\npriority=1\n';

  it('B8.1, B8.2: grouped programs lose their own group, and may be in two', () => {
    const settings = settingsOf(`${programs}[group:g]\nprograms=a, b\npriority=7\n[group:h]\nprograms=a\n`);
    expect(
      settings.groups.map(({ name, priority, processes }) => [name, priority, processes.length]),
    ).toEqual([
      ['g', 7, 2],
      ['h', 999, 1],
    ]);
  });

  it('B8.1: unknown and ambiguous names', () => {
    // Compat: the second message calls the group by the program before.
    expect(errorsOf(`${programs}[group:g]\nprograms=a,x\n`)).toEqual([
      '[program:a] names unknown program or fcgi-program x',
    ]);
    const twice =
      '[program:f]\ncommand=x\n[fcgi-program:f]\ncommand=x\nsocket=unix:///f\n[group:g]\nprograms=f\n';
    expect(errorsOf(twice)).toEqual(['[group:g] name f is ambiguous (exists as program and fcgi-program)']);
  });
});

describe('B9: [fcgi-program:x]', () => {
  const socketOf = (options: string): unknown => {
    const group = groupOf(`[fcgi-program:f]\ncommand=x\n${options}`);
    return group.kind === 'fcgi-program' ? group.socket : null;
  };

  it('B9.1: sockets by path and by port', () => {
    expect(socketOf('socket=unix:///run//x/../%(program_name)s')).toEqual({
      kind: 'unix',
      url: 'unix:///run/f',
      path: '/run/f',
      mode: 0o700,
      owner: null,
      backlog: null,
    });
    expect(socketOf('socket=tcp://Host:9000\nsocket_backlog=5')).toEqual({
      kind: 'tcp',
      url: 'tcp://host:9000',
      host: 'host',
      port: 9000,
      backlog: 5,
    });
  });

  it.each([
    ['', '[fcgi-program:f] section requires a "socket" line'],
    ['socket=unix://x', "('Unix socket path %s is not an absolute path', 'x') in [fcgi-program:f] socket"],
    ['socket=x', "('Bad socket format %s', 'x') in [fcgi-program:f] socket"],
    ['socket=tcp://h:0', '0 is below lower bound (1) in [fcgi-program:f] socket'],
    ['socket=tcp://h:1\nsocket_backlog=0', 'Invalid socket_backlog value 0'],
  ])('B9.1, B9.2: %j is refused', (options, message) => {
    expect(errorsOf(`[fcgi-program:f]\ncommand=x\n${options}`)).toEqual([message]);
  });

  it('B9.2: the socket belongs to the user of the program', () => {
    expect(socketOf('socket=unix:///f\nuser=1000')).toMatchObject({ owner: [1000, 1000] });
    expect(socketOf('socket=unix:///f\nuser=root')).toMatchObject({ owner: null });
    expect(socketOf('socket=unix:///f\nuser=1000\nsocket_owner=5:6')).toMatchObject({ owner: [5, 6] });
  });
});

describe('B10: [eventlistener:x]', () => {
  it('B10.1, B10.2: a pool with its defaults', () => {
    expect(groupOf('[eventlistener:l]\ncommand=x\nevents=tick_5, PROCESS_STATE,Tick_5\n')).toMatchObject({
      kind: 'eventlistener',
      name: 'l',
      priority: -1,
      bufferSize: 10,
      events: ['TICK_5', 'PROCESS_STATE'],
      resultHandler: { name: 'supervisor.dispatchers:default_handler', directory: '/etc/app' },
    });
  });

  it.each([
    ['', '[eventlistener:l] section requires an "events" line'],
    ['events=TICK,', 'Unknown event type  in [eventlistener:l] events'],
    ['events=TICK\nbuffer_size=0', '[eventlistener:l] section sets invalid buffer_size (0)'],
    [
      'events=TICK\nresult_handler=nosuch.a:b',
      "nosuch.a:b cannot be resolved within [eventlistener:l]: No module named 'nosuch'",
    ],
    [
      'events=TICK\nredirect_stderr=on',
      '[eventlistener:l] section sets redirect_stderr=true but this is not allowed because it will interfere with the eventlistener protocol',
    ],
  ])('B10.1, B10.2: %j is refused', (options, message) => {
    expect(errorsOf(`[eventlistener:l]\ncommand=x\n${options}`)).toEqual([message]);
  });

  it('B10.3: numprocs members share one pool', () => {
    const text = '[eventlistener:l]\ncommand=x\nevents=TICK\nnumprocs=2\nprocess_name=%(process_num)d\n';
    expect(groupOf(text).processes.map(({ kind, name }) => [kind, name])).toEqual([
      ['eventlistener', '0'],
      ['eventlistener', '1'],
    ]);
  });
});

describe('B11: [include] and plugins', () => {
  const files = {
    '/etc/app/b.ini': '[program:b]\ncommand=b\n[include]\nfiles=/etc/app/c.txt\n',
    '/etc/app/a.ini': '[program:a]\ncommand=a\n',
    '/etc/app/c.txt': '[program:c]\ncommand=c\n',
  };

  it('B11.1: patterns, in alphabetical order; included files include nothing', () => {
    const settings = settingsOf('[include]\nfiles=*.ini no/*\n', { files });
    expect(settings.groups.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(settings.infos).toEqual([
      'Included extra file "/etc/app/a.ini" during parsing',
      'Included extra file "/etc/app/b.ini" during parsing',
    ]);
    expect(settings.warnings).toEqual(['No file matches via include "/etc/app/no/*"']);
    expect(errorsOf('[include]\n')).toEqual(['.ini file has [include] section, but no files setting']);
  });

  it('B11.2: a bad included file is an error', () => {
    const bad = { '/etc/app/x.ini': '[program:x]\njunk\n' };
    expect(errorsOf('[include]\nfiles=x.ini\n', { files: bad })[0]).toBe(
      "Source contains parsing errors: '/etc/app/x.ini'\n\t[line  2]: 'junk\\n'",
    );
  });

  it('B11.3: interfaces with their options', () => {
    const text = '[rpcinterface:x]\nsupervisor.rpcinterface_factory=a:b\nKey=%(ENV_HOME)s\n';
    expect(settingsOf(text).rpcInterfaces).toEqual([
      { name: 'x', factory: { name: 'a:b', directory: '/etc/app' }, options: { key: '/root' } },
    ]);
    expect(errorsOf('[rpcinterface:x]\n')).toEqual([
      'section [rpcinterface:x] does not specify a supervisor.rpcinterface_factory',
    ]);
  });
});

describe('origins', () => {
  it('tell where a setting stands', () => {
    const result = load('[supervisord]\n[program:p]\ncommand=x\nstartsecs=5\n');
    if (!result.ok) {
      throw new Error('cannot load');
    }
    const { origins, settings } = result;
    const process = settings.groups[0]?.processes[0] ?? {};
    expect(origins.sectionOf(process)).toBe('program:p');
    expect(origins.of('program:p', 'startsecs')).toEqual({ file: configFile, line: 4, exact: null });
    expect(origins.of('program:p', 'priority')).toBeNull();
  });
});
