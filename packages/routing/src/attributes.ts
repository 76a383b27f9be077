/**
 * The path attributes of a route, as one table: what each is called, where it is defined, how far it travels, how two
 * values compare and how one is printed. A new attribute does not compile until every column is filled.
 *
 * Left out: extended communities, AS_SET and confederation segments. Source: RFC 4271 section 5, RFC 1997, RFC 4456 section 8, RFC 8092.
 */
import { type Asn, type Community, formatCommunity, formatLargeCommunity, type LargeCommunity } from '@bothways/net';
import type { Aggregate, Device, DeviceIx, LinkIx, Origination } from '@bothways/network';

export type OriginCode = Origination['originCode'];

export interface Attributes {
  /** Nearest AS first, the originating AS last; empty inside the originating AS. */
  readonly asPath: readonly Asn[];
  readonly originCode: OriginCode;
  /** The device packets are handed to; addresses of devices are not modelled. */
  readonly nextHop: DeviceIx;
  /** The link whose interface address the next hop is; undefined: a loopback, found through the IGP. */
  readonly nextHopLink: LinkIx | undefined;
  /** MULTI_EXIT_DISC; an absent one counts as 0 (RFC 4271 section 9.1.2.2 c). */
  readonly med: number;
  readonly localPreference: number;
  /** Never leaves the device that set it. */
  readonly weight: number;
  /** Ascending, without repetition. */
  readonly communities: readonly Community[];
  /** Ascending, without repetition. */
  readonly largeCommunities: readonly LargeCommunity[];
  /** BGP identifier of the router that brought a reflected route into the AS. */
  readonly originatorId: number | undefined;
  /** Cluster ids of the reflectors passed, the latest first. */
  readonly clusterList: readonly number[];
  /** AGGREGATOR of an aggregated route, which carries ATOMIC_AGGREGATE as well. */
  readonly aggregator: { readonly asn: Asn; readonly routerId: number } | undefined;
}

/**
 * How far a value is carried: it stays on the `device`, goes to other routers of the `as`, to the routers of the
 * `neighbour-as` that hears it from the AS that set it, or `everywhere`.
 */
export type Reach = 'device' | 'as' | 'neighbour-as' | 'everywhere';

export interface AttributeSpec {
  readonly title: string;
  readonly source: string;
  readonly reach: Reach;
  readonly same: (a: Attributes, b: Attributes) => boolean;
  /** Empty where the route carries no value. */
  readonly format: (attributes: Attributes) => string;
}

/** LOCAL_PREF of a route that nobody gave one, by every vendor's default. */
export const DEFAULT_LOCAL_PREFERENCE = 100;
/** Weight of a route the device originates itself; IOS and FRR give it so that nothing learned beats it. */
const LOCAL_WEIGHT = 32768;

const identical = (a: unknown, b: unknown): boolean => a === b;

function sameList<Item>(a: readonly Item[], b: readonly Item[], same: (x: Item, y: Item) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (const [ix, item] of a.entries()) {
    const other = b[ix];
    if (other === undefined || !same(item, other)) return false;
  }
  return true;
}

export function sameLargeCommunity(a: LargeCommunity, b: LargeCommunity): boolean {
  return a.global === b.global && a.first === b.first && a.second === b.second;
}

function orderLargeCommunities(a: LargeCommunity, b: LargeCommunity): number {
  return a.global - b.global || a.first - b.first || a.second - b.second;
}

const formatRouterId = (id: number): string => [24, 16, 8, 0].map((shift) => (id >>> shift) & 255).join('.');

