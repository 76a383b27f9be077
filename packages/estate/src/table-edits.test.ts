import { applyEdits, type Edit } from '@bothways/diagnostics';
import { valueOrThrow } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import {
  type EditValue,
  type EstateLoad,
  editInsert,
  editRemove,
  editRename,
  editSet,
  loadEstate,
  type Path,
  SITE_COLUMNS,
} from './index.ts';

const HEAD = 'bothways: 1\norganisation: { name: Contoso }\n';
const estate = `${HEAD}sites:\n  from: sites.csv\n`;

function loadTable(csv: string): EstateLoad {
  return loadEstate([
    { name: 'estate.yaml', text: estate },
    { name: 'sites.csv', text: csv },
  ]);
}

describe('edits of sites in a table', () => {
  const csv = 'name,city,users,clients\nlyon,Lyon,35,10.40.0.0/24 10.41.0.0/24\n"oslo",Oslo,,"10.42.0.0/24"\n';

  function edited(edits: readonly Edit[], text = csv): string {
    expect(edits.every((edit) => edit.file === 'sites.csv')).toBe(true);
    return valueOrThrow(applyEdits(text, edits));
  }

  it.each<readonly [string, Path, EditValue, string]>([
    ['a number', ['sites', 'lyon', 'users'], 40, 'lyon,Lyon,40,10.40.0.0/24 10.41.0.0/24'],
    ['a text with a separator', ['sites', 'lyon', 'city'], 'Lyon, FR', 'lyon,"Lyon, FR",35,'],
    ['an item', ['sites', 'lyon', 'clients', 1], '10.43.0.0/24', '10.40.0.0/24 10.43.0.0/24'],
    ['a list', ['sites', 'lyon', 'clients'], ['10.1.0.0/24', '10.2.0.0/24'], 'lyon,Lyon,35,10.1.0.0/24 10.2.0.0/24'],
    ['an empty cell', ['sites', 'oslo', 'users'], 12, '"oslo",Oslo,12,"10.42.0.0/24"'],
  ])('set %s', (_, path, value, expected) => {
    const { document } = loadTable(csv);
    expect(edited(editSet(document, path, value))).toContain(expected);
  });

  it('remove a row, a cell and an item', () => {
    const { document } = loadTable(csv);
    expect(edited(editRemove(document, ['sites', 'lyon']))).toBe(
      'name,city,users,clients\n"oslo",Oslo,,"10.42.0.0/24"\n',
    );
    expect(edited(editRemove(document, ['sites', 'lyon', 'users']))).toContain('lyon,Lyon,,10.40');
    expect(edited(editRemove(document, ['sites', 'lyon', 'clients', 0]))).toContain('lyon,Lyon,35,10.41.0.0/24\n');
    expect(edited(editRemove(document, ['sites', 'lyon', 'clients', 1]))).toContain('lyon,Lyon,35,10.40.0.0/24\n');
  });

  it('add to a cell and rename a site', () => {
    const { document } = loadTable(csv);
    expect(edited(editInsert(document, ['sites', 'oslo', 'clients'], '10.44.0.0/24'))).toContain(
      '"10.42.0.0/24 10.44.0.0/24"',
    );
    expect(edited(editRename(document, ['sites', 'lyon'], 'paris'))).toContain('\nparis,Lyon');
  });

  it('give nothing where a row has no place for it', () => {
    const { document } = loadTable(csv);
    expect(editSet(document, ['sites', 'lyon', 'proxy'], 'web')).toEqual([]);
    expect(editSet(document, ['sites', 'lyon', 'city'], { a: 'b' })).toEqual([]);
    expect(editSet(document, ['sites', 'lyon', 'clients', 0], '10.0.0.0/24 x')).toEqual([]);
  });

  it('put a new site into the document, and take the whole section away', () => {
    const { document } = loadTable(csv);
    const text = valueOrThrow(applyEdits(estate, editInsert(document, ['sites'], { users: 3 }, 'zug')));
    expect(text).toBe(`${estate}  zug: { users: 3 }\n`.replace('zug: { users: 3 }', 'zug:\n    users: 3'));
    expect(valueOrThrow(applyEdits(estate, editRemove(document, ['sites'])))).toBe(HEAD);
  });

  it('knows its columns', () => {
    expect(SITE_COLUMNS).toContain('clients');
  });
});
