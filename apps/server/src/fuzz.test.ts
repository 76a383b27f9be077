/**
 * Every operation of the API's own description, with values that fit it, values that nearly do, and hostile ones. Whatever
 * is sent, the server answers, never with a fault of its own, and what it refuses has changed nothing.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf, gallery, type Running, rawRequest, running } from '../test/running.ts';
import { locate } from './index.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly body: Schema | undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'bothways-fuzz-'));
const place = join(folder, 'estate');
let server: Running;
let ask: Client;
let operations: readonly Operation[] = [];
let components: Readonly<Record<string, Schema>> = {};

beforeAll(async () => {
  mkdirSync(place);
  writeFileSync(join(place, 'estate.yaml'), 'bothways: 1\n');
  writeFileSync(join(folder, 'secret.csv'), 'name\ntop-secret\n');
  const located = locate(place);
  if (!located.ok) throw new Error(located.problem);
  const endless = { burst: 1e9, perSecond: 1e9 };
  const rates = { requests: endless, changes: endless };
  server = await running({ main: { kind: 'disk', place: located.place }, rates });
  ask = clientOf(server.base);
  const { body } = await ask('GET', '/api/openapi.json');
  components = body.components.schemas;
  operations = Object.entries<
    Record<
      string,
      { parameters?: Operation['parameters']; requestBody?: { content: Record<string, { schema: Schema }> } }
    >
  >(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content['application/json']?.schema,
    })),
  );
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    '../..',
    '../secret.csv',
    '..\\..',
    '/etc/passwd',
    '%2e%2e%2f',
    '\0',
    'a\0b',
    '\ud800',
    '\uFEFF',
    'null',
    '__proto__',
    'constructor',
    '-1',
    '0',
    '1e999',
    'NaN',
    '2147483648',
    '99999999999999999999',
    "'; drop table revision; --",
    '<script>alert(1)</script>',
    '${7*7}',
    '{{7*7}}',
    '\r\nset-cookie: x=1',
    '🐘'.repeat(40),
    'x'.repeat(10_000),
    'main',
    'estate.yaml',
    'sites.csv',
    'con',
    'a:b',
    '.env',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const hostile: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(
    null,
    true,
    -1,
    0,
    1.5,
    1e300,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [[[[]]]],
    { __proto__: null },
    { toString: 1 },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

const usualFile = fc.record({
  name: fc.constant('estate.yaml'),
  text: fc.constantFrom(
    'bothways: 1\n',
    '# more\nbothways: 1\n',
    'bothways: 1\nsites: { from: ../secret.csv }\n',
    '\t',
  ),
});

/** A value that fits the schema. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref === '#/components/schemas/File')
    return fc.oneof({ weight: 4, arbitrary: usualFile }, fitting(components['File'] ?? {}));
  if (schema.$ref !== undefined) return fitting(components[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(fitting));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.format === 'uuid') return fc.uuid();
  switch (schema.type) {
    case 'object': {
      const required = new Set(schema.required);
      const entries = Object.entries(schema.properties ?? {}).map(([name, each]) => [name, fitting(each)] as const);
      return fc.record(Object.fromEntries(entries), {
        requiredKeys: entries.map(([name]) => name).filter((name) => required.has(name)),
      });
    }
    case 'array':
      return fc.array(fitting(schema.items ?? {}), { minLength: 1, maxLength: 3 });
    case 'integer':
      return fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: schema.minimum ?? 1, max: 2_147_483_647 }));
    case 'number':
      return fc.double();
    case 'string':
      return fc.oneof(
        fc.constantFrom(
          'estate.yaml',
          'sites.csv',
          '# mine\nbothways: 1\n',
          'bothways: 1\nsites: { from: sites.csv }\n',
          gallery.entries[0]?.id ?? '',
        ),
        fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 30, 60) }),
      );
    default:
      return hostile;
  }
}

/** A value that fits, but for one place in it. */
function nearly(schema: Schema): fc.Arbitrary<unknown> {
  return fc.tuple(fitting(schema), hostile, fc.nat()).map(([value, wrong, at]) => {
    const places: ((value: unknown) => unknown)[] = [];
    const walk = (here: unknown, put: (inside: unknown) => unknown): void => {
      places.push(() => put(wrong));
      if (Array.isArray(here)) here.forEach((each, index) => walk(each, (inside) => put(here.with(index, inside))));
      else if (typeof here === 'object' && here !== null) {
        for (const [key, each] of Object.entries(here)) walk(each, (inside) => put({ ...here, [key]: inside }));
        places.push(() => put({ ...here, extra: wrong }));
      }
    };
    walk(value, (inside) => inside);
    return places[at % places.length]?.(value);
  });
}

