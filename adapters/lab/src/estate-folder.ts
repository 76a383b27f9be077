/** Estates as they lie in folders, compiled. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '@bothways/diagnostics';
import { loadEstate } from '@bothways/estate';
import { type CompiledNetwork, type CompileOptions, compileNetwork } from '@bothways/network';

/** An estate for a lab; without `compiled` the findings say why. */
export interface LabEstate {
  readonly compiled: CompiledNetwork | undefined;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
}

export function labEstate(
  files: readonly { readonly name: string; readonly text: string }[],
  options: CompileOptions = {},
): LabEstate {
  const { estate, findings, document } = loadEstate(files);
  const compiled = estate === undefined ? undefined : compileNetwork(estate, document.placeOf, options);
  return { compiled, findings, sources: document.printableSources };
}

/** Throws where the estate has errors. */
export function compiledEstate(folder: string): CompiledNetwork {
  const files = readdirSync(folder)
    .filter((name) => /\.(yaml|csv|pac)$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const { estate, findings } = loadEstate(files);
  if (estate === undefined) {
    throw new Error(`${folder} does not load: ${findings.map((each) => each.message).join('; ')}`);
  }
  return compileNetwork(estate);
}

/** The folder itself, or those in it, that hold an estate. */
export function estateFolders(folder: string): readonly string[] {
  if (existsSync(join(folder, 'estate.yaml'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .filter((path) => existsSync(join(path, 'estate.yaml')))
    .sort();
}
