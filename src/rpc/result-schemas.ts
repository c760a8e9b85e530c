/** What methods answer with that is more than one value, for the method table. */
import { processStateCodes, supervisorStateCodes } from '../process/states.ts';
import { integer, listOf, meaning, oneOf, struct, text, truth, tuple, word } from './json-schema.ts';

export const supervisorState = struct('SupervisorState', "The daemon's own state, such as 1 and `RUNNING`.", {
  statecode: integer,
  statename: word(...Object.keys(supervisorStateCodes)),
});

export const processInfoSchema = struct(
  'ProcessInfo',
  'One process; times in seconds since the epoch, 0 for never.',
  {
    name: text,
    group: text,
    start: meaning('The last start.', integer),
    stop: meaning('The last end.', integer),
    now: meaning('The time of the answer.', integer),
    state: integer,
    statename: word(...Object.keys(processStateCodes)),
    spawnerr: meaning('Why the last start failed; empty if it did not.', text),
    exitstatus: meaning(
      'Exit code of the last run, -1 when a signal ended it; 0 also when there is none.',
      integer,
    ),
    logfile: meaning('The older name of stdout_logfile.', text),
    stdout_logfile: text,
    stderr_logfile: text,
    pid: meaning('0 when nothing runs.', integer),
    description: meaning('One line for people.', text),
  },
);

function streamMembers(stream: 'stdout' | 'stderr') {
  return {
    [`${stream}_capture_maxbytes`]: integer,
    [`${stream}_events_enabled`]: truth,
    [`${stream}_logfile`]: meaning('A path, `auto` or `none`.', text),
    [`${stream}_logfile_backups`]: integer,
    [`${stream}_logfile_maxbytes`]: integer,
    [`${stream}_syslog`]: truth,
  };
}

export const configInfoSchema = struct('ConfigInfo', 'One process as configured.', {
  autostart: truth,
  autorestart: oneOf(truth, word('unexpected')),
  directory: meaning("`none` for the daemon's own.", text),
  uid: meaning("`none` for the daemon's own.", oneOf(integer, word('none'))),
  command: text,
  exitcodes: listOf(integer),
  group: text,
  group_prio: integer,
  inuse: meaning('Whether the group is active.', truth),
  killasgroup: truth,
  name: text,
  process_prio: integer,
  redirect_stderr: truth,
  startretries: integer,
  startsecs: integer,
  ...streamMembers('stdout'),
  stopsignal: integer,
  stopwaitsecs: integer,
  ...streamMembers('stderr'),
  serverurl: text,
});

export const outcomeSchema = struct('ProcessOutcome', 'How a method went for one of several processes.', {
  name: text,
  group: text,
  status: meaning('A fault code; 80, SUCCESS, when it went well.', integer),
  description: text,
});

/** `[[added, changed, removed]]`. */
export const configChangesSchema = tuple(tuple(listOf(text), listOf(text), listOf(text)));

export const logTailSchema = tuple(
  meaning('The text.', text),
  meaning('The offset for the next call.', integer),
  meaning('Whether more was written than was asked for.', truth),
);

const changedOptionSchema = struct(
  'ChangedOption',
  'An option that differs, as a configuration file has it.',
  {
    option: text,
    'variable?': meaning('Of `environment`: the variable that differs.', text),
    'from?': text,
    'to?': text,
    applies: text,
    'file?': meaning('Where the new value is written.', text),
    'line?': integer,
  },
);

export const groupPlanSchema = struct('GroupPlan', 'What an update would do to a group.', {
  name: text,
  change: text,
  how: text,
  options: listOf(changedOptionSchema),
  processes: listOf(
    struct('ProcessPlan', 'What an update would do to a process.', {
      name: text,
      membership: text,
      action: text,
      options: listOf(changedOptionSchema),
    }),
  ),
});

export const updateOutcomeSchema = struct('UpdateOutcome', 'One thing that an update has done.', {
  group: text,
  'process?': meaning('Unless it is the group as a whole.', text),
  done: text,
  'problem?': meaning('Why it could not be done.', text),
});

export const reloadChangeSchema = struct('ReloadChange', 'What of the configuration needs a reload.', {
  section: text,
  'option?': meaning('Unless the section as a whole came or went.', text),
  'from?': text,
  'to?': text,
  'file?': meaning('Where the new value is written.', text),
  'line?': integer,
});
