import { describe, expect, it } from 'vitest';
import type { DaemonSettings } from '../config/settings.ts';
import {
  inheritedSoftNofile,
  startingSoftNofile,
  type LimitCalls,
  raiseLimits,
  type ResourceLimit,
} from './limits.ts';

/** Limits that can be raised up to the hard one, and beyond it by root. */
function limitsOf(nofile: ResourceLimit, isRoot: boolean): LimitCalls & { current: ResourceLimit } {
  return {
    current: nofile,
    get(resource) {
      return resource === 'NOFILE' ? this.current : { soft: 5000, hard: 5000 };
    },
    set(_resource, limit) {
      if (limit.hard > nofile.hard && !isRoot) {
        return 'EPERM';
      }
      this.current = limit;
      return null;
    },
  };
}

function settings(minfds: number): DaemonSettings {
  return { minfds, minprocs: 200 } as DaemonSettings;
}

describe('B5.6: minfds and minprocs', () => {
  it('says nothing while the limits are high enough', () => {
    const limits = limitsOf({ soft: 4096, hard: 4096 }, false);
    expect(raiseLimits(settings(1024), limits, 1024)).toEqual({ ok: true, infos: [] });
  });

  it('speaks of what Node has raised already, since children get it from now on', () => {
    const limits = limitsOf({ soft: 4096, hard: 4096 }, false);
    expect(raiseLimits(settings(2000), limits, 1024)).toEqual({
      ok: true,
      infos: ['Increased RLIMIT_NOFILE limit to 2000'],
    });
    expect(limits.current.soft).toBe(4096);
  });

  it('raises the hard limit as root', () => {
    const limits = limitsOf({ soft: 1024, hard: 1024 }, true);
    expect(raiseLimits(settings(2000), limits, 1024)).toMatchObject({ ok: true });
    expect(limits.current).toEqual({ soft: 2000, hard: 2000 });
  });

  it('refuses to start when they cannot be raised, naming option and limit', () => {
    const limits = limitsOf({ soft: 1024, hard: 1024 }, false);
    expect(raiseLimits(settings(2000), limits, 1024)).toEqual({
      ok: false,
      message:
        'cannot raise the limit of open files to 2000 as minfds asks (EPERM): the system allows 1024; ' +
        'raise the hard limit or lower minfds',
    });
  });
});

describe('the limit a daemon was started with', () => {
  it('is what the launcher says, and at most the own one', () => {
    expect(startingSoftNofile(500, { soft: 4096, hard: 4096 })).toBe(500);
    expect(startingSoftNofile(Number.POSITIVE_INFINITY, { soft: 4096, hard: 4096 })).toBe(4096);
  });

  it('is at most the own one, and the own one without a parent', () => {
    expect(inheritedSoftNofile({ soft: 10, hard: 10 }, process.pid)).toBe(10);
    expect(inheritedSoftNofile({ soft: 4096, hard: 4096 }, 0)).toBe(4096);
  });
});
