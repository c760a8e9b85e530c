/** The C programs beside this file, compiled when a benchmark first needs them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { projectRoot } from '../test/helpers/flavours.ts';

/** `writer` is a child, `copy` the physical limit of logging it, `followers` reads logs over HTTP. */
export type ChildProgram = 'writer' | 'copy' | 'followers';

let folder: string | null = null;
const compiled = new Map<ChildProgram, string>();

/** Path of the executable. */
export function childProgram(name: ChildProgram): string {
  return compiled.get(name) ?? compile(name);
}

function compile(name: ChildProgram): string {
  if (folder === null) {
    const made = mkdtempSync(path.join(os.tmpdir(), 'sv-bench-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const executable = path.join(folder, name);
  const source = path.join(projectRoot, 'bench/c', `${name}.c`);
  execFileSync('cc', ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', executable, source]);
  compiled.set(name, executable);
  return executable;
}
