/** The small C programs of tests and benchmarks, compiled when one is first needed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { isExecutable } from './debian.ts';
import { projectRoot } from './flavours.ts';

/** Why none can be compiled here; null: one can. */
export const compilerReason: string | null = isExecutable('/usr/bin/cc') ? null : 'needs a C compiler';

let folder: string | null = null;
const compiled = new Map<string, string>();

/** Path of the executable of a source, given by its path below the project. */
export function cProgram(source: string): string {
  return compiled.get(source) ?? compile(source);
}

function compile(source: string): string {
  if (folder === null) {
    const made = mkdtempSync(path.join(os.tmpdir(), 'sv-c-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const executable = path.join(folder, path.parse(source).name);
  const file = path.join(projectRoot, source);
  execFileSync('cc', ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', executable, file]);
  compiled.set(source, executable);
  return executable;
}
