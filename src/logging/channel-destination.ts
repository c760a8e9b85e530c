import type { Answer, LogDestination, LogReport } from './destinations/destination.ts';
import { fanOut } from './destinations/fan-out.ts';
import { nullPath } from './destinations/null-sink.ts';
import { SyslogDestination } from './destinations/syslog.ts';
import type { ChannelContext, OutputChannelOptions } from './channel-options.ts';

/**
 * Opens all places that the output of a channel goes to. `opened` is told when they can be written, or with the errno's name
 * of a log file that cannot be opened.
 */
export function openDestinations(
  { logPath, logMode, limits, toSyslog, processName }: OutputChannelOptions,
  { outlets, syslog, clock }: ChannelContext,
  {
    opened,
    ...notices
  }: {
    readonly report: LogReport;
    readonly onDrain: () => void;
    readonly opened: Answer;
  },
): LogDestination {
  const destinations: LogDestination[] = [];
  if (toSyslog) {
    destinations.push(new SyslogDestination({ syslog, clock, prefix: `${processName} `, ...notices }));
  }
  if (logPath === null && toSyslog) {
    opened(null);
  } else {
    const mode = logMode === undefined ? {} : { mode: logMode };
    destinations.unshift(outlets.join(logPath ?? nullPath, { limits, ...mode, ...notices }, opened));
  }
  return fanOut(destinations);
}

/** Whether output goes to the same places, rotated alike. */
export function hasSameDestination(a: OutputChannelOptions, b: OutputChannelOptions): boolean {
  return (
    a.logPath === b.logPath &&
    a.limits.maxBytes === b.limits.maxBytes &&
    a.limits.backups === b.limits.backups &&
    a.toSyslog === b.toSyslog
  );
}
