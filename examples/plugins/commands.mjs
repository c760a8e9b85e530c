/**
 * [ctlplugin:rolling]: commands of supervisorctl.
 *
 * @import { ControlPluginFactory } from 'supervisord-ts/plugin'
 */

/** @type {ControlPluginFactory} */
export function makeCommands() {
  return {
    commands: {
      rolling: {
        summary: 'Restart the processes of a group one after the other',
        help: [['rolling <group>', 'Restart the processes of a group, each when the one before runs again']],
        completes: 'groups',
        async run(context, group) {
          if (group === '') {
            context.output('Error: rolling requires the name of a group');
            context.exitStatus = 2;
            return;
          }
          if (!(await context.isUp())) {
            return;
          }
          const names = /** @type {string[]} */ (await context.call('rolling.restart', group));
          for (const name of names) {
            context.output(`${name}: restarted`);
          }
        },
      },
      failing: {
        summary: 'Show the processes that should run and do not',
        async run(context) {
          if (!(await context.isUp())) {
            return;
          }
          const all =
            /** @type {{ group: string, name: string, statename: string, description: string }[]} */ (
              await context.call('supervisor.getAllProcessInfo')
            );
          const failing = all.filter(({ statename }) => statename === 'FATAL' || statename === 'BACKOFF');
          for (const { group, name, statename, description } of failing) {
            context.output(`${group}:${name} ${statename} ${description}`);
          }
          context.exitStatus = failing.length === 0 ? 0 : 3;
        },
      },
    },
  };
}
