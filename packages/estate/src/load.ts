/**
 * From files to an estate: parse, join, compare with the schema, read, check. Every stage goes on as far as it can, and
 * everything found on the way comes back at once.
 *
 * Only what the document by itself can say is checked here. What needs tables, paths or failures belongs to the checks.
 */
import { compareFindings, type Finding } from '@bothways/diagnostics';
import { type AppliedDefault, type EstateDocument, estateDocument, joinFiles } from './document.ts';
import type { Estate } from './model.ts';
import { type EstateFile, FILE_LIMITS, type FileLimits, parseFile, readAttachment } from './parse-file.ts';
import { readEstate } from './read-estate.ts';
import { Reading } from './reading.ts';
import { Attachments, sortFiles, withTables } from './references.ts';
import { readShape } from './structure.ts';
import { resolved } from './syntax-tree.ts';

export interface LoadOptions {
  /** Limits on single files; for tests and for callers with less memory. */
  readonly limits?: Partial<FileLimits>;
}

export interface EstateLoad {
  /** Present when, and only when, no finding is an error. */
  readonly estate?: Estate;
  /** In order of severity and place. */
  readonly findings: readonly Finding[];
  readonly document: EstateDocument;
}

/**
 * Reads the files of one estate: documents, and the tables and scripts they refer to (see `referencedFiles`). Never throws
 * for what is in them. The order of the files decides the order of merged kinds, so callers sort them by name.
 */
export function loadEstate(files: readonly EstateFile[], options: LoadOptions = {}): EstateLoad {
  const limits = { ...FILE_LIMITS, ...options.limits };
  const { documents, attachments: attached } = sortFiles(files);
  const parsed = documents.map((file) => parseFile(file, limits));
  const read = attached.map((file) => readAttachment(file, limits));
  const findings: Finding[] = [...parsed, ...read].flatMap((each) => each.findings);
  if (documents.length === 0) findings.push(noFiles());
  const attachments = new Attachments(read);
  const report = (finding: Finding): void => {
    findings.push(finding);
  };
  const roots = parsed.flatMap(({ tree }) => {
    const root = resolved(tree?.root);
    return root?.kind === 'map' ? [withTables(root, attachments, report)] : [];
  });
  const aliases = parsed.flatMap(({ tree }) => tree?.aliases ?? []);
  const sources = [...parsed, ...read].map((each) => each.file);
  const tree = joinFiles(sources, roots, aliases, report);
  const defaults: AppliedDefault[] = [];
  const document = estateDocument(tree, defaults);
  const reading = new Reading(document, findings, defaults, attachments);
  const shape = readShape(reading);
  const estate = shape === undefined ? undefined : readEstate(reading, shape);
  if (shape !== undefined) findings.push(...attachments.unused());
  const sorted = findings.toSorted(compareFindings);
  const sound = estate !== undefined && sorted.every((finding) => finding.severity !== 'error');
  return { ...(sound ? { estate } : {}), findings: sorted, document };
}

function noFiles(): Finding {
  return {
    rule: 'estate/no-files',
    ids: [],
    severity: 'error',
    message: 'there is no document to read',
    help: 'name a YAML or JSON file, or a folder that has some',
    related: [],
    evidence: [],
    fixes: [],
  };
}
