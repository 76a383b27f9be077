/**
 * Findings as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format), which code scanning services and editors
 * read: rules with their metadata, results with places, related places, fixes as replacements, stable fingerprints and,
 * for accepted risks, suppressions with the reason.
 *
 * Evidence stays in the property bag: code flows of SARIF are about program locations, and most hops have none.
 */
import type { Edit, Finding, Place, Position, Severity } from './finding.ts';
import { fingerprints } from './fingerprint.ts';
import { printableSentence, redact } from './printable.ts';
import type { RuleDescription } from './rule-description.ts';

export interface SarifInput {
  readonly version: string;
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleDescription[];
  /** Names of the documents, in order. */
  readonly files: readonly string[];
  /** False: the documents have errors and nothing was computed. */
  readonly usable: boolean;
  /** Findings taken on, with the reason; they are results too, marked as suppressed. */
  readonly accepted?: readonly { readonly finding: Finding; readonly because: string }[];
  /** Findings that an earlier run had as well; absent: there was nothing to compare with. */
  readonly known?: ReadonlySet<Finding>;
  readonly secrets?: readonly string[];
}

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'note' };

/** The log as a plain value, ready for JSON.stringify; keys in a fixed order. */
export function sarifLog(input: SarifInput): object {
  const accepted = input.accepted ?? [];
  const reasons = new Map(accepted.map(({ finding, because }) => [finding, because]));
  const findings = [...input.findings, ...accepted.map(({ finding }) => finding)];
  const clean = (text: string): string => printableSentence(redact(text, input.secrets ?? []));
  const names = [...new Set([...input.rules.map(({ name }) => name), ...findings.map(({ rule }) => rule)])];
  const result = resultOf(clean, names, input, reasons);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Bothways',
            version: input.version,
            semanticVersion: input.version,
            rules: names.map((name) => descriptorOf(name, input.rules)),
          },
        },
        invocations: [{ executionSuccessful: input.usable }],
        artifacts: input.files.map((file) => ({ location: locationOf(file) })),
        columnKind: 'utf16CodeUnits',
        results: fingerprints(findings).map(result),
      },
    ],
  };
}

function descriptorOf(name: string, rules: readonly RuleDescription[]): object {
  const rule = rules.find((each) => each.name === name);
  // What the document itself gets wrong has names like estate/unknown-key and no page.
  if (rule === undefined) return { id: name };
  return {
    id: name,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.what },
    help: {
      text: `${rule.why}\n\nWhat to do: ${rule.fix}`,
      markdown: `${rule.why}\n\n**What to do:** ${rule.fix}`,
    },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: { tags: rule.ids },
  };
}

function resultOf(
  clean: (text: string) => string,
  names: readonly string[],
  { files, known, secrets = [] }: SarifInput,
  reasons: ReadonlyMap<Finding, string>,
): (each: { readonly finding: Finding; readonly fingerprint: string }) => object {
  return ({ finding, fingerprint }) => {
    const { rule, severity, message, why, help, place, subject, related, evidence, fixes, ids } = finding;
    const because = reasons.get(finding);
    const [firstFile] = files;
    const name =
      subject === undefined || subject === '' ? {} : { logicalLocations: [{ fullyQualifiedName: clean(subject) }] };
    const physical = place === undefined ? firstFile && { artifactLocation: locationOf(firstFile) } : physicalOf(place);
    return {
      ruleId: rule,
      ruleIndex: names.indexOf(rule),
      level: levels[severity],
      message: { text: clean(message) },
      locations: physical === undefined || physical === '' ? [] : [{ physicalLocation: physical, ...name }],
      ...(related.length === 0
        ? {}
        : {
            relatedLocations: related.map((each, position) => ({
              id: position + 1,
              message: { text: clean(each.message) },
              physicalLocation: physicalOf(each.place),
            })),
          }),
      partialFingerprints: { 'bothways/v1': fingerprint },
      ...(known === undefined ? {} : { baselineState: known.has(finding) ? 'unchanged' : 'new' }),
      ...(because === undefined
        ? {}
        : { suppressions: [{ kind: 'inSource', status: 'accepted', justification: clean(because) }] }),
      ...(fixes.length === 0
        ? {}
        : {
            fixes: fixes.map(({ title, edits }) => ({
              description: { text: clean(title) },
              artifactChanges: changesOf(edits, (text) => redact(text, secrets)),
            })),
          }),
      properties: {
        ids,
        ...(why === undefined ? {} : { why: clean(why) }),
        ...(help === undefined ? {} : { help: clean(help) }),
        evidence: evidence.map(({ title, lines }) => ({ title: clean(title), lines: lines.map(clean) })),
      },
    };
  };
}

function physicalOf(place: Place): object {
  return {
    artifactLocation: locationOf(place.file),
    region: regionOf(place, { line: place.endLine, column: place.endColumn }),
  };
}

/** SARIF counts lines and columns from 1 and ends behind the last character, as we do. */
function regionOf(start: Position, end: Position): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** One change for each file; the replacements of a file all mean its text as it was, as ours do. */
function changesOf(edits: readonly Edit[], clean: (text: string) => string): readonly object[] {
  const files = [...new Set(edits.map(({ file }) => file))];
  return files.map((file) => ({
    artifactLocation: locationOf(file),
    replacements: edits
      .filter((edit) => edit.file === file)
      .map(({ start, end, replacement }) => ({
        deletedRegion: regionOf(start, end),
        insertedContent: { text: clean(replacement) },
      })),
  }));
}

/** A file name as URI reference (RFC 3986): relative to the folder the program ran in, or with the scheme `file`. */
function locationOf(file: string): object {
  const parts = file
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll('\\', '/')
    .split('/')
    .map(encodeURIComponent);
  const path = parts.join('/');
  if (/^[A-Za-z]%3A\//.test(path)) return { uri: `file:///${path.replace('%3A', ':')}` };
  if (path.startsWith('/')) return { uri: `file://${path}` };
  return { uri: path.replace(/^(?:\.\/)+/, ''), uriBaseId: '%SRCROOT%' };
}
