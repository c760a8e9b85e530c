import { useSignal } from '@preact/signals';
import { sendStdin } from '../state/actions.ts';
import { Icon } from './icon.tsx';

const mostKept = 50;

/** A line for the program's stdin; the arrows bring back what was sent before. */
export function StdinForm({ name, isRunning }: { readonly name: string; readonly isRunning: boolean }) {
  const text = useSignal('');
  const sent = useSignal<readonly string[]>([]);
  const at = useSignal(0);
  const send = async () => {
    const line = text.value;
    if (await sendStdin(name, `${line}\n`)) {
      sent.value = [...sent.value, line].slice(-mostKept);
      at.value = sent.value.length;
      text.value = '';
    }
  };
  const recall = (step: -1 | 1) => {
    at.value = Math.min(Math.max(0, at.value + step), sent.value.length);
    text.value = sent.value[at.value] ?? '';
  };
  return (
    <form
      class="stdin-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        <span class="visually-hidden">Line for stdin</span>
        <input
          type="text"
          value={text}
          placeholder={isRunning ? 'Send a line to stdin' : 'Not running'}
          disabled={!isRunning}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
              event.preventDefault();
              recall(event.key === 'ArrowUp' ? -1 : 1);
            }
          }}
        />
      </label>
      <button type="submit" class="button" disabled={!isRunning}>
        <Icon name="chevron" />
        Send
      </button>
    </form>
  );
}
