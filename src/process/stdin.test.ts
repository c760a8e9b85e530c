import { describe, expect, it } from 'vitest';
import { loadBinding } from '../native/index.ts';
import { PipeStdin } from './stdin.ts';

const binding = loadBinding();

function openStdin(): { readonly stdin: PipeStdin; readonly readFd: number } {
  const pipe = binding.pipe(false);
  if (typeof pipe === 'number') {
    throw new Error(`cannot make a pipe: ${pipe}`);
  }
  return { stdin: new PipeStdin(pipe.writeFd, binding), readFd: pipe.readFd };
}

describe('PipeStdin', () => {
  it('takes a large piece at once, and refuses more while it waits', () => {
    const { stdin, readFd } = openStdin();
    expect(stdin.write(new Uint8Array(17 * 1024 * 1024))).toBe('ok');
    expect(stdin.write(Buffer.from('more'))).toBe('full');
    stdin.close();
    expect(stdin.write(Buffer.from('late'))).toBe('closed');
    binding.close(readFd);
  });

  it('B18.20: notices in the call that nobody reads', () => {
    const { stdin, readFd } = openStdin();
    expect(stdin.write(Buffer.from('read by nobody'))).toBe('ok');
    binding.close(readFd);
    expect(stdin.write(Buffer.from('x'))).toBe('closed');
    stdin.close();
  });
});
