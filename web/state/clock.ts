/** The daemon's clock, as far as the page knows it, moving once a second while somebody looks. */
import { signal } from '@preact/signals';

let aheadMs = 0;

export const nowMs = signal(Date.now());

/** The daemon has just said what time it is. */
export function setDaemonTime(atMs: number): void {
  aheadMs = atMs - Date.now();
  tick();
}

function tick(): void {
  nowMs.value = Date.now() + aheadMs;
}

setInterval(() => {
  if (document.visibilityState === 'visible') {
    tick();
  }
}, 1000);
