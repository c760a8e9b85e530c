"""Asks the original what it makes of configurations: one JSON request a line in, one JSON answer a line out.

A request has `files` (path to base64 content), `env`, and `config_file`; nothing is read from the disk.
What the original asks of the machine is answered as in corpus/README.md. `args` are further arguments of
supervisord; `client` asks what supervisorctl makes of the file. Requests with `format`, `match`, `glob`, `split`
or `call` instead ask a single function of Python.

Where the installed release differs from the development branch that the corpus records, the difference is
undone below; each has a note.
"""
import base64
import configparser
import fnmatch
import glob
import grp
import io
import json
import os
import re
import platform
import pwd
import shlex
import sys
import tempfile
import types

import supervisor.datatypes as datatypes
import supervisor.options as options

HERE = '/srv/app'
files = {}


class Refused(Exception):
    """What the original would have printed behind `Error: ` before exiting."""


class Record(tuple):
    """A user or group record: the number stands at index 2, that of the primary group at index 3."""

    pw_dir = property(lambda self: self[5])


def user_record(identity):
    name = 'root' if identity in ('root', 0) else identity
    number = 0 if name == 'root' else identity
    home = '/root' if name == 'root' else '/home/%s' % name
    return Record((name, 'x', number, number, '', home, ''))


def by_name(name):
    if '\0' in name:
        raise ValueError('embedded null byte')
    if name.startswith('nosuch'):
        raise KeyError(name)
    return user_record(name)


def by_number(number):
    if isinstance(number, int) and number >= 60000:
        raise KeyError(number)
    return user_record(number)


def is_directory(path):
    if '\0' in path:
        return False
    path = os.path.normpath(os.path.join(HERE, path))
    return path != '/nonexistent' and not path.startswith('/nonexistent/')


def import_spec(self, spec):
    if spec.startswith('nosuch'):
        self.import_trouble = "No module named %r" % spec.split(':')[0].split('.')[0]
        raise ImportError(self.import_trouble)
    # Nothing is imported, but a text that could name nothing is refused as the import does it; ours may be packages, too.
    if not re.fullmatch(r'\S+:\w+|[\w.]+\s*(:\s*[\w.]+\s*)?(\[[^\]]*\]\s*)?', spec, re.ASCII):
        named = re.search(r':\w+$', spec, re.ASCII)
        self.import_trouble = 'it is no name of a plugin' if named else 'it does not name what the module exports'
        raise ImportError(self.import_trouble)
    return spec


def open_file(path, *_args, **_kwargs):
    if path not in files:
        raise FileNotFoundError(path)
    stream = io.TextIOWrapper(io.BytesIO(files[path]), encoding='utf-8')
    stream.mode = 'r'
    return NamedStream(stream, path)


class NamedStream:
    """A text stream with a name that can be set."""

    def __init__(self, stream, name):
        self.stream = stream
        self.name = name

    def __iter__(self):
        return iter(self.stream)

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        self.close()

    def close(self):
        self.stream.close()


def matching(pattern):
    folder, name = os.path.split(pattern)
    return [
        path
        for path in files
        if os.path.dirname(path) == folder and fnmatch.fnmatchcase(os.path.basename(path), name)
    ]


def usage(_self, message):
    raise Refused(str(message))


def stop_at(what):
    def stop(_self, _argument):
        raise Refused(what)

    return stop


pwd.getpwnam = by_name
pwd.getpwuid = by_number
grp.getgrnam = by_name
grp.getgrgid = by_number
os.getuid = lambda: 0
os.getcwd = lambda: HERE
platform.node = lambda: 'conformance-host'
tempfile.gettempdir = lambda: '/tmp'
datatypes.os = types.SimpleNamespace(
    sep='/',
    path=types.SimpleNamespace(expanduser=os.path.expanduser, dirname=os.path.dirname, isdir=is_directory),
)
options.glob = types.SimpleNamespace(glob=matching)
configparser.open = open_file
options.ServerOptions.exists = lambda _self, path: path in files
options.ServerOptions.open = lambda _self, path, mode='r': open_file(path)
options.ServerOptions.usage = usage
options.ServerOptions.help = stop_at('help')
options.ServerOptions.version = stop_at('version')
options.ServerOptions.import_spec = import_spec
options.ServerOptions.import_trouble = None
options.ServerOptions.warnings = types.SimpleNamespace(warn=lambda _message: None)
options.ClientOptions.exists = options.ServerOptions.exists
options.ClientOptions.open = options.ServerOptions.open
options.ClientOptions.usage = usage
options.ClientOptions.import_spec = import_spec

