/**
 * The `description` of a process: one line for people, the same to the byte as the original's.
 *
 * Source: checklist B17.6.
 */
import { type ProcessState, runningStates } from '../process/states.ts';

interface DescribedProcess {
  readonly name: string;
  readonly state: ProcessState;
  readonly pid: number;
  readonly spawnError: string | null;
  /** Whole seconds since the epoch; 0: never. */
  readonly startSecs: number;
  readonly stopSecs: number;
  readonly nowSecs: number;
  /** Since when its output has been kept waiting; null: it is not. */
  readonly logBlockedSinceSecs: number | null;
}

/** A wait that is shorter is none that anybody needs to hear of. */
export const leastBlockedMs = 1000;

/** Empty for states in which there is nothing to say. That a log is blocked is said last, and only while it runs. */
export function describeProcess(process: DescribedProcess): string {
  const text = describeState(process);
  if (process.logBlockedSinceSecs === null || !runningStates.has(process.state)) {
    return text;
  }
  const blocked = `log blocked since ${formatTime(process.logBlockedSinceSecs)}`;
  return text === '' ? blocked : `${text}, ${blocked}`;
}

function describeState(process: DescribedProcess): string {
  switch (process.state) {
    case 'RUNNING':
      return `pid ${process.pid}, uptime ${formatUptime(process.nowSecs - process.startSecs)}`;
    case 'FATAL':
    case 'BACKOFF':
      return process.spawnError ?? `unknown error (try "tail ${process.name}")`;
    case 'STOPPED':
    case 'EXITED':
      return process.startSecs === 0 ? 'Not started' : formatMoment(process.stopSecs);
    case 'STARTING':
    case 'STOPPING':
    case 'UNKNOWN':
      return '';
  }
}

const secsPerDay = 86_400;

/** `0:01:02`, `1 day, 0:00:00`, `12 days, 23:59:59`; a clock that was set back makes it zero. */
export function formatUptime(secs: number): string {
  const whole = Math.max(0, secs);
  const days = Math.floor(whole / secsPerDay);
  const rest = whole % secsPerDay;
  const time = `${Math.floor(rest / 3600)}:${twoDigits(Math.floor(rest / 60) % 60)}:${twoDigits(rest % 60)}`;
  return days === 0 ? time : `${days} day${days === 1 ? '' : 's'}, ${time}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Nov 03 09:05 PM`: `%b %d %I:%M %p` of the C locale, in local time. */
export function formatMoment(secs: number): string {
  const date = new Date(secs * 1000);
  const hours = date.getHours();
  const time = `${twoDigits(hours % 12 === 0 ? 12 : hours % 12)}:${twoDigits(date.getMinutes())}`;
  return `${months[date.getMonth()] ?? ''} ${twoDigits(date.getDate())} ${time} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** `21:05`, in local time. */
function formatTime(secs: number): string {
  const date = new Date(secs * 1000);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
