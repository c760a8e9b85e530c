/** Keys of the page: what each action of the table in `model/keys.ts` does, wherever one is. */
import { matchKey, type KeyAction } from '../model/keys.ts';
import { question } from '../state/confirm.ts';
import { openMenu } from '../components/open-menu.ts';
import { processMenu } from '../components/process-buttons.tsx';
import { act, type Verb } from '../state/actions.ts';
import { isHelpShown } from '../state/help.ts';
import { visibleNames } from '../state/listing.ts';
import { clearSelection, selectedNames, toggleAllSelected, toggleSelected } from '../state/selection.ts';
import { shortcutsOn } from '../state/preferences.ts';
import { navigate, route } from '../state/router.ts';
import { runLastToastAction } from '../state/toasts.ts';

const sequenceMs = 1200;

let pending = '';
let forget: ReturnType<typeof setTimeout> | undefined;

export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (!isForThePage(event)) {
      return;
    }
    const match = matchKey(pending, event.key);
    pending = match.pending;
    clearTimeout(forget);
    forget = setTimeout(() => {
      pending = '';
    }, sequenceMs);
    if (match.action !== null && run[match.action]() !== false) {
      event.preventDefault();
    }
  });
}

/** Not what is typed into a field, meant for the browser, or for what is open above the page. */
function isForThePage(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isTyping =
    target?.closest('input:not([type=checkbox]), textarea, select') !== null && target !== null;
  const isAbove = question.value !== null || openMenu.value !== null || isHelpShown.value;
  const isWanted = shortcutsOn.value || event.key === 'Escape';
  return isWanted && !isTyping && !isAbove && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** False: the browser does with the key what it does. */
const run: Readonly<Record<KeyAction, () => unknown>> = {
  filter: () => {
    const field = document.querySelector<HTMLInputElement>('#filter, [data-search]');
    field?.focus();
    field?.select();
  },
  next: () => moveRow((at) => at + 1),
  previous: () => moveRow((at) => at - 1),
  first: () => moveRow(() => 0),
  last: () => moveRow((_, count) => count - 1),
  // Rows are links: Enter opens them without help.
  open: () => false,
  select: () => {
    const name = focusedProcess();
    if (name !== null && route.value.view === 'overview') {
      toggleSelected(name);
    }
  },
  selectAll: () => {
    if (route.value.view === 'overview') {
      toggleAllSelected(visibleNames.value);
    }
  },
  start: () => actOnTarget('start'),
  stop: () => actOnTarget('stop'),
  restart: () => actOnTarget('restart'),
  logs: () => {
    const names = targets();
    if (names.length > 0) {
      navigate({ view: 'logs', sources: names.flatMap((name) => [`${name}/stdout`, `${name}/stderr`]) });
    }
  },
  more: () => {
    const names = targets();
    const anchor = document.activeElement;
    if (names.length > 0 && anchor instanceof HTMLElement) {
      openMenu.value = { anchor, label: 'Actions', items: processMenu(names) };
    }
  },
  undo: runLastToastAction,
  follow: () => document.querySelector<HTMLElement>('.log-toolbar [aria-pressed]')?.click(),
  back: () => {
    if (selectedNames.value.length > 0) {
      clearSelection();
    } else if (route.value.view !== 'overview') {
      navigate({ view: 'overview' });
    }
  },
  help: () => {
    isHelpShown.value = true;
  },
  goPrograms: () => navigate({ view: 'overview' }),
  goLogs: () => navigate({ view: 'logs', sources: [] }),
  goTimeline: () => navigate({ view: 'timeline' }),
  goActivity: () => navigate({ view: 'activity' }),
  goConfiguration: () => navigate({ view: 'configuration' }),
};

/** Focus is the cursor: what is read out, and what Enter opens, is where one is. */
function moveRow(to: (at: number, count: number) => number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-nav]')];
  const focused = document.activeElement?.closest('.row, .entry')?.querySelector('[data-nav]');
  const at = rows.findIndex((row) => row === focused);
  const row = rows[Math.min(Math.max(0, to(at, rows.length)), rows.length - 1)];
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
}

function focusedProcess(): string | null {
  const row = document.activeElement?.closest<HTMLElement>('[data-process]');
  return row?.dataset['process'] ?? null;
}

/** The selection; without one the row or page one is at. */
function targets(): readonly string[] {
  if (route.value.view === 'program') {
    return [route.value.name];
  }
  const name = focusedProcess();
  return selectedNames.value.length > 0 ? selectedNames.value : name === null ? [] : [name];
}

function actOnTarget(verb: Verb): void {
  const names = targets();
  if (names.length > 0) {
    void act(verb, names, { isTyped: true });
  }
}
