import { describe, expect, it } from 'vitest';
import { helpLines } from '../command.ts';
import { columns, topicLines } from './columns.ts';
import { statusLines } from './status.ts';

describe('statusLines', () => {
  const row = { group: 'g', name: 'g', statename: 'RUNNING', description: 'pid 7, uptime 0:00:01' };

  it('B17.5: pads the name to 33 and the state to 10', () => {
    expect(statusLines([row])).toEqual(['g                                RUNNING   pid 7, uptime 0:00:01']);
  });

  it('B17.5: makes room for the longest name, counted in characters', () => {
    const name = '\u{1f600}'.repeat(31);
    const [first, second] = statusLines([{ ...row, group: name, name }, row]);
    expect(first).toBe(`${name}   RUNNING   pid 7, uptime 0:00:01`);
    expect(second).toBe(`g${' '.repeat(33)}RUNNING   pid 7, uptime 0:00:01`);
  });
});

describe('columns', () => {
  it('B17.18: runs down the columns, padding every word', () => {
    expect(columns(['a', 'bb', 'ccc', 'd', 'e'], 10)).toEqual(['a   ccc  e', 'bb  d  ']);
  });

  it('B17.18: one word, no word, words that do not fit', () => {
    expect(columns(['a'], 1)).toEqual(['a']);
    expect(columns([], 1)).toEqual(['<empty>']);
    expect(columns(['aa', 'bb'], 1)).toEqual(['aa', 'bb']);
  });

  it('B17.18: rules its heading', () => {
    expect(topicLines('head:', ['a', 'b'], 80)).toEqual(['head:', '=====', 'a  b', '']);
  });
});

describe('helpLines', () => {
  it('B17.18: tabs between usage and description, descriptions in one column', () => {
    expect(
      helpLines([
        ['start <name>', 'One'],
        ['start <name> <name>', 'Two'],
        ['', 'Note'],
      ]),
    ).toEqual(['start <name>\t\tOne', 'start <name> <name>\tTwo', '\t\t\tNote']);
  });
});
