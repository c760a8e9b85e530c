import { describe, expect, it } from 'vitest';

import { worldWith } from '../world.fixture.ts';
import {
  absolutePath,
  directoryOf,
  expandUser,
  fullPath,
  joinPath,
  normalizePath,
  splitPath,
} from './paths.ts';

describe('paths', () => {
  it.each([
    ['', '.'],
    ['/', '/'],
    ['//a', '//a'],
    ['///a', '/a'],
    ['/../a/./b/../c/', '/a/c'],
    ['../../a/..', '../..'],
  ])('normalizePath(%j)', (path, expected) => {
    expect(normalizePath(path)).toBe(expected);
  });

  it('join, split and absolute', () => {
    expect(joinPath('/a', 'b')).toBe('/a/b');
    expect(joinPath('', 'b')).toBe('b');
    expect(joinPath('/a', '/b')).toBe('/b');
    expect(splitPath('/a//b')).toEqual(['/a', 'b']);
    expect(splitPath('//')).toEqual(['//', '']);
    expect(directoryOf('a')).toBe('');
    expect(absolutePath('../x', '/a/b')).toBe('/a/x');
  });

  it('B1.13: homes', () => {
    const world = worldWith({}, { env: { HOME: '/h/' }, homes: { web: '/var/www', '*': '/u/*' } });
    const homeless = worldWith({}, { env: {} });
    expect(['~', '~/x', '~web/y', '~you', '~nosuch/z', 'a~'].map((path) => expandUser(path, world))).toEqual([
      '/h',
      '/h/x',
      '/var/www/y',
      '/u/you',
      '~nosuch/z',
      'a~',
    ]);
    expect(expandUser('~/x', homeless)).toBe('/root/x');
    expect(expandUser('~', worldWith({}, { env: { HOME: '/' } }))).toBe('/');
    expect(fullPath('x/../y', world)).toBe('/home/me/y');
  });
});
