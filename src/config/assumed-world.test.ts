/** A configuration judged for another machine. */
import { describe, expect, it } from 'vitest';

import { loadPlugin } from '../plugin/load.ts';
import { assumedWorld } from './assumed-world.ts';
import { nodeWorld } from './node-world.ts';
import { userFiles } from './user-files.ts';

describe('plugins of another machine', () => {
  const world = assumedWorld({ missingModules: ['nosuch'] }, nodeWorld(userFiles()));

  it.each(['./events.mjs:make', '../events.mjs:make', '/srv/events.mjs:make', '@site/events:make'])(
    '%s may declare any types of events',
    (plugin) => {
      expect(world.plugin(plugin, '/srv')).toEqual({ ok: true, eventTypes: null });
    },
  );

  it.each(['supervisor.rpcinterface:make_main_rpcinterface', 'a:b', 'a.b : c [d]'])(
    '%j declares none',
    (plugin) => {
      expect(world.plugin(plugin, '/srv')).toEqual({ ok: true, eventTypes: [] });
    },
  );

  it.each(['a b c', 'a b:c', 'a:b c', ':', ''])('%j names none, as at the start', (plugin) => {
    expect(world.plugin(plugin, '/srv')).toEqual(loadPlugin(plugin, '/srv'));
    expect(world.plugin(plugin, '/srv').ok).toBe(false);
  });

  it('that are said to be missing are', () => {
    expect(world.plugin('nosuch.module:make', '/srv')).toEqual({
      ok: false,
      reason: "No module named 'nosuch'",
    });
  });
});
