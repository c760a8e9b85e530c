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

/** Path of the executable of a source, given by its path below the project, as are others that it is made of. */
export function cProgram(source: string, others: readonly string[] = []): string {
  return compiled.get(source) ?? compile(source, others);
}

function compile(source: string, others: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const executable = path.join(folder, path.parse(source).name);
  // In one step, so that whoever starts it meanwhile has the old or the new one.
  const unfinished = `${executable}.${process.pid}`;
  const files = [source, ...others].map((file) => path.join(projectRoot, file));
  execFileSync('cc', [
    '-std=c11',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-pthread',
    '-o',
    unfinished,
    ...files,
  ]);
  renameSync(unfinished, executable);
  compiled.set(source, executable);
  return executable;
}
