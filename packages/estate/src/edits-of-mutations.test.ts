import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type Edit } from '@bothways/diagnostics';
import { Random } from '@bothways/net';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { example } from '../test/check.ts';
import { at, pathsOf, without, withValue } from '../test/values.ts';
import {
  type EditValue,
  type EstateDocument,
  editInsert,
  editRemove,
  editSet,
  loadEstate,
  type Path,
} from './index.ts';

/** The example with anchors and aliases, so that edits meet values that stand for others. */
const aliased = example
  .replace('from: [hq, branch]', 'from: &both [hq, branch]')
  .replace('from: [hq, branch]', 'from: *both')
  .replace('{ city: Munich, users: 900', '&hq { city: Munich, users: &many 900')
  .replace('users: 120', 'users: *many')
  .replace('{ city: Frankfurt }', '*hq');

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ': ',
  ',',
  '\n',
  '  ',
  '- ',
  '\n? ',
  '&a ',
  '*a',
  '|\n',
  '>\n',
  '"',
  "'",
  ' # c\n',
  '\r\n',
  'null',
  '~',
  '\n  x: ',
  '\n    - y\n',
  '{ a, b: }',
  "'k': 1",
  '\n: v',
];

const VALUES: readonly EditValue[] = ['zz', 5, ['p', 'q r'], { k: 'v', l: [1] }, '', 'a: b', [], {}];

function mutated(random: Random): string {
  let text = aliased;
  for (let times = 1 + random.below(2); times > 0; times -= 1) {
    const from = random.below(text.length + 1);
    text =
      random.below(3) > 0
        ? text.slice(0, from) + random.pick(PIECES) + text.slice(from)
        : text.slice(0, from) + text.slice(from + random.below(8));
  }
  return text;
}

/** Reads with js-yaml; `undefined` when it cannot. */
function readPlain(text: string): unknown {
  try {
    return structuredClone(JSON.parse(JSON.stringify(load(text))));
  } catch {
    return undefined;
  }
}

interface Change {
  readonly edits: readonly Edit[];
  readonly expected: unknown;
}

function change(
  document: EstateDocument,
  value: unknown,
  path: Path,
  added: EditValue,
  kind: number,
): Change | undefined {
  if (kind === 0) return { edits: editSet(document, path, added), expected: withValue(value, path, added) };
  if (kind === 1) return { edits: editRemove(document, path), expected: without(value, path) };
  const container = at(value, path);
  if (typeof container !== 'object' || container === null) return undefined;
  if (!Array.isArray(container))
    return { edits: editInsert(document, path, added, 'new'), expected: withValue(value, [...path, 'new'], added) };
  return { edits: editInsert(document, path, added), expected: withValue(value, [...path, container.length], added) };
}

describe('edits of documents that somebody mangled', () => {
  it.each([31, 32])('give what js-yaml reads as the changed document (seed %i)', (seed) => {
    const random = new Random(seed);
    let compared = 0;
    let refused = 0;
    for (let round = 0; round < 800; round += 1) {
      const text = mutated(random);
      const value = readPlain(text);
      const { document, findings } = loadEstate([{ name: 'e.yaml', text }]);
      // What the loader refuses (duplicate keys, keys that are no text) reads differently in js-yaml.
      const odd = findings.some(({ rule }) =>
        /alias|duplicate|key-not|merge|reserved|empty-key|tag|several|bad-name/.test(rule),
      );
      const paths = pathsOf(value).slice(1);
      if (odd || paths.length === 0) continue;
      const path = random.pick(paths);
      const outcome = change(document, value, path, random.pick(VALUES), random.below(3));
      if (outcome === undefined || isDeepStrictEqual(outcome.expected, {})) continue;
      if (outcome.edits.length === 0) {
        if (!isDeepStrictEqual(outcome.expected, value)) refused += 1;
        continue;
      }
      compared += 1;
      const edited = applyEdits(text, outcome.edits);
      expect(edited.ok ? readPlain(edited.value) : edited.problem, `${path.join('.')} in\n${text}`).toEqual(
        outcome.expected,
      );
    }
    expect(compared).toBeGreaterThan(120);
    // Keys written with a question mark and no value are the one place an edit cannot reach.
    expect(refused).toBeLessThan(5);
  });
});
