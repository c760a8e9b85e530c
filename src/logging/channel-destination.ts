import type { Errno } from '../system/system.ts';
import type { LogDestination, LogReport } from './destinations/destination.ts';
import { fanOut } from './destinations/fan-out.ts';
import { SyslogDestination } from './destinations/syslog.ts';
import type { ChannelContext, OutputChannelOptions } from './channel-options.ts';

/** Opens all places that the output of a channel goes to; or the errno's name of a log file that cannot be opened. */
export function openDestinations(
  { logPath, logMode, limits, toSyslog, processName }: OutputChannelOptions,
  { outlets, syslog, clock }: ChannelContext,
  notices: { readonly report: LogReport; readonly onDrain: () => void },
): LogDestination | Errno {
  const destinations: LogDestination[] = [];
  if (logPath !== null) {
    const mode = logMode === undefined ? {} : { mode: logMode };
    const file = outlets.open(logPath, { limits, ...mode, ...notices });
    if (typeof file === 'string') {
      return file;
    }
    destinations.push(file);
  }
  if (toSyslog) {
    destinations.push(new SyslogDestination({ syslog, clock, prefix: `${processName} `, ...notices }));
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
