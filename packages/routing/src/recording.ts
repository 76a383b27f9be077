/**
 * Convergence as a film: every change of mind of one class of prefixes, from the first event to rest. The run is the one
 * that `converge` makes, so it ends in the tables of the control plane. What is put into BGP on a condition is there, or
 * not there, from the beginning, as it is in the end.
 *
 * After a change two films exist: from nothing (`convergeRecorded` of the new control plane) and from the tables before
 * the change (`reconvergeRecorded`), which is what routers do. Where several stable states exist the second may end
 * elsewhere; it says so, because a network that does not return by itself is worth knowing (RFC 4264, "BGP Wedgies").
 */
import { type ControlPlane, settlementOf } from './control-plane.ts';
import { type Activation, Settler, type Start } from './convergence.ts';
import { samePath } from './transfer.ts';
import { element } from './wiring.ts';

export interface Recording {
  /** In the order they happen. */
  readonly activations: readonly Activation[];
  /** False where it did not end in the tables of the control plane: several stable states, or none. */
  readonly arrives: boolean;
}

/** From nothing to the tables of `plane`; empty for a class that nobody puts into BGP. */
export function convergeRecorded(plane: ControlPlane, classIx: number): Recording {
  return record(plane, classIx, undefined);
}

/** From the tables of `before` to those of `after`, which are of the same network in different situations. */
export function reconvergeRecorded(before: ControlPlane, after: ControlPlane, classIx: number): Recording {
  return record(after, classIx, before);
}

function record(plane: ControlPlane, classIx: number, before: ControlPlane | undefined): Recording {
  const { foundation, limits, final, unsettled } = settlementOf(plane);
  const bgpIx = foundation.table.bgpClassOf[classIx];
  if (bgpIx === undefined) return { activations: [], arrives: true };
  const activations: Activation[] = [];
  const observe = (activation: Activation): void => {
    activations.push(activation);
  };
  const settler = new Settler(foundation.wiring, final.situation, limits);
  const bgpClass = element(foundation.table.bgpClasses, bgpIx, 'class');
  const start = before === undefined ? undefined : startFrom(before, plane, bgpIx);
  const options = start === undefined ? { observe } : { observe, start };
  const { inputs, best: wanted } = element(final.settled, bgpIx, 'settled class');
  const settled = settler.settle(bgpClass, inputs, options);
  const steady = settled.rest.kind === 'stable' && unsettled?.bgpClasses.includes(bgpIx) !== true;
  const arrives = steady && settled.best.every((route, device) => samePath(route, wanted[device]));
  return { activations, arrives };
}

function startFrom(before: ControlPlane, after: ControlPlane, bgpIx: number): Start {
  const { foundation, final } = settlementOf(before);
  if (foundation !== settlementOf(after).foundation) throw new RangeError('two control planes of different networks');
  return { best: element(final.settled, bgpIx, 'settled class').best };
}
