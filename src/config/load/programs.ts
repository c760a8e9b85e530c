/**
 * Reads the processes of a `[program:x]`, `[eventlistener:x]` or `[fcgi-program:x]` section (B7).
 *
 * Options are asked for in the original's order: those of the program once, the rest for each process, since
 * only they may refer to its number.
 */
import { expand } from '../expansion.ts';
import { programOptions as rows } from '../options/program.ts';
import { processName } from '../options/words.ts';
import { environmentNames } from '../expansion.ts';
import type { NameValue } from '../python/format-names.ts';
import { compareText } from '../python/text.ts';
import type { LogfileSetting, ProcessSettings, StreamSettings } from '../settings.ts';
import { SectionReader, type LoadContext } from './context.ts';

/** More processes than this of one program are a mistake, and would only fill the memory. */
const maxProcesses = 100_000;

type StreamName = 'stdout' | 'stderr';

/** Names known in the section, which grow while it is read. */
type ProgramNames = Map<string, NameValue>;

/** The processes of one section as members of the group `groupName`, by name. */
export function readProcesses(
  context: LoadContext,
  section: string,
  groupName: string,
  kind: ProcessSettings['kind'],
): ProcessSettings[] {
  const names: ProgramNames = new Map();
  const reader = new SectionReader(context, section, names, 'named');
  const programName = processName.parse(section.slice(section.indexOf(':') + 1), context.world);
  if (!programName.ok) {
    reader.error(programName.message, { expected: processName.expected });
    return [];
  }
  names.set('here', context.here);
  names.set('program_name', programName.value);
  names.set('host_node_name', context.world.hostname);
  names.set('group_name', groupName);

  const shared = readShared(reader);
  const processes: ProcessSettings[] = [];
  const problemsBefore = context.problems.count;
  for (let index = 0; index < shared.count; index += 1) {
    names.set('process_num', BigInt(shared.firstNumber) + BigInt(index));
    names.set('numprocs', BigInt(shared.count));
    // Compat: the program's own variables stay known for the next numbers, unless the daemon has them too.
    for (const [name, value] of context.environment) {
      names.set(name, value);
    }
    processes.push(context.made(readProcess(reader, names, kind, shared), section));
    if (context.problems.count > problemsBefore) {
      // The other numbers would only repeat it.
      break;
    }
  }
  return processes.sort((a, b) => compareText(a.name, b.name));
}

type Shared = ReturnType<typeof readShared>;

function readShared(reader: SectionReader) {
  const priority = reader.read('priority', rows.priority);
  const autostart = reader.read('autostart', rows.autostart);
  const autorestart = reader.read('autorestart', rows.autorestart);
  const startSecs = reader.read('startsecs', rows.startsecs);
  const startRetries = reader.read('startretries', rows.startretries);
  const stopSignal = reader.read('stopsignal', rows.stopsignal);
  const stopWaitSecs = reader.read('stopwaitsecs', rows.stopwaitsecs);
  const stopAsGroup = reader.read('stopasgroup', rows.stopasgroup);
  const killAsGroup = reader.read('killasgroup', { ...rows.killasgroup, fallback: stopAsGroup });
  const exitCodes = reader.read('exitcodes', rows.exitcodes);
  const redirectStderr = reader.read('redirect_stderr', rows.redirect_stderr);
  const numprocs = reader.read('numprocs', rows.numprocs);
  const firstNumber = reader.read('numprocs_start', rows.numprocs_start);
  const stdout = readStreamFlags(reader, 'stdout');
  const stderr = readStreamFlags(reader, 'stderr');
  const serverUrl = reader.read('serverurl', rows.serverurl);
  const uid = reader.read('user', rows.user);
  const umask = reader.read('umask', rows.umask);
  const nameFormat = reader.convert(
    reader.raw('process_name') ?? rows.process_name.fallback,
    'process_name',
    rows.process_name,
  );
  if (numprocs > 1 && !nameFormat.includes('%(process_num)')) {
    reader.error('%(process_num) must be present within process_name when numprocs > 1', {
      option: 'process_name',
      expected: 'a name with %(process_num)d in it',
    });
  }
  if (stopAsGroup && !killAsGroup) {
    reader.error('Cannot set stopasgroup=true and killasgroup=false', { option: 'killasgroup' });
  }
  if (numprocs > maxProcesses) {
    reader.error(`cannot run ${String(numprocs)} processes of one program`, {
      option: 'numprocs',
      expected: `at most ${String(maxProcesses)}`,
    });
  }
  return {
    nameFormat,
    count: numprocs > maxProcesses ? 0 : numprocs,
    firstNumber: Number.isFinite(firstNumber) ? firstNumber : 0,
    redirectStderr,
    stdout,
    stderr,
    settings: {
      priority,
      autostart,
      autorestart,
      startSecs,
      startRetries,
      stopSignal,
      stopWaitSecs,
      stopAsGroup,
      killAsGroup,
      exitCodes,
      serverUrl,
      uid,
      umask,
    },
  };
}

