/** The real machine, put together once for the life of the process: system calls, time, files, users. */
import { EventSerials } from '../events/serials.ts';
import type { Syslog } from '../logging/destinations/syslog.ts';
import type { LogIo } from '../logging/io.ts';
import { AddonPump } from '../logging/addon-pump.ts';
import { LogAdmissions } from '../logging/log-admissions.ts';
import type { LogFiles } from '../logging/log-files.ts';
import type { Pump } from '../logging/pump.ts';
import { LogOutlets } from '../logging/log-outlets.ts';
import { LogReader } from '../logging/log-reader.ts';
import { createNodeIo } from '../logging/node-io.ts';
import { NodeLogFiles } from '../logging/node-log-files.ts';
import { WriteNotices } from '../logging/write-notices.ts';
import type { Binding } from '../native/binding.ts';
import { descriptorCalls } from '../native/descriptors.ts';
import { FileJobs } from '../native/file-jobs.ts';
import { descriptorIo } from '../system/descriptor.ts';
import { loadBinding } from '../native/index.ts';
import { limitCalls, type LimitCalls } from '../native/limits.ts';
import { SyslogSocket } from '../native/syslog-socket.ts';
import { Sessions } from '../http/access/sessions.ts';
import { Journal } from '../journal/journal.ts';
import { Children } from '../process/children.ts';
import { NodeProcReader, type ProcReader } from '../stats/proc-reader.ts';
import type { Clock } from '../system/clock.ts';
import { NodeClock } from '../system/node-clock.ts';
import { NodeSystem } from '../system/node-system.ts';
import { SafePaths } from '../system/safe-paths.ts';
import { ContainedErrors } from './contained-errors.ts';
import { Directories } from './directories.ts';
import { Signals } from './signals.ts';
import { StandardStreams } from './standard-streams.ts';

export interface Machine {
  readonly binding: Binding;
  readonly system: NodeSystem;
  readonly clock: Clock;
  readonly paths: SafePaths;
  readonly io: LogIo;
  /** What takes as long as a file system likes, beside the event loop. */
  readonly files: LogFiles;
  /** Asks for the directories of logs, beside the event loop. */
  readonly directories: Directories;
  /** Reads logs, beside the event loop. */
  readonly reader: LogReader;
  /** Moves bytes into logs, beside the event loop. */
  readonly pump: Pump;
  readonly syslog: Syslog;
  readonly notices: WriteNotices;
  /** Everything that is written to; closed at the end of each life, and used again in the next. */
  readonly outlets: LogOutlets;
  readonly streams: StandardStreams;
  readonly proc: ProcReader;
  /** Outlives a restart, which it tells of. */
  readonly journal: Journal;
  /** Who has logged in on the page. */
  readonly sessions: Sessions;
  readonly limits: LimitCalls;
  readonly signals: Signals;
  readonly errors: ContainedErrors;
  /** Children outlive a restart of the daemon's configuration only as entries here. */
  readonly children: Children;
  /** Numbers of events, which a restart of the configuration does not set back. */
  readonly serials: EventSerials;
}

/** Throws when the addon cannot be loaded. */
export function openMachine(): Machine {
  const binding = loadBinding();
  const clock = new NodeClock();
  const paths = new SafePaths(binding);
  const admissions = new LogAdmissions();
  const io = createNodeIo(descriptorIo(descriptorCalls(binding)), paths, admissions);
  const notices = new WriteNotices();
  const files = new NodeLogFiles(new FileJobs(binding), admissions, clock);
  const pump = new AddonPump(binding, io);
  const outlets = new LogOutlets({ io, files, pump, clock, notices });
  return {
    binding,
    system: new NodeSystem(binding, clock),
    clock,
    paths,
    io,
    syslog: new SyslogSocket(binding),
    notices,
    files,
    directories: new Directories(files, clock),
    reader: new LogReader(files, (file, done) => outlets.settled(file, done)),
    pump,
    outlets,
    streams: new StandardStreams(outlets),
    proc: new NodeProcReader(),
    journal: new Journal(clock),
    sessions: new Sessions(clock),
    limits: limitCalls(binding),
    signals: new Signals(process, (signal, ignored) => void binding.setDisposition(signal, ignored)),
    errors: new ContainedErrors(clock),
    children: new Children(),
    serials: new EventSerials(),
  };
}
