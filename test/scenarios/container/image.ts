/**
 * A root directory in place of an image: Node with its libraries, a shell and a few tools, made by hand from what this
 * machine has. The instructions of a Dockerfile are carried out in it where no container engine is at hand.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../../helpers/flavours.ts';
import type { Instruction, Stage } from './dockerfile.ts';

export interface Base {
  readonly name: string;
  /** Puts a shell and the usual tools into the root. */
  install(root: string): void;
}

const coreutils = ['cat', 'echo', 'id', 'ls', 'mkdir', 'sleep', 'true'];

/** The shell and tools of this Debian. */
export const debianBase: Base = {
  name: 'debian',
  install: (root) => {
    copyProgram(root, '/bin/sh', '/bin/sh');
    for (const name of coreutils) {
      if (existsSync(`/bin/${name}`)) {
        copyProgram(root, `/bin/${name}`, `/bin/${name}`);
      }
    }
  },
};

export const busybox = '/bin/busybox';

/** Busybox for everything, as on Alpine; but for Node, which is this machine's. */
export const alpineBase: Base = {
  name: 'alpine',
  install: (root) => {
    copyProgram(root, busybox, busybox);
    for (const name of ['sh', ...coreutils]) {
      symlinkSync('busybox', path.join(root, 'bin', name));
    }
  },
};

export function makeRoot(root: string, base: Base): void {
  for (const folder of ['bin', 'dev', 'etc', 'proc', 'run', 'tmp', 'usr/bin', 'usr/local/bin']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  base.install(root);
  copyProgram(root, process.execPath, '/usr/local/bin/node');
  mkdirSync(path.join(root, 'usr/bin'), { recursive: true });
  copyProgram(root, '/usr/bin/env', '/usr/bin/env');
  writeFileSync(
    path.join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:::/bin/sh\n',
  );
  writeFileSync(path.join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  for (const [name, minor] of [
    ['null', '3'],
    ['zero', '5'],
    ['urandom', '9'],
  ] as const) {
    execFileSync('mknod', ['-m', '666', path.join(root, 'dev', name), 'c', '1', minor]);
  }
  for (const [name, fd] of [
    ['stdout', '1'],
    ['stderr', '2'],
  ] as const) {
    symlinkSync(`/proc/self/fd/${fd}`, path.join(root, 'dev', name));
  }
}

/** Copies a program with every library it names. */
function copyProgram(root: string, from: string, to: string): void {
  place(root, from, to);
  const libraries = execFileSync('sh', ['-c', `ldd "$0" 2>/dev/null || true`, from], { encoding: 'utf8' });
  for (const [, library] of libraries.matchAll(/(\/[^\s()]+)\s\(0x/g)) {
    if (library !== undefined) {
      place(root, library, library);
    }
  }
}

function place(root: string, from: string, to: string): void {
  const target = path.join(root, to);
  if (!existsSync(target)) {
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(from, target);
    chmodSync(target, 0o755);
  }
}

/** Environment of a container. */
export const imageEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root' };

/** Carries out the instructions that change files; `stages` has the folders of the earlier stages. */
export function buildStage(root: string, { instructions }: Stage, stages: ReadonlyMap<string, string>): void {
  for (const instruction of instructions) {
    carryOut(root, instruction, stages);
  }
}

function carryOut(root: string, { name, text }: Instruction, stages: ReadonlyMap<string, string>): void {
  if (name === 'RUN') {
    execFileSync('/usr/sbin/chroot', [root, '/bin/sh', '-c', text], { env: imageEnv });
  } else if (name === 'COPY') {
    const [, stage, from = '', to = ''] = /^(?:--from=(\S+)\s+)?(\S+)\s+(\S+)$/.exec(text) ?? [];
    const folder = stage === undefined ? projectRoot : stages.get(stage);
    if (folder === undefined) {
      throw new Error(`COPY from ${stage}, which is no stage`);
    }
    cpSync(path.join(folder, from), path.join(root, to), { recursive: true, verbatimSymlinks: true });
  }
}

/**
 * Makes `/out` of the build stage: its last `RUN`, the package installed from its archive. The steps before it need a
 * registry and a compiler, and have been done here already: packages, addon, bundles.
 */
export function runPackageStep(folder: string, { instructions }: Stage): void {
  const [, step] = instructions.filter(({ name }) => name === 'RUN').slice(-2);
  if (step?.text.includes('npm pack') !== true) {
    throw new Error('the last RUN of the build stage is expected to pack and install the package');
  }
  const source = path.join(folder, 'source');
  cpSync(projectRoot, source, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !/\/(?:\.git|node_modules|test)$/.test(file),
  });
  const addon = `native/prebuilds/linux-${process.arch}/supervisord.node`;
  mkdirSync(path.join(source, path.dirname(addon)), { recursive: true });
  copyFileSync(path.join(projectRoot, 'native/build/supervisord.node'), path.join(source, addon));
  const text = step.text
    .replaceAll('/tmp', path.join(folder, 'tmp'))
    .replaceAll('/out', path.join(folder, 'out'));
  mkdirSync(path.join(folder, 'tmp'));
  execFileSync('/bin/sh', ['-c', text], { cwd: source, stdio: ['ignore', 'ignore', 'pipe'] });
}
