import { useComputed, type ReadonlySignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { formatBytes, formatDuration, formatPercent } from '../model/format.ts';
import { routeHash } from '../model/route.ts';
import { exitText, statusText } from '../model/status-text.ts';
import { nowMs } from '../state/clock.ts';
import { selection, selectRange, toggleSelected } from '../state/selection.ts';
import { processModel, type ProcessModel } from '../state/processes.ts';
import { useNear } from './near.ts';
import { RowButtons } from './process-buttons.tsx';
import { Sparkline } from './sparkline.tsx';
import { StateBadge } from './state-badge.tsx';

interface RowProps {
  readonly name: string;
  /** In a section of its group the group's name is not said again. */
  readonly isInGroup: boolean;
}

let lastToggled: string | null = null;

/** A row of the overview. Each cell follows what it shows, so a change renders a cell and no other row. */
export function ProcessRow({ name, isInGroup }: RowProps) {
  const row = useRef<HTMLDivElement>(null);
  const near = useNear(row);
  const model = processModel(name);
  if (model === undefined) {
    return null;
  }
  return (
    <div ref={row} role="row" class="row" data-process={name}>
      <div role="cell" class="cell-select">
        <SelectBox name={name} />
      </div>
      <StateCell model={model} />
      <div role="rowheader" class="cell-name">
        <a href={routeHash({ view: 'program', name })} data-nav title={name}>
          <bdi>{isInGroup ? name.slice(name.indexOf(':') + 1) : name}</bdi>
        </a>
        <KindMark model={model} />
      </div>
      <StatusCell model={model} near={near} />
      <PidCell model={model} />
      <UsageCell model={model} near={near} kind="cpu" />
      <UsageCell model={model} near={near} kind="memory" />
      <RestartsCell model={model} />
      <ExitCell model={model} near={near} />
      <ButtonsCell model={model} />
    </div>
  );
}

interface CellProps {
  readonly model: ProcessModel;
}

interface NearCellProps extends CellProps {
  readonly near: ReadonlySignal<boolean>;
}

function SelectBox({ name }: { readonly name: string }) {
  const isSelected = useComputed(() => selection.value.has(name));
  return (
    <input
      type="checkbox"
      aria-label={`Select ${name}`}
      checked={isSelected}
      onClick={(event) => {
        if (event.shiftKey && lastToggled !== null) {
          selectRange(lastToggled, name);
        } else {
          toggleSelected(name);
        }
        lastToggled = name;
      }}
    />
  );
}

function StateCell({ model }: CellProps) {
  const { state, exit } = model.view.value;
  return (
    <div role="cell" class="cell-state">
      <StateBadge state={state} isExpected={exit?.expected !== false} />
    </div>
  );
}

function KindMark({ model }: CellProps) {
  const { kind } = model.view.value;
  return kind === 'program' ? null : (
    <span class="mark">{kind === 'eventlistener' ? 'listener' : 'fastcgi'}</span>
  );
}

function StatusCell({ model, near }: NearCellProps) {
  const text = useComputed(() => statusText(model.view.value, near.value ? nowMs.value : nowMs.peek()));
  const { state } = model.view.value;
  const isTrouble = state === 'FATAL' || state === 'BACKOFF';
  return (
    <div
      role="cell"
      class={isTrouble ? 'cell-status trouble' : 'cell-status'}
      title={isTrouble ? text : undefined}
    >
      {text}
    </div>
  );
}

function PidCell({ model }: CellProps) {
  const pid = useComputed(() => model.view.value.pid ?? '');
  return (
    <div role="cell" class="cell-pid number">
      {pid}
    </div>
  );
}

const leastTop = { cpu: 10, memory: 1 } as const;

function UsageCell({ model, near, kind }: NearCellProps & { readonly kind: 'cpu' | 'memory' }) {
  const usage = near.value ? model.usage.value : model.usage.peek();
  const isRunning = model.view.value.pid !== null;
  const values = usage[kind];
  const last = isRunning ? (values.at(-1) ?? null) : null;
  return (
    <div role="cell" class={`cell-${kind} number`}>
      {isRunning && <Sparkline values={values} max={leastTop[kind]} kind={kind} />}
      <span class="figure">
        {last === null ? '' : kind === 'cpu' ? formatPercent(last) : formatBytes(last)}
      </span>
    </div>
  );
}

function RestartsCell({ model }: CellProps) {
  const restarts = useComputed(() => model.view.value.restarts || '');
  return (
    <div role="cell" class="cell-restarts number">
      {restarts}
    </div>
  );
}

function ExitCell({ model, near }: NearCellProps) {
  const { exit } = model.view.value;
  const since = useComputed(() => {
    const atMs = model.view.value.exit?.atMs;
    return atMs === undefined
      ? ''
      : `${formatDuration((near.value ? nowMs.value : nowMs.peek()) - atMs)} ago`;
  });
  return (
    <div role="cell" class="cell-exit" title={exit === null ? undefined : exitText(exit)}>
      {exit !== null && (
        <>
          <span class={exit.expected ? '' : 'trouble'}>{exitText(exit)}</span>{' '}
          <span class="quiet">{since}</span>
        </>
      )}
    </div>
  );
}

function ButtonsCell({ model }: CellProps) {
  return (
    <div role="cell" class="cell-buttons">
      <RowButtons name={model.name} state={model.view.value.state} />
    </div>
  );
}
