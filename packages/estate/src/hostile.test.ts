import { plainStyle, renderFindings } from '@bothways/diagnostics';
import { Random } from '@bothways/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { example } from '../test/check.ts';
import { type EstateLoad, editInsert, editRemove, editSet, loadEstate } from './index.ts';

/** Loads, renders, and checks what holds for every input. */
function survive(text: string): EstateLoad {
  const started = performance.now();
  const load = loadEstate([{ name: 'e.yaml', text }]);
  const took = performance.now() - started;
  expect(took, text.slice(0, 2000)).toBeLessThan(1000);
  expect(load.estate === undefined).toBe(load.findings.some((finding) => finding.severity === 'error'));
  const lines = text.split('\n').length;
  for (const { place, message } of load.findings) {
    expect(message).not.toContain('undefined');
    expect(place?.line ?? 1).toBeLessThanOrEqual(lines);
  }
  renderFindings(load.findings.slice(0, 20), load.document.printableSources, plainStyle);
  return load;
}

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  ',',
  '\n',
  '  ',
  '- ',
  '? ',
  '&a ',
  '*a',
  '!!str ',
  '|',
  '>',
  '"',
  "'",
  '#',
  ' #',
  '---\n',
  '...',
  '<<',
  '%',
  '@',
  '\t',
  '\r',
  '\u0000',
  '\ufeff',
  'null',
  '~',
  '0x1',
  '1e9',
  '__proto__: ',
  'é',
  '😀',
  '\u202e',
  '\ud800',
  '999999999999999999999',
];

function mutated(text: string, random: Random): string {
  let result = text;
  for (let times = 1 + random.below(6); times > 0; times -= 1) {
    const at = random.below(result.length + 1);
    const length = random.below(4) === 0 ? random.below(200) : random.below(6);
    switch (random.below(4)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + length);
        break;
      case 1:
        result = result.slice(0, at) + random.pick(PIECES) + result.slice(at);
        break;
      case 2:
        result =
          result.slice(0, at) +
          String.fromCharCode(random.below(random.below(3) === 0 ? 65_536 : 128)) +
          result.slice(at + 1);
        break;
      default: {
        const other = random.below(result.length + 1);
        result = result.slice(0, at) + result.slice(other, other + length) + result.slice(at + length);
      }
    }
  }
  return result;
}

describe('generated input', () => {
  it('survives 1,000 mutations of the example (seed 11)', () => {
    const random = new Random(11);
    let loaded = 0;
    for (let round = 0; round < 1000; round += 1) {
      const load = survive(mutated(example, random));
      if (load.estate !== undefined) loaded += 1;
    }
    expect(loaded).toBeGreaterThan(20);
    expect(loaded).toBeLessThan(950);
  });

  it('survives 300 texts of random characters (seed 12)', () => {
    const random = new Random(12);
    for (let round = 0; round < 300; round += 1) {
      const length = random.below(400);
      survive(
        Array.from({ length }, () =>
          random.below(3) === 0 ? random.pick(PIECES) : String.fromCharCode(random.below(256)),
        ).join(''),
      );
    }
  });

  it('survives random structures under the keys of the document (seed 13)', () => {
    const keys = [
      'organisation',
      'sites',
      'wan',
      'circuits',
      'environments',
      'demands',
      'intents',
      'firewalls',
      'internetEdges',
      'expressRouteEdges',
      'bothways',
    ];
    const inner = [
      'name',
      'hq',
      'clients',
      'between',
      'flows',
      'from',
      'links',
      'microsoftPeering',
      'location',
      'latitude',
      'constructor',
      'md5',
      'vlan',
    ];
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom('all', 'hq', '10.0.0.0/8', 'PP-F01', '1 Gbps', 'West Europe', '12076:51002'),
        fc.anything({ maxDepth: 1, withBigInt: false, withDate: false }),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...inner), tie('node'), { maxKeys: 5 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 11 }), (value) => {
        survive(JSON.stringify(value) ?? '');
      }),
      { seed: 13, numRuns: 400 },
    );
  });

  it('survives edits of mutated documents (seed 14)', () => {
    const random = new Random(14);
    const paths = [
      ['sites', 'hq'],
      ['sites', 'hq', 'clients'],
      ['sites'],
      ['circuits', 'er-fra', 'microsoftPeering', 'links', 0],
      ['demands', 'everyday', 'from', 1],
      [],
    ];
    for (let round = 0; round < 500; round += 1) {
      const { document } = loadEstate([{ name: 'e.yaml', text: mutated(example, random) }]);
      for (const path of paths) {
        editSet(document, path, ['x']);
        editRemove(document, path);
        editInsert(document, path, 'x', random.below(2) === 0 ? 'key' : undefined);
      }
    }
  });
});

describe('large and deep input', () => {
  it('refuses 50 MB of text at once', () => {
    const text = 'sites: {}\n'.repeat(5 * 1024 * 1024);
    expect(survive(text).findings.map((finding) => finding.rule)).toEqual(['estate/file-too-large']);
  });

  it('takes 64 levels of nesting and refuses 65', () => {
    const nested = (depth: number): string => `x: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
    expect(survive(nested(63)).findings.map((finding) => finding.rule)).not.toContain('estate/too-deep');
    expect(survive(nested(64)).findings.map((finding) => finding.rule)).toContain('estate/too-deep');
    expect(survive(nested(100_000)).findings.map((finding) => finding.rule)).toEqual(['estate/too-deep']);
  });

  it('keeps an alias bomb small', () => {
    const levels = Array.from(
      { length: 40 },
      (_, at) => `  k${at}: &k${at} [${Array.from({ length: 20 }, () => (at === 0 ? 'x' : `*k${at - 1}`)).join(', ')}]`,
    );
    const load = survive(`${example}\nbomb:\n${levels.join('\n')}\n`);
    expect(load.findings.filter((finding) => finding.rule === 'estate/alias-expansion')).toHaveLength(1);
  });

  it('survives aliases that nest deeper than text may', () => {
    const levels = Array.from(
      { length: 300 },
      (_, at) => `  k${at}: &k${at} ${'['.repeat(50)}${at === 0 ? 'x' : `*k${at - 1}`}${']'.repeat(50)}`,
    );
    survive(`${example}\ndeep:\n${levels.join('\n')}\n`);
  });

  it('tells everything about a document that is wrong on every line', { timeout: 60_000 }, () => {
    const sites = Array.from(
      { length: 5000 },
      (_, at) => `  site-${at}: { usres: many, clients: 10.0.0.1/8, breakout: inett }`,
    );
    const started = performance.now();
    const load = loadEstate([{ name: 'e.yaml', text: example.replace('sites:\n', `sites:\n${sites.join('\n')}\n`) }]);
    expect(load.findings.filter((finding) => finding.severity === 'error')).toHaveLength(15_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('loads 20,000 sites', { timeout: 60_000 }, () => {
    const sites = Array.from({ length: 20_000 }, (_, at) => {
      const third = `11.${at >> 8}.${at & 255}`;
      return `  site-${at}:\n    city: Munich\n    users: ${at % 500}\n    clients: [${third}.0/25, ${third}.128/25]\n    breakout: inet\n`;
    });
    const started = performance.now();
    const load = loadEstate([{ name: 'e.yaml', text: example.replace('sites:\n', `sites:\n${sites.join('')}`) }]);
    expect(load.estate?.sites).toHaveLength(20_003);
    // A guard against hanging, many times the usual time.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
