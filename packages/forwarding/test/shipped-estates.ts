/** The estates of the scenarios and the example, as documents; a folder of several designs is no estate. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEstate } from '@bothways/estate';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';

const root = join(import.meta.dirname, '../../..');

export interface ShippedEstate {
  readonly name: string;
  readonly text: string;
}

export function shippedEstates(): readonly ShippedEstate[] {
  return ['examples', 'scenarios'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, folder, entry.name, 'estate.yaml')))
      .map((entry) => `${folder}/${entry.name}`)
      .sort()
      .map((name) => ({ name, text: readFileSync(join(root, name, 'estate.yaml'), 'utf8') })),
  );
}

export function shippedEstate(name: string): string {
  const found = shippedEstates().find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.text;
}

/** The compiled network of a document that must be sound. */
export function compiledFrom(text: string): CompiledNetwork {
  const { estate, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map((each) => each.message).join('; '));
  return compileNetwork(estate);
}

/** The text with one passage replaced; the passage must be there. */
export function withText(text: string, passage: string, by: string): string {
  if (!text.includes(passage)) throw new Error(`the document has no '${passage}'`);
  return text.replace(passage, () => by);
}
