import type { LogDestination, LogReport } from './destinations/destination.ts';
import { fanOut } from './destinations/fan-out.ts';
import { nullPath } from './destinations/null-sink.ts';
import { SyslogDestination } from './destinations/syslog.ts';
import type { ChannelContext, OutputChannelOptions } from './channel-options.ts';

/** All places that the output of a channel goes to, to be opened. */
export function makeDestinations(
  { logPath, logMode, limits, toSyslog, processName }: OutputChannelOptions,
  { outlets, syslog, clock }: ChannelContext,
  notices: { readonly report: LogReport; readonly onDrain: () => void },
): LogDestination {
  const destinations: LogDestination[] = [];
  if (logPath !== null || !toSyslog) {
    const mode = logMode === undefined ? {} : { mode: logMode };
    destinations.push(outlets.join(logPath ?? nullPath, { limits, ...mode, ...notices }));
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
