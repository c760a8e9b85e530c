/** Made-up configuration files: mostly sensible ones, with all the oddities that the format allows. */
import fc from 'fast-check';

/** Picks one of `usual` most of the time, and now and then one of `odd`. */
function mostly(usual: readonly string[], odd: readonly string[], oddWeight = 1): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 48, arbitrary: fc.constantFrom(...usual) },
    { weight: oddWeight, arbitrary: fc.constantFrom(...odd) },
  );
}

const name = mostly(['a', 'b', 'c', 'web', 'Ünï', 'p-1'], [' a', 'a b', 'x/y', 'x:y', '', '%(here)s', 'é ']);

const header = fc.oneof(
  { weight: 6, arbitrary: fc.constant('supervisord') },
  { weight: 10, arbitrary: name.map((text) => `program:${text}`) },
  { weight: 3, arbitrary: name.map((text) => `group:${text}`) },
  { weight: 3, arbitrary: name.map((text) => `eventlistener:${text}`) },
  { weight: 3, arbitrary: name.map((text) => `fcgi-program:${text}`) },
  { weight: 2, arbitrary: fc.constantFrom('inet_http_server', 'inet_http_server:n', 'inet_http_serverx') },
  { weight: 2, arbitrary: fc.constantFrom('unix_http_server', 'unix_http_server:n') },
  { weight: 2, arbitrary: fc.constantFrom('rpcinterface:supervisor', 'rpcinterface:x') },
  { weight: 2, arbitrary: fc.constant('include') },
  { weight: 2, arbitrary: fc.constantFrom('DEFAULT', 'Supervisord', 'supervisorctl', 'fancy', 'program') },
);

const text = mostly(
  [
    '/bin/cat',
    'x',
    'a  b',
    '%(here)s/x',
    '%(program_name)s',
    '%(ENV_HOME)s',
    '%(process_num)02d',
    '100%%',
    "it's",
    '"q"',
    'a;b#c',
    'a ; b',
    'é中😀',
    '~',
    '~/x',
    '~web/y',
    '/tmp/%(group_name)s-%(host_node_name)s',
  ],
  [
    '%(nope)s',
    '%',
    '%d',
    '%s',
    '%(here)',
    '%(here)d',
    '%(numprocs)x',
    '%-5%',
    '/nonexistent/x',
    '~nosuch/x',
    '%%s',
    '\0',
  ],
);

const number = mostly(
  ['0', '1', '5', '007', '-1', '+3', '1_0', ' 4 ', '٣', '12'],
  ['', 'x', '1.5', '0x1', '1__0', '99999999999999999999', '%(ENV_N)s', '- 1'],
);
const small = mostly(['0', '1', '2', '3'], ['x', '-1', '']);
const flag = mostly(['true', 'False', 'ON', 'no', '1', '0', 'yes'], ['', 'y', 'maybe', '2']);
const size = mostly(
  ['0', '1KB', '2mb', '3 GB', '50MB', '12', '-5'],
  ['', '1.5MB', '10b', 'KB', '1 0', '1KBKB'],
);
const mask = mostly(['022', '0o27', '7', '0_2', '0O1'], ['9', '', 'rwx', '0x1']);
const user = mostly(['root', 'web', '0', '1000', '%(ENV_USER)s'], ['nosuch', '60000', '', 'a b', '-1']);
const file = mostly(
  ['/tmp/x.log', 'x.log', 'auto', 'NONE', 'Off', 'syslog', '/tmp/%(program_name)s.log', '~/l', '/tmp/%%%%'],
  ['/nonexistent/x', '', '/tmp/%%', '%(ENV_NO)s', '/tmp/%%s'],
);
const plainFile = mostly(
  ['/tmp/x.log', 'x.log', 'd/x', '~/l', '%(here)s/l', 'syslog'],
  ['/nonexistent/x', '', '%s'],
);
const folder = mostly(['/tmp', '/', '~', 'sub', '%(here)s'], ['/nonexistent', '', '/nonexistent/../tmp']);

