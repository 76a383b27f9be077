export { type EditValue, fileBeside, referencedFiles } from '@bothways/estate';
export { mergeShards, type SweepShard } from '@bothways/forwarding';
export { LEAD_TIMES, type LeadTime, type LeadTimes, type PlanName, type Solve } from '@bothways/planning';
export {
  type AddressFileHeadView,
  type AddressFilesChange,
  type EndpointFileChangeView,
  type EndpointSetChangeView,
  type PrefixChangeView,
  type TagFileChangeView,
  type TagSetChangeView,
} from './address-change-view.ts';
export { type AddressFilesInUse, addressFilesInUse, addressUpdateLines } from './address-files.ts';
export {
  type AvailabilityAnswer,
  type AvailabilityView,
  availabilityInEstate,
  availabilityJson,
  type ComponentView,
  type ImportanceView,
  type IntentAvailabilityView,
} from './availability-view.ts';
export {
  type CapacityAnswer,
  type CapacityLineView,
  type CapacityQuery,
  type CapacityView,
  type CircuitStepView,
  capacityInEstate,
  capacityJson,
  type LatencyAnswer,
  latencyInEstate,
  latencyJson,
} from './capacity-view.ts';
export {
  type Checked,
  type CheckOptions,
  type CheckReport,
  checkEstate,
  checkedSince,
  checkFails,
  checkJson,
  type RoundTripView,
  roundTripJson,
  type Summary,
  type WayView,
} from './check.ts';
export { checkGithub, checkJunit, checkMarkdown, checkSarif } from './check-formats.ts';
export {
  type Compared,
  type ComparedRow,
  type ComparedView,
  comparedMarkdown,
  compareEstates,
  minutesText,
} from './compare-view.ts';
export { type DefaultView, type DocumentView, documentView } from './document-view.ts';
export { isDocumentName, isOurOutput, printableFiles } from './estate-files.ts';
export type { InputFile, OpenOptions } from './estate-view.ts';
export {
  type ChangedTrip,
  type Consequence,
  compareDownloads,
  type Download,
  type PreparedUpdate,
  prepareUpdate,
  type Touched,
  type UpdateImpact,
  updateImpact,
} from './facts-update.ts';
export {
  type Age,
  type Citation,
  type FactLine,
  type FactPage,
  type FactsOverview,
  factPage,
  factsOverview,
  isFactId,
  isIsoDay,
  nearestFactId,
  parseAge,
  type SourceView,
  type StaleFacts,
  searchedFacts,
  staleFacts,
} from './facts-view.ts';
export { type AppliedFix, type DeclinedFix, type Fixed, fixEstate } from './fix.ts';
export {
  decisivePart,
  type IntentPartView,
  type IntentView,
  intentText,
  type Tested,
  testEstate,
  testJson,
  testJunit,
} from './intent-view.ts';
export { type Loaded, loadInEstate } from './load-estate.ts';
export type { PrefixList } from './network-words.ts';
export type { OverviewLine, Verdict } from './overview.ts';
export {
  type ClashView,
  type PlannedCircuitView,
  type PlannedResult,
  type PlannedView,
  type PlanQuery,
  type PlanView,
  planForEstate,
  planJson,
} from './plan-view.ts';
export {
  type BillCell,
  type BillLineView,
  type BreakEvenView,
  billColumns,
  billCsv,
  billRows,
  type CostView,
  type Priced,
  type PriceQuery,
  type PriceView,
  priceInEstate,
  priceJson,
} from './price-view.ts';
export type {
  DetourView,
  LatencyPartView,
  LatencyView,
  LoadView,
  QualityView,
  WayQualityView,
  WidthView,
} from './quality-view.ts';
export { loadJson } from './quality-view.ts';
export { type EstateReach, type ReachWay, reachInEstate } from './reach-estate.ts';
export type {
  Reach,
  ReachAnswer,
  ReachCommunity,
  ReachEndpoint,
  ReachFlow,
  ReachKind,
  ReachPart,
  ReachResult,
  ReachSet,
  ReachStatement,
} from './reach-model.ts';
export { reachFor } from './reach-view.ts';
export type { Block, ReportDocument, Span, Text, Tone } from './report/block.ts';
export { reportHtml } from './report/html.ts';
export { reportMarkdown } from './report/markdown.ts';
export { type EstatePictures, estatePictures } from './report/pictures.ts';
export { reportDocument } from './report/report-document.ts';
export {
  type FailureRow,
  type Reported,
  type ReportFlow,
  type ReportOptions,
  type ReportView,
  reportEstate,
} from './report/report-view.ts';
export {
  type RoadmapQuery,
  type RoadmapResult,
  type RoadmapStepView,
  type RoadmapView,
  roadmapBetween,
  roadmapJson,
} from './roadmap-view.ts';
export type { HeardView, ReplayStep, ReplayView } from './route-history.ts';
export {
  type DeviceRoutes,
  type PathView,
  type RoutesQuery,
  type RoutesView,
  type RouteView,
  routesOf,
} from './routes.ts';
export {
  type CoverageRow,
  type ExplainedId,
  type ExplainedRule,
  type ReasonKind,
  type RuleFact,
  type RulePage,
  reviewCoverage,
  reviewPage,
  ruleNames,
  rulePage,
  rulesByFamily,
} from './rules.ts';
export {
  type DeviceView,
  type FurtherPart,
  type HalfView,
  type LinkView,
  type NetworkView,
  networkView,
  type PolicyView,
  type SessionEndView,
  type SessionView,
} from './show-view.ts';
export { elementKinds, type OpenedSweep, openSweep, type SweepJob, type SweepQuery } from './sweep.ts';
export {
  type ChangeView,
  type MinimalView,
  type PathView as SweepPathView,
  type QuestionView,
  type SetView,
  type SweepView,
  sweepJson,
  sweepView,
} from './sweep-view.ts';
export { type Traced, type TraceQuery, traceEstate } from './trace.ts';
export type {
  TopologyElement,
  TopologyGroup,
  TopologyLine,
  TopologyNode,
  TopologyView,
} from './workbench/topology-view.ts';
export type { DroppedView, HopDetail, TripDetail, TripRow, WayDetail } from './workbench/trip-view.ts';
export type {
  MatrixColumn,
  MatrixView,
  WhatIfChange,
  WhatIfOverload,
  WhatIfQuestion,
  WhatIfView,
} from './workbench/what-if.ts';
export {
  type CostSummary,
  type DocumentEdit,
  diffOfFiles,
  documentValues,
  editFiles,
  type FindingView,
  type JudgementView,
  type ReadinessView,
  type VerdictView,
  Workbench,
} from './workbench/workbench.ts';

import { estateJsonSchema } from '@bothways/estate';

/** JSON Schema (draft-07) of the estate document. */
export function estateSchema(): object {
  return estateJsonSchema();
}
