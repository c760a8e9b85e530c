import { describe, expect, it } from 'vitest';
import { commands } from '../commands/table.ts';
import { completeLine } from './complete-line.ts';

const processes = [
  { group: 'web', name: 'a' },
  { group: 'web', name: 'b-c' },
  { group: 'cat', name: 'cat' },
];

async function complete(line: string): Promise<readonly [readonly string[], string]> {
  return completeLine(line, commands, () => Promise.resolve(processes));
}

describe('completeLine', () => {
  it.each([
    ['sta', ['start ', 'status '], 'sta'],
    ['  he', ['help '], 'he'],
    ['help re', ['reload ', 'remove ', 'reread ', 'restart '], 're'],
    ['stop ', ['web:a ', 'web:* ', 'web:b-c ', 'cat '], ''],
    ['stop web:b-', ['web:b-c '], 'web:b-'],
    ['stop web:*', ['web:* '], 'web:*'],
    ['stop x c', ['cat '], 'c'],
    ['stop cat:', ['cat:cat ', 'cat:* '], 'cat:'],
    ['signal HUP w', ['web:a ', 'web:* ', 'web:b-c '], 'w'],
    ['update w', ['web '], 'w'],
    ['add c', ['cat '], 'c'],
    ['version x', [], 'x'],
    ['nosuch c', [], 'c'],
  ])('B17.1: %j', async (line, candidates, word) => {
    expect(await complete(line)).toEqual([candidates, word]);
  });

  it('B17.1: offers every command on an empty line', async () => {
    const [candidates] = await complete('');
    expect(candidates).toHaveLength(commands.length - 1);
    expect(candidates).not.toContain('EOF ');
  });

  it('B17.1: asks for processes only when they are wanted', async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error('asked'));
    expect(await completeLine('ver', commands, refuse)).toEqual([['version '], 'ver']);
    await expect(completeLine('stop x', commands, refuse)).rejects.toThrow('asked');
  });
});
