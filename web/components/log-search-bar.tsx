import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { makeMatcher } from '../model/log-search.ts';
import type { LogFeed } from '../state/log-feed.ts';
import { showToast } from '../state/toasts.ts';
import { Icon } from './icon.tsx';

/** Lines read at once when looking for something further back. */
const searchLines = 5000;

/** Finds in what is shown, steps from one match to the next, goes on into what was not read yet. */
export function LogSearchBar({ feed }: { readonly feed: LogFeed }) {
  const query = useSignal('');
  const isExpression = useSignal(false);
  const onlyMatches = useSignal(false);
  const problem = useSignal<string | null>(null);
  const isSearching = useSignal(false);
  const input = useRef<HTMLInputElement>(null);

  const apply = () => {
    const result = makeMatcher(query.value, isExpression.value);
    problem.value = result.ok ? null : result.problem;
    if (result.ok) {
      feed.revealed.value = null;
      feed.search(result.matcher, onlyMatches.value);
    }
  };

  const step = async (direction: -1 | 1) => {
    if (feed.list.matcher.value === null || isSearching.value) {
      return;
    }
    feed.setLive(false);
    if (stepWithin(feed, direction) || direction === 1) {
      return;
    }
    isSearching.value = true;
    try {
      await searchBack(feed, () => isSearching.value);
    } catch {
      // The panel shows why the log could not be read.
    } finally {
      isSearching.value = false;
    }
  };

  const hasQuery = query.value !== '';
  return (
    <div class="log-search">
      <label class={problem.value === null ? 'search' : 'search invalid'} title={problem.value ?? undefined}>
        <Icon name="search" />
        <span class="visually-hidden">Search the log</span>
        <input
          ref={input}
          type="search"
          data-search
          placeholder="Search"
          autocomplete="off"
          spellcheck={false}
          value={query}
          aria-invalid={problem.value !== null}
          onInput={(event) => {
            query.value = event.currentTarget.value;
            apply();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              void step(event.shiftKey ? 1 : -1);
            } else if (event.key === 'Escape') {
              query.value = '';
              isSearching.value = false;
              apply();
              input.current?.blur();
            }
          }}
        />
        {hasQuery && <Count feed={feed} problem={problem.value} />}
      </label>
      <button
        type="button"
        class="icon-button text"
        aria-label="Regular expression"
        title="Regular expression"
        aria-pressed={isExpression.value}
        onClick={() => {
          isExpression.value = !isExpression.value;
          apply();
        }}
      >
        .*
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Only lines that match"
        title="Only lines that match"
        aria-pressed={onlyMatches.value}
        onClick={() => {
          onlyMatches.value = !onlyMatches.value;
          apply();
        }}
      >
        <Icon name="filter" />
      </button>
      {hasQuery && (
        <>
          <button
            type="button"
            class="icon-button"
            aria-label="Previous match"
            title="Previous match (Enter)"
            onClick={() => void step(-1)}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Next match"
            title="Next match (Shift+Enter)"
            onClick={() => void step(1)}
          >
            <Icon name="down" />
          </button>
        </>
      )}
      {isSearching.value && (
        <button
          type="button"
          class="button small"
          onClick={() => {
            isSearching.value = false;
          }}
        >
          Searching… stop
        </button>
      )}
    </div>
  );
}

function Count({ feed, problem }: { readonly feed: LogFeed; readonly problem: string | null }) {
  const count = feed.list.matchCount.value;
  return (
    <span class="count" role="status">
      {problem === null ? count.toLocaleString('en') : '!'}
      <span class="visually-hidden">{problem ?? (count === 1 ? ' line matches' : ' lines match')}</span>
    </span>
  );
}

/** Steps to the match before or after the present one; the first step goes to the last match. */
function stepWithin(feed: LogFeed, direction: -1 | 1): boolean {
  const matches = feed.list.matchingLines();
  const at = matches.findIndex(({ id }) => id === feed.revealed.value);
  const next = at === -1 ? matches.at(-1) : matches[at + direction];
  if (next === undefined) {
    return false;
  }
  feed.revealed.value = next.id;
  return true;
}

/** Reads further back until there is a match, the beginning, or a stop. */
async function searchBack(feed: LogFeed, goesOn: () => boolean): Promise<void> {
  const known = feed.list.matchingLines().length;
  const first = feed.list.matchingLines()[0]?.id;
  while (goesOn()) {
    if (!(await feed.loadOlder(searchLines))) {
      showToast(known === 0 ? 'Not in this log' : 'No earlier match in this log');
      return;
    }
    const matches = feed.list.matchingLines();
    const at = first === undefined ? matches.length : matches.findIndex(({ id }) => id === first);
    const previous = matches[at - 1];
    if (previous !== undefined) {
      feed.revealed.value = previous.id;
      return;
    }
  }
}
