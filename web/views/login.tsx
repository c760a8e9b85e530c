import { useSignal } from '@preact/signals';
import { ApiError, describeError, logIn } from '../stream/api.ts';
import { connect } from '../state/daemon.ts';

/** Asks for user and password. */
export function LoginView() {
  const problem = useSignal('');
  const isBusy = useSignal(false);
  const submit = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    isBusy.value = true;
    problem.value = '';
    try {
      await logIn(textOf(data, 'username'), textOf(data, 'password'));
      await connect();
    } catch (error) {
      problem.value =
        error instanceof ApiError && error.status === 401
          ? 'That user and password are not known'
          : describeError(error);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <main class="login">
      <form
        class="card pad"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <h1>Supervisor</h1>
        <label>
          User
          <input name="username" autocomplete="username" required autofocus />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="trouble" role="alert">
          {problem}
        </p>
        <button type="submit" class="button primary" disabled={isBusy.value}>
          {isBusy.value ? 'Logging in…' : 'Log in'}
        </button>
      </form>
    </main>
  );
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
