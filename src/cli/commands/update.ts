import { words } from '../../config/python/text.ts';
import { FaultError } from '../../client/errors.ts';
import type { ConfigChanges } from '../../client/replies.ts';
import { faultCodes } from '../../rpc/faults.ts';
import type { Command, CommandContext } from '../command.ts';
import { reportGroup } from '../format/group.ts';
import { updateFields } from '../format/plan.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { updateByDaemon } from './update-by-daemon.ts';

export const update: Command = {
  name: 'update',
  summary: 'Read the configuration again and act on what differs',
  help: [
    ['update', 'Read the configuration again; stop and remove, restart, or add every group that differs'],
    ['update all', 'The same'],
    ['update <gname> [...]', 'Do that for these groups only'],
    ['update --dry-run [...]', 'Show what that would do, and why; nothing is changed'],
    ['update --minimal [...]', 'Restart only processes that have to be; all of it is done, or nothing'],
  ],
  completes: 'groups',
  options: ['--dry-run', '--minimal'],
  results: updateFields,
  listing: 'original',
  async run(context, argument) {
    if (words(argument).some((word) => word.startsWith('--'))) {
      await updateByDaemon(context, update, words(argument));
      return;
    }
    const changes = await rereadConfig(context);
    if (changes === null) {
      return;
    }
    const named = new Set(words(argument));
    if (named.has('all')) {
      named.clear();
    }
    if (named.size > 0) {
      await refuseUnknown(context, named, changes);
    }
    const isMeant = (group: string): boolean => named.size === 0 || named.has(group);
    await removeGroups(context, changes.removed.filter(isMeant));
    await replaceGroups(context, changes.changed.filter(isMeant));
    await addGroups(context, changes.added.filter(isMeant));
  },
};

async function rereadConfig(context: CommandContext): Promise<ConfigChanges | null> {
  try {
    return await context.client.reloadConfig();
  } catch (error) {
    context.exitStatus = exitStatuses.generic;
    if (!(error instanceof FaultError && error.faultCode === faultCodes.SHUTDOWN_STATE)) {
      throw error;
    }
    context.output('ERROR: already shutting down');
    return null;
  }
}

/** B17.16: complains about groups that neither exist nor are about to; the others are updated all the same. */
async function refuseUnknown(
  context: CommandContext,
  named: ReadonlySet<string>,
  changes: ConfigChanges,
): Promise<void> {
  const active = (await context.client.getAllProcessInfo()).map((info) => info.group);
  const known = new Set([...active, ...changes.added]);
  for (const group of named) {
    if (!known.has(group)) {
      context.output(`ERROR: no such group: ${group}`);
      context.exitStatus = exitStatuses.generic;
    }
  }
}

async function removeGroups(context: CommandContext, groups: readonly string[]): Promise<void> {
  const { client } = context;
  for (const group of groups) {
    const outcomes = await client.stopProcessGroup(group);
    reportGroup(context, group, 'stopped');
    if (outcomes.some((outcome) => outcome.status === faultCodes.FAILED)) {
      context.output(`${group}: has problems; not removing`);
      context.exitStatus = exitStatuses.generic;
      continue;
    }
    await client.removeProcessGroup(group);
    reportGroup(context, group, 'removed');
  }
}

async function replaceGroups(context: CommandContext, groups: readonly string[]): Promise<void> {
  const { client } = context;
  for (const group of groups) {
    await client.stopProcessGroup(group);
    reportGroup(context, group, 'stopped');
    await client.removeProcessGroup(group);
    await client.addProcessGroup(group);
    reportGroup(context, group, 'updated');
  }
}

async function addGroups(context: CommandContext, groups: readonly string[]): Promise<void> {
  for (const group of groups) {
    await context.client.addProcessGroup(group);
    reportGroup(context, group, 'added');
  }
}
