import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SseParser } from './sse-parser.ts';

describe('SseParser', () => {
  test('reads id, event and data, and keeps the id for the next message', () => {
    const parser = new SseParser();
    expect(parser.push('id: 7\nevent: process\ndata: {"a":1}\n\ndata: x\n\n')).toEqual([
      { id: '7', event: 'process', data: '{"a":1}' },
      { id: '7', event: 'message', data: 'x' },
    ]);
  });

  test('joins lines of data, takes CRLF, ignores comments and messages without data', () => {
    const parser = new SseParser();
    expect(parser.push(': ping\r\n\r\ndata: a\r\ndata:b\r\n\r\nevent: only\n\n')).toEqual([
      { id: '', event: 'message', data: 'a\nb' },
    ]);
  });

  test('an id without data is where to go on', () => {
    const parser = new SseParser();
    expect(parser.push('id: 9\n\n')).toEqual([]);
    expect(parser.lastId).toBe('9');
  });

  test('does not depend on where the chunks are cut', () => {
    const text = 'id: 1\nevent: log\ndata: ünïcode: yes\n\nid: 2\ndata: p\ndata: q\n\n: c\n\n';
    const whole = new SseParser().push(text);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: text.length }), { maxLength: 8 }), (cuts) => {
        const parser = new SseParser();
        const edges = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const found = edges.slice(1).flatMap((edge, index) => parser.push(text.slice(edges[index], edge)));
        expect(found).toEqual(whole);
      }),
    );
  });
});
