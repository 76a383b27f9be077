import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEstate, type Path, subjectAt } from './index.ts';

const contoso = readFileSync(join(import.meta.dirname, '../../../examples/contoso/estate.yaml'), 'utf8');

function subject(text: string, path: Path): string {
  const { document } = loadEstate([{ name: 'estate.yaml', text }]);
  return subjectAt(document, document.placeOf(path));
}

describe('the name of a place', () => {
  it.each<[Path, string]>([
    [
      ['circuits', 'er-fra', 'microsoftPeering', 'advertises', 0],
      'circuits.er-fra.microsoftPeering.advertises[203.0.113.0/28]',
    ],
    [['circuits', 'er-fra', 'microsoftPeering'], 'circuits.er-fra.microsoftPeering'],
    [['circuits', 'er-fra'], 'circuits.er-fra'],
    [['internetEdges', 'inet', 'nat'], 'internetEdges.inet.nat'],
    [['organisation', 'asn'], 'organisation.asn'],
    [['sites', 'dc'], 'sites.dc'],
    [['demands', 'everyday', 'flows', 2], 'demands.everyday.flows[PP-F05]'],
  ])('%j', (path, name) => {
    expect(subject(contoso, path)).toBe(name);
  });

  it('stays when lines move and items are put in front', () => {
    const moved = `# a comment\n\n${contoso.replace('advertises: [', 'advertises: [198.51.100.64/28, ')}`;
    expect(subject(moved, ['circuits', 'er-fra', 'microsoftPeering', 'advertises', 1])).toBe(
      'circuits.er-fra.microsoftPeering.advertises[203.0.113.0/28]',
    );
  });

  it('finds the file of a kind that several files share', () => {
    const [head = '', tail = ''] = contoso.split('\ninternetEdges:');
    const { document } = loadEstate([
      { name: 'a.yaml', text: head },
      {
        name: 'b.yaml',
        text: `bothways: 1\nsites:\n  lab: { city: Bonn, clients: 10.40.0.0/16 }\ninternetEdges:${tail}`,
      },
    ]);
    expect(subjectAt(document, document.placeOf(['sites', 'lab', 'clients']))).toBe('sites.lab.clients');
    expect(subjectAt(document, document.placeOf(['sites', 'hq', 'clients']))).toBe('sites.hq.clients');
    expect(subjectAt(document, document.placeOf(['circuits', 'er-fra']))).toBe('circuits.er-fra');
  });

  it('never says a secret, however it is written', () => {
    const text = contoso.replace('vlan: 100', 'vlan: 100\n      md5: [hunter2secret]');
    expect(subject(text, ['circuits', 'er-fra', 'microsoftPeering', 'md5', 0])).toBe(
      'circuits.er-fra.microsoftPeering.md5',
    );
  });

  it('is empty for no place, another file and the document as a whole', () => {
    const { document } = loadEstate([{ name: 'estate.yaml', text: contoso }]);
    expect(subjectAt(document, undefined)).toBe('');
    expect(subjectAt(document, { file: 'other.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 })).toBe('');
    expect(subjectAt(document, { file: 'estate.yaml', line: 9999, column: 1, endLine: 9999, endColumn: 2 })).toBe('');
  });
});
