import { applyEdits, type Edit } from '@bothways/diagnostics';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { example } from '../test/check.ts';
import { at, pathsOf, without, withValue } from '../test/values.ts';
import { type EditValue, editInsert, editRemove, editRename, editSet, loadEstate, type Path } from './index.ts';

function open(text: string, name = 'estate.yaml') {
  return loadEstate([{ name, text }]).document;
}

function apply(text: string, edits: readonly Edit[]): string {
  const result = applyEdits(text, edits);
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}

function set(text: string, path: Path, value: EditValue, name?: string): string {
  return apply(text, editSet(open(text, name), path, value));
}

function insert(text: string, path: Path, value: EditValue, key?: string, name?: string): string {
  return apply(text, editInsert(open(text, name), path, value, key));
}

function remove(text: string, path: Path, name?: string): string {
  return apply(text, editRemove(open(text, name), path));
}

describe('setting', () => {
  it('replaces a scalar in flow and in block style and nothing else', () => {
    expect(set('a: { b: 1, c: 2 } # why\n', ['a', 'b'], 3)).toBe('a: { b: 3, c: 2 } # why\n');
    expect(set('a:\n  b: one two # why\n  c: 2\n', ['a', 'b'], '3 Gbps')).toBe('a:\n  b: 3 Gbps # why\n  c: 2\n');
  });

  it('gives no edit when the value is there already', () => {
    expect(editSet(open('a: { b: 1 }\n'), ['a', 'b'], 1)).toEqual([]);
  });

  it('quotes only when it has to', () => {
    expect(set('a: [x]\n', ['a', 0], '2001:db8::/32')).toBe('a: [2001:db8::/32]\n');
    expect(set('a: [x]\n', ['a', 0], 'one, two')).toBe("a: ['one, two']\n");
    expect(set('a: x\n', ['a'], 'one, two')).toBe('a: one, two\n');
    expect(set('a: x\n', ['a'], 'key: value')).toBe("a: 'key: value'\n");
    expect(set('a: x\n', ['a'], 'true')).toBe("a: 'true'\n");
    expect(set('a: x\n', ['a'], "it's #1")).toBe("a: 'it''s #1'\n");
    expect(set('a: x\n', ['a'], 'two\nlines')).toBe('a: "two\\nlines"\n');
    expect(set('a: x\n', ['a'], '')).toBe("a: ''\n");
  });

  it('fills a key without a value', () => {
    expect(set('a:\nb: 1\n', ['a'], 5)).toBe('a: 5\nb: 1\n');
    expect(set('a:\nb: 1\n', ['a'], { c: { d: 1 } })).toBe('a:\n  c:\n    d: 1\nb: 1\n');
    expect(set('x: {a, b: 1}\n', ['x', 'a'], 5)).toBe('x: {a: 5, b: 1}\n');
  });

  it('replaces a block collection by a short list on the line of its key', () => {
    expect(set('a:\n  - x\n  - y\nb: 1\n', ['a'], ['z'])).toBe('a: [z]\nb: 1\n');
  });

  it('keeps a comment between a key and the block that is replaced', () => {
    expect(set('a: # why\n  - x\nb: 1\n', ['a'], 'z')).toBe('a: # why\n  z\nb: 1\n');
  });

  it('replaces a block scalar', () => {
    expect(set('a: |\n  one\n  two\nb: 1\n', ['a'], 'x')).toBe('a: x\nb: 1\n');
  });

  it('adds what is missing on the way', () => {
    expect(set('a:\n  b: 1\n', ['c', 'd', 'e'], 2)).toBe('a:\n  b: 1\nc:\n  d:\n    e: 2\n');
    expect(set('a: { b: 1 }\n', ['a', 'c', 'd'], 2)).toBe('a: { b: 1, c: { d: 2 } }\n');
  });

  it('writes an alias out when something below it changes', () => {
    expect(set('a: &a { x: 1, y: 2 }\nb: *a\n', ['b', 'x'], 5)).toBe('a: &a { x: 1, y: 2 }\nb: { x: 5, y: 2 }\n');
  });

  it('keeps what aliases stand for when the value they refer to changes', () => {
    expect(set('a: &a 1\nb: *a\nc: *a\n', ['a'], 2)).toBe('a: 2\nb: 1\nc: 1\n');
  });

  it('keeps what aliases stand for when something inside it changes', () => {
    const text = 'a: &a { x: 1, y: 2 }\nb: *a\n';
    expect(set(text, ['a', 'x'], 5)).toBe('a: &a { x: 5, y: 2 }\nb: { x: 1, y: 2 }\n');
    expect(insert(text, ['a'], 3, 'z')).toBe('a: &a { x: 1, y: 2, z: 3 }\nb: { x: 1, y: 2 }\n');
    expect(remove(text, ['a', 'x'])).toBe('a: &a { y: 2 }\nb: { x: 1, y: 2 }\n');
    expect(apply(text, editRename(open(text), ['a', 'x'], 'w'))).toBe('a: &a { w: 1, y: 2 }\nb: { x: 1, y: 2 }\n');
  });

  it('keeps the look of numbers when it writes an alias out', () => {
    expect(set('a: &a { asn: 1.10, n: 007, q: "x" }\nb: *a\n', ['b', 'm'], 5)).toBe(
      'a: &a { asn: 1.10, n: 007, q: "x" }\nb: { asn: 1.10, n: 007, q: "x", m: 5 }\n',
    );
  });

  it('keeps JSON JSON', () => {
    expect(set('{"a": {"b": "x"}}', ['a', 'b'], 'y', 'estate.json')).toBe('{"a": {"b": "y"}}');
    expect(insert('{"a": {"b": "x"}}', ['a'], ['y'], 'c')).toBe('{"a": {"b": "x", "c": ["y"]}}');
  });

  it('keeps Windows line ends', () => {
    expect(insert('a:\r\n  b: 1\r\nc: 2\r\n', ['a'], 3, 'd')).toBe('a:\r\n  b: 1\r\n  d: 3\r\nc: 2\r\n');
  });
});

