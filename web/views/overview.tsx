import type { Section, SortKey } from '../model/arrange.ts';
import { plural } from '../model/format.ts';
import { act } from '../state/actions.ts';
import { clearFilters, filterStates, filterText, sections, sortBy, visibleNames } from '../state/listing.ts';
import { selectedNames, toggleAllSelected } from '../state/selection.ts';
import { arrangement, collapsedGroups } from '../state/preferences.ts';
import { isLoaded, processNames } from '../state/processes.ts';
import { AwayBanner } from '../components/away-banner.tsx';
import { GroupHeader } from '../components/group-header.tsx';
import { Icon } from '../components/icon.tsx';
import { MenuButton } from '../components/menu.tsx';
import { ProcessRow } from '../components/process-row.tsx';
import { SelectionBar } from '../components/selection-bar.tsx';
import { signalItems } from '../components/process-buttons.tsx';
import { StateCounts } from '../components/state-counts.tsx';

/** All programs: how they are, and what can be done about it. */
export function Overview() {
  return (
    <div class="overview">
      <h1 class="visually-hidden">Programs</h1>
      <AwayBanner />
      <Toolbar />
      <SelectionBar />
      <div role="table" class="table" aria-label="Programs" aria-rowcount={-1}>
        <TableHead />
        <Sections />
      </div>
      <Emptiness />
    </div>
  );
}

function Toolbar() {
  return (
    <div class="toolbar">
      <label class="search">
        <Icon name="search" />
        <span class="visually-hidden">Filter programs</span>
        <input
          id="filter"
          type="search"
          placeholder="Filter: name, state:fatal, group:web, -word"
          autocomplete="off"
          spellcheck={false}
          value={filterText}
          onInput={(event) => {
            filterText.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              filterText.value = '';
              event.currentTarget.blur();
            } else if (event.key === 'Enter') {
              document.querySelector<HTMLElement>('[data-nav]')?.focus();
            }
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <StateCounts />
      <div class="toolbar-end">
        <SortSelect />
        <button
          type="button"
          class="button"
          aria-pressed={arrangement.value.grouped}
          onClick={() => {
            arrangement.value = { ...arrangement.value, grouped: !arrangement.value.grouped };
          }}
        >
          <Icon name="list" />
          Groups
        </button>
        <MenuButton
          label="Actions for all programs"
          icon="more"
          text="All"
          items={() => {
            const names = processNames.peek();
            return [
              { label: 'Start all', icon: 'play', run: () => void act('start', names) },
              { label: 'Stop all', icon: 'stop', isDangerous: true, run: () => void act('stop', names) },
              {
                label: 'Restart all',
                icon: 'restart',
                isDangerous: true,
                run: () => void act('restart', names),
              },
              ...signalItems(names),
            ];
          }}
        />
      </div>
    </div>
  );
}

const columns: readonly { readonly key: SortKey; readonly label: string; readonly class: string }[] = [
  { key: 'state', label: 'State', class: 'cell-state' },
  { key: 'name', label: 'Name', class: 'cell-name' },
  { key: 'uptime', label: 'Status', class: 'cell-status' },
  { key: 'pid', label: 'PID', class: 'cell-pid number' },
  { key: 'cpu', label: 'CPU', class: 'cell-cpu number' },
  { key: 'memory', label: 'Memory', class: 'cell-memory number' },
  { key: 'restarts', label: 'Restarts', class: 'cell-restarts number' },
  { key: 'exit', label: 'Last exit', class: 'cell-exit' },
];

/** Phones have no room for headings to press. */
function SortSelect() {
  return (
    <label class="sort-select">
      <span class="visually-hidden">Sort by</span>
      <select
        value={arrangement.value.key}
        onChange={(event) => sortBy(event.currentTarget.value as SortKey)}
      >
        {columns.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function TableHead() {
  const { key: current, descending } = arrangement.value;
  return (
    <div role="rowgroup">
      <div role="row" class="row head-row">
        <div role="columnheader" class="cell-select">
          <SelectShown />
        </div>
        {columns.map(({ key, label, class: name }) => (
          <div
            key={key}
            role="columnheader"
            class={name}
            aria-sort={key === current ? (descending ? 'descending' : 'ascending') : 'none'}
          >
            <button type="button" class="sort" onClick={() => sortBy(key)}>
              {label}
              {key === current && <Icon name={descending ? 'down' : 'up'} />}
            </button>
          </div>
        ))}
        <div role="columnheader" class="cell-buttons">
          <span class="visually-hidden">Actions</span>
        </div>
      </div>
    </div>
  );
}

function SelectShown() {
  const names = visibleNames.value;
  const chosen = new Set(selectedNames.value);
  const isEvery = names.length > 0 && names.every((name) => chosen.has(name));
  return (
    <input
      type="checkbox"
      aria-label="Select all shown"
      checked={isEvery}
      indeterminate={!isEvery && names.some((name) => chosen.has(name))}
      onClick={() => toggleAllSelected(names)}
    />
  );
}

function Sections() {
  return (
    <>
      {sections.value.map((section) => (
        <SectionRows key={section.group ?? ''} section={section} />
      ))}
    </>
  );
}

function SectionRows({ section: { group, names } }: { readonly section: Section }) {
  const isCollapsed = group !== null && collapsedGroups.value.includes(group);
  return (
    <div role="rowgroup" class="section" aria-label={group === null ? 'Programs' : `Group ${group}`}>
      {group !== null && <GroupHeader group={group} names={names} isCollapsed={isCollapsed} />}
      {!isCollapsed && names.map((name) => <ProcessRow key={name} name={name} isInGroup={group !== null} />)}
    </div>
  );
}

function Emptiness() {
  const all = processNames.value.length;
  if (!isLoaded.value || sections.value.length > 0) {
    return null;
  }
  const isFiltered = filterText.value !== '' || filterStates.value.size > 0;
  return (
    <div class="empty" role="status">
      {all === 0 ? (
        <>
          <p>No programs to manage</p>
          <p class="quiet">
            Add a [program:…] section to the configuration file, then reread it under{' '}
            <a href="#/configuration">Configuration</a>.
          </p>
        </>
      ) : (
        <>
          <p>None of {plural(all, 'program')} is like that</p>
          {isFiltered && (
            <button type="button" class="button" onClick={clearFilters}>
              Show all
            </button>
          )}
        </>
      )}
    </div>
  );
}
