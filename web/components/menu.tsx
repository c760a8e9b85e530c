import { useLayoutEffect, useRef } from 'preact/hooks';
import { openMenu, type MenuItem } from './open-menu.ts';
import { Icon, type IconName } from './icon.tsx';

interface MenuButtonProps {
  readonly label: string;
  readonly icon: IconName;
  /** Shown beside the icon; otherwise the label is only read out. */
  readonly text?: string;
  readonly items: () => readonly MenuItem[];
}

export function MenuButton({ label, icon, text, items }: MenuButtonProps) {
  return (
    <button
      type="button"
      class={text === undefined ? 'icon-button' : 'button'}
      aria-haspopup="menu"
      aria-label={label}
      title={text === undefined ? label : undefined}
      onClick={(event) => {
        openMenu.value = { anchor: event.currentTarget, label, items: items() };
      }}
    >
      <Icon name={icon} />
      {text}
    </button>
  );
}

const gapPx = 4;
const edgePx = 8;

/** Shows the open menu beside its button. Arrows move in it, Escape and a click elsewhere close it. */
export function MenuHost() {
  const menu = useRef<HTMLDivElement>(null);
  const open = openMenu.value;
  useLayoutEffect(() => {
    const element = menu.current;
    if (open === null || element === null) {
      return;
    }
    element.showPopover();
    place(element, open.anchor.getBoundingClientRect());
    enabledItems(element)[0]?.focus();
  }, [open]);
  if (open === null) {
    return null;
  }
  const close = () => {
    menu.current?.hidePopover();
    open.anchor.focus();
  };
  return (
    <div
      ref={menu}
      popover="auto"
      role="menu"
      tabIndex={-1}
      aria-label={open.label}
      class="menu"
      onToggle={(event) => {
        if (event.newState === 'closed' && openMenu.value === open) {
          openMenu.value = null;
        }
      }}
      onKeyDown={(event) => {
        moveFocus(event, menu.current);
      }}
    >
      {open.items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={item.isDangerous === true ? 'menu-item danger-text' : 'menu-item'}
          disabled={item.isDisabled === true}
          onClick={() => {
            close();
            item.run();
          }}
        >
          {item.icon === undefined ? <span class="icon" /> : <Icon name={item.icon} />}
          {item.label}
        </button>
      ))}
    </div>
  );
}

function enabledItems(menu: HTMLElement): readonly HTMLButtonElement[] {
  return [...menu.querySelectorAll<HTMLButtonElement>('[role=menuitem]:not(:disabled)')];
}

function moveFocus(event: KeyboardEvent, menu: HTMLElement | null): void {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
  const step = steps[event.key];
  if (menu === null || step === undefined) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  const items = enabledItems(menu);
  const at = items.findIndex((item) => item === document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

/** Below the button, its right edges aligned; above it, or moved, where there is no room. */
function place(menu: HTMLElement, anchor: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.min(Math.max(edgePx, anchor.right - width), innerWidth - width - edgePx);
  const below = anchor.bottom + gapPx;
  const top = below + height > innerHeight - edgePx ? Math.max(edgePx, anchor.top - height - gapPx) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
