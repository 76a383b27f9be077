/** Estate and facts to one network of both halves: devices, links, sessions, policies, demands, risks, steering. */
export { type CompiledNetwork, type CompileOptions, compileNetwork } from './compile.ts';
export type { PlaceOf } from './compiler-findings.ts';
export type { ConcreteDemand, Demands, SkippedDemand } from './demands.ts';
export type { FlowTarget } from './destinations.ts';
export type { Backend, InboundDemand, InboundStart } from './inbound.ts';
export { drainedNetwork } from './maintenance.ts';
export type * from './model.ts';
export {
  type PacEvaluator,
  type PacProblem,
  type PacQuestion,
  type PacReads,
  type PacReply,
  type PacRequest,
  type PacValue,
  pacQuestionKey,
} from './pac.ts';
export type { PlaceInScript } from './pac-findings.ts';
export { partOf } from './part.ts';
export type { Maintenance, RiskGroup, RiskKind, Risks } from './risks.ts';
export type {
  AddressAnswer,
  CompiledProxy,
  CustomerName,
  DescribedSteering,
  DirectChoice,
  DnsAnswer,
  OpenChoice,
  PrivateName,
  ProxiedChoice,
  ProxyChoice,
  ProxyOrDirect,
  ResolverAnswer,
  SiteSteering,
  Steering,
  SteeringPart,
  SteeringTarget,
} from './steering.ts';
