import { signal, type Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { wrapLines } from '../state/preferences.ts';
import type { LogBlock } from '../state/line-list.ts';
import type { LogFeed } from '../state/log-feed.ts';
import { LogLineRow } from './log-line.tsx';
import { useNear } from './near.ts';

const lineHeightPx = 20;
/** How far from an edge more is read. */
const edgePx = 800;
const bottomPx = 12;
const blockMarginPx = 1200;
/** Blocks rendered at once, before the browser has said what is near. */
const shownFromEnd = 2;

interface LogListProps {
  readonly feed: LogFeed;
  readonly label: string;
  readonly hasLabels: boolean;
}

/**
 * The lines of a feed. Blocks far from the screen are empty boxes of the height they had, so that the page stays small
 * however many lines are held.
 */
export function LogList({ feed, label, hasLabels }: LogListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isLoadingMore = useRef(false);
  const lastTop = useRef(0);
  const anchor = useMemo(() => signal<{ readonly id: number; readonly top: number } | null>(null), []);
  const blocks = feed.list.blocks.value;
  const revealed = feed.revealed.value;
  const stick = useMemo(() => signal(0), []);
  const wanted = [revealed, anchor.value?.id].filter((id) => id !== null && id !== undefined);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    const held = anchor.peek();
    const line = held === null ? null : lineElement(element, held.id);
    if (held !== null && line !== null) {
      element.scrollTop += line.getBoundingClientRect().top - held.top;
    }
    if (feed.isLive.value && feed.revealed.value === null) {
      element.scrollTop = element.scrollHeight;
    }
    lastTop.current = element.scrollTop;
  }, [blocks, stick.value, feed.isLive.value]);

  useEffect(() => {
    if (revealed !== null) {
      const element = scroller.current;
      (element === null ? null : lineElement(element, revealed))?.scrollIntoView({ block: 'center' });
    }
  }, [revealed, blocks]);

  const keepPlace = () => {
    const element = scroller.current;
    const top = element?.getBoundingClientRect().top ?? 0;
    const first = [...(element?.querySelectorAll<HTMLElement>('.log-line') ?? [])].find(
      (line) => line.getBoundingClientRect().bottom > top,
    );
    anchor.value =
      first === undefined
        ? null
        : { id: Number(first.dataset['line']), top: first.getBoundingClientRect().top };
  };

  const more = (load: () => Promise<boolean>) => {
    if (!isLoadingMore.current) {
      isLoadingMore.current = true;
      keepPlace();
      load()
        .catch(() => false)
        .finally(() => {
          isLoadingMore.current = false;
          // After the lines were put in their place.
          requestAnimationFrame(() => {
            anchor.value = null;
          });
        });
    }
  };

  const scrolled = () => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    const { scrollTop, scrollHeight, clientHeight } = element;
    const fromBottom = scrollHeight - scrollTop - clientHeight;
    if (feed.isLive.value && scrollTop < lastTop.current && fromBottom > bottomPx) {
      feed.setLive(false);
    }
    if (scrollTop < lastTop.current && scrollTop < edgePx && !feed.isAtStart.value) {
      more(() => feed.loadOlder());
    } else if (scrollTop > lastTop.current && fromBottom < edgePx && !feed.isLive.value) {
      more(() => feed.loadNewer());
    }
    lastTop.current = scrollTop;
  };

  return (
    <div
      ref={scroller}
      class={wrapLines.value ? 'log-list wrapped' : 'log-list'}
      role="log"
      aria-live="off"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
      tabIndex={0}
      onScroll={scrolled}
    >
      {!feed.isAtStart.value && blocks.length > 0 && (
        <button type="button" class="button small log-older" onClick={() => more(() => feed.loadOlder())}>
          Earlier lines
        </button>
      )}
      {blocks.map((block, index) => (
        <Block
          key={block.id}
          block={block}
          feed={feed}
          hasLabels={hasLabels}
          stick={stick}
          isWanted={wanted.length > 0 && block.lines.some(({ id }) => wanted.includes(id))}
          isLast={index >= blocks.length - shownFromEnd}
        />
      ))}
      {blocks.length === 0 && (
        <p class="log-empty">
          {!feed.isRead.value
            ? 'Reading…'
            : feed.list.onlyMatches.value
              ? 'No line matches'
              : 'Nothing logged yet'}
        </p>
      )}
    </div>
  );
}

function lineElement(list: HTMLElement, id: number): Element | null {
  return list.querySelector(`[data-line="${id}"]`);
}

interface BlockProps {
  readonly block: LogBlock;
  readonly feed: LogFeed;
  readonly hasLabels: boolean;
  readonly stick: Signal<number>;
  /** Something in it is to be scrolled to. */
  readonly isWanted: boolean;
  /** Near the end, which is where the list begins. */
  readonly isLast: boolean;
}

function Block({ block, feed, hasLabels, stick, isWanted, isLast }: BlockProps) {
  const element = useRef<HTMLDivElement>(null);
  const near = useNear(element, blockMarginPx, isLast);
  const height = useRef(0);
  const isShown = near.value || isWanted;
  const version = block.version.value;
  useLayoutEffect(() => {
    if (isShown) {
      height.current = element.current?.offsetHeight ?? 0;
    }
    if (version > 0) {
      stick.value += 1;
    }
  });
  const heightPx = height.current || block.lines.length * lineHeightPx;
  const matcher = feed.list.matcher.value;
  const revealed = feed.revealed.value;
  return (
    <div ref={element} class="log-block" style={isShown ? undefined : { height: `${heightPx}px` }}>
      {isShown &&
        block.lines.map((line) => {
          const source = feed.sources[line.source];
          return (
            <LogLineRow
              key={line.id}
              line={line}
              text={line.text}
              label={hasLabels ? (source?.label ?? '') : null}
              isError={source?.stream === 'stderr'}
              matcher={matcher}
              isCurrent={line.id === revealed}
            />
          );
        })}
    </div>
  );
}
