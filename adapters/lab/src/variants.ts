/**
 * Where a daemon, left to itself, does something else than the model: what it is, why, where it is written, and how the
 * lab's configuration takes it away. A rendering `asShipped` leaves it in; the oracle keeps one witness network for each
 * in which the difference shows, so that a variant that disappears with a new version is noticed.
 */
export type VariantName =
  | 'bird-passes-on-unresolved'
  | 'bird-drops-originated-med'
  | 'bird-cluster-loop'
  | 'bird-multipath-without-best'
  | 'bird-gateways-hidden'
  | 'bird-own-next-hop'
  | 'frr-echo'
  | 'frr-private-as-per-group'
  | 'frr-ecmp'
  | 'frr-reflected-policy'
  | 'frr-aggregate-origin'
  | 'frr-aggregate-heard-first'
  | 'frr-own-link-local'
  | 'frr-limit-one-late'
  | 'frr-multipath-med'
  | 'gobgp-no-loops-sent'
  | 'gobgp-export-after-own-as';

export interface Variant {
  readonly name: VariantName;
  readonly daemon: 'bird' | 'frr' | 'gobgp';
  /** What differs, and how the lab's configuration avoids it; 'not avoided' where it cannot. */
  readonly what: string;
  readonly avoidedBy: string;
  readonly source: string;
}

