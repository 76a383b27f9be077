/** A lab of real routing daemons in network namespaces, and what it says about the model's predictions. */

export type { FailureElement } from '@bothways/forwarding';
export { type BuildScript, buildScript } from './build-script.ts';
export { type CaptureOptions, type CaptureSummary, capture } from './capture.ts';
export { type CompareOptions, compareTables, type Difference, formatDifference } from './compare.ts';
export { dispositionOf, type Observed, observedText, tripText, wayText } from './compare-trace.ts';
export type { Connection } from './connections.ts';
export { type DaemonName, daemonNames } from './daemons.ts';
export { compiledEstate, type LabEstate, labEstate } from './estate-folder.ts';
export { estimateLab, type LabEstimate } from './estimate.ts';
export { type ExportFormat, type ExportOptions, exportLab, exportNetwork } from './export.ts';
export { type HostProbe, probeHost, probePackets } from './host.ts';
export { type Kill, killLabs } from './kill-run.ts';
export { type Convergence, Lab, type SettleOptions, startLab } from './lab.ts';
export { type AnswerQuestion, askQuestion, type LabServer, serveQuestions, type Talk } from './lab-control.ts';
export {
  designUnder,
  type Impossible,
  type LabDesign,
  type LabPrediction,
  labElements,
  planLab,
} from './lab-design.ts';
export { type LabPart, labPart } from './lab-part.ts';
export { differencesIn, type LabSweep, type LabSweepOptions, type SweptFailure, sweepLab } from './lab-sweep.ts';
export { type Measurement, measureLab } from './measure.ts';
export type { NameLookUp } from './name-lookups.ts';
export { compareRandom, hasOneAnswer, type OracleOptions, type OracleReport } from './oracle.ts';
export {
  comparePackets,
  compareRandomPackets,
  type Followed,
  type FollowedCase,
  type FollowedPacket,
  followPackets,
  type Judged,
  type PacketCase,
  type PacketDifference,
  type PacketOptions,
  type PacketReport,
} from './packet-oracle.ts';
export {
  type Incomparable,
  incomparable,
  type PredictedTrip,
  type Question,
  type SeenLeg,
} from './packet-prediction.ts';
export {
  type AddressPair,
  type Gateway,
  type KernelRoute,
  type LabInterface,
  type LabLink,
  type LabNode,
  type LabPlan,
  type LabSession,
  type PlanOptions,
  plan,
  type UnderlayRoute,
} from './plan.ts';
export { randomCoupledNetwork } from './random-coupled.ts';
export { randomDataPlane } from './random-data-plane.ts';
export { randomNetwork } from './random-network.ts';
export { renderBird } from './render-bird.ts';
export { renderFrr } from './render-frr.ts';
export { renderGobgp } from './render-gobgp.ts';
export { type NodeFiles, type Rendered } from './rendered.ts';
export { type CaseResult, type LabCase, type RunOptions, runCases } from './run-cases.ts';
export {
  type Announcement,
  announceLab,
  endLab,
  enterNode,
  type RunningLab,
  runningLabs,
  socketOf,
} from './running-labs.ts';
export { Sandbox, type SandboxOptions } from './sandbox.ts';
export { measureTableLoad, type TableLoad, type TablePeerStream } from './table-load.ts';
export { type DeviceTable, predictedTables, type Row, type Tables } from './tables.ts';
export { type Variant, type VariantName, variants } from './variants.ts';
export { differencesOf, dropOf, type LabVerdict, type Loss, type VerifyOptions, verifyLab } from './verify-lab.ts';
