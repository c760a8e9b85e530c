/** What the reader has chosen, kept by the browser. A browser that keeps nothing still works. */
import { effect, signal, type Signal } from '@preact/signals';
import type { Arrangement } from '../model/arrange.ts';

export type Theme = 'auto' | 'light' | 'dark';

const prefix = 'supervisor.';

/** A signal whose value outlives the page; `isValid` refuses what another version may have stored. */
function kept<T>(name: string, initial: T, isValid: (value: unknown) => value is T): Signal<T> {
  const value = signal(readStored(name, isValid) ?? initial);
  effect(() => {
    store(name, value.value);
  });
  return value;
}

function readStored<T>(name: string, isValid: (value: unknown) => value is T): T | null {
  try {
    const text = localStorage.getItem(prefix + name);
    const value: unknown = text === null ? null : JSON.parse(text);
    return isValid(value) ? value : null;
  } catch {
    return null;
  }
}

function store(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // Private windows and full disks: the choice holds until the page is closed.
  }
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTheme = (value: unknown): value is Theme => value === 'auto' || value === 'light' || value === 'dark';
const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
const isArrangement = (value: unknown): value is Arrangement =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  'descending' in value &&
  'grouped' in value;

export const theme = kept<Theme>('theme', 'auto', isTheme);
export const arrangement = kept<Arrangement>(
  'arrangement',
  { key: 'name', descending: false, grouped: true },
  isArrangement,
);
export const collapsedGroups = kept<readonly string[]>('collapsed', [], isStrings);
export const wrapLines = kept('wrap', true, isBoolean);
/** Single letters act; somebody who uses speech input wants that off. */
export const shortcutsOn = kept('shortcuts', true, isBoolean);
/** When the page was last looked at, by the daemon's clock; 0: never. */
export const lookedAtMs = kept('lookedAt', 0, isNumber);
