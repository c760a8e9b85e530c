import { keyBindings } from '../model/keys.ts';
import { isHelpShown } from '../state/help.ts';
import { shortcutsOn } from '../state/preferences.ts';
import { Dialog } from './dialog.tsx';

const sections = ['Anywhere', 'Programs', 'Logs'] as const;

/** All keys, and a switch for those who do not want them. */
export function HelpDialog() {
  if (!isHelpShown.value) {
    return null;
  }
  const close = () => {
    isHelpShown.value = false;
  };
  return (
    <Dialog title="Keyboard" onClose={close} wide>
      <div class="help-columns">
        {sections.map((section) => (
          <section key={section}>
            <h3>{section}</h3>
            <dl class="keys">
              {keyBindings
                .filter((binding) => binding.section === section)
                .map(({ keys, text }) => (
                  <div key={keys}>
                    <dt>
                      {keys.split(' ').map((key, index) => (
                        <kbd key={index}>{key}</kbd>
                      ))}
                    </dt>
                    <dd>{text}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <div class="dialog-buttons">
        <label class="check">
          <input
            type="checkbox"
            checked={shortcutsOn}
            onChange={() => {
              shortcutsOn.value = !shortcutsOn.value;
            }}
          />
          Keys are on
        </label>
        <button type="button" class="button primary" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
