import { clearSelection, selectedNames } from '../state/selection.ts';
import { navigate } from '../state/router.ts';
import { Icon } from './icon.tsx';
import { MenuButton } from './menu.tsx';
import { signalItems, VerbButton } from './process-buttons.tsx';

/** What can be done to the rows that are chosen. */
export function SelectionBar() {
  const names = selectedNames.value;
  if (names.length === 0) {
    return null;
  }
  const chosen = () => selectedNames.peek();
  return (
    <div class="selection-bar" role="toolbar" aria-label="Selected programs">
      <span class="selection-count" aria-live="polite">
        {names.length.toLocaleString('en')} selected
      </span>
      <VerbButton verb="start" subject="selected programs" names={chosen} />
      <VerbButton verb="stop" subject="selected programs" names={chosen} />
      <VerbButton verb="restart" subject="selected programs" names={chosen} />
      <MenuButton
        label="Send a signal to selected programs"
        icon="activity"
        text="Signal"
        items={() => signalItems(chosen())}
      />
      <button
        type="button"
        class="button"
        onClick={() =>
          navigate({
            view: 'logs',
            sources: chosen().flatMap((name) => [`${name}/stdout`, `${name}/stderr`]),
          })
        }
      >
        <Icon name="logs" />
        Logs
      </button>
      <button type="button" class="icon-button" aria-label="Clear selection" onClick={clearSelection}>
        <Icon name="close" />
      </button>
    </div>
  );
}
