import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedResponseError, ResponseParser } from './response-parser.ts';

interface Parsed {
  readonly status: number | null;
  readonly reason: string;
  readonly body: string;
  readonly isComplete: boolean;
  readonly isPersistent: boolean;
}

/** Parses pieces; the connection is closed behind the last one if `closed` says so. */
function parse(pieces: readonly (string | Buffer)[], closed = false): Parsed {
  let status: number | null = null;
  let reason = '';
  const body: Buffer[] = [];
  let isComplete = false;
  const parser = new ResponseParser({
    head: (head) => {
      ({ status, reason } = head);
    },
    data: (bytes) => {
      body.push(bytes);
    },
    end: () => {
      isComplete = true;
    },
  });
  for (const piece of pieces) {
    parser.push(Buffer.from(piece));
  }
  if (closed) {
    expect(parser.close()).toBe(isComplete);
  }
  expect(parser.isComplete).toBe(isComplete);
  return {
    status,
    reason,
    body: Buffer.concat(body).toString(),
    isComplete,
    isPersistent: parser.isPersistent,
  };
}

const withLength = 'HTTP/1.1 200 OK\r\ncontent-LENGTH:  4 \r\n\r\nbody';
const chunked =
  'HTTP/1.1 200 All right\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=y\r\nbo\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n';

describe('ResponseParser', () => {
  it('reads a body by its length', () => {
    expect(parse([withLength])).toEqual({
      status: 200,
      reason: 'OK',
      body: 'body',
      isComplete: true,
      isPersistent: true,
    });
  });

  it('reads a body in chunks', () => {
    expect(parse([chunked])).toMatchObject({
      status: 200,
      reason: 'All right',
      body: 'bo0123456789',
      isComplete: true,
    });
  });

  it('reads a body up to the end of the connection, which then carries nothing more', () => {
    const text = 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nuntil the end';
    expect(parse([text])).toMatchObject({ body: 'until the end', isComplete: false, isPersistent: false });
    expect(parse([text], true)).toMatchObject({ body: 'until the end', isComplete: true });
  });

  it('reads the same wherever the pieces are cut', () => {
    for (const text of [withLength, chunked]) {
      const whole = parse([text]);
      fc.assert(
        fc.property(fc.array(fc.nat(text.length)), (cuts) => {
          const ends = [...cuts.toSorted((a, b) => a - b), text.length];
          const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
          expect(parse(pieces)).toEqual(whole);
        }),
      );
    }
  });

  it('passes over interim responses, and knows that some have no body', () => {
    expect(parse(['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204\r\n\r\n'])).toMatchObject({
      status: 204,
      reason: '',
      isComplete: true,
    });
    expect(
      parse(['HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n']),
    ).toMatchObject({
      status: 401,
      isComplete: true,
      isPersistent: false,
    });
  });

  it('is not complete before its end', () => {
    expect(parse([withLength.slice(0, -1)], true)).toMatchObject({ isComplete: false });
    expect(parse([chunked.slice(0, -1)], true)).toMatchObject({ isComplete: false });
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['bytes behind the response', `${withLength}more`],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['another transfer encoding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
    ['a chunk longer than it says', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parse([text])).toThrow(MalformedResponseError);
  });
});
