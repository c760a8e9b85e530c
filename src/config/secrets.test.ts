import { expect, it } from 'vitest';
import { maskSecrets } from './secrets.ts';

it.each([
  'PASSWORD',
  'db_passwd',
  'client_secret',
  'TOKEN',
  'credentials',
  'API_KEY',
  'apikey',
  'key',
  'signing.key',
  'keys',
])('maskSecrets: %s is hidden', (name) => {
  expect(maskSecrets({ [name]: 'x' })).toEqual({ [name]: '********' });
});

it.each(['PATH', 'keyboard', 'monkeys', 'url', 'LANG'])('maskSecrets: %s is shown', (name) => {
  expect(maskSecrets({ [name]: 'x' })).toEqual({ [name]: 'x' });
});