released = not hasattr(datatypes, 'shlex_posix_works')

if released:
    # The release splits `environment` with a lexer that knows no escapes.
    def pairs(text):
        lexer = shlex.shlex(text, posix=True)
        lexer.wordchars += '/.+-():'
        tokens = list(lexer)
        found = {}
        for start in range(0, len(tokens), 4):
            piece = tokens[start:start + 3]
            if len(piece) < 3 or piece[1] != '=':
                raise ValueError("Unexpected end of key/value pairs in value '%s'" % text)
            found[piece[0]] = piece[2]
        return found

    options.dict_of_key_value_pairs = pairs

    # The release expands `[supervisord] environment` twice.
    expanding_get = options.UnhosedConfigParser.saneget

    def saneget(self, section, option, *args, **kwargs):
        if section == 'supervisord' and option == 'environment':
            kwargs['do_expand'] = False
        return expanding_get(self, section, option, *args, **kwargs)

    options.UnhosedConfigParser.saneget = saneget


def logfile(value):
    return 'AUTO' if value is datatypes.Automatic else value


AUTORESTART = {
    datatypes.RestartUnconditionally: True,
    datatypes.RestartWhenExitUnexpected: 'unexpected',
    False: False,
}
KINDS = {
    options.ProcessConfig: 'program',
    options.EventListenerConfig: 'eventlistener',
    options.FastCGIProcessConfig: 'fcgi-program',
}
PLAIN = (
    'name command directory umask priority autostart startsecs startretries uid stopsignal stopwaitsecs stopasgroup '
    'killasgroup exitcodes redirect_stderr environment serverurl '
    'stdout_logfile_maxbytes stdout_logfile_backups stdout_capture_maxbytes stdout_events_enabled stdout_syslog '
    'stderr_logfile_maxbytes stderr_logfile_backups stderr_capture_maxbytes stderr_events_enabled stderr_syslog'
).split()


def process(config):
    answer = {name: getattr(config, name) for name in PLAIN}
    answer['kind'] = KINDS[type(config)]
    answer['autorestart'] = AUTORESTART[config.autorestart]
    answer['stdout_logfile'] = logfile(config.stdout_logfile)
    answer['stderr_logfile'] = logfile(config.stderr_logfile)
    return answer


def group(config):
    answer = {
        'kind': 'group',
        'name': config.name,
        'priority': config.priority,
        'processes': [process(member) for member in config.process_configs],
    }
    if isinstance(config, options.EventListenerPoolConfig):
        from supervisor.events import getEventNameByType

        answer['kind'] = 'eventlistener'
        answer['buffer_size'] = config.buffer_size
        answer['result_handler'] = config.result_handler
        answer['events'] = sorted(getEventNameByType(event) for event in config.pool_events)
    elif isinstance(config, options.FastCGIGroupConfig):
        socket = config.socket_config
        answer['kind'] = 'fcgi-program'
        answer['socket'] = {'url': socket.url, 'backlog': socket.backlog}
        if socket.url.startswith('unix:'):
            answer['socket'].update(path=socket.path, mode=socket.mode, owner=socket.owner)
        else:
            answer['socket'].update(host=socket.host, port=socket.port)
    return answer


def server(config):
    answer = {key: config[key] for key in ('name', 'section', 'username')}
    answer['has_password'] = config['password'] is not None
    if config['family'] == options.socket.AF_UNIX:
        answer.update(family='unix', file=config['file'], chmod=config['chmod'], chown=config['chown'])
    else:
        answer.update(family='inet', host=config['host'], port=config['port'])
    return answer


