import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from './commands/table.ts';
import { completeLine } from './completion/complete-line.ts';
import { pluginCommands } from './plugin-commands.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));

beforeAll(() => {
  writeFileSync(
    path.join(directory, 'p.mjs'),
    `const run = () => undefined;
export const make = (options) => ({
  commands: { greet: { summary: options.text, completes: 'groups', run }, status: { summary: 'Mine', run } },
});
export const nothing = () => 5;
export const nameless = () => ({ commands: { 'a-b': { summary: '', run } } });
export const idle = () => ({ commands: { idle: { summary: '' } } });
export const throws = () => { throw new Error('not made'); };
`,
  );
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function made(factory: string) {
  const warnings: string[] = [];
  const plugin = { name: 'x', factory: { name: factory, directory }, options: { text: 'Greets' } };
  return { outcome: pluginCommands([plugin], commands, (line) => warnings.push(line)), warnings };
}

describe('commands of plugins', () => {
  it('B11.4: are made with the options of the section; none replaces one of our own', () => {
    const { outcome, warnings } = made('./p.mjs:make');
    expect(outcome).toMatchObject({
      ok: true,
      commands: [{ name: 'greet', summary: 'Greets', help: [['greet', 'Greets']], listing: 'plugin x' }],
    });
    expect(warnings).toEqual(['[ctlplugin:x] cannot replace the command status']);
  });

  it('B17.1: are completed, and so are their arguments', async () => {
    const { outcome } = made('./p.mjs:make');
    const all = [...commands, ...(outcome.ok ? outcome.commands : [])];
    const processes = () => Promise.resolve([{ group: 'web', name: 'one' }]);
    expect(await completeLine('gr', all, processes)).toEqual([['greet '], 'gr']);
    expect(await completeLine('greet w', all, processes)).toEqual([['web '], 'w']);
  });

  it.each([
    ['./none.mjs:make', 'there is no file '],
    ['./p.mjs:other', 'the module has no export other'],
    ['./p.mjs:nothing', 'it did not make an object with commands'],
    ['./p.mjs:nameless', 'its command a-b needs a name of letters and digits'],
    ['./p.mjs:idle', 'its command idle needs a name of letters and digits, a summary and a function run'],
    ['./p.mjs:throws', 'Error: not made'],
    ['supervisor.rpcinterface:make_main_rpcinterface', 'it makes no commands'],
  ])('%s: says %s', (factory, reason) => {
    const { outcome } = made(factory);
    expect(outcome.ok ? '' : outcome.message).toContain(`cannot use ${factory} of [ctlplugin:x]: ${reason}`);
  });
});
