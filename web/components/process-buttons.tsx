import { act, commonSignals, concerned, sendSignal, type Verb } from '../state/actions.ts';
import type { MenuItem } from './open-menu.ts';
import { navigate } from '../state/router.ts';
import { canStart, canStop } from '../model/states.ts';
import type { StateName } from '../stream/wire.ts';
import { Icon, type IconName } from './icon.tsx';
import { MenuButton } from './menu.tsx';

const icons: Readonly<Record<Verb, IconName>> = {
  start: 'play',
  stop: 'stop',
  restart: 'restart',
  clear: 'trash',
};

const labels: Readonly<Record<Verb, string>> = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  clear: 'Clear logs',
};

interface VerbButtonProps {
  readonly verb: Verb;
  /** What it is done to, for the label. */
  readonly subject: string;
  readonly names: () => readonly string[];
  readonly isDisabled?: boolean;
  readonly isIcon?: boolean;
}

export function VerbButton({ verb, subject, names, isDisabled = false, isIcon = false }: VerbButtonProps) {
  const label = `${labels[verb]} ${subject}`;
  return (
    <button
      type="button"
      class={isIcon ? `icon-button ${verb}-button` : 'button'}
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={() => void act(verb, names())}
    >
      <Icon name={icons[verb]} />
      {!isIcon && labels[verb]}
    </button>
  );
}

/** The two buttons most wanted in this state, and a menu with everything. */
export function RowButtons({ name, state }: { readonly name: string; readonly state: StateName }) {
  const names = () => [name];
  return (
    <>
      {canStart(state) ? (
        <VerbButton isIcon verb="start" subject={name} names={names} />
      ) : (
        <VerbButton isIcon verb="stop" subject={name} names={names} isDisabled={!canStop(state)} />
      )}
      <VerbButton isIcon verb="restart" subject={name} names={names} isDisabled={!canStop(state)} />
      <MenuButton label={`More for ${name}`} icon="more" items={() => processMenu(names(), name)} />
    </>
  );
}

/** Everything that can be done to these programs. */
export function processMenu(names: readonly string[], page?: string): readonly MenuItem[] {
  return [
    ...(page === undefined
      ? []
      : [{ label: 'Open', icon: 'list' as const, run: () => navigate({ view: 'program', name: page }) }]),
    {
      label: 'Logs',
      icon: 'logs',
      run: () =>
        navigate({ view: 'logs', sources: names.flatMap((name) => [`${name}/stdout`, `${name}/stderr`]) }),
    },
    ...(['start', 'stop', 'restart'] as const).map((verb) => ({
      label: labels[verb],
      icon: icons[verb],
      isDisabled: concerned(verb, names).length === 0,
      run: () => void act(verb, names),
    })),
    clearItem(names),
    ...signalItems(names),
  ];
}

export function clearItem(names: readonly string[]): MenuItem {
  return { label: labels.clear, icon: icons.clear, isDangerous: true, run: () => void act('clear', names) };
}

export function signalItems(names: readonly string[]): readonly MenuItem[] {
  return commonSignals.map((signal) => ({
    label: `Send SIG${signal}`,
    isDangerous: signal === 'KILL',
    run: () => void sendSignal(signal, names),
  }));
}
