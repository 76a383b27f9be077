export { listText } from './causes.ts';
export { checkRules, type Judgement } from './check.ts';
export { type HopWords, hopWords, packetText, wayLines, wayTitle } from './path-words.ts';
export {
  type CoverageReason,
  type CoverageRow,
  type ReasonKind,
  reviewCoverage,
} from './review-coverage.ts';
export { isReviewId, type Rule, type RuleExample, type RuleFamily, type RulePage, ruleFamilies } from './rule.ts';
export { RULES } from './rules/index.ts';
export { type CheckView, type EstateView, factsOf, placeOfOrigins, placeText } from './view.ts';
