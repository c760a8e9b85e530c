import { useSignal } from '@preact/signals';
import { plural } from '../model/format.ts';
import { actOnDaemon } from '../state/actions.ts';
import { daemon } from '../state/daemon.ts';
import { chooseMode, reread, rereadState, update, updateMode } from '../state/reread.ts';
import type { PlannedGroup, PlannedOption, UpdateMode, UpdateOutcome } from '../stream/wire.ts';
import { Icon } from '../components/icon.tsx';
import { originText } from '../components/settings-table.tsx';

/** Rereads the configuration, shows what changed and what an update would do, and does it. */
export function ConfigurationView() {
  const state = rereadState.value;
  return (
    <div class="configuration-view">
      <h1>Configuration</h1>
      <section class="card pad" aria-labelledby="reread-title">
        <h2 id="reread-title">Reread and update</h2>
        <p class="quiet">
          Reads the configuration files again and shows what an update would do. Nothing changes before you
          say so.
        </p>
        <button
          type="button"
          class="button primary"
          disabled={state.step === 'reading' || state.step === 'updating'}
          onClick={() => void reread()}
        >
          <Icon name="restart" />
          {state.step === 'reading' ? 'Reading…' : 'Reread'}
        </button>
        <ModeChoice />
        <div aria-live="polite">
          {state.step === 'failed' && (
            <div class="problem-box" role="alert">
              <p>
                <Icon name="alert" /> The configuration cannot be used; nothing was changed.
              </p>
              <pre>{state.problem}</pre>
            </div>
          )}
          {(state.step === 'planned' || state.step === 'updating') && (
            <Plan groups={state.groups} isBusy={state.step === 'updating'} />
          )}
          {state.step === 'updated' && <Updated outcomes={state.outcomes} />}
        </div>
      </section>
      <DaemonCard />
    </div>
  );
}

function Plan({ groups, isBusy }: { readonly groups: readonly PlannedGroup[]; readonly isBusy: boolean }) {
  const left = useSignal<ReadonlySet<string>>(new Set());
  if (groups.length === 0) {
    return <p class="plan-empty">Nothing has changed.</p>;
  }
  const chosen = groups.filter(({ name }) => !left.value.has(name));
  return (
    <>
      <ul class="plan">
        {groups.map((group) => (
          <li key={group.name}>
            <label class="plan-group">
              <input
                type="checkbox"
                checked={!left.value.has(group.name)}
                disabled={isBusy}
                onChange={() => {
                  const next = new Set(left.value);
                  if (!next.delete(group.name)) {
                    next.add(group.name);
                  }
                  left.value = next;
                }}
              />
              <span class={`change change-${group.change}`}>{group.change}</span>
              <bdi>{group.name}</bdi>
            </label>
            {group.options.length > 0 && <Difference options={group.options} />}
            <ul class="plan-processes">
              {group.processes.map(({ name, action, options }) => (
                <li key={name}>
                  <span class={`action action-${action}`}>{action}</span> <bdi>{name}</bdi>
                  {options.length > 0 && <Difference options={options} />}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button primary"
        disabled={isBusy || chosen.length === 0}
        onClick={() => void update(chosen)}
      >
        <Icon name="check" />
        {isBusy ? 'Updating…' : `Update ${plural(chosen.length, 'group')}`}
      </button>
    </>
  );
}

function Difference({ options }: { readonly options: readonly PlannedOption[] }) {
  return (
    <dl class="difference">
      {options.map(({ option, variable, from, to, file, line }) => (
        <div key={`${option} ${variable ?? ''}`}>
          <dt title={file === null ? undefined : originText(file, line)}>
            {variable === undefined ? option : `${option} ${variable}`}
          </dt>
          <dd>
            {from !== null && <del>{from}</del>} {to !== null && <ins>{to}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const modes: readonly { readonly mode: UpdateMode; readonly label: string }[] = [
  { mode: 'minimal', label: 'Only what has to be restarted' },
  { mode: 'groups', label: 'Whole groups, as supervisorctl update does' },
];

function ModeChoice() {
  return (
    <fieldset class="modes">
      <legend class="visually-hidden">What an update restarts</legend>
      {modes.map(({ mode, label }) => (
        <label key={mode}>
          <input
            type="radio"
            name="mode"
            checked={updateMode.value === mode}
            onChange={() => chooseMode(mode)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function Updated({ outcomes }: { readonly outcomes: readonly UpdateOutcome[] }) {
  return (
    <div class="plan-empty">
      <p>
        <Icon name="check" /> Updated.
      </p>
      <ul class="outcomes">
        {outcomes.map(({ group, process, done, problem }) => (
          <li key={`${group} ${process ?? ''} ${done}`} class={problem ? 'trouble' : ''}>
            <bdi>{process ?? group}</bdi>: {problem ?? done}
          </li>
        ))}
      </ul>
    </div>
  );
}

function DaemonCard() {
  const view = daemon.value;
  if (view === null) {
    return null;
  }
  const facts = [
    ['Identifier', view.identifier],
    ['Host', view.hostname],
    ['Version', view.version],
    ['PID', String(view.pid)],
    ['Started', new Date(view.startedAtMs).toLocaleString()],
    ['Activity log', view.activityLog ?? 'none'],
  ] as const;
  return (
    <section class="card pad" aria-labelledby="daemon-title">
      <h2 id="daemon-title">Daemon</h2>
      <dl class="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <div class="buttons">
        <button type="button" class="button" onClick={() => void actOnDaemon('reload')}>
          <Icon name="restart" />
          Restart the daemon
        </button>
        <button type="button" class="button danger-text" onClick={() => void actOnDaemon('shutdown')}>
          <Icon name="power" />
          Shut down
        </button>
      </div>
    </section>
  );
}
