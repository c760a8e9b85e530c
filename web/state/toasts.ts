/** Short messages about what was done or went wrong. They are announced to screen readers. */
import { signal } from '@preact/signals';

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'bad';
  readonly text: string;
  /** Further lines, such as one for each program that failed. */
  readonly details: readonly string[];
  readonly action: { readonly label: string; run(): void } | null;
}

export const toasts = signal<readonly Toast[]>([]);

const plainMs = 8000;
/** What went wrong stays until it was read, but not for ever. */
const badMs = 30_000;
const mostToasts = 4;

let nextId = 1;

export function showToast(
  text: string,
  options: Partial<Pick<Toast, 'tone' | 'details' | 'action'>> = {},
): void {
  const toast: Toast = { id: nextId, tone: 'plain', details: [], action: null, ...options, text };
  nextId += 1;
  toasts.value = [...toasts.value, toast].slice(-mostToasts);
  setTimeout(() => dismissToast(toast.id), toast.tone === 'bad' ? badMs : plainMs);
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Does what the newest toast that can be undone offers. */
export function runLastToastAction(): void {
  const toast = toasts.value.findLast(({ action }) => action !== null);
  if (toast !== undefined) {
    dismissToast(toast.id);
    toast.action?.run();
  }
}