export const attributeTable: Readonly<Record<keyof Attributes, AttributeSpec>> = {
  asPath: {
    title: 'AS path',
    source: 'RFC 4271 section 5.1.2',
    reach: 'everywhere',
    same: (a, b) => sameList(a.asPath, b.asPath, identical),
    format: ({ asPath }) => asPath.join(' '),
  },
  originCode: {
    title: 'origin',
    source: 'RFC 4271 section 5.1.1',
    reach: 'everywhere',
    same: (a, b) => a.originCode === b.originCode,
    format: ({ originCode }) => originCode,
  },
  nextHop: {
    title: 'next hop',
    source: 'RFC 4271 section 5.1.3',
    reach: 'as',
    same: (a, b) => a.nextHop === b.nextHop,
    format: ({ nextHop }) => `device ${nextHop}`,
  },
  nextHopLink: {
    title: 'next hop link',
    source: 'RFC 4271 section 5.1.3',
    reach: 'as',
    same: (a, b) => a.nextHopLink === b.nextHopLink,
    format: ({ nextHopLink }) => (nextHopLink === undefined ? 'loopback' : `link ${nextHopLink}`),
  },
  med: {
    title: 'MED',
    source: 'RFC 4271 section 5.1.4',
    reach: 'neighbour-as',
    same: (a, b) => a.med === b.med,
    format: ({ med }) => String(med),
  },
  localPreference: {
    title: 'local preference',
    source: 'RFC 4271 section 5.1.5',
    reach: 'as',
    same: (a, b) => a.localPreference === b.localPreference,
    format: ({ localPreference }) => String(localPreference),
  },
  weight: {
    title: 'weight',
    source: 'IOS and FRR; not in RFC 4271',
    reach: 'device',
    same: (a, b) => a.weight === b.weight,
    format: ({ weight }) => String(weight),
  },
  communities: {
    title: 'communities',
    source: 'RFC 1997',
    reach: 'everywhere',
    same: (a, b) => sameList(a.communities, b.communities, identical),
    format: ({ communities }) => communities.map((item) => formatCommunity(item)).join(' '),
  },
  largeCommunities: {
    title: 'large communities',
    source: 'RFC 8092',
    reach: 'everywhere',
    same: (a, b) => sameList(a.largeCommunities, b.largeCommunities, sameLargeCommunity),
    format: ({ largeCommunities }) => largeCommunities.map((item) => formatLargeCommunity(item)).join(' '),
  },
  originatorId: {
    title: 'originator',
    source: 'RFC 4456 section 8',
    reach: 'as',
    same: (a, b) => a.originatorId === b.originatorId,
    format: ({ originatorId }) => (originatorId === undefined ? '' : formatRouterId(originatorId)),
  },
  clusterList: {
    title: 'cluster list',
    source: 'RFC 4456 section 8',
    reach: 'as',
    same: (a, b) => sameList(a.clusterList, b.clusterList, identical),
    format: ({ clusterList }) => clusterList.map(formatRouterId).join(' '),
  },
  aggregator: {
    title: 'aggregator',
    source: 'RFC 4271 sections 5.1.6 and 5.1.7',
    reach: 'everywhere',
    same: (a, b) => a.aggregator?.asn === b.aggregator?.asn && a.aggregator?.routerId === b.aggregator?.routerId,
    format: ({ aggregator }) =>
      aggregator === undefined ? '' : `${aggregator.asn} ${formatRouterId(aggregator.routerId)}`,
  },
};

export const attributeNames: readonly (keyof Attributes)[] = [
  'asPath',
  'originCode',
  'nextHop',
  'nextHopLink',
  'med',
  'localPreference',
  'weight',
  'communities',
  'largeCommunities',
  'originatorId',
  'clusterList',
  'aggregator',
];

export function sameAttributes(a: Attributes, b: Attributes): boolean {
  return a === b || attributeNames.every((name) => attributeTable[name].same(a, b));
}

/** What every route starts with at the device that puts it into BGP (RFC 4271 section 5.1, the local speaker's part). */
export function localAttributes(device: DeviceIx, own: Partial<Attributes>): Attributes {
  return {
    asPath: [],
    originCode: 'igp',
    nextHop: device,
    nextHopLink: undefined,
    med: 0,
    localPreference: DEFAULT_LOCAL_PREFERENCE,
    weight: LOCAL_WEIGHT,
    communities: [],
    largeCommunities: [],
    originatorId: undefined,
    clusterList: [],
    aggregator: undefined,
    ...own,
  };
}

export function originatedAttributes(origination: Origination, device: DeviceIx): Attributes {
  const { originCode, med } = origination;
  const communities = sortedCommunities(origination.communities);
  const largeCommunities = sortedLargeCommunities(origination.largeCommunities);
  return localAttributes(device, { originCode, med, communities, largeCommunities });
}

/** The worst origin among the routes inside goes for all (RFC 4271 section 9.2.2.2, ORIGIN). */
export function aggregatedAttributes(aggregate: Aggregate, device: Device, originCode: OriginCode): Attributes {
  const { asn, routerId } = device;
  const communities = sortedCommunities(aggregate.communities);
  return localAttributes(device.ix, { originCode, communities, aggregator: { asn, routerId } });
}

export function sortedCommunities(communities: Iterable<Community>): readonly Community[] {
  return [...new Set(communities)].sort((a, b) => a - b);
}

export function sortedLargeCommunities(communities: Iterable<LargeCommunity>): readonly LargeCommunity[] {
  const sorted = [...communities].sort(orderLargeCommunities);
  return sorted.filter((item, ix) => {
    const before = sorted[ix - 1];
    return before === undefined || !sameLargeCommunity(before, item);
  });
}
