/** The complete document: everything the estate says and everything filled in, each default with its reason. */
import type { Finding } from '@bothways/diagnostics';
import { completeDocument, defaultsApplied, loadEstate } from '@bothways/estate';
import type { InputFile } from './estate-view.ts';

export interface DefaultView {
  /** 'circuits.er-fra.sku' */
  readonly path: string;
  readonly value: string | number | boolean | readonly string[];
  readonly because: string;
}

export interface DocumentView {
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  /** Texts by file name, secrets covered, for showing findings. */
  readonly sources: ReadonlyMap<string, string>;
  /** YAML that loads as the same estate; session keys are not in it. Undefined when the document has errors. */
  readonly text: string | undefined;
  readonly defaults: readonly DefaultView[];
}

export function documentView(files: readonly InputFile[]): DocumentView {
  const load = loadEstate(files);
  const { estate, findings, document } = load;
  return {
    usable: estate !== undefined,
    findings,
    sources: document.printableSources,
    text: completeDocument(load),
    defaults: defaultsApplied(document).map(({ path, value, because }) => ({ path: path.join('.'), value, because })),
  };
}
