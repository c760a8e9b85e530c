import { describe, expect, it } from 'vitest';
import { isInstalled } from './install.mjs';

const wanted = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '2.0.0' },
  'node_modules/b-win32': { version: '3.0.0', optional: true },
};

describe('isInstalled', () => {
  it('is content with every package in its version, optional ones missing', () => {
    expect(isInstalled(wanted, { 'node_modules/a': { version: '2.0.0' } })).toBe(true);
  });

  it('notices a missing package, another version, and another version of an optional one', () => {
    expect(isInstalled(wanted, {})).toBe(false);
    expect(isInstalled(wanted, { 'node_modules/a': { version: '1.9.0' } })).toBe(false);
    expect(
      isInstalled(wanted, {
        'node_modules/a': { version: '2.0.0' },
        'node_modules/b-win32': { version: '2.9.0', optional: true },
      }),
    ).toBe(false);
  });
});
