import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { plural } from '../model/format.ts';
import { LogFeed } from '../state/log-feed.ts';
import { sourceOf, type LogSource } from '../state/log-source.ts';
import { wrapLines } from '../state/preferences.ts';
import { Icon } from './icon.tsx';
import { JumpForm } from './jump-form.tsx';
import { LogList } from './log-list.tsx';
import { LogSearchBar } from './log-search-bar.tsx';
import { MenuButton } from './menu.tsx';

interface LogPanelProps {
  readonly keys: readonly string[];
  readonly label: string;
}

/** Logs, followed and searched; several are merged. */
export function LogPanel({ keys, label }: LogPanelProps) {
  const joined = keys.join(',');
  const feed = useMemo(() => new LogFeed(keys.map(sourceOf)), [joined]);
  const isJumping = useSignal(false);
  useEffect(() => {
    feed.open();
    return () => feed.close();
  }, [feed]);
  return (
    <div class="log-panel">
      <div class="log-toolbar" role="toolbar" aria-label={`Controls of ${label}`}>
        <LiveButton feed={feed} />
        <LogSearchBar feed={feed} />
        <span class="log-tools">
          <button
            type="button"
            class="icon-button"
            aria-label="Jump to a time"
            title="Jump to a time"
            aria-expanded={isJumping.value}
            onClick={() => {
              isJumping.value = !isJumping.value;
            }}
          >
            <Icon name="clock" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Wrap long lines"
            title="Wrap long lines"
            aria-pressed={wrapLines.value}
            onClick={() => {
              wrapLines.value = !wrapLines.value;
            }}
          >
            <Icon name="wrap" />
          </button>
          <Downloads sources={feed.sources} />
        </span>
      </div>
      {isJumping.value && (
        <JumpForm
          feed={feed}
          onClose={() => {
            isJumping.value = false;
          }}
        />
      )}
      {feed.problem.value !== null && (
        <p class="problem" role="alert">
          <Icon name="alert" />
          Cannot read: {feed.problem.value}
        </p>
      )}
      <LogList feed={feed} label={label} hasLabels={hasManyLabels(feed.sources)} />
    </div>
  );
}

/** Both streams of one program are told apart by the look of their lines. */
function hasManyLabels(sources: readonly LogSource[]): boolean {
  return new Set(sources.map(({ key }) => key.replace(/\/[^/]*$/, ''))).size > 1;
}

function LiveButton({ feed }: { readonly feed: LogFeed }) {
  const isLive = feed.isLive.value;
  const unseen = feed.unseen.value;
  return (
    <button
      type="button"
      class={isLive ? 'button live' : 'button'}
      aria-pressed={isLive}
      title={isLive ? 'Stop following' : 'Go to the end and follow'}
      onClick={() => {
        feed.revealed.value = null;
        feed.setLive(!isLive);
      }}
    >
      {isLive ? <span class="live-dot" aria-hidden="true" /> : <Icon name="down" />}
      {isLive ? 'Live' : unseen > 0 ? `Follow (${plural(unseen, 'new line')})` : 'Follow'}
    </button>
  );
}

function Downloads({ sources }: { readonly sources: readonly LogSource[] }) {
  const [only] = sources;
  if (sources.length === 1 && only !== undefined) {
    return (
      <a
        class="icon-button"
        href={only.downloadUrl}
        download
        aria-label="Download the log"
        title="Download the log"
      >
        <Icon name="download" />
      </a>
    );
  }
  return (
    <MenuButton
      label="Download a log"
      icon="download"
      items={() =>
        sources.map(({ label, downloadUrl }) => ({
          label: `Download ${label}`,
          icon: 'download',
          run: () => {
            location.href = downloadUrl;
          },
        }))
      }
    />
  );
}
