import { describe, expect, it } from 'vitest';
import { changed, check, example } from '../test/check.ts';

/** Nine levels of nine aliases: 9^9 values if it were written out. */
const bomb = [
  'bomb:',
  '  a: &a [x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, at) => {
    const below = `*${'abcdefgh'.charAt(at)}`;
    return `  ${name}: &${name} [${Array.from({ length: 9 }, () => below).join(', ')}]`;
  }),
].join('\n');

describe('files that are no document', () => {
  it('no files at all', () => {
    expect(check()).toMatchInlineSnapshot(`
      "
      error[estate/no-files]: there is no document to read
        = help: name a YAML or JSON file, or a folder that has some
      "
    `);
  });

  it('an empty file', () => {
    expect(check('')).toMatchInlineSnapshot(`
      "
      error[estate/empty-file]: the file is empty
       --> estate.yaml:1:1
        |
      1 |
        | ^
        |
        = help: begin with bothways: 1 and organisation:
      "
    `);
  });

  it('a file with nothing but comments', () => {
    expect(check('# nothing yet\n\n')).toMatchInlineSnapshot(`
      "
      error[estate/empty-file]: the file is empty
       --> estate.yaml:1:1
        |
      1 | # nothing yet
        | ^
        |
        = help: begin with bothways: 1 and organisation:
      "
    `);
  });

  it('a binary file', () => {
    expect(check({ name: 'estate.yaml', text: 'a\u0000b' })).toMatchInlineSnapshot(`
      "
      error[estate/not-text]: this is not a text file
       --> estate.yaml:1:1
        |
      1 |
        | ^
        |
        = help: an estate document is YAML or JSON in UTF-8; save it as UTF-8
      "
    `);
  });

  it('a file that is no UTF-8', () => {
    expect(check({ name: 'estate.yaml', text: 'caf\ufffd', undecodable: true })).toMatchInlineSnapshot(`
      "
      error[estate/not-text]: this is not a text file
       --> estate.yaml:1:1
        |
      1 |
        | ^
        |
        = help: an estate document is YAML or JSON in UTF-8; save it as UTF-8
      "
    `);
  });

  it('a file that is too large', () => {
    expect(check('a'.repeat(10 * 1024 * 1024 + 1))).toMatchInlineSnapshot(`
      "
      error[estate/file-too-large]: the file has 10.0 MB, more than 10 MB
       --> estate.yaml:1:1
        |
      1 |
        | ^
        |
        = help: split it into a folder of files; they are read as one estate
      "
    `);
  });

  it('a list instead of a map', () => {
    expect(check('- a\n- b\n')).toMatchInlineSnapshot(`
      "
      error[estate/wrong-kind]: the document must be a map, not a list
       --> estate.yaml:1:1
        |
      1 | - a
        | ^^^
      2 | - b
        | ^^^
        |
        = help: begin with bothways: 1 and organisation:
      "
    `);
  });

  it('a single text', () => {
    expect(check('hello world')).toMatchInlineSnapshot(`
      "
      error[estate/wrong-kind]: the document must be a map, not a single value
       --> estate.yaml:1:1
        |
      1 | hello world
        | ^^^^^^^^^^^
        |
        = help: begin with bothways: 1 and organisation:
      "
    `);
  });
});

