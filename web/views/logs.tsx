import { useSignal } from '@preact/signals';
import { LogPanel } from '../components/log-panel.tsx';
import { replaceRoute } from '../state/router.ts';
import { processModel, processNames } from '../state/processes.ts';
import { parseFilter } from '../model/filter.ts';
import { Icon } from '../components/icon.tsx';

/** Logs of any programs, merged. */
export function LogsView({ sources }: { readonly sources: readonly string[] }) {
  const known = sources.filter((key) => isReadable(key)).slice(0, mostMerged);
  return (
    <div class="logs-view">
      <h1 class="visually-hidden">Logs</h1>
      <Picker sources={sources} />
      {sources.length > mostMerged && <p class="quiet">Only the first {mostMerged} of them are shown.</p>}
      {known.length > 0 ? (
        <section class="card card-logs" aria-label="Log lines">
          <LogPanel keys={known} label="Logs of the chosen programs" />
        </section>
      ) : (
        <p class="empty">Choose one or several logs; they are shown merged by time.</p>
      )}
    </div>
  );
}

/** Streams without a file cannot be read. */
function isReadable(key: string): boolean {
  void processNames.value;
  const match = /^(.*)\/(stdout|stderr)$/s.exec(key);
  const logs = processModel(match?.[1] ?? '')?.view.peek().logs;
  return logs !== undefined && logs[match?.[2] === 'stderr' ? 'stderr' : 'stdout'] !== null;
}

const mostOffered = 50;
/** The daemon follows no more for one page. */
const mostMerged = 50;

function Picker({ sources }: { readonly sources: readonly string[] }) {
  const text = useSignal('');
  const isWanted = parseFilter(text.value);
  const chosen = new Set(sources);
  const offered = processNames.value.flatMap((name) => {
    const view = processModel(name)?.view.peek();
    return view !== undefined && isWanted(view)
      ? (['stdout', 'stderr'] as const)
          .filter((stream) => view.logs[stream] !== null)
          .map((stream) => `${name}/${stream}`)
      : [];
  });
  const shown = [...sources, ...offered.filter((key) => !chosen.has(key)).slice(0, mostOffered)];
  const toggle = (key: string) => {
    const next = chosen.has(key) ? sources.filter((other) => other !== key) : [...sources, key];
    replaceRoute({ view: 'logs', sources: next });
  };
  return (
    <section class="picker" aria-label="Choose logs">
      <label class="search">
        <Icon name="search" />
        <span class="visually-hidden">Find programs</span>
        <input
          type="search"
          placeholder="Find programs"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <div class="picker-chips" role="group" aria-label="Logs">
        {shown.map((key) => (
          <button
            key={key}
            type="button"
            class="chip"
            aria-pressed={chosen.has(key)}
            onClick={() => toggle(key)}
          >
            <bdi>{key.replace(/\/stdout$/, '').replace(/\/stderr$/, ' stderr')}</bdi>
          </button>
        ))}
        {offered.length > mostOffered && (
          <span class="quiet">and {offered.length - mostOffered} more: type to find them</span>
        )}
      </div>
    </section>
  );
}
