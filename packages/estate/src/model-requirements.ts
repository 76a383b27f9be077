/** What a plan has to satisfy: the part of a document that says what is wanted instead of what exists. */
import type { Prefix } from '@bothways/net';
import type { Money, Path } from './model-values.ts';

export interface Requirements {
  readonly path: Path;
  /** ISO 3166-1 codes of the countries in which circuits may end; empty: anywhere. */
  readonly countries: readonly Named[];
  /** Connectivity providers that may be asked; empty: any. */
  readonly providers: readonly Named[];
  /** Peering location ids that may be used; empty: any of the cloud. */
  readonly locations: readonly Named[];
  /** Sites with a machine room where a circuit may land; empty: a new hub in the city of each peering location. */
  readonly hubs: readonly Named[];
  /** Sites whose traffic to environments must keep to circuits. */
  readonly private: readonly PrivateSites[];
  /** Milliseconds for the round trip from every site, at most. */
  readonly latency: number | undefined;
  readonly survives: 'nothing' | 'any-single-failure';
  /** For a month. */
  readonly budget: Money | undefined;
  /** Public prefixes that pools and link subnets of a plan are cut from. */
  readonly pools: readonly Prefix[];
}

export interface Named {
  readonly name: string;
  readonly path: Path;
}

/** One entry of the list of private sites. */
export interface PrivateSites extends Named {
  readonly kind: 'all' | 'country' | 'region' | 'site';
  /** Names of sites. */
  readonly sites: readonly string[];
}
