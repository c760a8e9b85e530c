/** What other packages import of this one: found by its name, with types that their compiler understands. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { projectRoot } from '../helpers/flavours.ts';
import type { Sandbox } from '../helpers/sandbox.ts';
import { scenarioTest } from '../helpers/scenario-test.ts';

/** A package of somebody else in the sandbox, which has this one installed. */
function installPackage(sandbox: Sandbox): void {
  mkdirSync(sandbox.path('node_modules', '@types'), { recursive: true });
  symlinkSync(projectRoot, sandbox.path('node_modules', 'supervisord-ts'));
  symlinkSync(path.join(projectRoot, 'node_modules/@types/node'), sandbox.path('node_modules/@types/node'));
  sandbox.write('package.json', '{"type":"module"}');
}

/** What the compiler has to say, in the strictest way; empty when all is well. */
function compile(sandbox: Sandbox, files: readonly string[]): string {
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  const platform = ['--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
  const options = ['--noEmit', '--allowJs', '--checkJs', ...strict, ...platform];
  const tsc = path.join(projectRoot, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, ...options, ...files], {
    cwd: sandbox.directory,
    encoding: 'utf8',
  });
  return stdout;
}

describe('the package', () => {
  scenarioTest('has types for listeners and plugins', ({ sandbox }) => {
    installPackage(sandbox);
    sandbox.write(
      'listener.ts',
      `import { listen, type ListenerEvent } from 'supervisord-ts/listener';
await listen(async (event: ListenerEvent) => (event.fields['pid'] === '1' ? 'FAIL' : 'OK'), { failurePauseMs: 5 });
`,
    );
    sandbox.write(
      'plugin.ts',
      `import type { ControlPluginFactory, ResultHandler, RpcInterfaceFactory } from 'supervisord-ts/plugin';
export const make: RpcInterfaceFactory = (supervisor, { greeting = 'Hello' }) => ({
  methods: {
    greet: {
      summary: 'Greets.',
      parameters: [{ name: 'name', type: 'string', summary: 'Who.' }],
      result: { type: 'string', summary: 'It.' },
      handle: (name: string) => \`\${greeting} \${name} in \${supervisor.namespace}\`,
    },
  },
});
export const judge: ResultHandler = ({ type }, answer) => (answer.length > type.length ? 'accepted' : 'rejected');
export const commands: ControlPluginFactory = () => ({
  commands: { hi: { summary: 'Hi', run: async (context) => context.output(String(await context.call('a.b', 1))) } },
});
`,
    );
    sandbox.write('wrong.ts', `import { listen } from 'supervisord-ts/listener';\nawait listen(() => 5);\n`);
    expect(compile(sandbox, ['listener.ts', 'plugin.ts'])).toBe('');
    expect(compile(sandbox, ['wrong.ts'])).toContain("Type 'number' is not assignable");
  });

  scenarioTest('has examples that its types agree with', ({ sandbox }) => {
    installPackage(sandbox);
    const files = [
      'plugins/rolling.mjs',
      'plugins/commands.mjs',
      'plugins/judge.mjs',
      'webhook/listener.mjs',
    ];
    for (const file of files) {
      cpSync(path.join(projectRoot, 'examples', file), sandbox.path(file));
    }
    expect(compile(sandbox, files)).toBe('');
  });
});