LEVELS = {50: 'critical', 40: 'error', 30: 'warn', 20: 'info', 10: 'debug', 5: 'trace', 3: 'blather'}
DAEMON = (
    'logfile_maxbytes logfile_backups loglevel umask minfds minprocs directory user uid gid identifier childlogdir '
    'serverurl'
).split()
FLAGS = 'nodaemon silent nocleanup strip_ansi'.split()


def daemon(found):
    section = found.configroot.supervisord
    answer = {name: getattr(found, name) for name in DAEMON}
    answer.update({name: bool(getattr(found, name)) for name in FLAGS})
    answer['loglevel_name'] = LEVELS[found.loglevel]
    answer['logfile'] = section.logfile
    answer['logfile_path'] = found.logfile
    answer['pidfile'] = section.pidfile
    answer['pidfile_path'] = found.pidfile
    answer['environment'] = section.environment
    return answer


def lay_out(request):
    os.environ.clear()
    os.environ.update(request['env'])
    files.clear()
    files.update({path: base64.b64decode(text) for path, text in request['files'].items()})


def interpret_as_client(request):
    lay_out(request)
    found = options.ClientOptions()
    try:
        found.realize(['-c', request['config_file'], 'status'], doc='', progname='supervisorctl')
    except Refused as trouble:
        return {'ok': False, 'error': str(trouble)}
    except Exception as trouble:  # the original dies of anything else
        return {'ok': False, 'crash': type(trouble).__name__, 'error': str(trouble)}
    names = ('serverurl', 'username', 'password', 'prompt', 'history_file')
    return {'ok': True, 'supervisorctl': {name: getattr(found, name) for name in names}}


def interpret(request):
    lay_out(request)
    found = options.ServerOptions()
    answer = {'ok': True}
    try:
        try:
            args = ['-c', request['config_file'], *request.get('args', [])]
            found.realize(args, doc='', progname='supervisord')
        except Refused as trouble:
            message = str(trouble)
            if released and found.import_trouble and ' cannot be resolved within [' in message:
                # The release does not say why.
                message += ': ' + found.import_trouble
            answer = {'ok': False, 'error': message}
        else:
            answer['supervisord'] = daemon(found)
            answer['http_servers'] = [server(config) for config in found.server_configs]
            answer['rpcinterfaces'] = [
                {'name': name, 'factory': factory, 'options': extras}
                for name, factory, extras in found.rpcinterface_factories
            ]
            answer['groups'] = [group(config) for config in found.process_group_configs]
    except Exception as trouble:  # the original dies of anything else
        return {'ok': False, 'crash': type(trouble).__name__}
    finally:
        found.poller.close()
    if found.parse_warnings:
        answer['warnings'] = found.parse_warnings
    if found.parse_infos:
        answer['infos'] = found.parse_infos
    return answer


def outcome(function, *args):
    try:
        return {'ok': True, 'value': function(*args)}
    except Exception as trouble:
        return {'ok': False, 'error': str(trouble), 'type': type(trouble).__name__}


def answer_to(request):
    if 'format' in request:
        return outcome(lambda: request['format'] % request['names'])
    if 'match' in request:
        return outcome(lambda: [name for name in request['names'] if fnmatch.fnmatchcase(name, request['match'])])
    if 'glob' in request:
        return outcome(lambda: sorted(glob.glob(request['glob'])))
    if 'split' in request:
        return outcome(shlex.split, request['split'])
    if 'call' in request:
        name, argument = request['call']
        functions = {
            'int': int,
            'octal': lambda text: int(text, 8),
            'repr': repr,
            'normpath': os.path.normpath,
            'split': os.path.split,
            'strip': str.strip,
            'words': str.split,
        }
        return outcome(functions[name], argument)
    return interpret_as_client(request) if 'client' in request else interpret(request)


for line in sys.stdin:
    print(json.dumps(answer_to(json.loads(line))), flush=True)
