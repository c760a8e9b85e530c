/**
 * Becoming the user that `[supervisord] user` names.
 *
 * Source: Supervisor manual, `user`; B5.7.
 */
import type { DaemonSettings } from '../config/settings.ts';
import { errnoName } from '../native/errno.ts';
import { identityMissing } from '../system/identity-missing.ts';
import type { Machine } from './machine.ts';

export type PrivilegesResult =
  | { readonly ok: true; readonly criticals: readonly string[]; readonly infos: readonly string[] }
  | { readonly ok: false; readonly message: string };

const runsAsRoot =
  'Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  ' +
  'If you intend to run as root, you can set user=root in the config file to avoid this message.';

/** Drops root for good where a user is set. Lines for the activity log, or a usage error. */
export function takePrivileges({ uid }: DaemonSettings, machine: Machine): PrivilegesResult {
  const { system, binding } = machine;
  const ownUid = system.ownUid();
  if (uid === null) {
    return { ok: true, criticals: ownUid === 0 ? [runsAsRoot] : [], infos: [] };
  }
  if (uid !== ownUid) {
    const refusal = becomeUser(uid, ownUid, system, binding);
    if (refusal !== null) {
      return { ok: false, message: refusal };
    }
  }
  return { ok: true, criticals: [], infos: [`Set uid to user ${uid} succeeded`] };
}

function becomeUser(
  uid: number,
  ownUid: number,
  system: Machine['system'],
  binding: Machine['binding'],
): string | null {
  const found = system.identityOf(uid);
  if (!found.ok) {
    return identityMissing(uid, found);
  }
  if (ownUid !== 0) {
    return "Can't drop privilege as nonroot user";
  }
  const { identity } = found;
  const failure = binding.setIdentity(identity.uid, identity.gid, identity.groups);
  if (failure === null) {
    return null;
  }
  return failure.stage === 'groups'
    ? 'Could not set groups of effective user'
    : `Could not set ${failure.stage} of effective user: ${errnoName(failure.errno)}`;
}
