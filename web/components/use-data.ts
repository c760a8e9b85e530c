/** Something read once from the daemon, for a view. */
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { describeError, getJson } from '../stream/api.ts';

export type Reading<T> =
  | { readonly state: 'reading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly problem: string };

/** Read again whenever `url` or `version` changes; what was there before stays until then. */
export function useData<T>(url: string, version: unknown = 0): ReadonlySignal<Reading<T>> {
  const reading = useSignal<Reading<T>>({ state: 'reading' });
  useEffect(() => {
    const abort = new AbortController();
    void readInto(reading, url, abort.signal);
    return () => abort.abort();
  }, [url, version]);
  return reading;
}

async function readInto<T>(reading: Signal<Reading<T>>, url: string, signal: AbortSignal): Promise<void> {
  try {
    reading.value = { state: 'ready', value: await getJson<T>(url, signal) };
  } catch (error) {
    if (!signal.aborted) {
      reading.value = { state: 'failed', problem: describeError(error) };
    }
  }
}
