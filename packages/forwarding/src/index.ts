export { AddressSpace, type AtomIx, type Piece } from './address-space.ts';
export { DISPOSITION_CONDITIONS, type Disposition, outcomeOf } from './disposition.ts';
export {
  type CarrierLoad,
  type CircuitLoad,
  type Contribution,
  contributionOf,
  type KeyLoad,
  type LoadInterval,
  LoadTotals,
  type LoadVerdict,
  loadOf,
  type NetworkLoad,
  networkLoad,
  tripsByDemand,
} from './load.ts';
export {
  type AnswerBranch,
  type BranchesOf,
  branchesOver,
  type RequestBranch,
  shownBranches,
} from './load-branches.ts';
export { type Carrier, type Direction, type LoadKey, type LoadSpace, loadSpace } from './load-space.ts';
export {
  type ExhaustionVerdict,
  exhaustedPools,
  type NatPool,
  natPools,
  type Passage,
  type PoolUse,
  poolUses,
  type SessionAssumptions,
  type SessionCount,
  type SessionUse,
  sessionUses,
  type TableUse,
  tableUses,
} from './nat-ports.ts';
export { type Hop, lastHop, type Packet, type PacketPath, type SessionState, type Step } from './path.ts';
export {
  type ConnectionBound,
  type LineWidth,
  type LossSum,
  type PathQuality,
  type PortionShare,
  pathQuality,
  type WayQuality,
} from './quality.ts';
export type { Detour, Hairpin } from './quality-detour.ts';
export { decideBandwidth, decideLatency, type PlaceDecision, type QualityDecision } from './quality-intents.ts';
export type { LatencyBasis, LatencyPart, LatencySum, Portion } from './quality-latency.ts';
export {
  type DataPlane,
  type RoundTrip,
  roundTrips,
  roundTripsOf,
  type Symmetry,
  type Via,
  viaText,
  type Way,
} from './round-trip.ts';
export {
  type DirectionShares,
  type Traffic,
  type TrafficBundle,
  type TrafficOptions,
  type TrafficRate,
  trafficOf,
} from './traffic.ts';
export { deviceAt, linkAt, type Subject, type WalkInput, walkAnswer, walkRequest } from './walk.ts';