describe('inserting', () => {
  it('appends to flow lists and maps', () => {
    expect(insert('a: [x, y]\n', ['a'], 'z')).toBe('a: [x, y, z]\n');
    expect(insert('a: []\n', ['a'], 'z')).toBe('a: [z]\n');
    expect(insert('a: {}\n', ['a'], 1, 'b')).toBe('a: { b: 1 }\n');
    expect(insert('a: [x, y,]\n', ['a'], 'z')).toBe('a: [x, y, z]\n');
  });

  it('appends a line to a flow list that is written in lines', () => {
    expect(insert('a: [\n  x, # one\n  y # two\n  ]\n', ['a'], 'z')).toBe('a: [\n  x, # one\n  y, # two\n  z\n  ]\n');
    expect(insert('a: [\n  x,\n  ]\n', ['a'], 'z')).toBe('a: [\n  x,\n  z\n  ]\n');
  });

  it('appends lines to block collections, behind comments on the last line', () => {
    expect(insert('a:\n  - x # one\n\nb: 1\n', ['a'], 'y')).toBe('a:\n  - x # one\n  - y\n\nb: 1\n');
    expect(insert('a:\n- x\nb: 1\n', ['a'], { c: 1 })).toBe('a:\n- x\n- c: 1\nb: 1\n');
    expect(insert('a:\n    b: 1', ['a'], [1, 2], 'c')).toBe('a:\n    b: 1\n    c: [1, 2]');
  });

  it('follows the style of the records that are there', () => {
    const flow = insert(example, ['sites'], { city: 'Oslo', users: 3 }, 'oslo');
    expect(flow).toContain('\n  oslo: { city: Oslo, users: 3 }\n');
    const block = insert('sites:\n  hq:\n    users: 1\n', ['sites'], { city: 'Oslo', users: 3 }, 'oslo');
    expect(block).toBe('sites:\n  hq:\n    users: 1\n  oslo:\n    city: Oslo\n    users: 3\n');
  });

  it('turns a single value into a list', () => {
    expect(insert('a: { clients: 10.0.0.0/8 }\n', ['a', 'clients'], '11.0.0.0/8')).toBe(
      'a: { clients: [10.0.0.0/8, 11.0.0.0/8] }\n',
    );
  });

  it('sets a key that exists', () => {
    expect(insert('a: { b: 1 }\n', ['a'], 2, 'b')).toBe('a: { b: 2 }\n');
  });

  it('goes into the first file that has the kind', () => {
    const files = [
      { name: 'one.yaml', text: 'bothways: 1\nsites:\n  a: { users: 1 }\n' },
      { name: 'two.yaml', text: 'sites:\n  b: { users: 2 }\n' },
    ];
    const { document } = loadEstate(files);
    expect(editInsert(document, ['sites'], { users: 3 }, 'c').map((edit) => edit.file)).toEqual(['one.yaml']);
    expect(editSet(document, ['sites', 'b', 'users'], 5).map((edit) => edit.file)).toEqual(['two.yaml']);
    expect(editRemove(document, ['sites']).map((edit) => edit.file)).toEqual(['one.yaml', 'two.yaml']);
  });
});

