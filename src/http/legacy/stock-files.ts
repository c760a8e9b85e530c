/**
 * Files beside the original's page, by its names: pages made elsewhere refer to them, and checks ask for them. What they
 * hold is our own.
 *
 * Source: observed.
 */
import type { StaticAssets } from '../static-route.ts';

/** One pixel, of no colour. */
const emptyGif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const emptyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=',
  'base64',
);

const gifs = ['rule', 'state0', 'state1', 'state2', 'state3', 'supervisor'];

const styles = `body { font-family: sans-serif; }
td, th { padding: 0.2em 0.8em; text-align: left; }
.statusrunning { color: #0a6b2c; }
.statuserror { color: #b3261e; }
`;

export const stockFiles: StaticAssets = new Map([
  ['/stylesheets/supervisor.css', { contentType: 'text/css', body: styles }],
  ['/images/icon.png', { contentType: 'image/png', body: emptyPng }],
  ...gifs.map((name) => [`/images/${name}.gif`, { contentType: 'image/gif', body: emptyGif }] as const),
]);
