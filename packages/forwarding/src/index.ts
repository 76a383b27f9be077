export { AddressSpace, type AtomIx, type Piece } from './address-space.ts';
export { type DetectionTime, detectionTime, type TimeRange } from './convergence-time.ts';
export { DISPOSITION_CONDITIONS, type Disposition, outcomeOf } from './disposition.ts';
export {
  chosenElements,
  type ElementFilter,
  type ElementIx,
  type ElementKind,
  type FailureElement,
  type FailureSet,
  type FailureSets,
  failureElements,
  failureSets,
  failuresOf,
} from './elements.ts';
export { type Hop, lastHop, type Packet, type PacketPath, type SessionState, type Step } from './path.ts';
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
export { type ChangedDemand, Sweep, type SweepInput, type SweepProgress } from './sweep.ts';
export { type Load, type LoadModel, linkLoads } from './sweep-load.ts';
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
export { deviceAt, linkAt, type Subject, type WalkInput, walkAnswer, walkRequest } from './walk.ts';
