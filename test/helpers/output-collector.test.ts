import { PassThrough } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { OutputCollector } from './output-collector.ts';

describe('OutputCollector', () => {
  it('matches what is there, what is still to come, and only after the mark', async () => {
    const stream = new PassThrough();
    const output = new OutputCollector('test', stream);
    const second = output.match(/second/);
    stream.write('first\n');
    await output.match(/first/);
    const mark = output.text.length;
    const next = output.match(/first/, mark);
    stream.write('sec');
    stream.write('ond\nfirst again');
    expect((await second)[0]).toBe('second');
    expect((await next).index).toBe('second\n'.length);
  });

  it('fails at the end of the stream and at the deadline, telling what was said', async () => {
    const stream = new PassThrough();
    const output = new OutputCollector('stdout of x', stream);
    stream.write('something else');
    await expect(output.match(/never/, 0, 10)).rejects.toThrow(
      'stdout of x: 10 ms passed before /never/ came; it said:\nsomething else',
    );
    const waiting = output.match(/never/);
    stream.destroy();
    await expect(waiting).rejects.toThrow('ended before /never/ came');
  });
});
