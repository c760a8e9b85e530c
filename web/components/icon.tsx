/** The signs of the page, drawn on a grid of 16. They never stand alone: a text or label goes with each. */

const shapes = {
  play: 'M5 3.2v9.6L12.5 8z',
  stop: 'M4 4h8v8H4z',
  restart: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  more: 'M3.2 8h.01M8 8h.01M12.8 8h.01',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3 14 14',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.5 3.2 3.2L13 5',
  chevron: 'm6 4 4 4-4 4',
  up: 'm4 10 4-4 4 4',
  down: 'm4 6 4 4 4-4',
  back: 'M13 8H3m4-4L3 8l4 4',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  logs: 'M3 3h10v10H3zM5.5 6h5M5.5 8.2h5M5.5 10.4h3',
  timeline: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 4.8V8l2.3 1.5',
  activity: 'M1.8 8.5h3L6.5 4l3 8.5 1.7-4h3',
  configuration:
    'M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 6.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6M5.8 12.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6',
  pause: 'M5 3.5v9M11 3.5v9',
  wrap: 'M2.5 4h11M2.5 8h9a2.2 2.2 0 0 1 0 4.4H8M9.8 10.4 7.8 12.4l2 2M2.5 12h2.5',
  download: 'M8 2.5v7.5m-3-3 3 3 3-3M3 13.5h10',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 4.8V8h2.6',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 9h5.8l.6-9',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6',
  auto: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 2v12M8 5h3.8M8 8h5.8M8 11h4.6',
  help: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4M6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.2M8 11.3h.01',
  power: 'M8 2v5.5M4.7 4.2a5 5 0 1 0 6.6 0',
  alert: 'M8 2.5 14.2 13H1.8zM8 6.5v3M8 11.2h.01',
  filter: 'M2.5 3.5h11L9.3 8.6v4L6.7 11V8.6z',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6h6.7a3.8 3.8 0 0 1 0 7.6H6',
} as const;

export type IconName = keyof typeof shapes;

const filled: ReadonlySet<IconName> = new Set(['play', 'stop']);

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={filled.has(name) ? 'icon icon-filled' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