const usualTexts: Readonly<Record<string, readonly string[]>> = {
  '/api/gallery/{id} id': [gallery.entries[0]?.id ?? ''],
  '/api/facts/{id} id': ['ER-091'],
  '/api/rules/{name} name': ['announced-prefix-in-use'],
  id: ['main', 'main', 'main', 'copy-0123456789abcdef'],
  revision: ['1', '2'],
  key: ['sweep'],
  limit: ['10'],
  before: ['3'],
};

function pathText(path: string, { name, schema }: Operation['parameters'][number]): fc.Arbitrary<string> {
  const usual = usualTexts[`${path} ${name}`] ?? usualTexts[name];
  return fc.oneof(
    { weight: 6, arbitrary: usual === undefined ? fitting(schema).map(String) : fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fitting(schema).map(String) },
    { weight: 2, arbitrary: hostileText },
  );
}

interface Sent {
  readonly path: string;
  readonly body: string | undefined;
  readonly type: string;
}

function requests({ path, parameters, body }: Operation): fc.Arbitrary<Sent> {
  const values = fc.tuple(...parameters.map((parameter) => pathText(path, parameter)));
  const bodies =
    body === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 3, arbitrary: fitting(body).map((value) => JSON.stringify(value)) },
          { weight: 3, arbitrary: nearly(body).map((value) => JSON.stringify(value)) },
          { weight: 1, arbitrary: hostile.map((value) => JSON.stringify(value)) },
          {
            weight: 1,
            arbitrary: fc.oneof(
              hostileText,
              fc.constantFrom('{', '[', '{"a":', '"', '['.repeat(5000), `${'{"a":'.repeat(3000)}1`),
            ),
          },
        );
  const type = fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('text/plain', '', 'application/json; charset=utf-16', 'multipart/form-data'),
    },
  );
  return fc.tuple(values, bodies, type).map(([texts, sent, contentType]) => {
    const query = new URLSearchParams();
    let full = path;
    for (const [index, { name, in: where }] of parameters.entries()) {
      const text = texts[index] ?? '';
      if (where === 'query') query.append(name, text.toWellFormed());
      else full = full.replace(`{${name}}`, encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E'));
    }
    return { path: query.size === 0 ? full : `${full}?${query.toString()}`, body: sent, type: contentType };
  });
}

async function state(): Promise<unknown> {
  const estates = (await ask('GET', '/api/estates')).body;
  const main = (await ask('GET', '/api/estates/main')).body;
  const files = readdirSync(place).map((name) => [name, readFileSync(join(place, name), 'utf8')]);
  return { estates, main, files, beside: readdirSync(folder).sort() };
}

describe('the API under hostile requests', () => {
  it('is described with every operation', () => {
    expect(operations.length).toBeGreaterThan(15);
    expect(operations.filter(({ body }) => body !== undefined).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/estates',
      'PUT /api/estates/{id}',
      'POST /api/estates/{id}/history/{revision}/restore',
      'PUT /api/estates/{id}/results/{key}',
    ]);
  });

  const seed = 88_201;
  it(`answers every one of them without a fault, and changes nothing when it refuses (seed ${seed})`, {
    timeout: 120_000,
  }, async () => {
    const statuses = new Map<string, number>();
    const host = new URL(server.base).host;
    for (const operation of operations.filter(({ path }) => !path.endsWith('/events'))) {
      const { method, path } = operation;
      const changes = method !== 'GET';
      await fc.assert(
        fc.asyncProperty(requests(operation), async ({ path, body, type }) => {
          const before = changes ? await state() : undefined;
          const headers = {
            host,
            ...(changes
              ? {
                  'x-bothways': '1',
                  'content-type': type,
                  origin: server.base,
                  'content-length': String(Buffer.byteLength(body ?? '')),
                }
              : {}),
          };
          const answer = await rawRequest(server.base, path, {
            method,
            headers,
            ...(body === undefined ? {} : { body }),
          });
          const key = `${method} ${operation.path} ${answer.status}`;
          statuses.set(key, (statuses.get(key) ?? 0) + 1);
          expect(answer.status).toBeLessThan(500);
          expect(answer.body).not.toContain('top-secret');
          if (answer.status < 400) return;
          expect(JSON.parse(answer.body)).toMatchObject({
            status: answer.status,
            title: expect.any(String),
            detail: expect.any(String),
          });
          if (changes) expect(await state()).toEqual(before);
        }),
        { seed, numRuns: changes ? 100 : 40 },
      );
      // The requests are not all refused at the door: some of each operation get through.
      const reached = [...statuses.keys()].filter((key) => key.startsWith(`${method} ${path} `));
      expect(reached.some((key) => /(200|201|404|409|422)$/.test(key))).toBe(true);
    }
    expect([...statuses.keys()].filter((key) => / 20[01]$/.test(key)).length).toBeGreaterThan(operations.length - 3);
    expect(server.log).toEqual([]);
  });
});