describe('brackets that close below their key', () => {
  it('can be edited like others', () => {
    const text = "a:\n  b: [\n    x, # it's\n    'y # z',\n  ]\n  c: {\n    d: 1 # two\n  }\n";
    expect(insert(text, ['a', 'b'], 'w')).toBe(text.replace("'y # z',\n", "'y # z',\n    w\n"));
    expect(insert(text, ['a', 'c'], 2, 'e')).toBe(text.replace('1 # two\n', '1, # two\n    e: 2\n'));
    expect(remove(text, ['a', 'b', 1])).toBe(text.replace("'y # z',", ''));
  });
});

describe('removing', () => {
  it('removes a flow item with one comma', () => {
    expect(remove('a: [x, y, z]\n', ['a', 0])).toBe('a: [y, z]\n');
    expect(remove('a: [x, y, z]\n', ['a', 2])).toBe('a: [x, y]\n');
    expect(remove('a: { b: 1 }\n', ['a', 'b'])).toBe('a: {}\n');
  });

  it('keeps the comments of the other flow items', () => {
    expect(remove('a: [\n  x, # one\n  y # two\n  ]\n', ['a', 1])).toBe('a: [\n  x, # one\n   # two\n  ]\n');
  });

  it('keeps a comment about what comes next', () => {
    expect(remove('a: [\n  x, # one\n  y\n  ]\n', ['a', 0])).toBe('a: [\n   # one\n  y\n  ]\n');
    expect(remove('a:\n  - b: 1\n    # about c\n    c: 2\n', ['a', 0, 'b'])).toBe(
      'a:\n  - \n    # about c\n    c: 2\n',
    );
  });

  it('removes whole lines of block entries', () => {
    expect(remove('a:\n  b: 1 # gone\n  # stays\n  c: 2\n', ['a', 'b'])).toBe('a:\n  # stays\n  c: 2\n');
    expect(remove('a:\n  - x\n  - y\n', ['a', 1])).toBe('a:\n  - x\n');
    expect(remove('a: 1\nb:\n  c: 2', ['b'])).toBe('a: 1');
  });

  it('moves the next key up to the dash', () => {
    expect(remove('a:\n  - b: 1\n    c: 2\n', ['a', 0, 'b'])).toBe('a:\n  - c: 2\n');
  });

  it('leaves an empty collection where the last entry goes', () => {
    expect(remove('a:\n  - x\nb: 1\n', ['a', 0])).toBe('a: []\nb: 1\n');
    expect(remove('a:\n  x: 1\nb: 1\n', ['a', 'x'])).toBe('a: {}\nb: 1\n');
  });

  it('removes a single value that stands for a list', () => {
    expect(remove('a: { clients: 10.0.0.0/8, users: 1 }\n', ['a', 'clients', 0])).toBe('a: { users: 1 }\n');
  });

  it('writes out the aliases of what it removes', () => {
    expect(remove('a: &a [1, 2]\nb: *a\n', ['a'])).toBe('b: [1, 2]\n');
  });

  it('does nothing for a path that leads nowhere', () => {
    expect(editRemove(open(example), ['sites', 'nowhere', 'users'])).toEqual([]);
    expect(editRemove(open(''), ['sites'])).toEqual([]);
    expect(editSet(open('a: [1\n'), ['a'], 2)).toEqual([]);
  });
});

