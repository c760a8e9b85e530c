import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { errnoName, failureOf } from './errno.ts';

describe('errnoName', () => {
  it.each(Object.entries(os.constants.errno))('knows %s', (name, errno) => {
    expect(os.constants.errno).toHaveProperty(errnoName(errno), errno);
    expect(errnoName(errno)).toBe(preferred[name] ?? name);
  });

  it('knows what Node has no name for, and gives the number for what nobody knows', () => {
    expect(errnoName(80)).toBe('ELIBBAD');
    expect(errnoName(112)).toBe('EHOSTDOWN');
    expect(errnoName(4000)).toBe('4000');
  });
});

/** Names that share a number with a better known one. */
const preferred: Readonly<Record<string, string>> = { EWOULDBLOCK: 'EAGAIN', EOPNOTSUPP: 'ENOTSUP' };

describe('failureOf', () => {
  it('is null for a result, a name for an errno', () => {
    expect(failureOf(0)).toBeNull();
    expect(failureOf(7)).toBeNull();
    expect(failureOf(-os.constants.errno.ESRCH)).toBe('ESRCH');
  });
});
