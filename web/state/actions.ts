/**
 * What can be done to programs and the daemon. What takes something away from more than one, or for good, asks first;
 * what can be undone offers that afterwards.
 */
import { effect } from '@preact/signals';
import { apiUrl, describeError, postJson } from '../stream/api.ts';
import type { Outcome, ProcessView } from '../stream/wire.ts';
import { plural } from '../model/format.ts';
import { canSignal, canStart, canStop } from '../model/states.ts';
import { confirmed, type Question } from './confirm.ts';
import { processModel, processNames } from './processes.ts';
import { showToast } from './toasts.ts';

export type Verb = 'start' | 'stop' | 'restart' | 'clear';

/** Signals people send to running programs, and the one that nobody survives. */
export const commonSignals = ['HUP', 'USR1', 'USR2', 'INT', 'TERM', 'QUIT', 'KILL'] as const;

interface Outcomes {
  readonly outcomes: readonly Outcome[];
}

const past: Readonly<Record<Verb, string>> = {
  start: 'Started',
  stop: 'Stopped',
  restart: 'Restarted',
  clear: 'Cleared the logs of',
};

const alwaysAsked: ReadonlySet<Verb> = new Set(['clear']);
const askedForMany: ReadonlySet<Verb> = new Set(['stop', 'restart']);

/** Those of the names that a verb would change something about. */
export function concerned(verb: Verb, names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    const state = processModel(name)?.view.peek().state;
    switch (verb) {
      case 'start':
        return state !== undefined && canStart(state);
      case 'stop':
        return state !== undefined && canStop(state);
      case 'restart':
      case 'clear':
        return state !== undefined;
    }
  });
}

/** `isTyped`: asked for by a single key, which is easily hit by mistake. */
export async function act(verb: Verb, names: readonly string[], { isTyped = false } = {}): Promise<void> {
  const targets = concerned(verb, names);
  if (targets.length === 0) {
    showToast(`Nothing to ${verb}: ${describeNames(names)} ${states(names)}`);
    return;
  }
  const mustAsk =
    alwaysAsked.has(verb) ||
    (askedForMany.has(verb) && (targets.length > 1 || (isTyped && verb === 'restart')));
  if (mustAsk && !(await confirmed(questionAbout(verb, targets)))) {
    return;
  }
  const body = verb === 'clear' ? { names: targets } : { names: targets, wait: false };
  const outcomes = await post(['processes', verb], body);
  if (outcomes !== null) {
    report(verb, targets, outcomes);
  }
}

export async function sendSignal(signal: string, names: readonly string[]): Promise<void> {
  const targets = names.filter((name) => {
    const state = processModel(name)?.view.peek().state;
    return state !== undefined && canSignal(state);
  });
  if (targets.length === 0) {
    showToast(`Nobody to signal: ${describeNames(names)} ${states(names)}`);
    return;
  }
  const mustAsk = signal === 'KILL' || targets.length > 1;
  const isSure =
    !mustAsk ||
    (await confirmed({
      title: `Send SIG${signal} to ${describeNames(targets)}?`,
      text: signal === 'KILL' ? 'It ends at once, without a chance to clean up.' : '',
      items: listed(targets),
      confirm: `Send SIG${signal}`,
      isDangerous: signal === 'KILL',
    }));
  const outcomes = isSure ? await post(['processes', 'signal'], { names: targets, signal }) : null;
  if (outcomes !== null && reportFailures(`Cannot signal`, outcomes)) {
    showToast(`Sent SIG${signal} to ${describeNames(targets)}`);
  }
}

/** True when it was sent. */
export async function sendStdin(name: string, text: string): Promise<boolean> {
  const outcomes = await post(['processes', name, 'stdin'], { text });
  return outcomes !== null && reportFailures('Cannot send', outcomes);
}

