import { describe, expect, it } from 'vitest';
import { batches } from './commands/act-on-processes.ts';
import { cannedLine, up } from './canned-run.fixture.ts';
import { matchNames } from './names.ts';
import { cannedProcess } from './process-info.fixture.ts';

const processes = [
  { group: 'worker', name: 'worker-0' },
  { group: 'worker', name: 'worker-1' },
  { group: 'web', name: 'web' },
  { group: 'odd', name: 'x[1]' },
  { group: 'odd', name: 'x1' },
];

describe('matchNames', () => {
  it.each([
    ['worker-*', ['worker:worker-0', 'worker:worker-1']],
    ['worker:worker-?', ['worker:worker-0', 'worker:worker-1']],
    ['w*:*1', ['worker:worker-1']],
    ['w*:*', ['worker:worker-0', 'worker:worker-1', 'web']],
    ['w*:', ['worker:worker-0', 'worker:worker-1', 'web']],
    ['[!w]*', ['odd:x[1]', 'odd:x1']],
    ['we?', ['web']],
  ])('takes %s as a pattern', (word, names) => {
    expect(matchNames(processes, [word])).toEqual([{ isPattern: true, names }]);
  });

  it.each(['web', 'worker:*', 'worker:', 'odd:x[1]', 'nosuch', 'nosuch*', 'all', ''])(
    'B8.3: leaves %j what it is',
    (word) => {
      expect(matchNames(processes, [word])).toEqual([{ isPattern: false, names: [word] }]);
    },
  );

  it('names a process once by patterns, and again by its name', () => {
    const found = matchNames(processes, ['worker-*', '*-0', 'worker:worker-0']);
    expect(found.map(({ names }) => names)).toEqual([
      ['worker:worker-0', 'worker:worker-1'],
      [],
      ['worker:worker-0'],
    ]);
  });
});

describe('batches', () => {
  const pattern = { isPattern: true, names: ['g:a', 'g:b'] };
  const literal = (name: string) => ({ isPattern: false, names: [name] });

  it('B17.8: starts one name after the other, but what a pattern matches at once', () => {
    expect(batches([literal('x'), pattern, literal('y')], 'pattern')).toEqual([['x'], ['g:a', 'g:b'], ['y']]);
  });

  it('B17.8: stops all at once, unless a process is named twice', () => {
    expect(batches([literal('x'), pattern, literal('h:*')], 'all')).toEqual([['x', 'g:a', 'g:b', 'h:*']]);
    expect(batches([literal('x'), literal('x')], 'all')).toEqual([['x'], ['x']]);
    expect(batches([literal('g:*'), literal('g:a')], 'all')).toEqual([['g:*'], ['g:a']]);
  });

  it('opens no more than 32 connections at once', () => {
    const names = Array.from({ length: 70 }, (_, index) => `p${index}`);
    expect(batches(names.map(literal), 'all').map((batch) => batch.length)).toEqual([32, 32, 6]);
  });
});

describe('commands with patterns', () => {
  const known = processes.map(({ group, name }) => cannedProcess(group, name));

  it('B17.8: prints in the order of the names, whatever ends first', async () => {
    const run = await cannedLine('stop worker:worker-1 web* web worker-0*', {
      answers: up({ getAllProcessInfo: known, stopProcess: true }),
    });
    expect(run.stdout).toBe(
      'worker:worker-1: stopped\nweb: stopped\nweb: stopped\nworker:worker-0: stopped\n',
    );
  });

  it('asks for the processes only when there is a pattern', async () => {
    const answers = up({ getAllProcessInfo: known, startProcess: true });
    const plain = await cannedLine('start web', { answers });
    expect(plain.calls.map(({ method }) => method)).toEqual(['supervisor.startProcess']);
    const pattern = await cannedLine('start we*', { answers });
    expect(pattern.calls.map(({ method }) => method)).toEqual([
      'supervisor.getAllProcessInfo',
      'supervisor.startProcess',
    ]);
  });
});