describe('renaming', () => {
  it('changes the key only', () => {
    expect(apply('a: { b: 1 } # x\n', editRename(open('a: { b: 1 } # x\n'), ['a', 'b'], 'c'))).toBe(
      'a: { c: 1 } # x\n',
    );
  });

  it('does not make a key twice', () => {
    expect(editRename(open('a: 1\nb: 2\n'), ['a'], 'b')).toEqual([]);
  });
});

const words = fc.constantFrom(
  'a',
  'b',
  'c',
  'hq',
  'x-1',
  'West Europe',
  '10.0.0.0/8',
  '2001:db8::',
  'a: b',
  '#',
  "it's",
  '',
  'true',
  '12',
  ' ',
  '-',
  '[x]',
  'ü',
);
const keys = fc.constantFrom('a', 'b', 'c', 'd', 'site-1', 'long key', '12', 'x:y', "q'");
const values = fc.letrec<{ value: EditValue; list: EditValue; map: EditValue; leaf: EditValue }>((tie) => ({
  leaf: fc.oneof(words, fc.integer({ min: 0, max: 70_000 }), fc.boolean(), fc.constant(null)),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('list'), tie('map')),
}));
const documents = fc.record({
  value: fc.dictionary(keys, values.value, { minKeys: 1, maxKeys: 5 }),
  seed: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  lastLineEnd: fc.boolean(),
});

/** Writes a value as YAML in styles that the numbers choose, independently of the code under test. */
function write(
  value: Record<string, EditValue>,
  numbers: readonly number[],
  lineEnd: string,
  lastLineEnd: boolean,
): string {
  let at = 0;
  const choose = (count: number): number => (numbers[at++ % numbers.length] ?? 0) % count;
  const scalar = (leaf: EditValue, flow: boolean): string => {
    if (typeof leaf !== 'string') return JSON.stringify(leaf);
    const plain =
      /^[a-zA-Z][\w ./-]*[\w]$|^[a-z]$/.test(leaf) &&
      !/^(?:true|false|null)$/.test(leaf) &&
      !(flow && /[,[\]{}]/.test(leaf));
    const style = choose(plain ? 3 : 2);
    return style === 0 ? JSON.stringify(leaf) : style === 1 ? `'${leaf.replaceAll("'", "''")}'` : leaf;
  };
  const flow = (each: EditValue, pad: string): string => {
    const multiline = choose(4) === 0;
    const inner = `${pad}  `;
    const between = (parts: readonly string[], left: string, right: string): string => {
      const comma = parts.length > 0 && choose(5) === 0 ? ',' : '';
      if (!multiline || parts.length === 0)
        return `${left}${choose(2) === 0 ? ' ' : ''}${parts.join(', ')}${comma}${choose(2) === 0 ? ' ' : ''}${right}`;
      const lines = parts.map(
        (part, index) => `${inner}${part}${index < parts.length - 1 ? ',' : comma}${choose(3) === 0 ? ' # note' : ''}`,
      );
      return [left, ...lines, `${pad} ${right}`].join('\n');
    };
    if (Array.isArray(each))
      return between(
        each.map((item: EditValue) => flow(item, inner)),
        '[',
        ']',
      );
    if (typeof each === 'object' && each !== null) {
      return between(
        Object.entries(each).map(([key, item]) => `${scalar(key, true)}: ${flow(item, inner)}`),
        '{',
        '}',
      );
    }
    return scalar(each, true);
  };
  const block = (each: EditValue, pad: string): string => {
    const empty = Array.isArray(each)
      ? each.length === 0
      : typeof each === 'object' && each !== null && Object.keys(each).length === 0;
    if (typeof each !== 'object' || each === null)
      return ` ${each === null && choose(2) === 0 ? '' : scalar(each, false)}${choose(4) === 0 ? ' # note' : ''}\n`.replace(
        /^ +\n/,
        '\n',
      );
    if (empty || choose(2) === 0) return ` ${flow(each, pad)}${choose(4) === 0 ? ' # note' : ''}\n`;
    const inner = pad + ' '.repeat(1 + choose(3));
    const lines = Array.isArray(each)
      ? each.map((item: EditValue) => `${comment(inner)}${inner}-${nested(item, inner)}`)
      : Object.entries(each).map(
          ([key, item]) => `${comment(inner)}${inner}${scalar(key, false)}:${block(item, inner)}`,
        );
    return `${choose(4) === 0 ? ' # note' : ''}\n${lines.join('')}`;
  };
  /** A map directly behind a dash. */
  const nested = (item: EditValue, pad: string): string => {
    if (
      typeof item !== 'object' ||
      item === null ||
      Array.isArray(item) ||
      Object.keys(item).length === 0 ||
      choose(2) === 0
    )
      return block(item, pad);
    const inner = `${pad}  `;
    return ` ${Object.entries(item)
      .map(
        ([key, each], index) =>
          `${index === 0 ? '' : `${comment(inner)}${inner}`}${scalar(key, false)}:${block(each, inner)}`,
      )
      .join('')}`;
  };
  const comment = (pad: string): string => ['', '', '', `${pad}# about this\n`, '\n'][choose(5)] ?? '';
  const text = Object.entries(value)
    .map(([key, each]) => `${comment('')}${scalar(key, false)}:${block(each, '')}`)
    .join('');
  const ended = lastLineEnd ? text : text.replace(/\n$/, '');
  return lineEnd === '\n' ? ended : ended.replaceAll('\n', lineEnd);
}