export async function actOnDaemon(action: 'reload' | 'shutdown'): Promise<void> {
  const running = processNames.value.filter((name) => processModel(name)?.view.peek().pid !== null);
  const isSure = await confirmed({
    title: action === 'reload' ? 'Restart the daemon?' : 'Shut the daemon down?',
    text:
      action === 'reload'
        ? `It stops ${plural(running.length, 'running program')}, reads its configuration again and starts what is to be started.`
        : `It stops ${plural(running.length, 'running program')} and ends. This page cannot start it again.`,
    items: listed(running),
    confirm: action === 'reload' ? 'Restart the daemon' : 'Shut down',
    isDangerous: true,
  });
  if (isSure) {
    try {
      await postJson(apiUrl(['daemon', action]));
      showToast(action === 'reload' ? 'The daemon restarts' : 'The daemon shuts down');
    } catch (error) {
      showToast(`Cannot ${action} the daemon: ${describeError(error)}`, { tone: 'bad' });
    }
  }
}

const warnings: Readonly<Record<Verb, string>> = {
  start: '',
  stop: 'They stay stopped until somebody starts them again.',
  restart: 'What they are doing at the moment is interrupted.',
  clear: 'What was logged is deleted. This cannot be undone.',
};

function questionAbout(verb: Verb, targets: readonly string[]): Question {
  const what = describeNames(targets);
  const name = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
  return {
    title: verb === 'clear' ? `Clear the logs of ${what}?` : `${name} ${what}?`,
    text: warnings[verb],
    items: listed(targets),
    confirm: verb === 'clear' ? 'Clear logs' : name,
    isDangerous: verb !== 'start',
  };
}

async function post(path: readonly string[], body: unknown): Promise<readonly Outcome[] | null> {
  try {
    return (await postJson<Outcomes>(apiUrl(path), body)).outcomes;
  } catch (error) {
    showToast(`Cannot do that: ${describeError(error)}`, { tone: 'bad' });
    return null;
  }
}

function report(verb: Verb, targets: readonly string[], outcomes: readonly Outcome[]): void {
  const failed = new Set(outcomes.filter(({ ok }) => !ok).map(({ name }) => name));
  reportFailures(`Cannot ${verb}`, outcomes);
  const done = targets.filter((name) => !failed.has(name));
  if (done.length > 0) {
    showToast(`${past[verb]} ${describeNames(done)}`, {
      action: verb === 'stop' ? { label: 'Undo', run: () => void startAgain(done) } : null,
    });
  }
}

/** What is still stopping can be started only when it has ended. */
async function startAgain(names: readonly string[]): Promise<void> {
  await Promise.all(names.map(untilStopped));
  await act('start', names);
}

function untilStopped(name: string): Promise<void> {
  return new Promise((resolve) => {
    const dispose = effect(() => {
      if (processModel(name)?.view.value.state !== 'STOPPING') {
        resolve();
        queueMicrotask(() => dispose());
      }
    });
  });
}

/** False when there were any. */
function reportFailures(sentence: string, outcomes: readonly Outcome[]): boolean {
  const failures = outcomes.filter(({ ok }) => !ok);
  if (failures.length > 0) {
    showToast(`${sentence} ${describeNames(failures.map(({ name }) => name))}`, {
      tone: 'bad',
      details: failures.slice(0, 5).map(({ name, detail, fault }) => `${name}: ${detail || (fault ?? '')}`),
    });
  }
  return failures.length === 0;
}

function describeNames(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : plural(names.length, 'program');
}

function states(names: readonly string[]): string {
  const [name = ''] = names;
  const view: ProcessView | undefined = processModel(name)?.view.peek();
  return names.length === 1 && view !== undefined ? `is ${view.state}` : 'are in other states';
}

const mostListed = 12;

function listed(names: readonly string[]): readonly string[] {
  return names.length <= 1
    ? []
    : names.length <= mostListed
      ? names
      : [...names.slice(0, mostListed), `and ${names.length - mostListed} more`];
}
