/** The one menu that may be open, whoever opened it. */
import { signal } from '@preact/signals';
import type { IconName } from './icon.tsx';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  run(): void;
}

export interface OpenMenu {
  readonly anchor: HTMLElement;
  readonly label: string;
  readonly items: readonly MenuItem[];
}

export const openMenu = signal<OpenMenu | null>(null);
