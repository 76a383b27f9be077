/** Failures of a network, one after the other in a lab that runs: each until the tables settle, then verified. */
import type { FailureElement } from '@bothways/forwarding';
import type { Convergence, Lab } from './lab.ts';
import { labElements } from './lab-design.ts';
import { differencesOf, type LabVerdict, verifyLab } from './verify-lab.ts';

export interface SweptFailure {
  readonly element: FailureElement;
  /** From the failure. */
  readonly convergence: Convergence;
  readonly verdict: LabVerdict;
  /** Of the round trips sent: those that came to nothing, as predicted or not. */
  readonly lost: number;
  /** From the repair. */
  readonly back: Convergence;
}

export interface LabSweep {
  /** Before anything failed. */
  readonly healthy: LabVerdict;
  readonly failures: readonly SweptFailure[];
}

export interface LabSweepOptions {
  /** Round trips for each failure, at least: one of each is sent in any case; 60 unless stated. */
  readonly packets?: number;
  readonly seed?: number;
  /** Every element that can fail unless stated. */
  readonly elements?: readonly FailureElement[];
  readonly progress?: (stage: string) => void;
}

/** Rejects where the lab ends meanwhile. */
export async function sweepLab(lab: Lab, options: LabSweepOptions = {}): Promise<LabSweep> {
  const { packets = 60, seed = 1, elements = labElements(lab.design), progress = () => {} } = options;
  const verify = { packets, seed, each: true };
  progress('the network as it is');
  const healthy = await verifyLab(lab, { ...verify, progress });
  const failures: SweptFailure[] = [];
  for (const [at, element] of elements.entries()) {
    const say = (stage: string): void => progress(`${at + 1} of ${elements.length}, ${element.id}: ${stage}`);
    say('fails');
    const convergence = await lab.become([element.id], { progress: say });
    // What has not settled by now will not; the tables are read once more.
    const verdict = await verifyLab(lab, { ...verify, patience: 0, progress: say });
    say('comes back');
    const back = await lab.become([], { progress: say });
    failures.push({ element, convergence, verdict, lost: lostOf(verdict), back });
  }
  return { healthy, failures };
}

/** Differences of any kind in the state of one failure. */
export function differencesIn({ verdict, back }: Pick<SweptFailure, 'verdict' | 'back'>): number {
  return differencesOf(verdict) + back.differences.length;
}

function lostOf({ judged }: LabVerdict): number {
  return judged.filter(({ observed }) => observed.answer?.disposition !== 'delivered').length;
}