const variables = fc
  .array(
    fc.tuple(
      mostly(['A', 'B', 'PATH', 'K_1', 'é'], ['"K 1"', '', 'a.b']),
      mostly(['=', ' = '], ['', '==']),
      mostly(
        [
          '1',
          '"x,y"',
          "'p q'",
          '/usr/bin:/bin',
          '""',
          '"a"\'b\'',
          '%(here)s',
          '"%(ENV_HOME)s"',
          'a\\ b',
          '"\\"h\\""',
        ],
        ['a b', 'a@b', '"open', "'", 'x#y', '\\', '%(process_num)d', '"50%%"', '50%'],
      ),
      mostly([',', ', ', ',\n  '], [';', '', ',,', ' ']),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map((pair) => pair.join('')).join(''));

const names = fc
  .array(mostly(['a', 'b', 'c', 'web', ' a ', 'p-1'], ['', 'nope', 'A']), { minLength: 1, maxLength: 3 })
  .map((list) => list.join(','));

const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  command: text,
  process_name: mostly(
    [
      '%(program_name)s',
      '%(program_name)s_%(process_num)02d',
      'x%(process_num)d',
      '%(group_name)s-%(process_num)s',
    ],
    ['a b', '%(process_num)', 'x%', '%(process_num)q'],
  ),
  numprocs: mostly(['0', '1', '2', '3'], ['x', '-1', '']),
  numprocs_start: small,
  priority: number,
  autostart: flag,
  autorestart: mostly(['true', 'FALSE', 'Unexpected', '1'], ['', 'never', 'ture']),
  startsecs: number,
  startretries: number,
  exitcodes: mostly(['0', '0,2', '', ' 1 , 2 ', '255'], ['256', '-1', 'x', '1,', '0 1']),
  stopsignal: mostly(['TERM', 'sigint', '9', 'USR1', ' HUP ', 'Rtmin'], ['FOO', '99', '', '_DFL', '33']),
  stopwaitsecs: number,
  stopasgroup: flag,
  killasgroup: flag,
  user,
  redirect_stderr: flag,
  stdout_logfile: file,
  stderr_logfile: file,
  stdout_logfile_maxbytes: size,
  stderr_logfile_maxbytes: size,
  stdout_logfile_backups: number,
  stdout_capture_maxbytes: size,
  stdout_events_enabled: flag,
  stderr_syslog: flag,
  environment: variables,
  directory: folder,
  umask: mask,
  serverurl: mostly(['AUTO', 'http://h:1', ' auto '], ['', '%']),
  programs: names,
  events: mostly(
    ['TICK_5', 'process_state,TICK', 'EVENT', 'TICK_5,tick_5 ,PROCESS_LOG'],
    ['', 'TICK_7', 'TICK,', ','],
  ),
  buffer_size: mostly(['1', '10', '500'], ['0', '-1', 'x']),
  result_handler: mostly(['my.mod:h', 'supervisor.dispatchers:default_handler'], ['nosuch:h', 'nosuch.x']),
  socket: mostly(
    ['unix:///run/x.sock', 'tcp://Host:9000', 'unix://%(here)s/%(program_name)s', 'unix:////a//b/../c'],
    ['unix://rel', 'udp://h:1', 'tcp://h', 'tcp://h:0', 'tcp://:1', 'tcp://h:65536', ''],
  ),
  socket_owner: mostly(['web', 'web:web', '1000:0', 'root'], ['nosuch', 'web:nosuch', ':', '']),
  socket_mode: mask,
  socket_backlog: mostly(['1', '128', '65535'], ['0', '65536', 'x']),
  port: mostly(
    ['9001', '*:9001', ':1', '127.0.0.1:80', 'Host:65535', '[::1]:9'],
    ['', 'x', '0', 'h:', 'h:x', 'h:65536', ':'],
  ),
  file: mostly(['/tmp/s.sock', '~/s', '%(here)s/s', ' /a/../s '], ['', 'rel', '%(nope)s']),
  chmod: mask,
  chown: mostly(['web', 'web:web', '0:0'], ['nosuch', 'web:nosuch', '']),
  username: mostly(['u', '%(ENV_USER)s', ''], ['%(here)s', '%']),
  password: mostly(['p', '{SHA}x', ''], ['%x']),
  'supervisor.rpcinterface_factory': mostly(
    ['supervisor.rpcinterface:make_main_rpcinterface', 'my.plugin:make'],
    ['nosuch:x', ''],
  ),
  files: mostly(
    ['extra.ini', '*.ini', 'none.ini other.ini', '/srv/app/extra.ini'],
    ['', '%(nope)s', '%(ENV_NO)s'],
  ),
  logfile: plainFile,
  logfile_maxbytes: size,
  logfile_backups: number,
  loglevel: mostly(['info', 'DEBUG', 'warn', 'blather'], ['warning', '', 'x']),
  pidfile: plainFile,
  nodaemon: flag,
  silent: flag,
  minfds: number,
  minprocs: number,
  nocleanup: flag,
  childlogdir: folder,
  strip_ansi: flag,
  identifier: text,
  unknown: text,
};

