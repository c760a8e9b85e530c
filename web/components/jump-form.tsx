import { useSignal } from '@preact/signals';
import { formatDay, formatTime } from '../model/format.ts';
import { nowMs } from '../state/clock.ts';
import type { LogFeed } from '../state/log-feed.ts';

/** Asks for a time and shows the log from there on. */
export function JumpForm({ feed, onClose }: { readonly feed: LogFeed; readonly onClose: () => void }) {
  const now = nowMs.peek();
  const value = useSignal(`${formatDay(now)}T${formatTime(now)}`);
  const message = useSignal('');
  const isBusy = useSignal(false);
  const jump = async () => {
    const timeMs = new Date(value.value).getTime();
    if (Number.isNaN(timeMs)) {
      message.value = 'That is no time';
      return;
    }
    isBusy.value = true;
    message.value = '';
    try {
      if (await feed.jumpTo(timeMs)) {
        onClose();
      } else {
        message.value = 'The lines of this log have no times that are recognised';
      }
    } catch {
      message.value = 'The log could not be read';
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form
      class="jump-form"
      onSubmit={(event) => {
        event.preventDefault();
        void jump();
      }}
    >
      <label>
        Jump to{' '}
        <input
          type="datetime-local"
          step={1}
          value={value}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="button primary" disabled={isBusy.value}>
        {isBusy.value ? 'Looking…' : 'Jump'}
      </button>
      <button type="button" class="button" onClick={onClose}>
        Cancel
      </button>
      <span role="status" class="trouble">
        {message}
      </span>
    </form>
  );
}
