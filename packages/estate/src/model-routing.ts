/**
 * What single devices do differently from what the network package derives. A device is named as it is compiled: a site
 * (its router), a firewall, a router of an ExpressRoute edge, a WAN cloud.
 */
import type { Asn, Community, Prefix } from '@bothways/net';
import type { Path, Prepend } from './model-values.ts';

export interface DeviceRouting {
  /** Same as `device`: the name is the key. */
  readonly name: string;
  readonly device: string;
  readonly path: Path;
  readonly asn: Asn | undefined;
  /** Terms for every session, in front of those that are derived; the first one that fits decides. */
  readonly import: readonly RoutingTerm[];
  readonly export: readonly RoutingTerm[];
  /** Terms for single sessions, in front of those for every session. */
  readonly neighbours: readonly NeighbourRouting[];
  readonly statics: readonly StaticRouteOverride[];
  /** `undefined`: as derived. */
  readonly defaultRoute: 'originate' | 'accept' | 'reject' | undefined;
  /** Interior cost of every link of this device. */
  readonly igpCost: number | undefined;
  /** Equal paths used side by side. */
  readonly maximumPaths: number | undefined;
}

export interface NeighbourRouting {
  /** Name of the neighbouring device. */
  readonly device: string;
  readonly path: Path;
  readonly import: readonly RoutingTerm[];
  readonly export: readonly RoutingTerm[];
}

export interface RoutingTerm {
  readonly path: Path;
  /** Everything given must fit; nothing given fits every route. */
  readonly match: RoutingMatch;
  readonly set: RoutingSet;
  readonly then: 'accept' | 'reject';
}

/** An empty list is no condition. */
export interface RoutingMatch {
  readonly prefixes: readonly PrefixMatch[];
  /** Any of them; written as values or as names of Azure regions and services. */
  readonly communities: readonly Community[];
  /** Any of them stands in the AS path. */
  readonly asPathContains: readonly Asn[];
  /** Any of them stands at the end of the AS path. */
  readonly originatedBy: readonly Asn[];
}

/** A line of a prefix list: exactly the prefix, or those inside it with a length from `atLeast` to `atMost`. */
export interface PrefixMatch {
  readonly prefix: Prefix;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface RoutingSet {
  readonly localPreference: number | undefined;
  /** MULTI_EXIT_DISC. */
  readonly med: number | undefined;
  readonly prepend: Prepend | undefined;
  /** Added to those the route carries. */
  readonly communities: readonly Community[];
}

export interface StaticRouteOverride {
  readonly prefix: Prefix;
  readonly next: { readonly kind: 'device'; readonly device: string } | { readonly kind: 'discard' };
  readonly path: Path;
}