const optionNames = Object.keys(values);

const spelling = (option: string): fc.Arbitrary<string> =>
  fc.constantFrom(option, option, option, option.toUpperCase(), `${option} `, `\t${option}`);

const tail = mostly(
  ['', '', '', ' ', '\t'],
  [' ; c', ' # c', '\t;c', ';c', '#c', ' ;', ' ##x #y ;z', ' ;a # b'],
  4,
);

const option = fc
  .constantFrom(...optionNames)
  .chain((key) =>
    fc.tuple(spelling(key), mostly(['=', ' = ', ':', '=\t'], ['==', ' :', '']), values[key] ?? text, tail),
  )
  .map((parts) => parts.join(''));

const clientOption = fc
  .oneof(
    fc.tuple(
      fc.constant('serverurl'),
      mostly(
        ['http://h:1', 'unix:///s', 'unix://%(here)s/s', 'unix://~/s'],
        ['', 'unix://', '%(nope)s', 'x'],
      ),
    ),
    fc.tuple(fc.constantFrom('username', 'password', 'prompt', 'PROMPT'), text),
    fc.tuple(
      fc.constant('history_file'),
      mostly(['~/.h', '%(here)s/h', 'h', '/a/../b'], ['', '%', '~nosuch/h']),
    ),
  )
  .map((parts) => parts.join('='));

/** Options that make their section complete, so that most files get further than their first section. */
const needed: Readonly<Record<string, readonly string[]>> = {
  program: ['command=/bin/cat'],
  'fcgi-program': ['command=/bin/cat', 'socket=unix:///run/x'],
  eventlistener: ['command=/bin/cat', 'events=TICK_5'],
  inet_http_server: ['port=9001'],
  unix_http_server: ['file=/tmp/s'],
  rpcinterface: ['supervisor.rpcinterface_factory=a:b'],
  include: ['files=extra.ini'],
};

