/**
 * Networks with more than one answer. Where preferences form a circle, several states can be stable and the order of
 * events decides which one holds (DISAGREE in Griffin, Shepherd and Wilfong 2002; RFC 4264). This looks for them: each
 * class is settled again with one speaker after the other slower than all the rest.
 *
 * What couples prefixes can keep itself alive as well: a static route that gives way to eBGP is in BGP for good where it
 * was redistributed before the neighbour's route came, because a router prefers its own. So everything is settled again
 * with one condition after the other, and with all of them together, being the other way to begin with.
 *
 * It finds what one slow speaker or one condition is enough to find. Finding nothing is no proof: deciding it is NP-hard
 * in general.
 */
import type { DeviceIx } from '@bothways/network';
import { type Values, type Variable, valueIfFirst, variableText } from './conditions.ts';
import { type ControlPlane, settlementOf } from './control-plane.ts';
import { Settler } from './convergence.ts';
import { fibSource, type Settlement, settledFrom } from './settlement.ts';
import { type Candidate, samePath } from './transfer.ts';

/** What leads to another stable state. */
export type OtherStart =
  /** The speaker is the last to hear. */
  | { readonly kind: 'slowest'; readonly device: DeviceIx }
  /** These hold first, or end first. */
  | {
      readonly kind: 'conditions';
      readonly turns: readonly { readonly variable: Variable; readonly holds: boolean; readonly text: string }[];
    };

/** Another stable state: where it differs from the tables of the control plane. */
export interface OtherState {
  /** The classes it concerns. */
  readonly classes: readonly number[];
  readonly start: OtherStart;
  readonly differences: readonly {
    readonly device: DeviceIx;
    readonly here: Candidate | undefined;
    readonly there: Candidate | undefined;
  }[];
}

/** At most one other state per group of classes that BGP treats alike, by class; then at most one per condition. */
export function otherStableStates(plane: ControlPlane): readonly OtherState[] {
  const settlement = settlementOf(plane);
  return [...byLateness(settlement), ...byConditions(settlement)];
}

function byLateness({ foundation, limits, final }: Settlement): readonly OtherState[] {
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
      return [{ classes, start: { kind: 'slowest', device: slowest }, differences }];
    }
    return [];
  });
}

/** More conditions than this are tried together only: each costs as much as settling the network again. */
const MOST_CONDITIONS = 200;

function byConditions(settlement: Settlement): readonly OtherState[] {
  const { foundation, final, unsettled } = settlement;
  const { variables } = foundation.coupling;
  if (variables.length === 0 || unsettled !== undefined) return [];
  const source = fibSource(foundation, final);
  const others = variables.map((variable, ix) => ((final.values[ix] ?? 0) === 0 ? valueIfFirst(source, variable) : 0));
  const changes = variables.map((_, ix) => ix).filter((ix) => others[ix] !== final.values[ix]);
  const starts = changes.length > MOST_CONDITIONS ? [] : changes.map((ix) => [ix]);
  const beginning = changes.filter((ix) => others[ix] !== 0);
  if (beginning.length > 1) starts.push(beginning);
  const found = new Set<string>([final.values.join()]);
  return starts.flatMap((changed): readonly OtherState[] => {
    const values: Values = Float64Array.from(final.values);
    for (const ix of changed) values[ix] = others[ix] ?? 0;
    const there = settledFrom(settlement, values);
    if (there === undefined || found.has(there.values.join())) return [];
    found.add(there.values.join());
    const classes = new Set<number>();
    const differences: OtherState['differences'][number][] = [];
    for (const [bgpIx, { best }] of final.settled.entries()) {
      for (const [device, here] of best.entries()) {
        const other = there.settled[bgpIx]?.best[device];
        if (samePath(here, other)) continue;
        classes.add(bgpIx);
        differences.push({ device, here, there: other });
      }
    }
    if (differences.length === 0) return [];
    const { table, wiring } = foundation;
    const turns = changed.flatMap((ix) => {
      const variable = variables[ix];
      if (variable === undefined) return [];
      return [{ variable, holds: values[ix] !== 0, text: variableText(wiring.network, variable) }];
    });
    const touched = table.bgpClassOf.flatMap((bgpIx, ix) => (bgpIx !== undefined && classes.has(bgpIx) ? [ix] : []));
    return [{ classes: touched, start: { kind: 'conditions', turns }, differences }];
  });
}
