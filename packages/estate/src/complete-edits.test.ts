/** Edits and hostile input for the kinds of the complete document, with the example that has everything. */
import { isDeepStrictEqual } from 'node:util';
import { applyEdits, plainStyle, renderFindings } from '@bothways/diagnostics';
import { Random, valueOrThrow } from '@bothways/net';
import { load as parseYaml } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { fullExample, fullFiles } from '../test/full-example.ts';
import { at, pathsOf, without, withValue } from '../test/values.ts';
import {
  type EstateFile,
  type EstateLoad,
  editInsert,
  editRemove,
  editSet,
  loadEstate,
  type Path,
  referencedFiles,
} from './index.ts';

const [, ...attachments] = fullFiles;
const NAME = 'contoso/estate.yaml';

function filesOf(text: string): readonly EstateFile[] {
  return [{ name: NAME, text }, ...attachments];
}

function wordsOf(load: EstateLoad): string {
  return load.findings.map(({ message, help }) => `${message} ${help ?? ''}`).join('\n');
}

const { document } = loadEstate(fullFiles);
const whole = parseYaml(fullExample);

describe('edits of the example that has everything', () => {
  const paths = pathsOf(whole).filter((path) => path.length > 0);

  it('removing anything gives the document without it', { timeout: 90_000 }, () => {
    for (const path of paths) {
      if (path[0] === 'sites' && path[1] === 'from') continue; // it is not part of what was loaded
      const edits = editRemove(document, path);
      expect(edits.length, path.join('.')).toBeGreaterThan(0);
      const text = valueOrThrow(applyEdits(fullExample, edits));
      const left = without(whole, path);
      const parent = path.slice(0, -1);
      // The last entry of a map goes with its braces or leaves an empty one.
      const expected = [left, withValue(left, parent, {}), withValue(left, parent, null)];
      expect(
        expected.some((each) => isDeepStrictEqual(parseYaml(text), each)),
        path.join('.'),
      ).toBe(true);
    }
  });

  it('setting any single value gives the document with that value', { timeout: 90_000 }, () => {
    for (const path of paths) {
      const value = at(whole, path);
      if (typeof value === 'object' && value !== null) continue;
      if (path[0] === 'sites' && path[1] === 'from') continue;
      const text = valueOrThrow(applyEdits(fullExample, editSet(document, path, 'something: else')));
      expect(parseYaml(text), path.join('.')).toEqual(withValue(whole, path, 'something: else'));
    }
  });

  it.each<readonly [Path, string, string]>([
    [
      ['azure', 'vnets'],
      'extra',
      '    spoke: { region: West Europe, addressSpace: 10.102.0.0/16, gatewayOf: west, resolver: dc }\n    extra: { region: x }\n',
    ],
    [['failureGroups'], 'extra', '  extra: { region: x }\n'],
    [['routing', 'hq'], 'extra', 'defaultRoute: accept, extra: { region: x } }'],
    [['services', 'mail'], 'extra', '    tls: true\n    extra: { region: x }\n'],
  ])('adding to %j stands behind the last entry', (path, key, expected) => {
    expect(valueOrThrow(applyEdits(fullExample, editInsert(document, path, { region: 'x' }, key)))).toContain(
      expected.replace('extra: { region: x }\n', 'extra').slice(0, -1),
    );
  });

  it('adding a kind that is not there yet adds its section too', () => {
    const text = 'bothways: 1\norganisation: { name: Contoso }\n';
    const { document: small } = loadEstate([{ name: 'e.yaml', text }]);
    expect(valueOrThrow(applyEdits(text, editSet(small, ['azure', 'vnets', 'west', 'region'], 'West Europe')))).toBe(
      `${text}azure: { vnets: { west: { region: West Europe } } }\n`,
    );
  });

  it('a section that is in two files goes from both', () => {
    const texts = [
      'bothways: 1\norganisation: { name: Contoso }\nazure:\n  vnets:\n    a: { region: West Europe, addressSpace: 10.1.0.0/16 }\n  vpns:\n',
      'bothways: 1\nazure:\n  vnets:\n    b: { region: West Europe, addressSpace: 10.2.0.0/16 }\n',
    ];
    const load = loadEstate(texts.map((text, index) => ({ name: `part-${index}.yaml`, text })));
    expect(load.estate?.vnets.map((vnet) => vnet.name)).toEqual(['a', 'b']);
    const edits = editRemove(load.document, ['azure', 'vnets']);
    expect(new Set(edits.map((edit) => edit.file))).toEqual(new Set(['part-0.yaml', 'part-1.yaml']));
    const one = editRemove(load.document, ['azure', 'vnets', 'b']);
    expect(one.map((edit) => edit.file)).toEqual(['part-1.yaml']);
  });

  it('a name that stands in two files is reported', () => {
    const part = 'bothways: 1\nazure:\n  vnets:\n    a: { region: West Europe, addressSpace: 10.1.0.0/16 }\n';
    const { findings } = loadEstate([
      { name: 'a.yaml', text: `${part}organisation: { name: Contoso }\n` },
      { name: 'b.yaml', text: part },
    ]);
    expect(findings.map((finding) => finding.message)).toEqual(['azure.vnets.a is defined in two files']);
  });
});

