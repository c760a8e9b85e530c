/**
 * Which options of a group and its processes two configurations differ in, and what it takes to apply each.
 *
 * A row for every option of the tables in `options/`: the compiler asks whoever adds an option to decide. Values are texts as a
 * configuration file has them; null is an option that has no value.
 */
import type { eventListenerOptions, fcgiProgramOptions, groupOptions } from './options/grouping.ts';
import type { programOptions } from './options/program.ts';
import { signalName } from './signals.ts';
import { maskSecrets } from './secrets.ts';
import type {
  AutorestartSetting,
  FcgiSocketSettings,
  GroupSettings,
  LogfileSetting,
  ProcessSettings,
} from './settings.ts';

/**
 * `live`: at once, whatever runs goes on undisturbed. `restart`: a child is given it when it is spawned. `replace`: all processes
 * of the group share it, so the group has to be stopped and made anew. `members`: it says which processes there are.
 */
export type Application = 'live' | 'restart' | 'replace' | 'members';

export interface OptionChange {
  readonly option: string;
  /** Of `environment`: the variable that differs. */
  readonly variable: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly applies: Application;
}

interface Row<Settings> {
  readonly applies: Application;
  /** Null: not a value of its own, since it shows in others. */
  readonly text: ((settings: Settings) => string | null) | null;
}

type ProgramOption = keyof typeof programOptions;
type GroupOption =
  | keyof typeof groupOptions
  | Exclude<keyof typeof eventListenerOptions, ProgramOption>
  | Exclude<keyof typeof fcgiProgramOptions, ProgramOption>;

const programRows: Readonly<Record<ProgramOption, Row<ProcessSettings>>> = {
  command: restart(({ command }) => command),
  process_name: members(),
  numprocs: members(),
  numprocs_start: members(),
  priority: live(({ priority }) => String(priority)),
  autostart: live(({ autostart }) => String(autostart)),
  startsecs: live(({ startSecs }) => String(startSecs)),
  startretries: live(({ startRetries }) => String(startRetries)),
  autorestart: live(({ autorestart }) => autorestartTexts[autorestart]),
  exitcodes: live(({ exitCodes }) => exitCodes.join(',')),
  stopsignal: live(({ stopSignal }) => signalName(stopSignal).replace(/^SIG/, '')),
  stopwaitsecs: live(({ stopWaitSecs }) => String(stopWaitSecs)),
  stopasgroup: live(({ stopAsGroup }) => String(stopAsGroup)),
  killasgroup: live(({ killAsGroup }) => String(killAsGroup)),
  user: restart(({ uid }) => (uid === null ? null : String(uid))),
  redirect_stderr: restart(({ redirectStderr }) => String(redirectStderr)),
  stdout_logfile: live(({ stdout }) => logfileText(stdout.logfile)),
  stdout_logfile_maxbytes: live(({ stdout }) => bytesText(stdout.logfileMaxBytes)),
  stdout_logfile_backups: live(({ stdout }) => String(stdout.logfileBackups)),
  stdout_capture_maxbytes: live(({ stdout }) => bytesText(stdout.captureMaxBytes)),
  stdout_events_enabled: live(({ stdout }) => String(stdout.eventsEnabled)),
  stdout_syslog: live(({ stdout }) => String(stdout.syslog)),
  stderr_logfile: live(({ stderr }) => logfileText(stderr.logfile)),
  stderr_logfile_maxbytes: live(({ stderr }) => bytesText(stderr.logfileMaxBytes)),
  stderr_logfile_backups: live(({ stderr }) => String(stderr.logfileBackups)),
  stderr_capture_maxbytes: live(({ stderr }) => bytesText(stderr.captureMaxBytes)),
  stderr_events_enabled: live(({ stderr }) => String(stderr.eventsEnabled)),
  stderr_syslog: live(({ stderr }) => String(stderr.syslog)),
  // Compared variable by variable.
  environment: { applies: 'restart', text: null },
  directory: restart(({ directory }) => directory),
  umask: restart(({ umask }) => (umask === null ? null : octalText(umask))),
  serverurl: restart(({ serverUrl }) => serverUrl ?? 'AUTO'),
};

const groupRows: Readonly<Record<GroupOption, Row<GroupSettings>>> = {
  programs: members(),
  priority: live(({ priority }) => String(priority)),
  events: live((group) => (group.kind === 'eventlistener' ? [...group.events].sort().join(',') : null)),
  length_in_bytes: live((group) => (group.kind === 'eventlistener' ? String(group.lengthInBytes) : null)),
  buffer_size: live((group) => (group.kind === 'eventlistener' ? String(group.bufferSize) : null)),
  result_handler: replace((group) => (group.kind === 'eventlistener' ? group.resultHandler.name : null)),
  socket: replace((group) => socketOf(group)?.url ?? null),
  socket_backlog: replace((group) => numberText(socketOf(group)?.backlog)),
  socket_owner: replace((group) => unixSocketOf(group)?.owner?.join(':') ?? null),
  socket_mode: replace((group) => {
    const mode = unixSocketOf(group)?.mode;
    return mode === undefined ? null : octalText(mode);
  }),
};

