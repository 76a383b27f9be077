import { loadEstate } from '@bothways/estate';
import { describe, expect, it } from 'vitest';
import { scriptPlaces } from './script-places.ts';

const SCRIPT = 'function FindProxyForURL(url, host) {\n\n  return "DIRECT";\n}\n';

function place(files: readonly { readonly name: string; readonly text: string }[], line: number, column: number) {
  const { document, estate, findings } = loadEstate(files);
  const pac = estate?.sites.find((site) => site.pac !== undefined)?.pac;
  if (pac === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  return scriptPlaces(document)(pac, line, column, 6);
}

const estate = (pac: string) =>
  `bothways: 1\norganisation: { name: Contoso }\nenvironments: { production: { region: Europe } }\nsites:\n  hq:\n    clients: 10.0.0.0/16\n${pac}internetEdges:\n  inet: { site: hq, isp: Northwind Telecom, nat: 198.51.100.0/28 }\n`;

describe('the place of a point in a proxy script', () => {
  const indented = SCRIPT.replaceAll(/^(?=.)/gm, '      ');

  it('is that of the file of its own', () => {
    const files = [
      { name: 'estate.yaml', text: estate('    pac: { from: proxy.pac }\n') },
      { name: 'proxy.pac', text: SCRIPT },
    ];
    expect(place(files, 3, 3)).toEqual({ file: 'proxy.pac', line: 3, column: 3, endLine: 3, endColumn: 9 });
  });

  it.each([
    ['below its key', `    pac: |\n${indented}`, 10, 9],
    ['after an empty line', `    pac: |\n\n${indented}`, 11, 9],
    ['as text of a record', `    pac:\n      text: |\n${SCRIPT.replaceAll(/^(?=.)/gm, '        ')}`, 11, 11],
  ])('is in the document %s', (_, pac, line, column) => {
    const found = place([{ name: 'estate.yaml', text: estate(pac) }], pac.includes('|\n\n') ? 4 : 3, 3);
    expect(found).toMatchObject({ file: 'estate.yaml', line, column });
  });

  it('is the key where the text is not written line by line', () => {
    const pac = `    pac: "function FindProxyForURL(url, host) { return 'DIRECT'; }"\n`;
    expect(place([{ name: 'estate.yaml', text: estate(pac) }], 1, 44)).toMatchObject({ line: 7 });
  });
});
