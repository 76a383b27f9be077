export { type Acceptance, type AcceptedFinding, applyAcceptedRisks } from './acceptance.ts';
export { listText } from './causes.ts';
export { checkRules } from './check.ts';
export { type HopWords, hopWords, packetText, wayLines, wayTitle } from './path-words.ts';
export type { Rule, RuleExample, RulePage } from './rule.ts';
export { RULES } from './rules/index.ts';
export { type CheckView, type EstateView, factsOf, placeOfOrigins, placeText } from './view.ts';
