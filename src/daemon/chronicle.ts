/** Writes what happens to groups and processes into the journal. */
import type { ProcessGroup } from '../group/group.ts';
import type { Journal } from '../journal/journal.ts';
import { signalName } from '../config/signals.ts';
import type { Process } from '../process/process.ts';
import type { LastExit } from '../process/record.ts';
import type { StateChange } from '../process/step.ts';
import { formatNamespec } from '../rpc/namespec.ts';

export class Chronicle {
  readonly #journal: Journal;
  /** Namespecs of each group as it was last. */
  readonly #members = new Map<string, readonly string[]>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  groupAdded(group: ProcessGroup): void {
    this.#put(group, 'added');
  }

  groupChanged(group: ProcessGroup): void {
    this.#put(group, 'changed');
  }

  groupRemoved(group: string): void {
    const gone = this.#members.get(group) ?? [];
    this.#members.delete(group);
    const text = `group ${group} removed`;
    this.#journal.add({ kind: 'group', group, change: 'removed', processes: [], gone, text });
  }

  stateChanged({ groupName, settings, history, spawnError }: Process, { from, to }: StateChange): void {
    const process = formatNamespec(groupName, settings.name);
    // One event may lead through two states: the history has both already when the first is told.
    const past = history.findLast((change) => change.from === from && change.to === to);
    const why = to === 'BACKOFF' || to === 'FATAL' ? spawnError : null;
    const exit = past?.exit ?? null;
    const details = [exit === null ? null : describe(exit), why].filter((detail) => detail !== null);
    this.#journal.add({
      kind: 'state',
      process,
      from,
      to,
      cause: past?.cause ?? null,
      text: [`${process} ${to}`, ...details].join(': '),
    });
  }

  daemon(text: string): void {
    this.#journal.add({ kind: 'daemon', text });
  }

  #put(group: ProcessGroup, change: 'added' | 'changed'): void {
    const processes = [...group.processes.keys()].map((process) => formatNamespec(group.name, process));
    const now = new Set(processes);
    const gone = (this.#members.get(group.name) ?? []).filter((process) => !now.has(process));
    this.#members.set(group.name, processes);
    const text = `group ${group.name} ${change}`;
    this.#journal.add({ kind: 'group', group: group.name, change, processes, gone, text });
  }
}

function describe({ code, signal, coreDumped, expected }: LastExit): string {
  const how =
    signal === null
      ? `exit status ${code}`
      : `ended by ${signalName(signal)}${coreDumped ? ' (core dumped)' : ''}`;
  return expected ? how : `${how}, not expected`;
}
