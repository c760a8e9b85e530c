import { logOut } from '../stream/api.ts';
import { connection, daemon, needsLogin, reconnectNow, session } from '../state/daemon.ts';
import { isHelpShown } from '../state/help.ts';
import { theme, type Theme } from '../state/preferences.ts';
import { route } from '../state/router.ts';
import type { Route } from '../model/route.ts';
import { Icon, type IconName } from './icon.tsx';
import { MenuButton } from './menu.tsx';

const places: readonly {
  readonly view: Route['view'];
  readonly hash: string;
  readonly label: string;
  readonly icon: IconName;
}[] = [
  { view: 'overview', hash: '#/', label: 'Programs', icon: 'list' },
  { view: 'logs', hash: '#/logs/', label: 'Logs', icon: 'logs' },
  { view: 'timeline', hash: '#/timeline', label: 'Timeline', icon: 'timeline' },
  { view: 'activity', hash: '#/activity', label: 'Activity', icon: 'activity' },
  { view: 'configuration', hash: '#/configuration', label: 'Configuration', icon: 'configuration' },
];

export function Header() {
  return (
    <header class="header">
      <Identity />
      <Navigation />
      <div class="header-end">
        <Connection />
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          aria-label="Keyboard help"
          title="Keyboard help (?)"
          onClick={() => {
            isHelpShown.value = true;
          }}
        >
          <Icon name="help" />
        </button>
        <UserMenu />
      </div>
    </header>
  );
}

function Identity() {
  const view = daemon.value;
  return (
    <div class="identity">
      <svg class="logo" viewBox="0 0 20 20" aria-hidden="true">
        <rect x="1" y="1" width="18" height="18" rx="5" />
        <path d="M5 13l3-3-3-3M10 13.5h5" />
      </svg>
      <span class="identity-name">
        <strong>{view?.hostname ?? 'Supervisor'}</strong>
        {view !== null && view.identifier !== 'supervisor' && <span class="quiet">{view.identifier}</span>}
      </span>
    </div>
  );
}

function Navigation() {
  const current = route.value.view === 'program' ? 'overview' : route.value.view;
  return (
    <nav class="navigation" aria-label="Views">
      {places.map(({ view, hash, label, icon }) => (
        <a key={view} href={hash} aria-current={view === current ? 'page' : undefined}>
          <Icon name={icon} />
          <span>{label}</span>
        </a>
      ))}
    </nav>
  );
}

function Connection() {
  const state = daemon.value?.state.name ?? '';
  const isLost = connection.value === 'lost';
  const text = isLost
    ? 'Connection lost'
    : connection.value === 'connecting'
      ? 'Connecting'
      : state === 'RUNNING'
        ? 'Live'
        : state.toLowerCase();
  return (
    <span class={`connection connection-${connection.value}`} role="status">
      <span class="connection-dot" aria-hidden="true" />
      {text}
      {isLost && (
        <button type="button" class="button small" onClick={reconnectNow}>
          Try now
        </button>
      )}
    </span>
  );
}

const themes: Readonly<
  Record<Theme, { readonly next: Theme; readonly icon: IconName; readonly label: string }>
> = {
  auto: { next: 'light', icon: 'auto', label: 'Colours as the system has them' },
  light: { next: 'dark', icon: 'sun', label: 'Light colours' },
  dark: { next: 'auto', icon: 'moon', label: 'Dark colours' },
};

function ThemeButton() {
  const { next, icon, label } = themes[theme.value];
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => {
        theme.value = next;
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

function UserMenu() {
  const view = session.value;
  if (view === null || !view.required || view.user === null) {
    return null;
  }
  return (
    <MenuButton
      label={`Logged in as ${view.user}`}
      icon="power"
      items={() => [
        {
          label: `Log out ${view.user}`,
          icon: 'power',
          run: () => {
            void logOut().finally(() => {
              needsLogin.value = true;
            });
          },
        },
      ]}
    />
  );
}
