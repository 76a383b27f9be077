/** The control plane: decision table, policies, convergence to the stable state, forwarding tables, reasons. */
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
export {
  type Change,
  type ControlPlane,
  type ConvergeOptions,
  converge,
  type Cycle,
  type Outcome,
  type ReceivedRoute,
  reconverge,
} from './control-plane.ts';
export type { Activation, Turn } from './convergence.ts';
export { type Decision, type DecisionStep, type DecisionStepName, decisionSteps, type Lost } from './decision.ts';
export { administrativeDistance, type Fib, type FibAction, type FibEntry } from './forwarding-table.ts';
export type { Forward, Hop } from './igp.ts';
export type { AppliedTerm } from './policy.ts';
export { convergeRecorded, type Recording, reconvergeRecorded } from './recording.ts';
export type { PrefixLimitReached } from './settlement.ts';
export { type OtherState, otherStableStates } from './stable-states.ts';
export type { Candidate, StopReason } from './transfer.ts';
export type { Failures, SessionState } from './wiring.ts';
