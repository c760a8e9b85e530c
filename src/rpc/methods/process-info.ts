/**
 * Methods that tell about processes and their configuration.
 *
 * Source: Supervisor manual, "XML-RPC API" / "Process Control"; checklist B18.15 and B18.16.
 */
import { allConfigInfo } from '../config-info.ts';
import { findProcessOrGroup } from '../find-processes.ts';
import { RpcFault } from '../faults.ts';
import { defineMethod, type RpcMethod } from '../method.ts';
import { allProcessInfo, processInfo } from '../process-info.ts';
import { listOf } from '../json-schema.ts';
import { configInfoSchema, processInfoSchema } from '../result-schemas.ts';
import { processName } from './common.ts';

export const processInfoMethods: readonly RpcMethod[] = [
  defineMethod({
    name: 'getProcessInfo',
    summary: 'Tells about one process.',
    parameters: [processName],
    result: {
      type: 'struct',
      summary:
        'name, group, start, stop, now, state, statename, spawnerr, exitstatus, logfile, stdout_logfile, ' +
        'stderr_logfile, pid, description.',
      schema: processInfoSchema,
    },
    faults: ['BAD_NAME'],
    handle: ({ control, clock }, name) => {
      const { group, process } = findProcessOrGroup(control, name);
      if (process === null) {
        throw new RpcFault('BAD_NAME', name);
      }
      return processInfo(group.settings.name, process, clock.wallMs());
    },
  }),
  defineMethod({
    name: 'getAllProcessInfo',
    summary: 'Tells about all processes.',
    parameters: [],
    result: {
      type: 'array',
      summary: 'The structs of getProcessInfo, by name of the group, then of the process.',
      schema: listOf(processInfoSchema),
    },
    handle: ({ control, clock }) => allProcessInfo(control, clock.wallMs()),
  }),
  defineMethod({
    name: 'getAllConfigInfo',
    summary: 'Tells the configuration read last, whether its groups are active or not.',
    parameters: [],
    result: {
      type: 'array',
      summary: 'A struct of options for each process, by name; `none` and `auto` are texts.',
      schema: listOf(configInfoSchema),
    },
    handle: ({ control }) => allConfigInfo(control),
  }),
];
