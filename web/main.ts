/** The status page: the table of processes, read again every two seconds while the page is visible. */

interface ProcessView {
  readonly name: string;
  readonly state: string;
  readonly description: string;
}

const refreshMs = 2000;

const summary = element('summary');
const rows = element('processes');
const empty = element('empty');

void refreshForEver();

async function refreshForEver(): Promise<void> {
  for (;;) {
    if (document.visibilityState === 'visible') {
      await refresh();
    }
    await new Promise((resolve) => {
      setTimeout(resolve, refreshMs);
    });
  }
}

async function refresh(): Promise<void> {
  try {
    const response = await fetch('api/v1/processes', { cache: 'no-store' });
    if (!response.ok) {
      throw new Error(`the daemon answered ${response.status} ${response.statusText}`);
    }
    show(((await response.json()) as { readonly processes: readonly ProcessView[] }).processes);
  } catch (error) {
    summary.textContent = `Cannot read the status: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function show(processes: readonly ProcessView[]): void {
  rows.replaceChildren(...processes.map(row));
  empty.hidden = processes.length > 0;
  const counts = new Map<string, number>();
  for (const { state } of processes) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  summary.textContent = [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}

/** Names and descriptions come from programs and configuration: they are only ever text, never markup. */
function row({ name, state, description }: ProcessView): HTMLTableRowElement {
  const tr = document.createElement('tr');
  const stateCell = cell(state);
  stateCell.className = `state ${state}`;
  tr.append(stateCell, cell(name), cell(description));
  return tr;
}

function cell(text: string): HTMLTableCellElement {
  const td = document.createElement('td');
  td.textContent = text;
  return td;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no element #${id}`);
  }
  return found;
}
