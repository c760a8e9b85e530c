import { dismissToast, toasts } from '../state/toasts.ts';
import { Icon } from './icon.tsx';

/** What was done, in a corner, and read out. */
export function Toasts() {
  return (
    <div class="toasts" role="region" aria-label="Messages">
      <div role="status" aria-live="polite">
        {toasts.value.map((toast) => (
          <div key={toast.id} class={`toast toast-${toast.tone}`}>
            {toast.tone === 'bad' && <Icon name="alert" />}
            <div class="toast-text">
              <p>{toast.text}</p>
              {toast.details.map((detail) => (
                <p key={detail} class="quiet">
                  {detail}
                </p>
              ))}
            </div>
            {toast.action !== null && (
              <button
                type="button"
                class="button"
                onClick={() => {
                  dismissToast(toast.id);
                  toast.action?.run();
                }}
              >
                <Icon name="undo" />
                {toast.action.label}
              </button>
            )}
            <button
              type="button"
              class="icon-button"
              aria-label="Dismiss"
              onClick={() => dismissToast(toast.id)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}