/** Lines before the first and behind the last edit must be the same bytes as before. */
function expectOtherLinesUntouched(before: string, after: string, edits: readonly Edit[]): void {
  const first = Math.min(...edits.map((edit) => edit.start.line));
  const last = Math.max(...edits.map((edit) => edit.end.line));
  const [old, now] = [before.split('\n'), after.split('\n')];
  expect(now.slice(0, first - 1)).toEqual(old.slice(0, first - 1));
  const tail = old.slice(last);
  expect(now.slice(now.length - tail.length)).toEqual(tail);
}

const seed = 20_260_101;

describe(`edits of generated documents (seed ${seed})`, () => {
  const run = (
    change: (
      text: string,
      value: unknown,
      pick: number,
      added: EditValue,
    ) => { readonly edits: readonly Edit[]; readonly expected: unknown } | undefined,
  ): void => {
    let changes = 0;
    fc.assert(
      fc.property(documents, fc.nat(), values.value, ({ value, seed: numbers, lineEnd, lastLineEnd }, pick, added) => {
        const text = write(value, numbers, lineEnd, lastLineEnd);
        const loaded = load(text);
        expect(loaded).toEqual(value);
        const outcome = change(text, loaded, pick, added);
        if (outcome === undefined) return;
        const { edits, expected } = outcome;
        const edited = apply(text, edits);
        if (edits.length > 0) {
          changes += 1;
          expectOtherLinesUntouched(text, edited, edits);
        }
        expect(load(edited), edited).toEqual(expected);
      }),
      { seed, numRuns: 1000 },
    );
    expect(changes).toBeGreaterThan(450);
  };

  it('setting any value gives the document with that value', () => {
    run((text, value, pick, added) => {
      const paths = pathsOf(value).slice(1);
      const path = paths[pick % paths.length] ?? [];
      return { edits: editSet(open(text), path, added), expected: withValue(value, path, added) };
    });
  });

  it('removing any value gives the document without it', () => {
    run((text, value, pick) => {
      const paths = pathsOf(value).slice(1);
      const path = paths[pick % paths.length] ?? [];
      const expected = without(value, path);
      // Nothing is left of a document that loses its only key.
      if (typeof expected === 'object' && expected !== null && Object.keys(expected).length === 0) return undefined;
      return { edits: editRemove(open(text), path), expected };
    });
  });

  it('inserting into any collection gives the document with one more entry', () => {
    run((text, value, pick, added) => {
      const paths = pathsOf(value).filter((path) => typeof at(value, path) === 'object' && at(value, path) !== null);
      const path = paths[pick % paths.length] ?? [];
      const container = at(value, path);
      if (Array.isArray(container))
        return {
          edits: editInsert(open(text), path, added),
          expected: withValue(value, [...path, container.length], added),
        };
      return { edits: editInsert(open(text), path, added, 'new'), expected: withValue(value, [...path, 'new'], added) };
    });
  });
});
