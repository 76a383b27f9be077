import { getScalarValue, parseEvents } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { sourceFile } from './source-file.ts';
import { buildSyntaxTree, type Node } from './syntax-tree.ts';

/** Every node with the text between its two offsets. */
function extents(text: string): readonly string[] {
  const { root } = buildSyntaxTree(sourceFile('t.yaml', text), parseEvents(text, {}));
  const found: string[] = [];
  const visit = (node: Node, label: string): void => {
    found.push(`${label}=${JSON.stringify(text.slice(node.outerStart, node.end))}`);
    if (node.kind === 'list') node.items.forEach((item, index) => visit(item, `${label}/${index}`));
    if (node.kind === 'map') for (const entry of node.entries) visit(entry.value, `${label}/${entry.key}`);
  };
  if (root !== undefined) visit(root, '');
  return found;
}

describe('extents of nodes', () => {
  it('of scalars in every style', () => {
    expect(
      extents(`a: plain text # c\nb: 'it''s'\nc: "two"\nd: |\n  one\n  two\n\ne: >-\n  x\nf: &n !!str 5\n`),
    ).toEqual([
      expect.stringMatching(/^=/),
      '/a="plain text"',
      `/b="'it''s'"`,
      '/c="\\"two\\""',
      '/d="|\\n  one\\n  two"',
      '/e=">-\\n  x"',
      '/f="&n !!str 5"',
    ]);
  });

  it('of flow collections up to the closing bracket', () => {
    expect(extents('a: { b: [1, 2, ], c: {}, d } # x\n')).toEqual([
      '="a: { b: [1, 2, ], c: {}, d }"',
      '/a="{ b: [1, 2, ], c: {}, d }"',
      '/a/b="[1, 2, ]"',
      '/a/b/0="1"',
      '/a/b/1="2"',
      '/a/c="{}"',
      '/a/d=""',
    ]);
    expect(extents('[a, # ]\n  b\n ]')).toEqual(['="[a, # ]\\n  b\\n ]"', '/0="a"', '/1="b"']);
    expect(extents('[a: 1, [b]: ]')[1]).toBe('/0="a: 1"');
  });

  it('of block collections up to the last value', () => {
    expect(extents('a:\n  - x\n  -\n  - b: 1\n    c:\n\nd: 1\n')).toEqual([
      '="a:\\n  - x\\n  -\\n  - b: 1\\n    c:\\n\\nd: 1"',
      '/a="- x\\n  -\\n  - b: 1\\n    c:"',
      '/a/0="x"',
      '/a/1=""',
      '/a/2="b: 1\\n    c:"',
      '/a/2/b="1"',
      '/a/2/c=""',
      '/d="1"',
    ]);
  });

  it('with a byte order mark and Windows line ends', () => {
    expect(extents('\ufeffa:\r\n  - x\r\n  - [y,\r\n    z]\r\n').slice(1)).toEqual([
      '/a="- x\\r\\n  - [y,\\r\\n    z]"',
      '/a/0="x"',
      '/a/1="[y,\\r\\n    z]"',
      '/a/1/0="y"',
      '/a/1/1="z"',
    ]);
  });
});

describe('aliases', () => {
  it('count what they stand for', () => {
    const text = 'a: &a [1, 2]\nb: [*a, *a]\n';
    const { root, aliases } = buildSyntaxTree(sourceFile('t.yaml', text), parseEvents(text, {}));
    expect(aliases.map((alias) => alias.size)).toEqual([3, 3]);
    expect(root?.size).toBe(1 + 2 + 3 + 7);
  });

  it('take the last anchor of a name', () => {
    const text = 'a: &x 1\nb: &x 2\nc: *x\n';
    const { aliases } = buildSyntaxTree(sourceFile('t.yaml', text), parseEvents(text, {}));
    expect(aliases[0]?.target).toMatchObject({ text: '2' });
  });
});

it('reads scalars as js-yaml does', () => {
  const text = 'a: "x\\ty"\nb: one\n  two\nc: |+\n  keep\n\n';
  const events = parseEvents(text, {});
  const wanted = events.flatMap((event) => (event.type === 4 ? [getScalarValue(text, event)] : []));
  const { root } = buildSyntaxTree(sourceFile('t.yaml', text), events);
  const got =
    root?.kind === 'map'
      ? root.entries.flatMap(({ key, value }) => [key, value.kind === 'scalar' ? value.text : ''])
      : [];
  expect(got).toEqual(wanted);
});
