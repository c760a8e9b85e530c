/** The small C programs of tests and benchmarks, compiled when one is first needed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';

import { isExecutable } from './debian.ts';
import { projectRoot } from './flavours.ts';

/** Why none can be compiled here; null: one can. */
export const compilerReason: string | null = isExecutable('/usr/bin/cc') ? null : 'needs a C compiler';

/** No part of the package. Here and not in a temporary folder, which a test that is killed would leave behind. */
const folder = path.join(projectRoot, 'dist/bench/c');

const compiled = new Map<string, string>();

/** Path of the executable of a source, given by its path below the project. */
export function cProgram(source: string): string {
  return compiled.get(source) ?? compile(source);
}

function compile(source: string): string {
  mkdirSync(folder, { recursive: true });
  const executable = path.join(folder, path.parse(source).name);
  // In one step, so that whoever starts it meanwhile has the old or the new one.
  const unfinished = `${executable}.${process.pid}`;
  const file = path.join(projectRoot, source);
  execFileSync('cc', ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', unfinished, file]);
  renameSync(unfinished, executable);
  compiled.set(source, executable);
  return executable;
}