export const variants: readonly Variant[] = [
  {
    name: 'bird-passes-on-unresolved',
    daemon: 'bird',
    what: 'a route whose next hop cannot be found is kept as unreachable, wins where it is alone, and is advertised',
    avoidedBy: 'export filters reject routes with dest = RTD_UNREACHABLE',
    source:
      'RFC 4271 section 9.1.2 leaves such routes out; BIRD 2.0 user guide, "gateway recursive"; observed on 2.0.12',
  },
  {
    name: 'bird-drops-originated-med',
    daemon: 'bird',
    what: 'a MED that a static route carries is not sent to another AS; only one that the export filter sets is',
    avoidedBy: 'the export filter sets bgp_med to itself',
    source: 'BIRD 2.0 user guide, "bgp_med"; observed on 2.0.12; RFC 4271 section 5.1.4 leaves it to configuration',
  },
  {
    name: 'bird-cluster-loop',
    daemon: 'bird',
    what: 'the own cluster id in a cluster list is looked for on sessions to clients only',
    avoidedBy: 'import filters of other iBGP sessions reject the own router id in bgp_cluster_list',
    source: 'RFC 4456 section 8 asks it of every reflector; observed on 2.0.12',
  },
  {
    name: 'bird-multipath-without-best',
    daemon: 'bird',
    what: 'where more paths are equal than may be installed, those with the lowest next hops are, even without the best one',
    avoidedBy: 'not avoided',
    source:
      'observed on 2.0.12; the next hops of a merged route are in the order of their addresses and cut at the limit',
  },
  {
    name: 'bird-gateways-hidden',
    daemon: 'bird',
    what: 'a redistributed route over several gateways is announced inside the AS with the own address as next hop',
    avoidedBy: 'redistributed routes have their first gateway only',
    source: 'observed on 2.0.12; RFC 4271 section 5.1.3 speaks of the one router that packets are handed to',
  },
  {
    name: 'bird-own-next-hop',
    daemon: 'bird',
    what: 'a route is taken although its next hop is an address of the own, if it is not the one of the session',
    avoidedBy: 'import filters of iBGP sessions reject all own addresses as next hops',
    source: 'observed on 2.0.12; RFC 4271 section 6.3 has such a route ignored',
  },
  {
    name: 'frr-echo',
    daemon: 'frr',
    what: 'a route goes back to the eBGP neighbour it came from, which keeps it where allowas-in or removed private AS numbers hide that it is its own',
    avoidedBy: 'routes get a tag per session on import, and the export map to that neighbour denies the tag',
    source: 'observed on FRR 8.4.4; RFC 4271 section 9.2 does not forbid it',
  },
  {
    name: 'frr-private-as-per-group',
    daemon: 'frr',
    what: 'neighbours with equal settings share one update, and the AS number that remove-private-AS spares is that of one of them',
    avoidedBy: 'every such neighbour has an export map of its own',
    source: 'observed on FRR 8.4.4; its user guide, BGP, "remove-private-AS", speaks of the neighbour at hand',
  },
  {
    name: 'frr-ecmp',
    daemon: 'frr',
    what: 'equal paths are installed side by side unless told otherwise',
    avoidedBy: 'maximum-paths 1',
    source: 'FRR user guide, BGP, "maximum-paths": the build\'s multipath number is the default',
  },
  {
    name: 'frr-reflected-policy',
    daemon: 'frr',
    what: 'what an export policy sets on a reflected route is ignored',
    avoidedBy: 'bgp route-reflector allow-outbound-policy',
    source: 'FRR user guide, BGP, "Route Reflector"',
  },
  {
    name: 'frr-aggregate-origin',
    daemon: 'frr',
    what: 'the origin of an aggregate is the worst of all paths inside it, those that lost included',
    avoidedBy: 'not avoided',
    source: 'observed on FRR 8.4.4; RFC 4271 section 9.2.2.2 speaks of the routes that are aggregated',
  },
  {
    name: 'frr-aggregate-heard-first',
    daemon: 'frr',
    what: "no aggregate is made where a neighbour's route for the same prefix, with the same origin, path and communities, was there first",
    avoidedBy: 'import maps give such routes an extended community, which makes them different and is not sent on',
    source:
      'observed on FRR 8.4.4; bgp_aggregate_install in bgpd/bgp_route.c compares with the first path for the prefix, whosever it is',
  },
  {
    name: 'frr-own-link-local',
    daemon: 'frr',
    what: 'an IPv6 route redistributed from another gateway goes to a neighbour with the gateway as next hop and the own link-local address, which the neighbour uses',
    avoidedBy: 'import maps set ipv6 next-hop prefer-global',
    source: 'observed on FRR 8.4.4; RFC 2545 section 3 has both addresses belong to one router',
  },
  {
    name: 'frr-limit-one-late',
    daemon: 'frr',
    what: 'the limit on prefixes is compared before the arriving one is counted: one too many stay until anything more arrives, be it a route that is sent again',
    avoidedBy: 'not avoided; a session with two too many falls at once',
    source:
      'observed on FRR 8.4.4: "reaches 2, max 2" is logged when the third prefix arrives; a route refresh, such as bgpd asks for when import maps are read later than the session came up, ends in "3 exceed, limit 2"',
  },
  {
    name: 'frr-multipath-med',
    daemon: 'frr',
    what: 'with multipath-relax, a path that lost on MED to another one of its AS stands beside a best path of another AS',
    avoidedBy: "not avoided; the model decides as 'frr-multipath-relax' where several paths may be installed",
    source:
      'observed on FRR 8.4.4; RFC 4271 section 9.1.2.2 c takes such a path out before anything is compared with it',
  },
  {
    name: 'gobgp-no-loops-sent',
    daemon: 'gobgp',
    what: 'a path is not sent to a neighbour whose AS is in it, so that allowas-in there has nothing to accept',
    avoidedBy: 'not avoided; such networks are not given to GoBGP',
    source: 'observed on GoBGP 3.10.0; RFC 4271 section 9.1.2 puts the loop check on the receiving side',
  },
  {
    name: 'gobgp-export-after-own-as',
    daemon: 'gobgp',
    what: 'export policy sees the path with the own AS in it, and prepends in front of that',
    avoidedBy: 'not avoided; such policies are not given to GoBGP',
    source: 'observed on GoBGP 3.10.0; RFC 4271 section 5.1.2 leaves the order open',
  },
];
