/**
 * The routes that devices put into BGP themselves for one class of prefixes: originated, redistributed, aggregated. Each
 * exists once per value of what it depends on (`conditions.ts`), so that paths made from it can be shared.
 */

import { alike } from './alike.ts';
import {
  type Attributes,
  aggregatedAttributes,
  localAttributes,
  type OriginCode,
  originatedAttributes,
} from './attributes.ts';
import type { BgpClass, LocalPlace } from './classes.ts';
import { applyPolicy } from './policy.ts';
import { PathNode } from './transfer.ts';
import { element, type Wiring } from './wiring.ts';

/** Values of an aggregate, from 1: the worst origin inside it. */
export const aggregateOrigins: readonly OriginCode[] = ['igp', 'egp', 'incomplete'];

export class LocalRoutes {
  readonly #wiring: Wiring;
  readonly #bgpClass: BgpClass;
  /** By place, then value. */
  readonly #made: Map<number, PathNode | undefined>[] = [];

  constructor(wiring: Wiring, bgpClass: BgpClass) {
    this.#wiring = wiring;
    this.#bgpClass = bgpClass;
  }

  /**
   * The route of a place; undefined where the policy of a redistribution rejects it. `value` is 1 where nothing more is
   * to be said, 1 and the cost for a route of the IGP, and 1 and the position in `aggregateOrigins` for an aggregate.
   */
  at(place: number, value: number): PathNode | undefined {
    const known = this.#made[place];
    const made = known ?? new Map<number, PathNode | undefined>();
    if (known === undefined) this.#made[place] = made;
    if (!made.has(value)) made.set(value, this.#make(element(this.#bgpClass.places, place, 'place'), value));
    return made.get(value);
  }

  #make({ kind, device: ix, entry }: LocalPlace, value: number): PathNode | undefined {
    const device = element(this.#wiring.network.devices, ix, 'device');
    let attributes: Attributes | undefined;
    if (kind === 'origination') {
      attributes = originatedAttributes(element(device.originations, entry, 'origination'), ix);
    } else if (kind === 'aggregate') {
      const origin = element(aggregateOrigins, value - 1, 'origin');
      attributes = aggregatedAttributes(element(device.aggregates ?? [], entry, 'aggregate'), device, origin);
    } else {
      const { metric, policy } = element(device.redistributions ?? [], entry, 'redistribution');
      const compiled = element(this.#wiring.policies.policies, policy, 'policy');
      const offered = localAttributes(ix, { originCode: 'incomplete', med: metric ?? value - 1 });
      attributes = applyPolicy(compiled, offered, this.#bgpClass.subject, true).attributes;
    }
    return attributes === undefined ? undefined : new PathNode(attributes, { kind, device, entry });
  }

  /** True where this set, of the network before an edit, makes the same routes as one for `bgpClass` would. */
  serves(wiring: Wiring, bgpClass: BgpClass): boolean {
    return (
      alike(this.#bgpClass.places, bgpClass.places) &&
      bgpClass.places.every((place) => alike(contentOf(this.#wiring, place), contentOf(wiring, place)))
    );
  }
}

/** What a route depends on besides its prefix. */
function contentOf({ network, policies }: Wiring, { kind, device: ix, entry }: LocalPlace): unknown {
  const device = element(network.devices, ix, 'device');
  if (kind === 'origination') {
    const { communities, largeCommunities, med, originCode } = element(device.originations, entry, 'origination');
    return [communities, largeCommunities, med, originCode];
  }
  if (kind === 'aggregate') return element(device.aggregates ?? [], entry, 'aggregate').communities;
  const { from, metric, policy } = element(device.redistributions ?? [], entry, 'redistribution');
  return [from, metric, element(policies.policies, policy, 'policy').identity];
}
