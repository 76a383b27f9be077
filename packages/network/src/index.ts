export { type CompiledNetwork, compileNetwork } from './compile.ts';
export type { ConcreteDemand, Demands, SkippedDemand } from './demands.ts';
export type { FlowTarget } from './destinations.ts';
export type * from './model.ts';
