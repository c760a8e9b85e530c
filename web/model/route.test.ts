import { expect, test } from 'vitest';
import { parseRoute, routeHash, type Route } from './route.ts';

const routes: readonly Route[] = [
  { view: 'overview' },
  { view: 'program', name: 'shop:api_1' },
  { view: 'program', name: 'odd/näme, 100%' },
  { view: 'logs', sources: [] },
  { view: 'logs', sources: ['web/stdout', 'a,b:c/stderr'] },
  { view: 'timeline' },
  { view: 'activity' },
  { view: 'configuration' },
];

test.each(routes.map((route) => [routeHash(route), route] as const))('%s and back', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test.each(['', '#', '#/', '#/nonsense', '#/program/'])('%j is the overview', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'overview' });
});

test('an address that cannot be decoded is taken as it is', () => {
  expect(parseRoute('#/program/100%')).toEqual({ view: 'program', name: '100%' });
});
