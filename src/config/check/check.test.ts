import { describe, expect, it } from 'vitest';

import { configFile, worldWith } from '../world.fixture.ts';
import { checkConfig, type CheckReport } from './check.ts';

function check(text: string, { json = false, strict = false } = {}): CheckReport {
  return checkConfig({ configFile, world: worldWith({ [configFile]: text }), json, strict });
}

const at = (line: number): string => `${configFile}:${String(line)}`;

describe('--check', () => {
  it('has nothing to say about a clean file', () => {
    expect(check('[supervisord]\n', { strict: true })).toEqual({
      text: `${configFile}: no problems\n`,
      exitCode: 0,
    });
  });

  it('lists all errors with their places, and what was expected', () => {
    const report = check('[supervisord]\nminfds=x\n[program:p]\nautostart=maybe\n');
    expect(report.exitCode).toBe(2);
    expect(report.text.split('\n')).toEqual([
      `${at(2)}: error: invalid literal for int() with base 10: 'x'; expected a whole number`,
      `${at(4)}: error: not a valid boolean value: 'maybe' in section 'program:p' (file: '${configFile}'); expected one of true, yes, on, 1, false, no, off, 0`,
      `${at(3)}: error: program section program:p does not specify a command in section 'program:p' (file: '${configFile}'); expected a command option`,
      `${configFile}: 3 errors, 0 warnings`,
      '',
    ]);
  });

  it.each([
    [
      'autstart=1',
      'option autstart of [program:p] is unknown and ignored; expected a known option, such as autostart',
    ],
    [
      'stopsignal=TERM ; it\'s\ncommand=sh -c "a ; b"',
      'the value ends inside quotes: a ; or # behind a blank begins a comment even there; expected no blank before a ; or # that belongs to the value',
    ],
    [
      'directory=/nonexistent/x',
      'directory /nonexistent/x does not exist; expected a directory that exists when it is needed',
    ],
    [
      'redirect_stderr=1\nstderr_logfile=/tmp/e',
      'For [program:p], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored',
    ],
    [
      'stdout_logfile_maxbytes=0',
      'For [program:p], AUTO logging used for stdout_logfile without rollover, set maxbytes > 0 to avoid filling up filesystem unintentionally',
    ],
    [
      '[progrm:q]',
      'section [progrm:q] is unknown and ignored; expected a known section, such as [program:name]',
    ],
    [
      '[supervisord]',
      `section [supervisord] begins at ${at(1)} already; both are merged, and later options win`,
    ],
    [
      '[inet_http_server]\nport=*:9001',
      '[inet_http_server] lets anybody who reaches any address of this machine start and stop programs; expected a username and password, or an address of this machine alone such as 127.0.0.1',
    ],
    [
      '[unix_http_server]\nfile=/nonexistent/s',
      'directory /nonexistent does not exist; expected a directory that exists when it is needed',
    ],
    [
      '[fcgi-program:f]\ncommand=x\nsocket=tcp://localhost:1\n[group:g]\nprograms=f',
      'the FastCGI program f runs without its socket in [group:g]; expected programs that need no socket; [fcgi-program:f] is a group of its own where no group names it',
    ],
    ['[include]\nfiles=no.ini', 'No file matches via include "/etc/app/no.ini"'],
  ])('warns about %j', (text, message) => {
    const report = check(`[supervisord]\n[program:p]\ncommand=cat\n${text}\n`);
    expect(report.exitCode).toBe(0);
    const [first = '', summary] = report.text.split('\n');
    expect(first.replace(/^[^ ]*: warning: /, '')).toBe(message);
    expect(summary).toBe(`${configFile}: 0 errors, 1 warning`);
  });

  it.each(['127.0.0.1:1', 'localhost:1', '[::1]:1'])('is content with a server on %s', (port) => {
    expect(check(`[supervisord]\n[inet_http_server]\nport=${port}\n`, { strict: true }).exitCode).toBe(0);
  });

  it('fails for warnings alone when told so', () => {
    expect(check('[supervisord]\nx=1\n').exitCode).toBe(0);
    expect(check('[supervisord]\nx=1\n', { strict: true }).exitCode).toBe(1);
    expect(check('[supervisord]\nx=1\nminfds=y\n', { strict: true }).exitCode).toBe(2);
  });

  it('suggests what was probably meant, and shows no passwords', () => {
    const text =
      '[program:web]\ncommand=x\n[group:g]\nprograms=wbe\n[eventlistener:l]\ncommand=x\nevents=TICK_50\n';
    const report = check(`[supervisord]\n${text}[inet_http_server]\nport=1\npassword=hidden\n`, {
      json: true,
    });
    const { problems } = JSON.parse(report.text) as { problems: readonly { expected: string }[] };
    expect(problems.map(({ expected }) => expected)).toEqual([
      'names of programs, such as web',
      'names of event types, such as TICK_5',
      'both username and password, or neither',
    ]);
    expect(report.text).not.toContain('hidden');
  });

  it('answers in JSON', () => {
    const report = check('[supervisord]\nloglevl=info\n', { json: true });
    expect(JSON.parse(report.text)).toEqual({
      ok: true,
      problems: [
        {
          severity: 'warning',
          file: configFile,
          line: 2,
          section: 'supervisord',
          option: 'loglevl',
          value: 'info',
          expected: 'a known option, such as loglevel',
          message: 'option loglevl of [supervisord] is unknown and ignored',
        },
      ],
    });
  });
});