describe('generated input', () => {
  it('survives 250 mutations of the example that has everything (seed 61)', { timeout: 90_000 }, () => {
    const random = new Random(61);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ': ',
      ', ',
      '\n',
      '  ',
      '- ',
      "'",
      '"',
      '#',
      '*a',
      '&a ',
      'null',
      '0',
      '-1',
      'all',
      '10.0.0.0/8',
      '__proto__',
    ];
    for (let round = 0; round < 250; round += 1) {
      let text = fullExample;
      for (let count = random.below(4); count >= 0; count -= 1) {
        const from = random.below(text.length);
        const to = Math.min(text.length, from + random.below(12));
        text = text.slice(0, from) + (pieces[random.below(pieces.length)] ?? '') + text.slice(to);
      }
      const started = performance.now();
      const load = loadEstate(filesOf(text));
      expect(performance.now() - started).toBeLessThan(2000);
      expect(load.estate === undefined).toBe(load.findings.some((finding) => finding.severity === 'error'));
      expect(wordsOf(load)).not.toMatch(/undefined|\[object/);
      const shown = renderFindings(load.findings.slice(0, 20), load.document.printableSources, plainStyle);
      // A key that is no longer called one cannot be known for one.
      if (text.includes('md5: quiet-as-a-mouse')) expect(shown).not.toContain('quiet-as-a-mouse');
      referencedFiles(text);
    }
  });

  it('survives any kind of value at every second place (seed 62)', { timeout: 90_000 }, () => {
    const random = new Random(62);
    const paths = pathsOf(whole).filter((path) => path.length > 0);
    const values = [null, true, 7, '', 'x', [], {}, [[]], [{}], { a: 1 }, ['x', { b: null }], { from: 'x.csv' }, -1.5];
    for (const path of paths.filter((_, index) => index % 2 === 0)) {
      const text = JSON.stringify(withValue(whole, path, values[random.below(values.length)]));
      const load = loadEstate([{ name: 'contoso/estate.json', text }, ...attachments]);
      expect(load.estate === undefined).toBe(load.findings.some((finding) => finding.severity === 'error'));
      expect(wordsOf(load)).not.toMatch(/undefined|\[object/);
    }
  });
});

describe('files that a document refers to', () => {
  it('are listed as they are written, each once', () => {
    expect(referencedFiles(fullExample)).toEqual(['branches.csv', 'proxy.pac']);
    expect(
      referencedFiles(
        'sites:\n  from: [a.csv, lists/b.tsv, ./a.csv, a.csv]\n  x: { pac: { from: p.pac } }\n  y: { pac: { from: p.pac } }\n',
      ),
    ).toEqual(['a.csv', 'lists/b.tsv', './a.csv', 'p.pac']);
  });

  it('are none outside the folder, and none of another kind', () => {
    const text = "sites:\n  from: [../a.csv, /a.csv, 'c:\\a.csv', a/../../b.csv, //host/a.csv, a.txt, x.csv]\n";
    expect(referencedFiles(text)).toEqual(['x.csv']);
  });

  it('are none in what cannot be read', () => {
    for (const text of ['', '.csv', '[a.csv', 'sites: a.csv', 'sites: { from: }', '\u0000.csv', 'from: a.csv'])
      expect(referencedFiles(text)).toEqual([]);
  });
});

describe('session keys', () => {
  it.each([
    'a: [\n  md5: quiet-one\n] x: y\n  md5: quiet-one\n',
    'a: b\n ] timers\n  md5: quiet-one',
    'a:\n   md5: quiet-one quiet-one\n  b: *nope\n',
    'md5: >\n  quiet-one\n ]\nserviceKey:\n quiet-one',
    'bothways: 1\norganisation: { name: a, serviceKey: [quiet-one, { b: quiet-one }] }\n',
    'bothways: 1\norganisation: { name: a, md5: { quiet-one: quiet-one } }\n',
  ])('of a document that cannot be read are not shown: %j', (text) => {
    const load = loadEstate([{ name: 'e.yaml', text }]);
    expect(load.estate).toBeUndefined();
    expect(renderFindings(load.findings, load.document.printableSources, plainStyle)).not.toContain('quiet-one');
    expect(load.findings.map((finding) => finding.message + (finding.help ?? '')).join()).not.toContain('quiet-one');
  });
});
