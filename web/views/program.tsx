import { useComputed } from '@preact/signals';
import { apiUrl } from '../stream/api.ts';
import type { ProcessConfig, ProcessView, SettingView, StateChange } from '../stream/wire.ts';
import { canStart, canStop } from '../model/states.ts';
import { formatBytes, formatMoment, formatPercent } from '../model/format.ts';
import { exitText, statusText } from '../model/status-text.ts';
import { nowMs } from '../state/clock.ts';
import { isLoaded, processModel, processNames, type ProcessModel } from '../state/processes.ts';
import { Charts } from '../components/charts.tsx';
import { Icon } from '../components/icon.tsx';
import { LogPanel } from '../components/log-panel.tsx';
import { MenuButton } from '../components/menu.tsx';
import { clearItem, signalItems, VerbButton } from '../components/process-buttons.tsx';
import { SettingsTable } from '../components/settings-table.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { StateStrip } from '../components/state-strip.tsx';
import { StdinForm } from '../components/stdin-form.tsx';
import { useData } from '../components/use-data.ts';

/** Everything about one program. */
export function ProgramPage({ name }: { readonly name: string }) {
  void processNames.value;
  const model = processModel(name);
  if (model === undefined) {
    return (
      <div class="empty" role="status">
        <h1>{isLoaded.value ? `There is no program ${name}` : 'Reading…'}</h1>
        {isLoaded.value && (
          <a class="button" href="#/">
            All programs
          </a>
        )}
      </div>
    );
  }
  return <Program key={name} model={model} />;
}

function Program({ model }: { readonly model: ProcessModel }) {
  const { name } = model;
  const { logs, acceptsStdin, kind } = model.view.value;
  const hasStdout = logs.stdout !== null;
  const hasStderr = logs.stderr !== null;
  const keys = [...(hasStdout ? [`${name}/stdout`] : []), ...(hasStderr ? [`${name}/stderr`] : [])];
  return (
    <article class="program" data-process={name}>
      <Header model={model} />
      <div class="program-columns">
        <section class="card card-logs" aria-labelledby="logs-title">
          <h2 id="logs-title">Logs</h2>
          {keys.length > 0 ? (
            <LogPanel keys={keys} label={`Logs of ${name}`} />
          ) : (
            <p class="quiet pad">This program has no log files.</p>
          )}
          {kind !== 'eventlistener' && <StdinForm name={name} isRunning={acceptsStdin} />}
        </section>
        <div class="program-side">
          <Facts model={model} />
          <section class="card" aria-labelledby="charts-title">
            <h2 id="charts-title">Usage</h2>
            <Charts name={name} />
          </section>
          <States model={model} />
        </div>
      </div>
      <Configuration name={name} />
    </article>
  );
}

function Header({ model }: { readonly model: ProcessModel }) {
  const view = model.view.value;
  const text = useComputed(() => statusText(model.view.value, nowMs.value));
  const names = () => [model.name];
  return (
    <header class="program-header">
      <a class="icon-button" href="#/" aria-label="All programs" title="All programs">
        <Icon name="back" />
      </a>
      <h1>
        <bdi>{view.name}</bdi>
      </h1>
      <span aria-live="polite">
        <StateBadge state={view.state} isExpected={view.exit?.expected !== false} />
      </span>
      <span class={view.state === 'FATAL' || view.state === 'BACKOFF' ? 'trouble' : 'quiet'}>{text}</span>
      <div class="program-actions">
        <VerbButton verb="start" subject={view.name} names={names} isDisabled={!canStart(view.state)} />
        <VerbButton verb="stop" subject={view.name} names={names} isDisabled={!canStop(view.state)} />
        <VerbButton verb="restart" subject={view.name} names={names} isDisabled={!canStop(view.state)} />
        <MenuButton
          label={`More for ${view.name}`}
          icon="more"
          text="More"
          items={() => [clearItem(names()), ...signalItems(names())]}
        />
      </div>
    </header>
  );
}

function Facts({ model }: { readonly model: ProcessModel }) {
  const view = model.view.value;
  const usage = model.usage.value;
  const cpu = view.pid === null ? null : (usage.cpu.at(-1) ?? null);
  const memory = view.pid === null ? null : (usage.memory.at(-1) ?? null);
  const facts = factsOf(view, cpu, memory);
  return (
    <section class="card" aria-label="Facts">
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
    </section>
  );
}

function factsOf(
  view: ProcessView,
  cpu: number | null,
  memory: number | null,
): readonly (readonly [string, string])[] {
  const now = nowMs.peek();
  return [
    ['PID', view.pid === null ? '–' : String(view.pid)],
    ['CPU', cpu === null ? '–' : formatPercent(cpu)],
    ['Memory', memory === null ? '–' : formatBytes(memory)],
    ['Restarts', String(view.restarts)],
    ['Started', view.startedAtMs === null ? '–' : formatMoment(view.startedAtMs, now)],
    [
      'Last exit',
      view.exit === null
        ? '–'
        : `${exitText(view.exit)}${view.exit.expected ? '' : ', unexpected'}, ${formatMoment(view.exit.atMs, now)}`,
    ],
    ['Command', view.command],
    ['stdout', view.logs.stdout ?? 'not logged'],
    ['stderr', view.logs.stderr ?? 'not logged'],
  ];
}

function States({ model }: { readonly model: ProcessModel }) {
  const { name } = model;
  const { state } = model.view.value;
  const version = useComputed(() => {
    const view = model.view.value;
    return `${view.state} ${view.pid} ${view.startedAtMs} ${view.stoppedAtMs}`;
  });
  const history = useData<{ readonly changes: readonly StateChange[] }>(
    apiUrl(['processes', name, 'history']),
    version.value,
  );
  const reading = history.value;
  return (
    <section class="card" aria-labelledby="states-title">
      <h2 id="states-title">States</h2>
      {reading.state === 'ready' && (
        <StateStrip changes={reading.value.changes} state={state} nowMs={nowMs.value} />
      )}
      {reading.state === 'failed' && <p class="problem">Cannot read: {reading.problem}</p>}
    </section>
  );
}

const environmentKey = 'environment';

function Configuration({ name }: { readonly name: string }) {
  const reading = useData<ProcessConfig>(apiUrl(['processes', name, 'config'])).value;
  if (reading.state === 'reading') {
    return null;
  }
  if (reading.state === 'failed') {
    return <p class="problem">Cannot read the configuration: {reading.problem}</p>;
  }
  const settings = Object.entries(reading.value.settings);
  const environment = environmentOf(reading.value.settings[environmentKey]);
  return (
    <div class="configuration-cards">
      <section class="card" aria-labelledby="configuration-title">
        <h2 id="configuration-title">Configuration in force</h2>
        <SettingsTable
          caption="Options"
          settings={settings.filter(([option]) => option !== environmentKey)}
        />
      </section>
      <section class="card" aria-labelledby="environment-title">
        <h2 id="environment-title">Environment</h2>
        {environment.length === 0 ? (
          <p class="quiet pad">Nothing but what the daemon passes on.</p>
        ) : (
          <SettingsTable caption="Variables" settings={environment} />
        )}
      </section>
    </div>
  );
}

/** Its variables as settings of their own, from where the option is. */
function environmentOf(setting: SettingView | undefined): readonly (readonly [string, SettingView])[] {
  const value = setting?.value;
  if (setting === undefined || typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).map(([variable, text]) => [variable, { ...setting, value: text as unknown }]);
}