function readStreamFlags(reader: SectionReader, stream: StreamName) {
  return {
    captureMaxBytes: reader.read(`${stream}_capture_maxbytes`, rows[`${stream}_capture_maxbytes`]),
    eventsEnabled: reader.read(`${stream}_events_enabled`, rows[`${stream}_events_enabled`]),
  };
}

function readProcess(
  reader: SectionReader,
  names: ProgramNames,
  kind: ProcessSettings['kind'],
  shared: Shared,
): ProcessSettings {
  const environment = readEnvironment(reader, names);
  for (const [name, value] of environmentNames(environment)) {
    names.set(name, value);
  }
  const directory = reader.read('directory', rows.directory);
  const stdout = { ...shared.stdout, ...readStreamLog(reader, names, 'stdout') };
  const stderrLog = readStreamLog(reader, names, 'stderr');
  const stderr = { ...shared.stderr, ...stderrLog };
  if (shared.redirectStderr && stderrLog.logfile.kind === 'path') {
    reader.context.warn(
      reader.section,
      'stderr_logfile',
      `For [${reader.section}], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored`,
    );
  }
  const command = reader.text('command');
  if (command === null && reader.raw('command') === null) {
    reader.error(`program section ${reader.section} does not specify a command`, {
      expected: 'a command option',
    });
  }
  const name = expandOwn(reader, names, shared.nameFormat, 'process_name');
  return {
    kind,
    name: name ?? '',
    command: command ?? '',
    directory,
    ...shared.settings,
    redirectStderr: shared.redirectStderr,
    stdout,
    stderr: shared.redirectStderr ? { ...stderr, logfile: { kind: 'none' } } : stderr,
    environment: Object.fromEntries(environment),
  };
}

/** Expands with the names of the process alone; messages call the text by its option's name alone. */
function expandOwn(reader: SectionReader, names: ProgramNames, text: string, option: string): string | null {
  return reader.take(
    expand(text, () => names, option),
    option,
  );
}

function readEnvironment(reader: SectionReader, names: ProgramNames): ReadonlyMap<string, string> {
  const option = 'environment';
  const text = expandOwn(reader, names, reader.raw(option) ?? '', option);
  return text === null ? rows.environment.fallback : reader.convert(text, option, rows.environment);
}

type StreamLog = Pick<StreamSettings, 'logfile' | 'logfileMaxBytes' | 'logfileBackups' | 'syslog'>;

function readStreamLog(reader: SectionReader, names: ProgramNames, stream: StreamName): StreamLog {
  const { context, section } = reader;
  const option = `${stream}_logfile` as const;
  const setting = readLogfile(reader, names, option);
  const logfileBackups = reader.read(`${option}_backups`, rows[`${option}_backups`]);
  const logfileMaxBytes = reader.read(`${option}_maxbytes`, rows[`${option}_maxbytes`]);
  const syslog = reader.read(`${stream}_syslog`, rows[`${stream}_syslog`]);
  if (setting.kind === 'syslog') {
    context.warn(
      section,
      option,
      `For [${section}], ${option}=syslog but this is deprecated and will be removed.  ` +
        `Use ${stream}_syslog=true to enable syslog instead.`,
    );
    return { logfile: { kind: 'none' }, logfileMaxBytes, logfileBackups, syslog: true };
  }
  if (setting.kind === 'auto' && logfileMaxBytes === 0) {
    context.warn(
      section,
      option,
      `For [${section}], AUTO logging used for ${option} without rollover, set maxbytes > 0 to avoid filling up filesystem unintentionally`,
    );
  }
  return { logfile: setting, logfileMaxBytes, logfileBackups, syslog };
}

/** Compat: the file name is expanded twice, so that a `%` in it has to be written as `%%%%`. */
function readLogfile(
  reader: SectionReader,
  names: ProgramNames,
  option: `${StreamName}_logfile`,
): LogfileSetting | { readonly kind: 'syslog' } {
  const once = reader.text(option);
  const twice = once === null ? null : expandOwn(reader, names, once, option);
  return twice === null ? rows[option].fallback : reader.convert(twice, option, rows[option]);
}
