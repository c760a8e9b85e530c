/** Processes as a canned daemon tells of them. */
import type { XmlRpcStruct } from '../rpc/xml/value.ts';

/** A process that runs, but for what `overrides` say. */
export function cannedProcess(group: string, name: string, overrides: XmlRpcStruct = {}): XmlRpcStruct {
  return {
    name,
    group,
    description: 'pid 7, uptime 0:00:01',
    start: 1,
    stop: 0,
    now: 2,
    state: 20,
    statename: 'RUNNING',
    spawnerr: '',
    exitstatus: 0,
    logfile: '/o',
    stdout_logfile: '/o',
    stderr_logfile: '',
    pid: 7,
    ...overrides,
  };
}
