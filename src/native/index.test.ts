import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addonCandidates, loadBinding, openFirst } from './index.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('addonCandidates', () => {
  it('takes the packaged file of this platform before the one built here', () => {
    const platform = `${process.platform}-${process.arch}`;
    expect(addonCandidates('/package')).toEqual([
      `/package/native/prebuilds/${platform}/supervisord.node`,
      '/package/native/build/supervisord.node',
    ]);
  });

  it('finds the package this file belongs to', () => {
    const root = path.dirname(path.dirname(import.meta.dirname));
    expect(addonCandidates()).toEqual(addonCandidates(root));
  });
});

describe('openFirst', () => {
  it('passes over files that are not there or cannot be loaded', () => {
    const broken = path.join(folder, 'broken.node');
    writeFileSync(broken, 'no addon');
    const binding = openFirst([path.join(folder, 'none.node'), broken, ...addonCandidates()]);
    expect(binding).toHaveProperty('reap');
  });

  it('names what was tried, why it failed and what to do', () => {
    const none = path.join(folder, 'none.node');
    const broken = path.join(folder, 'broken.node');
    writeFileSync(broken, 'no addon');
    expect(() => openFirst([none, broken])).toThrow(
      /^cannot load the native addon: run `npm run build`; tried .*none\.node \(not there\), .*broken\.node \(.+\)$/s,
    );
  });
});

describe('loadBinding', () => {
  it('loads once', () => {
    expect(loadBinding()).toBe(loadBinding());
  });
});
