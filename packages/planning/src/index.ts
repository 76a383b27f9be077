/** What to buy, where, and what it is worth: price, capacity, latency, availability. */

export {
  type Availability,
  type AvailabilityBasis,
  type AvailabilityOptions,
  availabilityOf,
  type Component,
  type ComponentImportance,
  type CutProbability,
  type IntentAvailability,
  MINUTES_OF_A_YEAR,
} from './availability.ts';
export { type StateLimits } from './availability-states.ts';
export {
  type Bill,
  type BillLine,
  type Cost,
  DEFAULT_TERM_MONTHS,
  measuredVolume,
  type PriceOptions,
  priceEstate,
} from './bill.ts';
export { fullMonth, volumeUpTo } from './bill-azure.ts';
export { type BillItem, HOURS_OF_A_MONTH, type MonthlyVolume, type Party, type Quantity } from './bill-item.ts';
export {
  type Capacity,
  type CapacityOptions,
  type CircuitStep,
  capacityOf,
  DEFAULT_YEARS,
  grownBy,
  type LineCapacity,
  type PoolCapacity,
  yearsUntilFull,
} from './capacity.ts';
export { type CandidateKind, type Latencies, type LatencyCandidate, latencyOf, type SiteLatency } from './latency.ts';
export { cheapestOffer, type PlaceChoice, type PlaceOffer, type PlaceProblem, pricedChoice } from './model.ts';
export { type ChoiceOptions, type ChosenPlaces, choosePlaces } from './model-choice.ts';
export { enumeratedChoice } from './model-enumeration.ts';
export { type LinearForm, linearForm } from './model-linear.ts';
export { type ProblemSize, placeProblem } from './model-sample.ts';
export { type LinearModel, type Solution, type Solve, type SolveOptions, type SolveProgress } from './model-solver.ts';
export {
  type Clash,
  type Plan,
  type PlanName,
  type Planned,
  type PlanningOptions,
  planEstate,
  type RefusedPlan,
} from './plan.ts';
export { type Candidate, type CircuitOffer, type PlanSite } from './plan-candidates.ts';
export { type Design, type PlannedCircuit, type PlannedSite } from './plan-design.ts';
export { PLAN_FILE, type PlanFile, whyHere, whySize } from './plan-document.ts';
export { comparedWithReference, type ReferenceComparison } from './plan-reference.ts';
export { requirementDocument } from './plan-sample.ts';
export { type LostBy, type Verification, verifiedPlan } from './plan-verification.ts';
export {
  type CircuitFeeQuestion,
  type PriceBook,
  type PriceBounds,
  type PriceOrigin,
  priceBook,
  type UnitPrice,
  zoneOfLocation,
} from './price.ts';
export { type BreakEven, breakEvens } from './price-break-even.ts';
export {
  approximate,
  compareRatios,
  decimalText,
  type Exchange,
  exact,
  exchange,
  minorDigits,
  minorText,
  minus,
  plus,
  product,
  quotient,
  type Ratio,
  rounded,
} from './price-money.ts';
export { monthlyVolumes } from './price-volume.ts';
export {
  LEAD_TIMES,
  type LeadTime,
  type LeadTimes,
  type Roadmap,
  roadmapOf,
  type ScheduledStep,
  type StepKind,
} from './roadmap.ts';
export { dayAfter, roadmapCalendar } from './roadmap-calendar.ts';
export { datesOf, roadmapChart } from './roadmap-chart.ts';
export { type StateVerdict, stateVerdicts } from './roadmap-states.ts';
export { type SensitivityRow, sensitivity } from './sensitivity.ts';
/** What to buy, where, and what it is worth: price, capacity, latency, availability, plan. */
