import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkEstate, printableFiles } from './index.ts';

const contoso = readFileSync(new URL('../../../examples/contoso/estate.yaml', import.meta.url), 'utf8');
const text = contoso
  .replace(/( +)microsoftPeering:\n/, (line, indent: string) => `${line}${indent}  md5: "hunter2,ofpeering"\n`)
  .replace(
    /( +)edge: er\n/,
    (line, indent: string) => `${line}${indent}serviceKey: 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed\n`,
  );

describe('files for somebody who may look but not know', () => {
  it('say everything but the keys, in the same places, and check the same', () => {
    const [file] = printableFiles([{ name: 'estate.yaml', text }]);
    const shown = file?.text ?? '';
    expect(shown).toContain('md5: aaaaaaaaaaaaaaaaaaa\n');
    expect(shown).toContain('serviceKey: aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa');
    expect(shown.split('\n').map(({ length }) => length)).toEqual(text.split('\n').map(({ length }) => length));
    const of = (each: string) => checkEstate([{ name: 'estate.yaml', text: each }], { today: '2026-01-31' }).findings;
    expect(of(shown)).toEqual(of(text));
  });

  it('are covered in a document with errors, too', () => {
    const broken = text.replace('bothways: 1', 'bothways: 9\nnonsense: true');
    expect(printableFiles([{ name: 'estate.yaml', text: broken }])[0]?.text).not.toMatch(/hunter2|1b9d6bcd/);
  });
});
