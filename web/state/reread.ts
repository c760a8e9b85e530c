/** Reading the configuration again, seeing what an update would do, and doing it. */
import { signal } from '@preact/signals';
import { apiUrl, describeError, getJson, postJson } from '../stream/api.ts';
import type { PlannedGroup, UpdateMode, UpdateOutcome, UpdatePlan } from '../stream/wire.ts';
import { plural } from '../model/format.ts';
import { confirmed } from './confirm.ts';
import { showToast } from './toasts.ts';

export type RereadState =
  | { readonly step: 'idle' }
  | { readonly step: 'reading' }
  | { readonly step: 'failed'; readonly problem: string }
  | { readonly step: 'planned'; readonly groups: readonly PlannedGroup[] }
  | { readonly step: 'updating'; readonly groups: readonly PlannedGroup[] }
  | { readonly step: 'updated'; readonly outcomes: readonly UpdateOutcome[] };

export const rereadState = signal<RereadState>({ step: 'idle' });
export const updateMode = signal<UpdateMode>('minimal');

/** Asks for the plan of an update, which changes nothing. */
export async function reread(): Promise<void> {
  rereadState.value = { step: 'reading' };
  try {
    const { groups } = await getJson<UpdatePlan>(apiUrl(['config', 'plan'], { mode: updateMode.value }));
    rereadState.value = { step: 'planned', groups };
  } catch (error) {
    rereadState.value = { step: 'failed', problem: describeError(error) };
  }
}

/** Another way of updating does other things: what is shown is planned anew. */
export function chooseMode(mode: UpdateMode): void {
  updateMode.value = mode;
  if (rereadState.value.step === 'planned') {
    void reread();
  }
}

/** Asks first where something that runs would be stopped or restarted. */
export async function update(groups: readonly PlannedGroup[]): Promise<void> {
  const interrupted = groups.flatMap(({ processes }) =>
    processes
      .filter(({ action }) => action === 'stop' || action === 'restart')
      .map(({ name, action }) => `${action} ${name}`),
  );
  const isSure =
    interrupted.length === 0 ||
    (await confirmed({
      title: `Update ${plural(groups.length, 'group')}?`,
      text: `This stops or restarts ${plural(interrupted.length, 'program')}.`,
      items: interrupted.slice(0, 12),
      confirm: 'Update',
      isDangerous: true,
    }));
  if (isSure) {
    await updateNow(groups);
  }
}

async function updateNow(groups: readonly PlannedGroup[]): Promise<void> {
  rereadState.value = { step: 'updating', groups };
  try {
    const body = { mode: updateMode.value, groups: groups.map(({ name }) => name) };
    const { outcomes } = await postJson<{ readonly outcomes: readonly UpdateOutcome[] }>(
      apiUrl(['config', 'update']),
      body,
    );
    rereadState.value = { step: 'updated', outcomes };
  } catch (error) {
    rereadState.value = { step: 'planned', groups };
    showToast(`Cannot update: ${describeError(error)}`, { tone: 'bad' });
  }
}
