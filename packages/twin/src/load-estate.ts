/** What the network carries in the busy hour, without judging anything else. */
import type { Finding } from '@bothways/diagnostics';
import { type InputFile, type OpenOptions, openEstate, sessionAssumptions } from './estate-view.ts';
import { type LoadView, loadView } from './quality-view.ts';

export interface Loaded {
  readonly findings: readonly Finding[];
  /** Texts by file name, for rendering. */
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined: the document has errors, and nothing was computed. */
  readonly load: LoadView | undefined;
}

export function loadInEstate(files: readonly InputFile[], options: OpenOptions = {}): Loaded {
  const { document, findings, view } = openEstate(files, options);
  const load = view === undefined ? undefined : loadView(view, sessionAssumptions(options));
  return { findings, sources: document.printableSources, load };
}
