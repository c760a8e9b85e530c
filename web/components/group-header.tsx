import { useComputed } from '@preact/signals';
import { statesBySeverity, toneOf } from '../model/states.ts';
import { act } from '../state/actions.ts';
import { toggleGroup } from '../state/listing.ts';
import { selection, toggleAllSelected } from '../state/selection.ts';
import { processChanges, processModel } from '../state/processes.ts';
import type { StateName } from '../stream/wire.ts';
import { Icon } from './icon.tsx';
import { MenuButton } from './menu.tsx';
import { signalItems } from './process-buttons.tsx';

interface GroupHeaderProps {
  readonly group: string;
  readonly names: readonly string[];
  readonly isCollapsed: boolean;
}

/** Heads the rows of a group: shows how they are, folds them, and acts on all of them. */
export function GroupHeader({ group, names, isCollapsed }: GroupHeaderProps) {
  const isEvery = useComputed(() => names.every((name) => selection.value.has(name)));
  return (
    <div role="row" class="row group-row">
      <div role="cell" class="cell-select">
        <input
          type="checkbox"
          aria-label={`Select all of group ${group}`}
          checked={isEvery}
          onClick={() => toggleAllSelected(names)}
        />
      </div>
      <div role="rowheader" class="group-name">
        <button
          type="button"
          class="fold"
          aria-expanded={!isCollapsed}
          onClick={() => toggleGroup(group)}
          title={isCollapsed ? 'Unfold' : 'Fold'}
        >
          <Icon name="chevron" />
          <bdi>{group}</bdi>
        </button>
        <GroupStates names={names} />
      </div>
      <div role="cell" class="cell-buttons">
        <MenuButton
          label={`Actions for group ${group}`}
          icon="more"
          items={() => [
            { label: `Start group`, icon: 'play', run: () => void act('start', names) },
            { label: `Stop group`, icon: 'stop', run: () => void act('stop', names) },
            { label: `Restart group`, icon: 'restart', run: () => void act('restart', names) },
            ...signalItems(names),
          ]}
        />
      </div>
    </div>
  );
}

function GroupStates({ names }: { readonly names: readonly string[] }) {
  void processChanges.value;
  const counts = new Map<StateName, number>();
  for (const name of names) {
    const state = processModel(name)?.view.peek().state;
    if (state !== undefined) {
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
  }
  return (
    <span class="group-states">
      {names.length === 1 ? '1 process' : `${names.length} processes`}
      {statesBySeverity
        .filter((state) => counts.has(state))
        .map((state) => (
          <span key={state} class={`group-state tone-${toneOf(state, true)}`}>
            {counts.get(state)} {state.toLowerCase()}
          </span>
        ))}
    </span>
  );
}
