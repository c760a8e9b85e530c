import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from './output.ts';

describe('Output', () => {
  it('is out wholly once it is flushed', async () => {
    let taken = '';
    const slow = new Writable({
      write(chunk: Buffer, _, done) {
        setImmediate(() => {
          taken += chunk.toString();
          done();
        });
      },
    });
    const output = new Output(slow);
    const text = 'x'.repeat(100_000);
    output.line(text);
    output.text('end');
    await output.flush();
    expect(taken).toBe(`${text}\nend`);
  });

  it('is quiet once nobody reads any more', async () => {
    const stream = new PassThrough();
    const output = new Output(stream);
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await output.broken;
    output.line('into the void');
    await output.bytes(Buffer.from('x'));
    await output.flush();
    expect(stream.readableLength).toBe(0);
  });
});