describe('YAML that cannot be read', () => {
  it('several syntax errors in one run', () => {
    expect(
      check('bothways: 1\norganisation:\n  name: [Contoso\nsites:\n  hq: { users: 5\nwan:\n\ta: 1\n'),
    ).toMatchInlineSnapshot(`
      "
      error[estate/syntax]: this is not YAML: flow sequence in block collection must be sufficiently
        indented and end with a ]
       --> estate.yaml:4:1
        |
      4 | sites:
        | ^
        |
        = help: close what was opened, or put a comma between the items
      error[estate/syntax]: this is not YAML: flow map in block collection must be sufficiently indented
        and end with a }
       --> estate.yaml:6:1
        |
      6 | wan:
        | ^
        |
        = help: close what was opened, or put a comma between the items
      error[estate/syntax]: this is not YAML: tabs are not allowed as indentation
       --> estate.yaml:7:1
        |
      7 |     a: 1
        | ^^^^
        |
        = help: indent with spaces
      "
    `);
  });

  it('says nothing about brackets that close below their key', () => {
    expect(check(changed(['from: [hq, branch]', 'from: [\n      hq, # one\n      branch,\n    ]']))).toBe('\n\n');
  });

  it('a line inside brackets without indentation', () => {
    expect(check(changed(['from: [hq, branch]', 'from: [\n  hq,\nbranch: 5\n']))).toMatchInlineSnapshot(`
      "
      error[estate/syntax]: this is not YAML: flow sequence in block collection must be sufficiently
        indented and end with a ]
        --> estate.yaml:44:3
         |
      44 |   hq,
         |   ^
         |
         = help: close what was opened, or put a comma between the items
      error[estate/syntax]: this is not YAML: implicit keys need to be on a single line
        --> estate.yaml:44:3
         |
      44 |   hq,
         |   ^^^
      45 | branch: 5
         | ^^^^^^
         |
         = help: a key and its colon stand on one line; is there a colon missing?
      error[estate/syntax]: this is not YAML: implicit keys need to be on a single line
        --> estate.yaml:45:9
         |
      45 | branch: 5
         |         ^
      ...
      47 |     to: production
         |     ^^
         |
         = help: a key and its colon stand on one line; is there a colon missing?
      error[estate/syntax]: this is not YAML: nested mappings are not allowed in compact mappings
        --> estate.yaml:45:9
         |
      45 | branch: 5
         |         ^
         |
         = help: a value that is a map begins on the next line, further in
      "
    `);
  });

  it('bad indentation', () => {
    expect(check('bothways: 1\norganisation:\n  name: Contoso\n asn: 64500\n')).toMatchInlineSnapshot(`
      "
      error[estate/syntax]: this is not YAML: all mapping items must start at the same column
       --> estate.yaml:4:1
        |
      4 |  asn: 64500
        | ^
        |
        = help: entries of one map or list begin in the same column
      "
    `);
  });

  it('nesting that is too deep', () => {
    expect(check(`bothways: 1\nsites: ${'['.repeat(65)}${']'.repeat(65)}\n`)).toMatchInlineSnapshot(`
      "
      error[estate/too-deep]: maps and lists are more than 64 levels deep here
       --> estate.yaml:2:71
        |
      2 | sites: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]…
        |                                                                       ^
        |
        = help: an estate document needs five levels; is a bracket missing?
      "
    `);
  });

  it('a duplicate key', () => {
    expect(check(changed(['  dc: {', '  hq: { city: Berlin }\n  dc: {']))).toMatchInlineSnapshot(`
      "
      error[estate/duplicate-key]: hq is written twice in the same map
        --> estate.yaml:14:3
         |
      14 |   hq: { city: Berlin }
         |   ^^
        ::: estate.yaml:12:3
         |
      12 |   hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
         |   -- first written here
         |
         = help: remove one of them, or give it another name
      "
    `);
  });

  it('several documents in one file', () => {
    expect(check(`${example}---\nbothways: 1\n`)).toMatchInlineSnapshot(`
      "
      error[estate/several-documents]: this file holds more than one document
        --> estate.yaml:53:1
         |
      53 | bothways: 1
         | ^^^^^^^^^^^
         |
         = help: keep one document in a file; a folder of files is read as one estate
      "
    `);
  });

  it('an alias bomb', () => {
    expect(check(`${example}\n${bomb}\n`)).toMatchInlineSnapshot(`
      "
      error[estate/unknown-key]: the document has no key "bomb"
        --> estate.yaml:53:1
         |
      53 | bomb:
         | ^^^^
         |
         = help: the keys are bothways, organisation, environments, sites, wan, firewalls, internetEdges,
                 expressRouteEdges, circuits, azure, services, dataGateways, desktopFlowMachines,
                 connectors, proxies, users, demands, intents, failureGroups, maintenance, routing,
                 requirements, prices, availability, acceptedRisks
      error[estate/alias-expansion]: the aliases of this file stand for more than 10,000 values
        --> estate.yaml:58:10
         |
      58 |   e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
         |          ^^
         |
         = help: write the values out, or use fewer aliases
      "
    `);
  });

  it('an alias inside itself', () => {
    expect(check(changed(['from: [hq, branch]', 'from: &loop [hq, *loop]']))).toMatchInlineSnapshot(`
      "
      error[estate/alias-in-itself]: *loop stands inside the value it refers to
        --> estate.yaml:43:22
         |
      43 |     from: &loop [hq, *loop]
         |                      ^^^^^
         |
         = help: write the value out
      "
    `);
  });

  it('an alias to nothing', () => {
    expect(check(changed(['from: [hq, branch]', 'from: *everybody']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-alias]: nothing above is marked &everybody
        --> estate.yaml:43:11
         |
      43 |     from: *everybody
         |           ^^^^^^^^^^
         |
         = help: mark a value with &everybody before it is used, or write the value here
      "
    `);
  });

  it('a merge key', () => {
    expect(check(changed(['  dc: {', '  spare:\n    <<: { users: 5 }\n  dc: {']))).toMatchInlineSnapshot(`
      "
      error[estate/merge-key]: merge keys (<<) are not part of an estate document
        --> estate.yaml:15:5
         |
      15 |     <<: { users: 5 }
         |     ^^
         |
         = help: repeat the keys, or give a whole value with an alias (key: *name)
      "
    `);
  });

  it('a reserved key', () => {
    expect(check(changed(['  dc: {', '  __proto__: { users: 5 }\n  dc: {']))).toMatchInlineSnapshot(`
      "
      error[estate/reserved-key]: __proto__ cannot be used as a name
        --> estate.yaml:14:3
         |
      14 |   __proto__: { users: 5 }
         |   ^^^^^^^^^
         |
         = help: choose another name
      "
    `);
  });

  it('a key that is a list', () => {
    expect(check(changed(['  dc: {', '  ? [a, b]\n  : { users: 5 }\n  dc: {']))).toMatchInlineSnapshot(`
      "
      error[estate/key-not-text]: a key must be a plain name, not a list or a map
        --> estate.yaml:14:5
         |
      14 |   ? [a, b]
         |     ^
         |
         = help: give the entry a name
      "
    `);
  });

  it('a tag', () => {
    expect(check(changed(['users: 900', 'users: !count 900']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-tag]: the tag !count has no meaning here
        --> estate.yaml:12:30
         |
      12 |   hq: { city: Munich, users: !count 900, clients: 10.10.0.0/16 }
         |                              ^^^^^^
         |
         = help: remove the tag
      "
    `);
  });
});
