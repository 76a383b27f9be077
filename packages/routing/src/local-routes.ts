/**
 * The routes that devices put into BGP themselves for one class of prefixes: originated, redistributed, aggregated. Each
 * exists once per value of what it depends on (`conditions.ts`), so that paths made from it can be shared.
 */

import type { Network } from '@bothways/network';
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
import type { Hop } from './shortest-paths.ts';
import { PathNode } from './transfer.ts';
import { element, type Wiring } from './wiring.ts';

/** Values of an aggregate, from 1: the worst origin inside it. */
export const aggregateOrigins: readonly OriginCode[] = ['igp', 'egp', 'incomplete'];

/** What a redistribution took: the cost of the route, and the gateway of one that goes through another router. */
export interface Taken {
  /** Of a route of the IGP; 0 otherwise. */
  readonly cost: number;
  readonly gateway: Hop | undefined;
}

/** Above every cost: 32 bits in OSPF and less in others. */
const GATEWAY_UNIT = 2 ** 33;

/** As a value; never 0. The gateway is a link and one of its ends. */
export function takenValue({ links }: Network, { cost, gateway }: Taken): number {
  if (gateway === undefined) return 1 + cost;
  const end = element(links, gateway.link, 'link').a === gateway.device ? 0 : 1;
  return 1 + cost + GATEWAY_UNIT * (1 + 2 * gateway.link + end);
}

function takenOf({ links }: Network, value: number): Taken {
  const place = Math.floor(value / GATEWAY_UNIT) - 1;
  const cost = (value % GATEWAY_UNIT) - 1;
  if (place < 0) return { cost, gateway: undefined };
  const { ix, a, b } = element(links, place >> 1, 'link');
  return { cost, gateway: { link: ix, device: place % 2 === 0 ? a : b } };
}

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
   * to be said, `takenValue` for what was redistributed, and 1 and the position in `aggregateOrigins` for an aggregate.
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
      const { cost, gateway } = takenOf(this.#wiring.network, value);
      const plain = localAttributes(ix, { originCode: 'incomplete', med: metric ?? cost });
      const offered = gateway === undefined ? plain : { ...plain, nextHop: gateway.device, nextHopLink: gateway.link };
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
