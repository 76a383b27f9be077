export { type Acceptance, type AcceptedFinding, applyAcceptedRisks } from './acceptance.ts';
export { listText, tripsText } from './causes.ts';
export { checkRules, type Judgement } from './check.ts';
export { type FailureEffect, type FailureStudy, failureStudy, lostIn, studyTooLarge } from './failure-study.ts';
export {
  type IntentFunctions,
  type IntentOutcome,
  type IntentPart,
  type IntentPartKind,
  type IntentVerdict,
  intentVerdicts,
  type PartVerdict,
  survivesText,
} from './intent-verdict.ts';
export { type HopWords, hopWords, packetText, wayLines, wayTitle } from './path-words.ts';
export { readinessItems, readinessScore } from './readiness.ts';
export type { Readiness, ReadinessItem, ReadinessScore } from './readiness-model.ts';
export { type ResilienceOfCircuit, resilienceOfCircuits } from './resiliency.ts';
export { type ResiliencyIndex, type ResiliencyPart, resiliencyIndices } from './resiliency-index.ts';
export {
  type CoverageReason,
  type CoverageRow,
  type ReasonKind,
  reviewCoverage,
} from './review-coverage.ts';
export { isReviewId, type Rule, type RuleExample, type RuleFamily, type RulePage, ruleFamilies } from './rule.ts';
export { RULES } from './rules/index.ts';
export { type CheckView, type EstateView, factsOf, placeOfOrigins, placeText } from './view.ts';
