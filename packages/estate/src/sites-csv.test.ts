import { formatPrefix } from '@bothways/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../test/check.ts';
import { type Estate, type EstateLoad, loadEstate, type Path } from './index.ts';

const HEAD = 'bothways: 1\norganisation: { name: Contoso }\n';
const estate = `${HEAD}sites:\n  from: sites.csv\n`;

function loadTable(csv: string, document = estate): EstateLoad {
  return loadEstate([
    { name: 'estate.yaml', text: document },
    { name: 'sites.csv', text: csv },
  ]);
}

function tableEstate(csv: string, document = estate): Estate {
  const load = loadTable(csv, document);
  expect(load.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
  if (load.estate === undefined) throw new Error('no estate');
  return load.estate;
}

function problems(csv: string, document = estate): string {
  return check({ name: 'estate.yaml', text: document }, { name: 'sites.csv', text: csv });
}

describe('sites from a table', () => {
  it('are the sites they would be in YAML', () => {
    const csv = `name,city,country,latitude,longitude,users,clients,servers,wan,bandwidth,latency,breakout,resolver,proxy
lyon,Lyon,,,,35,10.40.0.0/24 2001:db8:40::/64,10.41.0.0/28,mpls,50 Mbps,12 ms,inet,hub,web
nowhere,,NZ,-41.5,173.9,,,,,,,,,
`;
    const rest = `wan:
  mpls: { members: [hub] }
internetEdges:
  inet: { site: hub }
proxies:
  web: { site: hub, address: 10.1.0.1 }
`;
    const fromTable = tableEstate(csv, `${HEAD}sites:\n  hub: { users: 1 }\n  from: sites.csv\n${rest}`);
    const { estate: fromYaml } = loadEstate([
      {
        name: 'estate.yaml',
        text: `${HEAD}sites:
  hub: { users: 1 }
  lyon:
    city: Lyon
    users: 35
    clients: [10.40.0.0/24, 2001:db8:40::/64]
    servers: [10.41.0.0/28]
    breakout: inet
    resolver: hub
    proxy: web
    wan: { mpls: { bandwidth: 50 Mbps, latency: 12 ms } }
  nowhere: { country: NZ, location: { latitude: -41.5, longitude: 173.9 } }
${rest}`,
      },
    ]);
    expect(fromTable).toEqual(fromYaml);
    expect(fromTable.wan[0]).toMatchObject({
      members: [
        { site: 'hub' },
        { site: 'lyon', bandwidth: 50e6, latency: 12, path: ['sites', 'lyon', 'wan', 'mpls'] },
      ],
    });
  });

  it.each([
    ['commas', ',', '\n', ''],
    ['semicolons and Windows line ends', ';', '\r\n', ''],
    ['tabs and a byte order mark', '\t', '\n', '\ufeff'],
  ])('may be separated by %s', (_, separator, lineEnd, mark) => {
    const rows = [
      ['Name', 'USERS', 'clients'],
      ['a', '5', '10.0.0.0/24 | 10.0.1.0/24'],
      ['b', '', ''],
    ];
    const { sites } = tableEstate(mark + rows.map((row) => row.join(separator)).join(lineEnd));
    expect(sites.map((site) => [site.name, site.users, site.clients.map(formatPrefix)])).toEqual([
      ['a', 5, ['10.0.0.0/24', '10.0.1.0/24']],
      ['b', 0, []],
    ]);
  });

  it('may have quotes, blank lines, comments and surplus separators at the end', () => {
    const { sites } = tableEstate(
      '"name","city","clients"\n\n# the north\n"a", "Portland, US" ,"10.0.0.0/24,10.0.1.0/24",,\n,,\n"b ""c""",,\n'.replace(
        '"b ""c"""',
        'b',
      ),
    );
    expect(sites.map((site) => [site.name, site.city, site.clients.length])).toEqual([
      ['a', 'Portland, US', 2],
      ['b', undefined, 0],
    ]);
  });

  it('stand beside named sites, and several tables beside each other', () => {
    const load = loadEstate([
      { name: 'net/estate.yaml', text: `${HEAD}sites:\n  hq:\n  from: [north.csv, lists/south.csv]\n` },
      { name: 'net/more.yaml', text: 'bothways: 1\nsites: { from: east.csv, dc: }\n' },
      { name: 'net/lists/south.csv', text: 'name\nsouth\n' },
      { name: 'net/north.csv', text: 'name\nnorth\n' },
      { name: 'net/east.csv', text: 'name\neast\n' },
    ]);
    expect(load.findings).toEqual([]);
    expect(load.estate?.sites.map((site) => site.name)).toEqual(['hq', 'north', 'south', 'dc', 'east']);
  });

  it('leave a site that is called from alone', () => {
    const { sites } = tableEstate('name\na\n', `${HEAD}sites:\n  from: { users: 3 }\n`);
    expect(sites.map((site) => [site.name, site.users])).toEqual([['from', 3]]);
  });

  it('have a place for every cell', () => {
    const { document } = loadTable('name,users,clients\nlyon, 35 ,10.0.0.0/24 10.0.1.0/24\n');
    const at = (path: Path): string => {
      const { file, line, column, endColumn } = document.placeOf(path);
      return `${file}:${line}:${column}-${endColumn}`;
    };
    expect(at(['sites', 'lyon', 'users'])).toBe('sites.csv:2:7-9');
    expect(at(['sites', 'lyon', 'clients', 1])).toBe('sites.csv:2:23-34');
    expect(at(['sites', 'lyon', 'city'])).toBe('sites.csv:2:1-34');
    expect(document.placeOfKey(['sites', 'lyon'])).toMatchObject({
      file: 'sites.csv',
      line: 2,
      column: 1,
      endColumn: 5,
    });
  });
});

describe('tables that are wrong', () => {
  it('a file that is not there, one outside, and one of another kind', () => {
    const document = `${HEAD}sites:\n  from: [branch.csv, ../secret.csv, /etc/passwd, 'c:\\x.csv', sites.txt, { a: b }, 'https://example.com/x.csv']\n`;
    expect(check({ name: 'estate.yaml', text: document })).toMatchInlineSnapshot(`
      "
      error[estate/missing-file]: there is no file "branch.csv"
       --> estate.yaml:4:10
        |
      4 |   from: [branch.csv, ../secret.csv, /etc/passwd, 'c:\\x.csv', sites.txt, { a: b }, 'https://exa…
        |          ^^^^^^^^^^
        |
        = help: put it beside the document
      error[estate/outside-folder]: "../secret.csv" is not a file beside the document
       --> estate.yaml:4:22
        |
      4 |   from: [branch.csv, ../secret.csv, /etc/passwd, 'c:\\x.csv', sites.txt, { a: b }, 'https://exa…
        |                      ^^^^^^^^^^^^^
        |
        = help: put the file into the folder of the document, or below it, and write its name with slashes
      error[estate/outside-folder]: "/etc/passwd" is not a file beside the document
       --> estate.yaml:4:37
        |
      4 |   from: [branch.csv, ../secret.csv, /etc/passwd, 'c:\\x.csv', sites.txt, { a: b }, 'https://exa…
        |                                     ^^^^^^^^^^^
        |
        = help: put the file into the folder of the document, or below it, and write its name with slashes
      error[estate/outside-folder]: "c:\\\\x.csv" is not a file beside the document
       --> estate.yaml:4:50
        |
      4 |   from: [branch.csv, ../secret.csv, /etc/passwd, 'c:\\x.csv', sites.txt, { a: b }, 'https://exa…
        |                                                  ^^^^^^^^^^
        |
        = help: put the file into the folder of the document, or below it, and write its name with slashes
      error[estate/wrong-file]: "sites.txt" is not a table
       --> estate.yaml:4:62
        |
      4 |   from: [branch.csv, ../secret.csv, /etc/passwd, 'c:\\x.csv', sites.txt, { a: b }, 'https://exa…
        |                                                              ^^^^^^^^^
        |
        = help: name a .csv or .tsv file
      error[estate/wrong-kind]: from of sites must be names of files
       --> estate.yaml:4:73
        |
      4 |   from: [branch.csv, ../secret.csv, /etc/passwd, 'c:\\x.csv', sites.txt, { a: b }, 'https://exa…
        |                                                                         ^^^^^^^^
        |
        = help: write from: sites.csv, or a list of such names
      error[estate/outside-folder]: "https://example.com/x.csv" is not a file beside the document
       --> estate.yaml:4:83
        |
      4 | …'c:\\x.csv', sites.txt, { a: b }, 'https://example.com/x.csv']
        |                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = help: put the file into the folder of the document, or below it, and write its name with slashes
      "
    `);
  });

  it('an empty file, a binary file and a large one', () => {
    expect(problems('\n\n')).toMatchInlineSnapshot(`
      "
      error[estate/empty-file]: the file of sites is empty
       --> sites.csv:1:1
        |
      1 |
        | ^
        |
        = help: begin with a line of columns: name,city,country,latitude,longitude,users,clients
      "
    `);
    expect(problems('name\n\u0000\n')).toMatchInlineSnapshot(`
      "
      error[estate/not-text]: this is not a text file
       --> sites.csv:1:1
        |
      1 |
        | ^
        |
        = help: an estate document is YAML or JSON in UTF-8; save it as UTF-8
      "
    `);
    const { findings } = loadEstate(
      [
        { name: 'estate.yaml', text: estate },
        { name: 'sites.csv', text: `name\n${'x'.repeat(400)}\n` },
      ],
      { limits: { characters: 300 } },
    );
    expect(findings.map((finding) => finding.rule)).toEqual(['estate/file-too-large']);
  });

  it('wrong columns', () => {
    expect(problems('nmae,user,clients,floor,,clients\na,3,10.0.0.0/24,2,,\n')).toMatchInlineSnapshot(`
      "
      error[estate/unknown-column]: sites have no column "nmae"
       --> sites.csv:1:1
        |
      1 | nmae,user,clients,floor,,clients
        | ^^^^
        |
        = help: did you mean name?
      help: write name (check before applying)
        |
      1 - nmae,user,clients,floor,,clients
      1 + name,user,clients,floor,,clients
      error[estate/unknown-column]: sites have no column "user"
       --> sites.csv:1:6
        |
      1 | nmae,user,clients,floor,,clients
        |      ^^^^
        |
        = help: did you mean users?
      help: write users (check before applying)
        |
      1 - nmae,user,clients,floor,,clients
      1 + nmae,users,clients,floor,,clients
      error[estate/unknown-column]: sites have no column "floor"
       --> sites.csv:1:19
        |
      1 | nmae,user,clients,floor,,clients
        |                   ^^^^^
        |
        = help: the columns are name, city, country, latitude, longitude, users, clients, servers, wan,
                bandwidth, latency, breakout, resolver, proxy
      error[estate/unknown-column]: a column has no name
       --> sites.csv:1:25
        |
      1 | nmae,user,clients,floor,,clients
        |                         ^
        |
        = help: the columns are name, city, country, latitude, longitude, users, clients, servers, wan,
                bandwidth, latency, breakout, resolver, proxy
      error[estate/column-twice]: there are two columns clients
       --> sites.csv:1:26
        |
      1 | nmae,user,clients,floor,,clients
        |                          ^^^^^^^
       ::: sites.csv:1:11
        |
      1 | nmae,user,clients,floor,,clients
        |           ------- the first one
        |
        = help: put several values into one cell, with spaces between them
      "
    `);
  });

  it('no column of names, and a bandwidth of nothing', () => {
    expect(problems('lyon,35,10.0.0.0/24\n')).toMatchInlineSnapshot(`
      "
      error[estate/missing-column]: the first line does not name the columns
       --> sites.csv:1:1
        |
      1 | lyon,35,10.0.0.0/24
        | ^^^^^^^^^^^^^^^^^^^
        |
        = help: begin with a line such as name,city,users,clients
      "
    `);
    expect(problems('name,bandwidth\na,5 Mbps\n')).toMatchInlineSnapshot(`
      "
      error[estate/missing-column]: column bandwidth says nothing without a column wan
       --> sites.csv:1:6
        |
      1 | name,bandwidth
        |      ^^^^^^^^^
        |
        = help: add a column wan with the WAN cloud of the site
      "
    `);
  });

  it('rows that are too long, too short, or without a name', () => {
    expect(problems('name,users,city\na,1,000,Lyon\nb,2\n,3,Lyon\n')).toMatchInlineSnapshot(`
      "
      error[estate/csv-row]: this row has 4 cells, the first line names 3 columns
       --> sites.csv:2:1
        |
      2 | a,1,000,Lyon
        | ^^^^^^^^^^^^
       ::: sites.csv:1:1
        |
      1 | name,users,city
        | --------------- the columns
        |
        = help: put a cell that holds the separator in quotes
      error[estate/csv-row]: this row has 2 cells, the first line names 3 columns
       --> sites.csv:3:1
        |
      3 | b,2
        | ^^^
       ::: sites.csv:1:1
        |
      1 | name,users,city
        | --------------- the columns
        |
        = help: leave a cell empty, but keep its separator
      error[estate/no-value]: this row has no name
       --> sites.csv:4:1
        |
      4 | ,3,Lyon
        | ^^^^^^^
        |
        = help: write the name of the site, or remove the row
      "
    `);
  });

  it('quotes that do not close or close too early', () => {
    expect(problems('name,city\n"a"b,Lyon\nb,"Lyon\nc,Oslo\n')).toMatchInlineSnapshot(`
      "
      error[estate/csv-quote]: there is text behind the closing quote
       --> sites.csv:2:1
        |
      2 | "a"b,Lyon
        | ^^^^
        |
        = help: put the whole cell in quotes, and write a quote inside it twice
      error[estate/csv-quote]: the quote that opens here is not closed
       --> sites.csv:3:3
        |
      3 | b,"Lyon
        |   ^^^^^
        |
        = help: close it, or write a quote inside a cell twice
      "
    `);
  });

  it('a site that stands twice', () => {
    expect(problems('name\na\nhq\na\n', `${HEAD}sites:\n  hq:\n  from: sites.csv\n`)).toMatchInlineSnapshot(`
      "
      error[estate/defined-twice]: sites.hq is defined in two files
       --> sites.csv:3:1
        |
      3 | hq
        | ^^
       ::: estate.yaml:4:3
        |
      4 |   hq:
        |   -- first defined here
        |
        = help: keep one of them, or give one another name
      error[estate/defined-twice]: sites.a is defined twice
       --> sites.csv:4:1
        |
      4 | a
        | ^
       ::: sites.csv:2:1
        |
      2 | a
        | - first defined here
        |
        = help: keep one of them, or give one another name
      "
    `);
  });

  it('cells that cannot be read, all at once', () => {
    expect(
      problems(
        'name,city,users,clients,wan,latency,breakout,longitude\na b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500\n',
        `${estate}wan:\n  mpls: { kind: sdwan }\n`,
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: WAN link mpls has no between and no members
       --> estate.yaml:6:3
        |
      6 |   mpls: { kind: sdwan }
        |   ^^^^
        |
        = help: add between: [one-site, other-site] for a link, or members for a network of a provider
      error[estate/bad-name]: "a b" cannot be a name
       --> sites.csv:2:1
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        | ^^^
        |
        = help: use letters, digits, dots, dashes and underscores (at most 63), beginning with a letter or
                digit
      error[estate/bad-number]: "many" is not a whole number
       --> sites.csv:2:11
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        |           ^^^^
        |
        = help: write a number from 0 to 10000000
      error[estate/bad-prefix]: "10.0.0.1/24" has bits set after its first 24
       --> sites.csv:2:16
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        |                ^^^^^^^^^^^
        |
        = help: the prefix is 10.0.0.0/24; the address alone is 10.0.0.1/32
      help: write 10.0.0.0/24 (check before applying)
        |
      2 - a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
      2 + a b,Lyonn,many,10.0.0.0/24,mpsl,12,inet,500
      error[estate/unknown-wan-link]: there is no WAN link "mpsl"
       --> sites.csv:2:28
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        |                            ^^^^
        |
        = help: did you mean mpls?
      help: rename it to mpls (check before applying)
        |
      2 - a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
      2 + a b,Lyonn,many,10.0.0.1/24,mpls,12,inet,500
      error[estate/bad-duration]: "12" has no unit
       --> sites.csv:2:33
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        |                                 ^^
        |
        = help: write the unit, e.g. 12 ms or 3 s
      error[estate/unknown-internet-edge]: there is no internet edge "inet"
       --> sites.csv:2:36
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        |                                    ^^^^
        |
        = help: there is no internet edge in the document; define it under internetEdges
      error[estate/bad-number]: 500 is not between -180 and 180
       --> sites.csv:2:41
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        |                                         ^^^
        |
        = help: north and east are positive, south and west negative
      error[estate/missing-key]: location of site a b has no latitude
       --> sites.csv:2:41
        |
      2 | a b,Lyonn,many,10.0.0.1/24,mpsl,12,inet,500
        |                                         ^^^
        |
        = help: add latitude
      "
    `);
  });

  it('overlaps between a table and the document', () => {
    expect(
      problems('name,clients\na,10.0.1.0/24\n', `${HEAD}sites:\n  hq: { clients: 10.0.0.0/16 }\n  from: sites.csv\n`),
    ).toMatchInlineSnapshot(`
      "
      error[estate/overlapping-clients]: client subnet 10.0.1.0/24 of site a overlaps client subnet
        10.0.0.0/16 of site hq
       --> sites.csv:2:3
        |
      2 | a,10.0.1.0/24
        |   ^^^^^^^^^^^
       ::: estate.yaml:4:18
        |
      4 |   hq: { clients: 10.0.0.0/16 }
        |                  ----------- the other one
        |
        = why: a route to one of them is a route to the other
        = help: give one of them other addresses
      "
    `);
  });

  it('a table that nothing refers to', () => {
    expect(problems('name\na\n', `${HEAD}sites:\n  hq:\n`)).toMatchInlineSnapshot(`
      "
      note[estate/unused-file]: nothing in the document refers to sites.csv
       --> sites.csv:1:1
        |
      1 | name
        | ^
        |
        = help: write from: and its name under sites
      "
    `);
  });

  it('never throws or hangs (seed 51)', () => {
    const piece = fc.constantFrom(
      ',',
      ';',
      '\n',
      '\r\n',
      '"',
      '""',
      'name',
      'users',
      'clients',
      ' ',
      'a',
      '1',
      '10.0.0.0/24',
      '\t',
      '#',
      '\ufeff',
      '__proto__',
      '|',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, header) => {
        const csv = (header ? 'name,users,clients\n' : '') + pieces.join('');
        const load = loadTable(csv);
        expect(load.estate === undefined).toBe(load.findings.some((finding) => finding.severity === 'error'));
        for (const { place } of load.findings) expect(place?.line ?? 1).toBeLessThanOrEqual(csv.split('\n').length);
      }),
      { seed: 51, numRuns: 1500 },
    );
  });

  it('reads whatever is written with quotes (seed 52)', () => {
    const cell = fc.stringMatching(/^[ -~]{0,12}$/);
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t'),
        (cities, separator) => {
          const rows = cities.map((city, index) => `s${index}${separator}"${city.replaceAll('"', '""')}"`);
          const { document } = loadTable(`name${separator}city\r\n${rows.join('\r\n')}`);
          for (const [index, city] of cities.entries()) {
            const place = document.placeOf(['sites', `s${index}`, 'city']);
            if (city.trim() !== '') expect(place).toMatchObject({ file: 'sites.csv', line: index + 2 });
          }
        },
      ),
      { seed: 52, numRuns: 300 },
    );
  });
});
