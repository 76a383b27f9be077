/**
 * Findings as JSON values with a fixed order of keys, so that equal findings give equal text and files can be compared.
 * Keys without a value are left out; lists are always there.
 */
import type { Edit, Finding, Place, Severity } from './finding.ts';
import { redact } from './printable.ts';

export interface PlaceJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface EditJson {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  readonly replacement: string;
}

export interface FindingJson {
  readonly rule: string;
  readonly ids: readonly string[];
  readonly severity: Severity;
  readonly message: string;
  readonly why?: string;
  readonly help?: string;
  readonly place?: PlaceJson;
  readonly related: readonly { readonly message: string; readonly place: PlaceJson }[];
  readonly evidence: readonly { readonly title: string; readonly lines: readonly string[] }[];
  readonly fixes: readonly { readonly title: string; readonly safe: boolean; readonly edits: readonly EditJson[] }[];
  /** What the place is about, by the keys that lead to it. */
  readonly subject?: string;
  /** The same in every run, as long as rule and subject are: see `fingerprints`. */
  readonly fingerprint?: string;
}

/**
 * The finding as a plain value, ready for JSON.stringify. Occurrences of `secrets` are redacted in every text, file names
 * and replacements included.
 */
export function findingToJson(finding: Finding, secrets: readonly string[] = [], fingerprint?: string): FindingJson {
  const clean = (text: string): string => redact(text, secrets);
  const placeToJson = ({ file, line, column, endLine, endColumn }: Place): PlaceJson => ({
    file: clean(file),
    line,
    column,
    endLine,
    endColumn,
  });
  const editToJson = ({ file, start, end, replacement }: Edit): EditJson => ({
    file: clean(file),
    start: { line: start.line, column: start.column },
    end: { line: end.line, column: end.column },
    replacement: clean(replacement),
  });
  const { rule, ids, severity, message, why, help, place, subject, related, evidence, fixes } = finding;
  return {
    rule,
    ids: ids.map(clean),
    severity,
    message: clean(message),
    ...(why === undefined ? {} : { why: clean(why) }),
    ...(help === undefined ? {} : { help: clean(help) }),
    ...(place === undefined ? {} : { place: placeToJson(place) }),
    related: related.map((each) => ({ message: clean(each.message), place: placeToJson(each.place) })),
    evidence: evidence.map(({ title, lines }) => ({ title: clean(title), lines: lines.map(clean) })),
    fixes: fixes.map(({ title, safe, edits }) => ({ title: clean(title), safe, edits: edits.map(editToJson) })),
    ...(subject === undefined || subject === '' ? {} : { subject: clean(subject) }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}
