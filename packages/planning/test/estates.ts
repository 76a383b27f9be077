/** Estates for tests: the Contoso example, changed by replacing text. */
import { readFileSync } from 'node:fs';
import { type Estate, loadEstate } from '@bothways/estate';

const contoso = readFileSync(new URL('../../../examples/contoso/estate.yaml', import.meta.url), 'utf8');

/** The text of the example; throws where there is nothing to replace. */
export function contosoWith(...changes: readonly (readonly [from: string, to: string])[]): string {
  let text = contoso;
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the example has no '${from}'`);
    text = text.replace(from, to);
  }
  return text;
}

/** Throws where the text has errors. */
export function estateOf(text: string): Estate {
  const { estate, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  return estate;
}
