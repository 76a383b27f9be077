/** The data plane: atoms, packets with translation and state, round trips in both directions. */
export { AddressSpace, type AtomIx, type Piece } from './address-space.ts';
export { type DetectionTime, detectionTime, type TimeRange } from './convergence-time.ts';
export { type Conversation, type ConversationSource, demandOf, outbound, type Written } from './conversation.ts';
export { DISPOSITION_CONDITIONS, type Disposition, outcomeOf } from './disposition.ts';
export {
  chosenElements,
  drainedBy,
  type ElementFilter,
  type ElementIx,
  type ElementKind,
  type FailureElement,
  type FailureSet,
  type FailureSets,
  failureElements,
  failureSets,
  failuresOf,
  setOf,
} from './elements.ts';
export { applyExhaustion } from './exhaustion.ts';
export { FailureAnswers, type GroundedAnswer } from './failure-answers.ts';
export { type FamilyPair, familyPairs } from './families.ts';
export { type Branch } from './legs.ts';
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
export { type AnswerBranch, type BranchesOf, branchesOver, type RequestBranch } from './load-branches.ts';
export { type LoadModel, loadModel } from './load-model.ts';
export { type Carrier, type Direction, type LoadKey, type LoadSpace, loadSpace } from './load-space.ts';
export { type PathMtu, pathMtu } from './mtu.ts';
export {
  type ExhaustionVerdict,
  exhaustedPools,
  type NatPool,
  natPools,
  type Passage,
  type PoolGuidance,
  type PoolUse,
  poolUses,
  type SessionAssumptions,
  type SessionCount,
  type SessionUse,
  sessionUses,
  type TableUse,
  tableUses,
} from './nat-ports.ts';
export { type NetworkState, stateOf } from './network-state.ts';
export { answerTo, isAnswerTo, type Packet, type Protocol, type Transport } from './packet.ts';
export { type Choice, type Hop, lastHop, type PacketPath, type SessionState, type Step } from './path.ts';
export { type TripOutcome } from './possibilities.ts';
export {
  type ConnectionBound,
  type LineWidth,
  type LossSum,
  type PathQuality,
  type PortionShare,
  pathQuality,
  type WayQuality,
} from './quality.ts';
export { type Detour, type Hairpin, hairpinsOf } from './quality-detour.ts';
export {
  decideBandwidth,
  decideLatency,
  decideLoad,
  type PlaceDecision,
  type QualityDecision,
} from './quality-intents.ts';
export { type LatencyBasis, type LatencyPart, type LatencySum, type Portion } from './quality-latency.ts';
export { type ShortestWay, shortestWay } from './quality-shortest.ts';
export { type ChooseProxy, type FirmChoice, type ProxyChoice, type ProxyOrDirect } from './relay.ts';
export {
  branchesOfTrip,
  type DataPlane,
  type RoundTrip,
  type RoundTripOptions,
  roundTrips,
  roundTripsOf,
  roundTripsOfDemand,
  walkInput,
} from './round-trip.ts';
export { type Subset, subsetFor, type Wanted } from './subset.ts';
export { type ChangedDemand, Sweep, type SweepInput, type SweepProgress } from './sweep.ts';
export { type Overload } from './sweep-load.ts';
export { type KeptState, type PoolOverflow } from './sweep-pools.ts';
export {
  type Answer,
  claimsToSurvive,
  type IntentJudge,
  intentAnswer,
  type Question,
  questionsOf,
} from './sweep-questions.ts';
export {
  type ElementResult,
  mergeShards,
  missingSets,
  type QuestionResult,
  type SetResult,
  type SweepShard,
  type SweepSummary,
  summaryOf,
} from './sweep-result.ts';
export {
  type DirectionShares,
  type Traffic,
  type TrafficBundle,
  type TrafficOptions,
  type TrafficRate,
  trafficOf,
} from './traffic.ts';
export { type ExhaustedPool } from './translation.ts';
export { deviceAt, linkAt, type Subject, walkAnswer, walkRequest } from './walk.ts';
export { type WalkInput } from './walk-input.ts';
export { type Asymmetry, bordersOf, publicLink, type Symmetry, type Via, viaText, type Way } from './ways.ts';
