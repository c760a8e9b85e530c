import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteCommunicationEvent } from './payloads.ts';
import { judgeOf } from './result-handlers.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
const event = remoteCommunicationEvent('t', 'data');

beforeAll(() => {
  writeFileSync(
    path.join(directory, 'judge.mjs'),
    `export const judge = ({ type, payload }, answer) => {
  const text = Buffer.from(answer).toString();
  return text === type + '|' + payload ? 'accepted' : text === 'later' ? Promise.resolve('accepted') : JSON.parse(text);
};
`,
  );
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function judge(name: string, answer: string) {
  const reports: string[] = [];
  const verdict = judgeOf({ name, directory }, (message) => void reports.push(message.split('\n')[0] ?? ''))(
    event,
    Buffer.from(answer),
  );
  return { verdict, reports };
}

describe('result handlers', () => {
  it('B10.2: the stock one takes OK only', () => {
    const name = 'supervisor.dispatchers:default_handler';
    expect(['OK', 'OK\n', 'ok', ''].map((answer) => judge(name, answer).verdict)).toEqual([
      'accepted',
      'rejected',
      'rejected',
      'rejected',
    ]);
  });

  it('B20.15: those of plugins are given the event and the answer', () => {
    const name = './judge.mjs:judge';
    expect(judge(name, 'REMOTE_COMMUNICATION|type:t\ndata')).toEqual({ verdict: 'accepted', reports: [] });
    expect(judge(name, '"rejected"')).toEqual({ verdict: 'rejected', reports: [] });
  });

  it('B20.15: what goes wrong in them is reported', () => {
    const begin = 'result handler ./judge.mjs:judge failed on REMOTE_COMMUNICATION: ';
    const { verdict, reports } = judge('./judge.mjs:judge', 'nonsense');
    expect(verdict).toBe('failed');
    expect(reports[0]).toContain(`${begin}SyntaxError`);
    expect(judge('./judge.mjs:judge', 'later')).toEqual({
      verdict: 'failed',
      reports: [`${begin}Error: it answered [object Promise], expected 'accepted' or 'rejected'`],
    });
    expect(judge('./none.mjs:judge', 'OK').verdict).toBe('failed');
  });
});
