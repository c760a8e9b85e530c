/**
 * Finding and loading the addon.
 *
 * First the file that came with the package for this platform, then the one built here. Nothing else is tried: no
 * environment variable names a file that a daemon running as root would load.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Binding } from './binding.ts';

let loaded: Binding | null = null;

/** The addon, loaded once. Throws an error that names what was tried and what to do. */
export function loadBinding(): Binding {
  loaded ??= openFirst(addonCandidates());
  return loaded;
}

/** The files that may be the addon, in the order they are tried. */
export function addonCandidates(root = packageRoot()): readonly string[] {
  const platform = `${process.platform}-${process.arch}`;
  return [
    path.join(root, 'native', 'prebuilds', platform, 'supervisord.node'),
    path.join(root, 'native', 'build', 'supervisord.node'),
  ];
}

/** Loads the first of the files that can be. One that is there but cannot be loaded is named with its reason. */
export function openFirst(files: readonly string[]): Binding {
  const tried: string[] = [];
  for (const file of files) {
    if (!existsSync(file)) {
      tried.push(`${file} (not there)`);
      continue;
    }
    try {
      return openAddon(file);
    } catch (error) {
      tried.push(`${file} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  throw new Error(`cannot load the native addon: run \`npm run build\`; tried ${tried.join(', ')}`);
}

/** Loads one file as the addon. Throws what `require` throws. */
export function openAddon(file: string): Binding {
  const binding: Binding = createRequire(import.meta.url)(file);
  return binding;
}

/** The package's root is above this file by one folder when bundled into `dist/`, by two as a source. */
function packageRoot(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const above = path.dirname(here);
  return existsSync(path.join(above, 'native', 'build.mjs')) ? above : path.dirname(above);
}
