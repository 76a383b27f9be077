/** The documents findings point into, split into lines once, with secrets covered. */
import { coverSecrets } from './printable.ts';

export interface SourceText {
  readonly text: string;
  readonly lines: readonly string[];
}

/** Gives the lines of a document by its name; undefined for documents that are not at hand. */
export type SourceReader = (file: string) => SourceText | undefined;

/** Lines end at line feeds; a carriage return before one is not part of the line. */
export function splitLines(text: string): readonly string[] {
  return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

export function sourceReader(sources: ReadonlyMap<string, string>, secrets: readonly string[]): SourceReader {
  const known = new Map<string, SourceText>();
  return (file) => {
    const seen = known.get(file);
    const original = seen === undefined ? sources.get(file) : undefined;
    if (original === undefined) {
      return seen;
    }
    const text = coverSecrets(original, secrets);
    const source = { text, lines: splitLines(text) };
    known.set(file, source);
    return source;
  };
}
