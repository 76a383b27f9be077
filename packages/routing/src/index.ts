/** The control plane: decision table, policies, convergence to the stable state, forwarding tables, reasons. */

export {
  type AsPathMatcher,
  type AsPathPattern,
  compileAsPathPattern,
  type ParsedAsPathPattern,
  parseAsPathPattern,
} from './as-path-pattern.ts';
export {
  type AttributeSpec,
  type Attributes,
  attributeNames,
  attributeTable,
  type OriginCode,
  type Reach,
  sameAttributes,
} from './attributes.ts';
export type { PrefixClass } from './classes.ts';
export type { Variable } from './conditions.ts';
export {
  type Change,
  type ConditionCycle,
  type ControlPlane,
  type ConvergeOptions,
  type Cycle,
  converge,
  type Outcome,
  type ReceivedRoute,
  reconverge,
} from './control-plane.ts';
export type { Activation, Turn } from './convergence.ts';
export {
  type Decision,
  type DecisionStep,
  type DecisionStepName,
  type DecisionVariantSpec,
  decisionSteps,
  decisionVariants,
  type Lost,
  type Sharing,
} from './decision.ts';
export { type EntryChanges, type FailureState, FailureStudy } from './failure-study.ts';
export {
  administrativeDistance,
  type Fib,
  type FibAction,
  type FibEntry,
  originsOfLocal,
  type RivalWays,
  sameFibEntry,
} from './forwarding-table.ts';
export type { Liveness } from './liveness.ts';
export type { AppliedTerm } from './policy.ts';
export { convergeRecorded, type Recording, reconvergeRecorded } from './recording.ts';
export { RouteTable, type StreamProblem, type TablePeer, type TableRoute } from './route-table.ts';
export type { PrefixLimitReached } from './settlement.ts';
export type { Forward, Hop } from './shortest-paths.ts';
export { type OtherStart, type OtherState, otherStableStates } from './stable-states.ts';
export type { Candidate, LocalSource, StopReason } from './transfer.ts';
export type { Failures, SessionState } from './wiring.ts';
