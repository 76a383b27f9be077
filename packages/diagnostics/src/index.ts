/** Findings, places, evidence and edits; rendering to text and JSON; small helpers for wording and tables. */
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
export { type EditJson, type FindingJson, findingToJson, type PlaceJson } from './json.ts';
export { printable, redact, redacted } from './printable.ts';
export { type RenderOptions, renderFinding, renderFindings, summariseFindings } from './render.ts';
export { plainStyle, type Style } from './style.ts';
export { type Alignment, formatTable, type TableOptions } from './table.ts';
export { cutText, textWidth } from './text-width.ts';
export { nearestName, plural, wrapText } from './wording.ts';
