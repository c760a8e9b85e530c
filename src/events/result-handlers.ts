/** What is thought of the answers of listeners: by the stock handler, or by a plugin (B20.15). */
import type { PluginReference } from '../config/settings.ts';
import { loadPlugin } from '../plugin/load.ts';
import type { Verdict } from './listener-protocol.ts';
import type { EventJudge } from './pool.ts';

const ok = Buffer.from('OK');

/** Source: Supervisor manual, "Event Notification Protocol": only `OK` is well. */
export function defaultVerdict(body: Buffer): Verdict {
  return body.equals(ok) ? 'accepted' : 'rejected';
}

/**
 * The judge that `result_handler` names, which was found to be there when the configuration was read. `report` takes what
 * goes wrong with it; then its verdict is `failed`.
 */
export function judgeOf({ name, directory }: PluginReference, report: (message: string) => void): EventJudge {
  const loaded = loadPlugin(name, directory);
  if (loaded.ok && loaded.kind === 'stock') {
    return (_event, body) => defaultVerdict(body);
  }
  return ({ type, payload }, body) => {
    try {
      if (!loaded.ok) {
        throw new Error(loaded.reason);
      }
      const verdict = loaded.value({ type, payload }, Uint8Array.from(body));
      if (verdict === 'accepted' || verdict === 'rejected') {
        return verdict;
      }
      throw new Error(`it answered ${String(verdict)}, expected 'accepted' or 'rejected'`);
    } catch (error) {
      const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report(`result handler ${name} failed on ${type}: ${trace}`);
      return 'failed';
    }
  };
}
