/** Keys and what they do, as one table: the page's handler and its help are both made of it. */

export type KeyAction =
  | 'filter'
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'open'
  | 'select'
  | 'selectAll'
  | 'start'
  | 'stop'
  | 'restart'
  | 'logs'
  | 'more'
  | 'undo'
  | 'follow'
  | 'back'
  | 'help'
  | 'goPrograms'
  | 'goLogs'
  | 'goTimeline'
  | 'goActivity'
  | 'goConfiguration';

export interface KeyBinding {
  /** Keys one after the other. */
  readonly keys: string;
  readonly action: KeyAction;
  readonly text: string;
  readonly section: 'Anywhere' | 'Programs' | 'Logs';
}

export const keyBindings: readonly KeyBinding[] = [
  { keys: '/', action: 'filter', text: 'Filter or search', section: 'Anywhere' },
  { keys: 'g p', action: 'goPrograms', text: 'Go to programs', section: 'Anywhere' },
  { keys: 'g l', action: 'goLogs', text: 'Go to logs', section: 'Anywhere' },
  { keys: 'g t', action: 'goTimeline', text: 'Go to the timeline', section: 'Anywhere' },
  { keys: 'g a', action: 'goActivity', text: 'Go to the activity log', section: 'Anywhere' },
  { keys: 'g c', action: 'goConfiguration', text: 'Go to the configuration', section: 'Anywhere' },
  { keys: 'z', action: 'undo', text: 'Undo what was just done', section: 'Anywhere' },
  { keys: '?', action: 'help', text: 'Show these keys', section: 'Anywhere' },
  { keys: 'Escape', action: 'back', text: 'Clear the selection, go back', section: 'Anywhere' },
  { keys: 'j', action: 'next', text: 'Next row', section: 'Programs' },
  { keys: 'k', action: 'previous', text: 'Row before', section: 'Programs' },
  { keys: 'g g', action: 'first', text: 'First row', section: 'Programs' },
  { keys: 'G', action: 'last', text: 'Last row', section: 'Programs' },
  { keys: 'Enter', action: 'open', text: 'Open the program', section: 'Programs' },
  { keys: 'x', action: 'select', text: 'Select', section: 'Programs' },
  { keys: 'X', action: 'selectAll', text: 'Select all shown', section: 'Programs' },
  { keys: 's', action: 'start', text: 'Start', section: 'Programs' },
  { keys: 't', action: 'stop', text: 'Stop', section: 'Programs' },
  { keys: 'r', action: 'restart', text: 'Restart', section: 'Programs' },
  { keys: 'l', action: 'logs', text: 'Logs of the program or the selection', section: 'Programs' },
  { keys: '.', action: 'more', text: 'Everything else', section: 'Programs' },
  { keys: 'f', action: 'follow', text: 'Follow or stop following', section: 'Logs' },
];

export interface KeyMatch {
  readonly action: KeyAction | null;
  /** Keys so far that may become a binding. */
  readonly pending: string;
}

/** What a key does after the keys before it. A sequence that leads nowhere begins anew with this key. */
export function matchKey(pending: string, key: string): KeyMatch {
  const sequence = pending === '' ? key : `${pending} ${key}`;
  const found = keyBindings.find(({ keys }) => keys === sequence);
  if (found !== undefined) {
    return { action: found.action, pending: '' };
  }
  if (keyBindings.some(({ keys }) => keys.startsWith(`${sequence} `))) {
    return { action: null, pending: sequence };
  }
  return pending === '' ? { action: null, pending: '' } : matchKey('', key);
}
