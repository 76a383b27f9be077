import { estateSchema } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { isSchema, keysOf, kindOf, schemasAt, valuesOf } from './schema-walk.ts';

const schema = estateSchema();
if (!isSchema(schema)) throw new Error('no schema');

const keysAt = (...path: (string | number)[]): readonly string[] =>
  keysOf(schemasAt(schema, path)).map(({ key }) => key);
const valuesAt = (...path: (string | number)[]): readonly string[] =>
  valuesOf(schemasAt(schema, path)).map(({ value }) => value);

describe('the schema for completion', () => {
  it('knows the keys of the root, of a named entry, and of what is below it', () => {
    expect(keysAt()).toContain('circuits');
    expect(keysAt('circuits', 'er-fra')).toEqual(expect.arrayContaining(['location', 'sku', 'microsoftPeering']));
    expect(keysAt('circuits', 'er-fra', 'microsoftPeering')).toContain('routeFilter');
  });

  it('knows the words of an enumeration, and examples where there is none', () => {
    expect(valuesAt('circuits', 'er-fra', 'sku')).toEqual(expect.arrayContaining(['standard', 'premium']));
    expect(valuesAt('sites', 'hq', 'city')).toContain('Munich');
  });

  it('has no keys where a plain value stands, and none for what does not exist', () => {
    expect(keysAt('circuits', 'er-fra', 'sku')).toEqual([]);
    expect(keysAt('bogus', 'x')).toEqual([]);
  });

  it('says what may stand there in words, for every key of the document', () => {
    const walk = (path: readonly string[], depth: number): void => {
      for (const { key, kind, description } of keysOf(schemasAt(schema, path))) {
        expect(kind, [...path, key].join('.')).not.toBe('');
        expect(description.length, [...path, key].join('.')).toBeGreaterThan(0);
        if (depth > 0) walk([...path, key], depth - 1);
      }
    };
    walk([], 2);
    expect(kindOf({ type: 'array', items: { type: 'string' } })).toBe('list of text');
  });
});
