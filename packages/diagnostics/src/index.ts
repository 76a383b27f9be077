/** Findings, places, evidence and edits; rendering to text and JSON; small helpers for wording and tables. */
export {
  type Baseline,
  type BaselineEntry,
  baselineJson,
  readBaseline,
  type Since,
  since,
} from './baseline.ts';
export { applyEdits } from './edit.ts';
export {
  compareFindings,
  compareUnknown,
  countFindings,
  type Edit,
  type Evidence,
  type Finding,
  type FindingParts,
  type Fix,
  finding,
  type Place,
  type Position,
  type RelatedPlace,
  type Severity,
  type UnknownAnswer,
} from './finding.ts';
export { type Fingerprinted, fingerprints, identityOf } from './fingerprint.ts';
export { githubCommands } from './github.ts';
export { type EditJson, type FindingJson, findingToJson, type PlaceJson } from './json.ts';
export { junitXml, type TestCase, type TestSuite } from './junit.ts';
export {
  type MarkdownOptions,
  markdownBlock,
  markdownCode,
  markdownFindings,
  markdownTable,
  markdownText,
} from './markdown.ts';
export { printable, redact, redacted } from './printable.ts';
export { type RenderOptions, renderFinding, renderFindings, summariseFindings } from './render.ts';
export type { RuleDescription } from './rule-description.ts';
export { type SarifInput, sarifLog } from './sarif.ts';
export { plainStyle, type Style } from './style.ts';
export { type Alignment, formatTable, type TableOptions } from './table.ts';
export { unifiedDiff } from './text-diff.ts';
export { type MergedText, type MergePart, mergeTexts } from './text-merge.ts';
export { cutText, textWidth } from './text-width.ts';
export { nearestName, plural, wrapText } from './wording.ts';
