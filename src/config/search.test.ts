import { describe, expect, it } from 'vitest';

import { findConfigFile, searchWarning } from './search.ts';
import { worldWith } from './world.fixture.ts';

describe('B1.1: searching the configuration', () => {
  const places = [
    '/opt/sv/etc/supervisord.conf',
    '/opt/sv/supervisord.conf',
    'supervisord.conf',
    'etc/supervisord.conf',
    '/etc/supervisord.conf',
    '/etc/supervisor/supervisord.conf',
  ];

  it.each(places.map((_, index) => index))('the place with index %i comes before all later ones', (index) => {
    const world = worldWith(Object.fromEntries(places.slice(index).map((place) => [place, ''])));
    expect(findConfigFile(world, '/opt/sv/bin/supervisord')).toEqual({ ok: true, configFile: places[index] });
  });

  it('B1.2: names the places when there is none', () => {
    expect(findConfigFile(worldWith({}), 'supervisord')).toEqual({
      ok: false,
      message:
        'No config file found at default paths (etc/supervisord.conf, supervisord.conf, supervisord.conf, etc/supervisord.conf, /etc/supervisord.conf, /etc/supervisor/supervisord.conf); use the -c option to specify a config file at a different path',
    });
  });

  it('B1.3: root is warned as Python warns', () => {
    expect(searchWarning('/usr/bin/supervisord')).toMatch(
      /^\/usr\/bin\/supervisord: UserWarning: .*security\.\n$/,
    );
  });
});
