/**
 * Networks with more than one answer. Where preferences form a circle, several states can be stable and the order of
 * events decides which one holds (DISAGREE in Griffin, Shepherd and Wilfong 2002; RFC 4264). This looks for them: each
 * class is settled again with one speaker after the other slower than all the rest.
 *
 * It finds what one slow speaker is enough to find. Finding nothing is no proof: deciding it is NP-hard in general.
 */
import type { DeviceIx } from '@bothways/network';
import { type ControlPlane, settlementOf } from './control-plane.ts';
import { Settler } from './convergence.ts';
import { type Candidate, samePath } from './transfer.ts';

/** Another stable state of a class: where it differs from the tables of the control plane. */
export interface OtherState {
  /** The classes it concerns. */
  readonly classes: readonly number[];
  /** The speaker whose lateness leads there. */
  readonly slowest: DeviceIx;
  readonly differences: readonly {
    readonly device: DeviceIx;
    readonly here: Candidate | undefined;
    readonly there: Candidate | undefined;
  }[];
}

/** At most one other state per group of classes that BGP treats alike, by class. */
export function otherStableStates(plane: ControlPlane): readonly OtherState[] {
  const { foundation, limits, final } = settlementOf(plane);
  const { table, wiring, keepsPaths } = foundation;
  const settler = new Settler(wiring, final.situation, limits);
  return table.bgpClasses.flatMap((bgpClass): readonly OtherState[] => {
    const here = final.settled[bgpClass.ix];
    // Only routes that somebody holds can be late, and nobody's lateness matters where nobody has a choice.
    if (here === undefined || here.rest.kind !== 'stable') return [];
    for (const [slowest, route] of here.best.entries()) {
      if (route === undefined || route.kind === 'local') continue;
      const there = settler.settle(bgpClass, here.inputs, { slowest });
      const differences = here.best.flatMap((own, device) => {
        const other = there.best[device];
        return samePath(own, other) ? [] : [{ device, here: own, there: other }];
      });
      if (!keepsPaths) settler.forget();
      if (differences.length === 0 || there.rest.kind !== 'stable') continue;
      const classes = table.classes.filter(({ ix }) => table.bgpClassOf[ix] === bgpClass.ix).map(({ ix }) => ix);
      return [{ classes, slowest, differences }];
    }
    return [];
  });
}
