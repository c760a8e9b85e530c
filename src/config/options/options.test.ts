import { describe, expect, it } from 'vitest';

import { worldWith } from '../world.fixture.ts';
import type { Converter } from './converter.ts';
import { environment } from './environment.ts';
import { networks } from './networks.ts';
import { byteSize, exitCodes, octal } from './numbers.ts';
import { kindOfSection, sectionKinds } from './sections.ts';
import { autorestart, boolean } from './words.ts';

const world = worldWith({});

function valueOf<T>(converter: Converter<T>, text: string): unknown {
  const result = converter.parse(text, world);
  return result.ok ? result.value : result.message;
}

describe('converters', () => {
  it.each([
    ['YES', true],
    ['on', true],
    ['0', false],
    ['False', false],
    ['', "not a valid boolean value: ''"],
    ['y', "not a valid boolean value: 'y'"],
  ])('B1.14: boolean %j', (text, expected) => {
    expect(valueOf(boolean, text)).toBe(expected);
  });

  it.each([
    ['127.0.0.1, 10.0.0.0/8', ['127.0.0.1', '10.0.0.0/8']],
    ['[fd00::1],fd00::/8', ['fd00::1', 'fd00::/8']],
    ['', []],
    ['proxy', "not an address or network: 'proxy'"],
    ['10.0.0.0/33', "not an address or network: '10.0.0.0/33'"],
    ['10.0.0.0/', "not an address or network: '10.0.0.0/'"],
    ['fd00::/x', "not an address or network: 'fd00::/x'"],
  ])('trusted_proxies %j', (text, expected) => {
    expect(valueOf(networks, text)).toEqual(expected);
  });

  it.each([
    ['1KB', 1024],
    ['2 mb', 2 * 1024 ** 2],
    ['3Gb', 3 * 1024 ** 3],
    ['-5', -5],
    ['0', 0],
    ['10XB', "invalid literal for int() with base 10: '10xb'"],
    ['1.5MB', "invalid literal for int() with base 10: '1.5'"],
    ['', "invalid literal for int() with base 10: ''"],
  ])('B1.15: size %j', (text, expected) => {
    expect(valueOf(byteSize, text)).toBe(expected);
  });

  it('B1.16: octal', () => {
    expect(valueOf(octal, '0700')).toBe(0o700);
    expect(valueOf(octal, '089')).toBe('089 can not be converted to an octal type');
  });

  it.each([
    ['', []],
    ['0, 2', [0, 2]],
    ['0,256', "not a valid list of exit codes: '0,256'"],
    ['1,', "not a valid list of exit codes: '1,'"],
  ])('B7.5: exit codes %j', (text, expected) => {
    expect(valueOf(exitCodes, text)).toEqual(expected);
  });

  it.each([
    ['Unexpected', 'unexpected'],
    ['TRUE', 'always'],
    ['off', 'never'],
    ['Never', "invalid 'autorestart' value 'never'"],
  ])('B7.5: autorestart %j', (text, expected) => {
    expect(valueOf(autorestart, text)).toBe(expected);
  });

  it.each([
    ['', {}],
    ['A=1,B="x,y",', { A: '1', B: 'x,y' }],
    [`A='p "q"' ; B="say \\"hi\\""`, { A: 'p "q"', B: 'say "hi"' }],
    ['PATH=/a+b-c.d(e):f', { PATH: '/a+b-c.d(e):f' }],
    ['A=1#,B=2', { A: '1' }],
    // Whatever stands behind a value counts as the comma.
    ['A=1 2', { A: '1' }],
    ['__proto__=1', { ['__proto__']: '1' }],
  ])('B7.12: environment %j', (text, expected) => {
    const result = environment.parse(text, world);
    expect(result.ok ? Object.fromEntries(result.value) : null).toEqual(expected);
  });

  it.each([
    ['A=1 2,B=3', "Unexpected end of key/value pairs in value 'A=1 2,B=3'"],
    ['A', "Unexpected end of key/value pairs in value 'A'"],
    ['A="b', 'No closing quotation'],
  ])('B7.12: environment %j is refused', (text, message) => {
    expect(valueOf(environment, text)).toBe(message);
  });
});

describe('tables', () => {
  it('every example is one that its option takes', () => {
    for (const kind of sectionKinds) {
      for (const [name, row] of Object.entries(kind.options)) {
        const result = row.convert.parse(row.example, world);
        expect([kind.name, name, result.ok]).toEqual([kind.name, name, true]);
      }
    }
  });

  it.each([
    ['program:x', 'program'],
    ['program', undefined],
    ['supervisord', 'supervisord'],
    ['supervisord:x', undefined],
    ['inet_http_server', 'inet_http_server'],
    ['inet_http_server:a', 'inet_http_server'],
    ['inet_http_servers', 'inet_http_server'],
    ['fancy', undefined],
  ])('[%s] is a section of kind %s', (section, kind) => {
    expect(kindOfSection(section)?.name).toBe(kind);
  });
});
