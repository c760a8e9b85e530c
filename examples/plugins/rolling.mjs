/**
 * [rpcinterface:rolling]: restarts the processes of a group one after the other, each only when the one before runs again,
 * so that a service with several processes stays up. Listeners are told at the end.
 *
 * @import { RpcInterfaceFactory } from 'supervisord-ts/plugin'
 */

/** Types of events that this module adds. */
export const eventTypes = {
  ROLLING_RESTART_FINISHED: { summary: 'rolling.restart has restarted a whole group.' },
};

const badName = 10;

/** @type {RpcInterfaceFactory} */
export function makeRolling(supervisor, options) {
  const pauseMs = Number(options.pause ?? 0) * 1000;

  return {
    methods: {
      restart: {
        summary: 'Restarts the processes of a group one after the other.',
        parameters: [{ name: 'group', type: 'string', summary: 'The group.' }],
        acts: true,
        result: {
          type: 'array',
          summary: 'Names of the processes, in the order in which they were restarted.',
        },
        async handle(/** @type {string} */ group) {
          const all = /** @type {{ group: string, name: string }[]} */ (
            await supervisor.call('supervisor.getAllProcessInfo')
          );
          const names = all
            .filter((process) => process.group === group)
            .map(({ name }) => `${group}:${name}`);
          if (names.length === 0) {
            throw supervisor.fault(badName, `BAD_NAME: ${group}`);
          }
          for (const name of names) {
            await supervisor.call('supervisor.stopProcess', name).catch(unlessNotRunning);
            await supervisor.call('supervisor.startProcess', name);
            await new Promise((resolve) => setTimeout(resolve, pauseMs));
          }
          supervisor.log('info', `rolling restart of ${group} finished`);
          supervisor.publish('ROLLING_RESTART_FINISHED', `groupname:${group} processes:${names.length}`);
          return names;
        },
      },
    },
  };
}

const notRunning = 70;

/** @param {{ faultCode?: number }} error */
function unlessNotRunning(error) {
  if (error.faultCode !== notRunning) {
    throw error;
  }
}
