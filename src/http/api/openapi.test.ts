import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, describe, expect, it } from 'vitest';
import { serveApi } from './api.fixture.ts';
import { renderJsonApiDocs } from './json-api-docs.ts';
import { operations } from './operations.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>>
  >;
}

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document with every operation', async () => {
    const served = await serveApi();
    closers.push(served.close);
    const { json } = await served.get('/openapi.json');
    const document = json as Document;
    const result = await new Validator().validate(structuredClone(json) as Record<string, unknown>);
    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(
      operations.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  it('gives every operation a name of its own', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('docs/json-api.md is what the table says (vitest -u writes it)', async () => {
  await expect(renderJsonApiDocs(operations)).toMatchFileSnapshot('../../../docs/json-api.md');
});
