import { describe, expect, it } from 'vitest';
import { isSimpleJson } from './json-shape.ts';

function isSimple(text: string): boolean {
  return isSimpleJson(Buffer.from(text));
}

function objectOf(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1])));
}

describe('isSimpleJson', () => {
  it('looks at members, not at what is in texts', () => {
    expect(isSimple(JSON.stringify({ data: ':'.repeat(1000) + ','.repeat(100_000) }))).toBe(true);
    expect(isSimple(JSON.stringify({ data: '"\\'.repeat(1000) + ':'.repeat(1000), more: '\\' }))).toBe(true);
    expect(isSimple(JSON.stringify(Array.from({ length: 20_000 }, (_, index) => `web${index}`)))).toBe(true);
  });

  it('refuses objects and arrays with very many', () => {
    expect(isSimple(objectOf(200))).toBe(true);
    expect(isSimple(objectOf(300))).toBe(false);
    expect(isSimple(`[${'1,'.repeat(100_000)}1]`)).toBe(false);
  });

  it('leaves what is no JSON to the parser', () => {
    for (const text of ['', '"', '"\\"', '\\', '{"a":"']) {
      expect(isSimple(text)).toBe(true);
    }
  });
});