const programTexts = textsOf(programRows);
const groupTexts = textsOf(groupRows);

/** How each option of a program or group reaches what runs, for the documentation. */
export const applications: Readonly<Record<ProgramOption | GroupOption, Application>> = Object.fromEntries(
  [...Object.entries(programRows), ...Object.entries(groupRows)].map(([name, { applies }]) => [
    name,
    applies,
  ]),
) as Record<ProgramOption | GroupOption, Application>;

/** What differs between two settings of one process; secrets are not masked. */
export function processChanges(before: ProcessSettings, after: ProcessSettings): readonly OptionChange[] {
  return [...changesOf(programTexts, before, after), ...environmentChanges(before, after)];
}

/** What differs between two groups of one name, their processes aside. */
export function groupChanges(before: GroupSettings, after: GroupSettings): readonly OptionChange[] {
  const changes = changesOf(groupTexts, before, after);
  return before.kind === after.kind
    ? changes
    : [{ option: 'kind', variable: null, from: before.kind, to: after.kind, applies: 'replace' }, ...changes];
}

/** The same change with what looks like a secret masked. */
export function maskChange(change: OptionChange): OptionChange {
  const { variable, from, to } = change;
  if (variable === null) {
    return change;
  }
  const masked = (value: string | null): string | null =>
    value === null ? null : (maskSecrets({ [variable]: value })[variable] ?? null);
  return { ...change, from: masked(from), to: masked(to) };
}

/** Rows that have a value, made once: a thousand programs are compared with each of them. */
type Texts<Settings> = readonly {
  readonly option: string;
  readonly applies: Application;
  readonly text: (settings: Settings) => string | null;
}[];

function textsOf<Settings>(rows: Readonly<Record<string, Row<Settings>>>): Texts<Settings> {
  return Object.entries(rows).flatMap(([option, { applies, text }]) =>
    text === null ? [] : [{ option, applies, text }],
  );
}

function changesOf<Settings>(
  texts: Texts<Settings>,
  before: Settings,
  after: Settings,
): readonly OptionChange[] {
  const changes: OptionChange[] = [];
  for (const { option, applies, text } of texts) {
    const from = text(before);
    const to = text(after);
    if (from !== to) {
      changes.push({ option, variable: null, from, to, applies });
    }
  }
  return changes;
}

function environmentChanges(before: ProcessSettings, after: ProcessSettings): readonly OptionChange[] {
  const names = new Set([...Object.keys(before.environment), ...Object.keys(after.environment)]);
  const { applies } = programRows.environment;
  return [...names].sort().flatMap((variable) => {
    const from = before.environment[variable] ?? null;
    const to = after.environment[variable] ?? null;
    return from === to ? [] : [{ option: 'environment', variable, from, to, applies }];
  });
}

function live<Settings>(text: (settings: Settings) => string | null): Row<Settings> {
  return { applies: 'live', text };
}

function restart<Settings>(text: (settings: Settings) => string | null): Row<Settings> {
  return { applies: 'restart', text };
}

function replace<Settings>(text: (settings: Settings) => string | null): Row<Settings> {
  return { applies: 'replace', text };
}

function members<Settings>(): Row<Settings> {
  return { applies: 'members', text: null };
}

const autorestartTexts: Readonly<Record<AutorestartSetting, string>> = {
  always: 'true',
  never: 'false',
  unexpected: 'unexpected',
};

function logfileText(logfile: LogfileSetting): string {
  return logfile.kind === 'path' ? logfile.path : logfile.kind === 'auto' ? 'AUTO' : 'NONE';
}

/** With the largest suffix that leaves a whole number. */
function bytesText(bytes: number): string {
  const unit = units.find(([, size]) => bytes !== 0 && bytes % size === 0);
  return unit === undefined ? String(bytes) : `${String(bytes / unit[1])}${unit[0]}`;
}

const units = [
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
] as const;

function octalText(value: number): string {
  return `0${value.toString(8)}`;
}

function numberText(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function socketOf(group: GroupSettings): FcgiSocketSettings | null {
  return group.kind === 'fcgi-program' ? group.socket : null;
}

function unixSocketOf(group: GroupSettings): Extract<FcgiSocketSettings, { kind: 'unix' }> | null {
  const socket = socketOf(group);
  return socket?.kind === 'unix' ? socket : null;
}
