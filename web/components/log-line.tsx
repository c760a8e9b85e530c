import { useState } from 'preact/hooks';
import { parseSpans, type Span } from '../ansi/spans.ts';
import type { LogLine } from '../model/log-line.ts';
import { cutAtRanges, type Matcher } from '../model/log-search.ts';

interface LogLineProps {
  readonly line: LogLine;
  /** As it was when the row was made: lines that are open change. */
  readonly text: string;
  readonly label: string | null;
  readonly isError: boolean;
  readonly matcher: Matcher | null;
  readonly isCurrent: boolean;
}

/** More than anybody reads; a browser that lays out a megabyte in one line stands still. */
const mostCharacters = 4000;

export function LogLineRow({ line, text, label, isError, matcher, isCurrent }: LogLineProps) {
  const [isWhole, setWhole] = useState(false);
  const isCut = !isWhole && text.length > mostCharacters;
  const classes = ['log-line', isError ? 'log-error' : '', isCurrent ? 'log-current' : ''].join(' ');
  if (line.isNotice) {
    return (
      <div class="log-line log-notice" data-line={line.id}>
        {label !== null && `${label}: `}
        {text}
      </div>
    );
  }
  return (
    <div class={classes} data-line={line.id}>
      {label !== null && (
        <span class={`log-source source-${line.source % 6}`} title={label}>
          {label}
        </span>
      )}
      <span class="log-text">
        <Spans
          spans={parseSpans(isCut ? text.slice(0, mostCharacters) : text, line.carried)}
          matcher={matcher}
        />
        {isCut && (
          <button type="button" class="button small" onClick={() => setWhole(true)}>
            {(text.length - mostCharacters).toLocaleString('en')} more characters
          </button>
        )}
      </span>
    </div>
  );
}

/** Text nodes only: nothing a program prints is parsed. */
function Spans({ spans, matcher }: { readonly spans: readonly Span[]; readonly matcher: Matcher | null }) {
  const ranges = matcher === null ? [] : matcher.ranges(spans.map(({ text }) => text).join(''));
  return (
    <>
      {cutAtRanges(spans, ranges).map(({ span, text, isMarked }, index) => {
        const styled =
          span.classes.length === 0 && span.color === null && span.background === null ? (
            text
          ) : (
            <span class={span.classes.join(' ')} style={styleOf(span)}>
              {text}
            </span>
          );
        return isMarked ? <mark key={index}>{styled}</mark> : styled;
      })}
    </>
  );
}

function styleOf({ color, background }: Span): Readonly<Record<string, string>> | undefined {
  return color === null && background === null
    ? undefined
    : {
        ...(color !== null && { color: `rgb(${color})` }),
        ...(background !== null && { backgroundColor: `rgb(${background})` }),
      };
}
