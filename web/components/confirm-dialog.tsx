import { question } from '../state/confirm.ts';
import { Dialog } from './dialog.tsx';

/** Asks before something is done that cannot be taken back. Enter says yes, Escape no. */
export function ConfirmDialog() {
  const asked = question.value;
  if (asked === null) {
    return null;
  }
  return (
    <Dialog title={asked.title} onClose={() => asked.answer(false)}>
      {asked.text !== '' && <p>{asked.text}</p>}
      {asked.items.length > 0 && (
        <ul class="concerned">
          {asked.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
      <form
        class="dialog-buttons"
        onSubmit={(event) => {
          event.preventDefault();
          asked.answer(true);
        }}
      >
        <button type="button" class="button" onClick={() => asked.answer(false)}>
          Cancel
        </button>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog that was just asked for */}
        <button type="submit" class={asked.isDangerous ? 'button danger' : 'button primary'} autofocus>
          {asked.confirm}
        </button>
      </form>
    </Dialog>
  );
}
