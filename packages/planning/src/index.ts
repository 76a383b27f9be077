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
export type { StateLimits } from './availability-states.ts';
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
export { type SensitivityRow, sensitivity } from './sensitivity.ts';
