import { describe, expect, it } from 'vitest';
import { descriptorCalls } from '../native/descriptors.ts';
import { loadBinding } from '../native/index.ts';
import { Descriptor, descriptorIo } from '../system/descriptor.ts';
import { PipeStdin } from './stdin.ts';

const binding = loadBinding();
const io = descriptorIo(descriptorCalls(binding));

interface Opened {
  readonly stdin: PipeStdin;
  readonly writeFd: number;
  /** What the child reads. */
  readonly child: Descriptor;
}

function openStdin(): Opened {
  const pipe = binding.pipe(false);
  if (typeof pipe === 'number') {
    throw new Error(`cannot make a pipe: ${pipe}`);
  }
  binding.setNonBlocking(pipe.readFd, true);
  return {
    stdin: new PipeStdin(new Descriptor(pipe.writeFd), io),
    writeFd: pipe.writeFd,
    child: new Descriptor(pipe.readFd),
  };
}

/** Reads until so many bytes have come, giving the event loop its turns. */
async function readAll(child: Descriptor, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const buffer = Buffer.alloc(256 * 1024);
  for (let total = 0; total < bytes;) {
    const count = io.readAvailable(child, buffer);
    if (typeof count === 'number') {
      pieces.push(Buffer.from(buffer.subarray(0, count)));
      total += count;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Buffer.concat(pieces);
}

describe('PipeStdin', () => {
  it('takes a large piece at once, and refuses more while it waits', () => {
    const { stdin, child } = openStdin();
    expect(stdin.write(new Uint8Array(17 * 1024 * 1024))).toBe('ok');
    expect(stdin.write(Buffer.from('more'))).toBe('full');
    stdin.close();
    expect(stdin.write(Buffer.from('late'))).toBe('closed');
    io.close(child);
  });

  it('writes what waits in order as the child reads', async () => {
    const { stdin, child } = openStdin();
    const pieces = [1, 2, 3].map((value) => new Uint8Array(300_000).fill(value));
    for (const piece of pieces) {
      expect(stdin.write(piece)).toBe('ok');
      piece.fill(0);
    }
    const read = await readAll(child, 900_000);
    expect([0, 299_999, 300_000, 599_999, 600_000, 899_999].map((at) => read[at])).toEqual([
      1, 1, 2, 2, 3, 3,
    ]);
    stdin.close();
    io.close(child);
  });

  it('B18.20: notices in the call that nobody reads', () => {
    const { stdin, child } = openStdin();
    expect(stdin.write(Buffer.from('read by nobody'))).toBe('ok');
    io.close(child);
    expect(stdin.write(Buffer.from('x'))).toBe('closed');
    stdin.close();
  });

  it('writes nothing into what has its number after the child stopped reading', async () => {
    const { stdin, writeFd, child } = openStdin();
    expect(stdin.write(new Uint8Array(1024 * 1024))).toBe('ok');
    io.close(child);
    const isFree = (): boolean => binding.setCloseOnExec(writeFd, true) < 0;
    while (!isFree()) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const other = openStdin();
    const victim = [other.writeFd, other.child.number];
    expect(victim).toContain(writeFd);
    expect(stdin.write(Buffer.from('misdirected'))).toBe('closed');
    stdin.close();
    expect(other.stdin.write(Buffer.from('own'))).toBe('ok');
    expect((await readAll(other.child, 3)).toString()).toBe('own');
    other.stdin.close();
    io.close(other.child);
  });
});
