/** The document as its author wrote it, and every value it leaves to its defaults, with the reason. */
import type { Finding } from '@bothways/diagnostics';
import { defaultsApplied, loadEstate } from '@bothways/estate';
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
  /** Texts by file name, secrets covered. */
  readonly sources: ReadonlyMap<string, string>;
  readonly defaults: readonly DefaultView[];
}

export function documentView(files: readonly InputFile[]): DocumentView {
  const { estate, findings, document } = loadEstate(files);
  return {
    usable: estate !== undefined,
    findings,
    sources: document.printableSources,
    defaults: defaultsApplied(document).map(({ path, value, because }) => ({ path: path.join('.'), value, because })),
  };
}