const line = fc.oneof(
  { weight: 40, arbitrary: option },
  { weight: 3, arbitrary: fc.constantFrom('', '   ', '\t', '; comment', '# comment', '  ; indented') },
  { weight: 3, arbitrary: text.map((words) => `   ${words}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('  -- ; c', '  a=b', ' [x]', '    %(here)s', '\u00a0x', '\u0085y'),
  },
  { weight: 1, arbitrary: fc.constantFrom('[]', '[x', 'junk', '=x', ':', '[a]b]c', '\ufeff', 'x\u2028=1') },
);

const section = fc
  .tuple(
    header,
    mostly(['[*]'], ['[*] ', '  [*]', '[*] ; c', '[*]x', '[*]]', '[[*]'], 2),
    fc.boolean(),
    fc.array(line, { maxLength: 5 }),
  )
  .map(([title, form, complete, lines]) => {
    const kind = title.split(':')[0] ?? '';
    return [form.replace('*', () => title), ...(complete ? (needed[kind] ?? []) : []), ...lines];
  });

const lineEnd = mostly(['\n'], ['\r\n', '\r'], 4);

function fileText(withDaemon: boolean): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(section, { maxLength: 5 }),
      lineEnd,
      fc.boolean(),
      mostly([''], ['\ufeff', '\n', 'x=1\n', '\0']),
    )
    .map(([sections, end, finished, start]) => {
      const lines = [...(withDaemon ? ['[supervisord]'] : []), ...sections.flat()];
      return start + lines.join(end) + (finished ? end : '');
    });
}

/** Breaks the encoding now and then. */
function encoded(content: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const bytes = content.map((written) => new Uint8Array(Buffer.from(written)));
  const bad = fc
    .tuple(
      bytes,
      fc.constantFrom([0xe9], [0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90]),
      fc.nat(400),
    )
    .map(([good, inserted, at]) => {
      const index = Math.min(at, good.length);
      return new Uint8Array([...good.subarray(0, index), ...inserted, ...good.subarray(index)]);
    });
  const long = fc
    .tuple(bytes, fc.integer({ min: 8100, max: 8300 }), fc.constantFrom('é', 'x', '\r\n', '😀'))
    .map(
      ([good, length, filler]) =>
        new Uint8Array(Buffer.concat([Buffer.from(`;${'-'.repeat(length)}${filler.repeat(20)}\n`), good])),
    );
  const longBad = fc.tuple(long, fc.nat(200)).map(([good, at]) => {
    const broken = good.slice();
    broken[8080 + at] = 0xe2;
    return broken;
  });
  return fc.oneof(
    { weight: 60, arbitrary: bytes },
    { weight: 1, arbitrary: bad },
    { weight: 1, arbitrary: long },
    { weight: 1, arbitrary: longBad },
  );
}

/** A main file, files that it may include, and an environment. */
export const configurations: fc.Arbitrary<{
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly env: Readonly<Record<string, string>>;
}> = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: encoded(fileText(true)) },
      { weight: 1, arbitrary: encoded(fileText(false)) },
    ),
    encoded(fileText(false)),
    fc.constantFrom({}, { N: '5' }, { N: '%(here)s', A: 'own' }, { USER: 'web' }, { "Q'": `"'` }),
  )
  .map(([main, extra, env]) => ({
    files: { '/srv/app/supervisord.conf': main, '/srv/app/extra.ini': extra },
    env: { HOME: '/root', USER: 'root', ...env },
  }));

/** A main file for supervisorctl. */
export const clientConfigurations: typeof configurations = fc
  .tuple(
    encoded(
      fc
        .tuple(
          fc.array(clientOption, { maxLength: 5 }),
          fc.array(section, { maxLength: 2 }),
          mostly(['[supervisorctl]'], ['[Supervisorctl]', '']),
        )
        .map(([options, sections, title]) => [title, ...options, ...sections.flat()].join('\n')),
    ),
    fc.constantFrom({}, { N: '5' }, { HOME: '/home/me' }),
  )
  .map(([main, env]) => ({ files: { '/srv/app/supervisord.conf': main }, env: { USER: 'root', ...env } }));

/** Arguments of supervisord behind `-c FILE`. */
export const commandLines: fc.Arbitrary<string[]> = fc
  .array(
    fc.oneof(
      mostly(
        [
          '-n',
          '-s',
          '-k',
          '-t',
          '--nodaemon',
          '--silent',
          '--nocleanup',
          '--strip_ansi',
          '--str',
          '--nod',
          '-nk',
          '-ks',
        ],
        [
          '-h',
          '-v',
          '-?',
          '--help',
          '--ver',
          '--no',
          '--s',
          '-x',
          '--nosuch',
          '--nodaemon=1',
          '-nx',
          '--',
          '-',
          'arg',
          "it's",
        ],
        4,
      ).map((word) => [word]),
      fc.tuple(fc.constantFrom('-u', '--user'), user),
      fc.tuple(fc.constantFrom('-m', '--umask'), mask),
      fc.tuple(fc.constantFrom('-d', '--directory', '--d'), folder),
      fc.tuple(fc.constantFrom('-l', '--logfile', '--log', '-j', '--pid'), plainFile),
      fc.tuple(fc.constantFrom('-y', '--logfile_max'), size),
      fc.tuple(fc.constantFrom('-z', '-a', '--minprocs', '--minf'), number),
      fc.tuple(fc.constantFrom('-e', '--logl'), values['loglevel'] ?? text),
      fc.tuple(fc.constantFrom('-i', '--id', '--profile_options'), text),
      fc.tuple(fc.constantFrom('-q', '--ch'), folder),
      fc
        .tuple(fc.constantFrom('-m', '--umask=', '-z', '--minprocs=', '-i', '--identifier='), number)
        .map((both) => [both.join('')]),
    ),
    { maxLength: 4 },
  )
  .map((words) => words.flat());
