/**
 * The vendor-neutral network: both halves, the customer's and Microsoft's, as one graph of devices, links, BGP sessions
 * and policies. It is what `compileNetwork` produces and what the control plane and the data plane consume; nothing
 * behind it knows the estate document.
 *
 * Every element remembers the lines and facts it came from, so that a finding can point at its cause.
 *
 * A routing domain of its own on one box (private peering beside Microsoft peering) is a device of its own; what shares
 * the box is said by the risk groups. Left out: interfaces as objects of their own (a link end is enough so far),
 * multicast.
 */

import type { Path } from '@bothways/estate';
import type { LatencyEstimate } from '@bothways/facts';
import type { Address, Asn, Community, LargeCommunity, Prefix } from '@bothways/net';

/** Position in `Network.devices`. */
export type DeviceIx = number;
/** Position in `Network.links`. */
export type LinkIx = number;
/** Position in `Network.sessions`. */
export type SessionIx = number;
/** Position in `Network.policies`. */
export type PolicyIx = number;

/** Where an element comes from: a place in the document, a numbered fact, or a stated derivation. */
export type Origin =
  | { readonly kind: 'document'; readonly path: Path }
  | { readonly kind: 'fact'; readonly fact: string }
  | { readonly kind: 'derived'; readonly because: string };

/** Who runs a device: decides which findings the customer can act on. */
export type Half = 'customer' | 'provider' | 'internet' | 'microsoft';

export type DeviceRole =
  | 'site-router'
  | 'firewall'
  | 'customer-edge'
  /** The provider's side of a WAN cloud: all of its edge routers as one. */
  | 'provider-edge'
  | 'proxy'
  /** Users who come in by VPN: the end of their tunnels. */
  | 'vpn-users'
  | 'roaming-users'
  | 'internet-provider'
  | 'internet'
  /** One of the two Microsoft edge routers of a circuit; each peering is a routing domain, and so a device, of its own. */
  | 'msee'
  | 'vnet'
  | 'vnet-gateway'
  /** A virtual appliance that a user-defined route points to. */
  | 'vnet-appliance'
  | 'microsoft-internet-edge'
  | 'microsoft-backbone'
  | 'azure-region'
  | 'microsoft-service'
  | 'public-service';

export interface Device {
  readonly ix: DeviceIx;
  readonly name: string;
  readonly role: DeviceRole;
  readonly half: Half;
  /** The AS this device speaks BGP for. */
  readonly asn: Asn;
  /** BGP identifier: unique, deterministic; the last tie-break. */
  readonly routerId: number;
  /** Addresses delivered at this device: hosts attached to it. */
  readonly connected: readonly ConnectedPrefixes[];
  readonly statics: readonly StaticRoute[];
  /** What it puts into BGP by itself. */
  readonly originations: readonly Origination[];
  /** Shorter prefixes it announces for the routes inside them. */
  readonly aggregates?: readonly Aggregate[];
  /** What it takes from one protocol into another. */
  readonly redistributions?: readonly Redistribution[];
  /** Sources accepted per link; a link without an entry is not filtered (ER-047 is one on each MSEE). */
  readonly sourceFilters: readonly SourceFilter[];
  readonly firewall: FirewallPolicy | undefined;
  readonly sourceNat: readonly SourceNat[];
  /** Public addresses of published services, translated to their inside addresses before the longest match. */
  readonly destinationNat?: readonly DestinationNat[];
  /** Sources of sessions that come in, translated so that the answers return to this device. */
  readonly inboundSourceNat?: readonly InboundSourceNat[];
  /** Requests of these flows leave by the link stated, whatever the table says; answers follow the table. */
  readonly steering?: readonly SteeringRule[];
  readonly place?: Placement;
  /** Extra conditions of the decision process; absent: RFC 4271 order with router id as the last step. */
  readonly decision: DecisionOptions;
  readonly origins: readonly Origin[];
}

export interface ConnectedPrefixes {
  /** Human name: 'hq clients', 'AzureCloud.westeurope'. */
  readonly name: string;
  readonly prefixes: readonly Prefix[];
  readonly origins: readonly Origin[];
}

export interface StaticRoute {
  readonly prefix: Prefix;
  /** The neighbour on a link that packets are handed to, or dropped here. */
  readonly next:
    | { readonly kind: 'forward'; readonly link: LinkIx; readonly device: DeviceIx }
    | { readonly kind: 'discard' };
  /** Administrative distance, 1 unless stated. */
  readonly distance: number;
  readonly origins: readonly Origin[];
}

/** A BGP network statement for many prefixes that share their attributes. Needs no route in the table. */
export interface Origination {
  readonly name: string;
  readonly prefixes: readonly Prefix[];
  readonly communities: readonly Community[];
  readonly largeCommunities: readonly LargeCommunity[];
  /** MULTI_EXIT_DISC, 0 unless stated. */
  readonly med: number;
  /** IGP, EGP or INCOMPLETE (RFC 4271 section 5.1.1). */
  readonly originCode: 'igp' | 'egp' | 'incomplete';
  /** Only while this holds; absent: always. A default announced only while there is a way to the internet. */
  readonly condition?: RouteCondition;
  readonly origins: readonly Origin[];
}

/** Whether the device holds a route for exactly this prefix. */
export interface RouteCondition {
  readonly prefix: Prefix;
  readonly state: 'present' | 'absent';
  /** 'bgp': a best path; 'forwarding': an entry of the forwarding table, of whatever protocol. */
  readonly table: 'bgp' | 'forwarding';
}

/**
 * `aggregate-address`: the prefix is in BGP while the device has a best path for a longer one inside it. AS_PATH starts
 * empty with ATOMIC_AGGREGATE and AGGREGATOR (RFC 4271 section 9.2.2.2); there is no AS_SET (RFC 9774).
 */
export interface Aggregate {
  readonly prefix: Prefix;
  /** 'all' is `summary-only`: the routes inside it are not sent while the aggregate is. */
  readonly suppress: 'none' | 'all';
  readonly communities: readonly Community[];
  readonly origins: readonly Origin[];
}

/** Routes that the forwarding table took from `from` are put into `into`, as far as the policy accepts them. */
export interface Redistribution {
  readonly into: 'bgp' | 'igp';
  readonly from: 'connected' | 'static' | 'igp' | 'bgp';
  readonly policy: PolicyIx;
  /** MED in BGP, cost of the external route in the IGP; absent: the IGP's own cost or 0 in BGP, 20 in the IGP. */
  readonly metric?: number;
  readonly origins: readonly Origin[];
}

export interface SourceFilter {
  readonly link: LinkIx;
  /** Only packets that arrive on the link with a source inside one of these are taken. */
  readonly permit: readonly Prefix[];
  readonly origins: readonly Origin[];
}

/** Where something stands and who runs it; what is absent nobody said. Elements with equal entries share a fate. */
export interface Placement {
  /** Name of a site of the document. */
  readonly site?: string;
  /** Peering location id. */
  readonly peeringLocation?: string;
  /** Building inside the peering location or metro. */
  readonly facility?: string;
  /** Metro id. */
  readonly metro?: string;
  /** Name of a carrier, exchange or internet provider. */
  readonly provider?: string;
  /** Azure region id. */
  readonly azureRegion?: string;
}

/** Destination ports of one protocol, both ends included. */
export interface PortRange {
  readonly protocol: 'tcp' | 'udp';
  readonly first: number;
  readonly last: number;
}

export interface DestinationNat {
  /** Name of the published service. */
  readonly service: string;
  /** Links that requests arrive on from outside. */
  readonly links: readonly LinkIx[];
  readonly publicAddress: Address;
  readonly insideAddress: Address;
  /** Empty: every protocol and port. */
  readonly ports: readonly PortRange[];
  readonly origins: readonly Origin[];
}

export interface InboundSourceNat {
  /** Links that the sessions arrive on from outside. */
  readonly links: readonly LinkIx[];
  /** Destinations as they are after destination translation. */
  readonly destinations: readonly Prefix[];
  /** Addresses of the device itself that the sources become; a packet takes one of its own family. */
  readonly pool: readonly Prefix[];
  readonly origins: readonly Origin[];
}

/** Policy routing of an SD-WAN, a proxy or a split tunnel. The first rule that fits and whose link is up counts. */
export interface SteeringRule {
  /** Flow ids, or every flow. */
  readonly flows: readonly string[] | 'all';
  readonly sources: readonly Prefix[];
  readonly next: { readonly link: LinkIx; readonly device: DeviceIx };
  /** The edge that the flows are to leave by, for the reader. */
  readonly edge: string;
  readonly origins: readonly Origin[];
}

/**
 * What a firewall lets through. `rules` in their order, then: everything that starts at an inside link, what
 * `permitInbound` names, and answers to either.
 */
export interface FirewallPolicy {
  readonly stateful: boolean;
  /** Ordered rules of the document on the packet that starts a session; absent: none. */
  readonly rules?: readonly FirewallPolicyRule[];
  /** Two devices with one connection table: the failure of one is no failure of the firewall. */
  readonly highAvailability?: boolean;
  /** Sessions the table can hold; absent: nobody said. */
  readonly maximumSessions?: number;
  /** Links towards the trusted side; sessions may start there. */
  readonly inside: readonly LinkIx[];
  /** Sessions that may start outside: destinations as seen by the packet that arrives. */
  readonly permitInbound: readonly InboundPermit[];
  /** Firewalls with equal group share their connection table (an HA pair, a cluster over sites). */
  readonly stateGroup: string;
  readonly origins: readonly Origin[];
}

export interface InboundPermit {
  readonly destinations: readonly Prefix[];
  /** Absent: every protocol and port. */
  readonly ports?: readonly PortRange[];
  readonly origins: readonly Origin[];
}

export interface FirewallPolicyRule {
  readonly action: 'allow' | 'deny';
  /** Side on which the session starts. */
  readonly zone: 'inside' | 'outside' | 'any';
  /** Source addresses; empty: every address. */
  readonly from: readonly Prefix[];
  /** Destination addresses; empty: every address. */
  readonly to: readonly Prefix[];
  /** Empty: every protocol and port. */
  readonly ports: readonly PortRange[];
  readonly origins: readonly Origin[];
}

/** Source translation of sessions that leave over `link`. */
export interface SourceNat {
  readonly link: LinkIx;
  /** Sources that are translated; others leave unchanged. */
  readonly sources: readonly Prefix[];
  /** Pool of addresses; empty pools are not compiled. */
  readonly pool: readonly Prefix[];
  readonly origins: readonly Origin[];
}

export type LinkKind =
  | 'lan'
  | 'wan'
  | 'internet'
  | 'circuit'
  | 'microsoft'
  /** A tunnel over other links: see `carriedBy`. */
  | 'vpn'
  /** Between virtual networks, their gateways and Microsoft's edge. */
  | 'azure'
  | 'global-reach';

export interface Link {
  readonly ix: LinkIx;
  readonly name: string;
  readonly kind: LinkKind;
  readonly a: DeviceIx;
  readonly b: DeviceIx;
  /** The circuit, edge or WAN link of the document that the link belongs to; absent inside Microsoft or the internet. */
  readonly owner?: string;
  /** IGP cost of crossing the link, both ways. */
  readonly cost: number;
  /**
   * 'active': the IGP runs on it; 'passive': its subnet is in the IGP and no neighbour is; 'none': neither. Absent:
   * active on `lan` and `wan` links between customer devices of one AS, none elsewhere.
   */
  readonly igp?: 'active' | 'passive' | 'none';
  /** OSPF area of the link, 0 (the backbone) unless stated; ways inside an area go before ways between areas. */
  readonly area?: number;
  /** Bit/s, undefined where nobody said. */
  readonly bandwidth: number | undefined;
  /** One way, milliseconds, undefined where nobody said. */
  readonly latency: number | undefined;
  /** From the coordinates of both ends, where nobody said and both are known. */
  readonly latencyEstimate?: LatencyEstimate;
  /** Fraction of packets lost, 0 to 1. */
  readonly loss?: number;
  /** Fraction of the bandwidth in use before the demands of the estate, 0 to 1. */
  readonly utilisation?: number;
  /** IPsec or MACsec on the link. */
  readonly encrypted?: boolean;
  /** Bit/s of the ExpressRoute Direct port that the link runs on. */
  readonly portSpeed?: number;
  /** DSCP markings are kept. */
  readonly qos?: boolean;
  /** Largest IP packet in bytes; absent: 1,500. Of a tunnel: what its carrier takes, less `encapsulation`. */
  readonly mtu?: number;
  /** What a tunnel adds to each packet, from the outside in. */
  readonly encapsulation?: readonly Overhead[];
  /** Of a circuit link: whose peering it is. Both peerings of a circuit share its two ports and its bandwidth. */
  readonly peering?: 'microsoft' | 'private';
  /** Links that a tunnel runs over: down when one of them is. */
  readonly carriedBy?: readonly LinkIx[];
  readonly place?: Placement;
  readonly origins: readonly Origin[];
}

/** Bytes that one layer of a tunnel adds to a packet. */
export interface Overhead {
  /** 'outer IPv4 header'. */
  readonly name: string;
  readonly bytes: number;
  /** The document that says so: 'RFC 4303 section 2'. */
  readonly source: string;
}

export interface Session {
  readonly ix: SessionIx;
  readonly name: string;
  /** The link a directly connected session runs on; undefined for a multihop session resolved through the IGP. */
  readonly link: LinkIx | undefined;
  readonly ends: readonly [SessionEnd, SessionEnd];
  /** A session that cannot come up, with the reason (ER-184: prefixes not validated). */
  readonly down: { readonly because: string; readonly origins: readonly Origin[] } | undefined;
  /** Milliseconds, as negotiated (RFC 4271 section 10); absent: the defaults of the two routers. */
  readonly timers?: { readonly keepalive: number; readonly hold: number };
  /** Bidirectional forwarding detection (RFC 5880): milliseconds between packets, and how many may be missed. */
  readonly bfd?: { readonly interval: number; readonly multiplier: number };
  /** The session carries an MD5 signature (RFC 2385). */
  readonly authenticated?: boolean;
  readonly origins: readonly Origin[];
}

/** One end of a session. eBGP when the two ends' ASNs differ, iBGP otherwise. */
export interface SessionEnd {
  readonly device: DeviceIx;
  /** The AS spoken on this session; normally the device's own. */
  readonly asn: Asn;
  readonly import: PolicyIx;
  readonly export: PolicyIx;
  readonly nextHopSelf: boolean;
  /** This end treats the other one as its route-reflector client (RFC 4456). */
  readonly routeReflectorClient: boolean;
  /** Private ASNs taken out of the path before it is sent: none, all of them, or each replaced by the own ASN. */
  readonly removePrivateAs: 'none' | 'all' | 'replace';
  /** How often the own ASN may stand in a received path; 0 is the loop check of RFC 4271 section 9. */
  readonly allowAsIn: number;
  /**
   * Where `asn` is not the device's own: 'prepend' puts it on received paths too and shows both to the neighbour,
   * 'no-prepend' leaves received paths alone, 'replace-as' shows the neighbour `asn` only as well. Absent: 'replace-as'.
   */
  readonly localAs?: 'prepend' | 'no-prepend' | 'replace-as';
  /** Routes held by the list go to the other end only while the condition holds; others always. */
  readonly conditionalAdvertisement?: {
    readonly routes: readonly PrefixListEntry[];
    readonly condition: RouteCondition;
    readonly origins: readonly Origin[];
  };
  /** Prefixes accepted from the other end before the action is taken. */
  readonly maximumPrefixes:
    | {
        /** Of each family, where IPv6 has no limit of its own. */
        readonly limit: number;
        readonly limit6?: number;
        readonly action: 'drop-session' | 'discard-surplus' | 'warn';
        readonly origins: readonly Origin[];
      }
    | undefined;
}

/** An ordered list of terms; the first term whose conditions all hold decides, unless it says `next`. */
export interface Policy {
  readonly ix: PolicyIx;
  readonly name: string;
  readonly terms: readonly PolicyTerm[];
  readonly otherwise: 'accept' | 'reject';
  readonly origins: readonly Origin[];
}

export interface PolicyTerm {
  /** Said to the user: 'route filter', 'Standard SKU reaches Europe only'. */
  readonly name: string;
  readonly when: readonly PolicyCondition[];
  readonly set: readonly PolicyAction[];
  readonly then: 'accept' | 'reject' | 'next';
  readonly origins: readonly Origin[];
}

export type PolicyCondition =
  | { readonly kind: 'prefix-list'; readonly entries: readonly PrefixListEntry[] }
  | { readonly kind: 'community'; readonly any: readonly Community[] }
  | { readonly kind: 'large-community'; readonly any: readonly LargeCommunity[] }
  | { readonly kind: 'as-path-contains'; readonly any: readonly Asn[] }
  | { readonly kind: 'as-path-originated-by'; readonly any: readonly Asn[] }
  | { readonly kind: 'as-path-empty' }
  /** A pattern over whole AS numbers, '_12076_' or '^(65001 )+[64512-65534]*$'; see `parseAsPathPattern` in routing. */
  | { readonly kind: 'as-path-matches'; readonly pattern: string }
  | { readonly kind: 'community-in'; readonly any: readonly CommunityRange[] }
  | { readonly kind: 'large-community-in'; readonly any: readonly LargeCommunityRange[] }
  | { readonly kind: 'next-hop'; readonly any: readonly DeviceIx[] }
  /** On export: the device put the route into BGP itself. Never true on import. */
  | { readonly kind: 'originated-here' }
  | { readonly kind: 'family'; readonly family: 4 | 6 }
  | { readonly kind: 'not'; readonly condition: PolicyCondition };

/** Both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Communities by the range each half is in: 12076:51000 to 12076:51999. */
export interface CommunityRange {
  readonly asn: NumberRange;
  readonly value: NumberRange;
}

export interface LargeCommunityRange {
  readonly global: NumberRange;
  readonly first: NumberRange;
  readonly second: NumberRange;
}

/** `atLeast`/`atMost` are the ge and le of a prefix list; absent both: exactly this length. */
export interface PrefixListEntry {
  readonly prefix: Prefix;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export type PolicyAction =
  | { readonly kind: 'local-preference'; readonly value: number }
  | { readonly kind: 'med'; readonly value: number }
  | { readonly kind: 'weight'; readonly value: number }
  | { readonly kind: 'prepend'; readonly asn: Asn; readonly times: number }
  | { readonly kind: 'community-add'; readonly communities: readonly Community[] }
  | { readonly kind: 'community-delete'; readonly communities: readonly Community[] | 'all' }
  | { readonly kind: 'large-community-add'; readonly communities: readonly LargeCommunity[] }
  | { readonly kind: 'large-community-delete'; readonly communities: readonly LargeCommunity[] | 'all' }
  | { readonly kind: 'next-hop-self' };

/** Decision process knobs; see the table in `@bothways/routing`. */
export interface DecisionOptions {
  /** Equal-cost paths installed side by side; 1 is no multipath. */
  readonly maximumPaths: number;
  /** Whose order of steps and conditions for several paths; absent: 'rfc'. */
  readonly variant?: DecisionVariant;
  /** What else the device may do with its routes, where that is not public: each is a possibility beside the table. */
  readonly readings?: readonly DecisionReading[];
}

export interface DecisionReading {
  /**
   * 'neighbours-med': the MED that the neighbour heard counts, between routes that it heard from one AS.
   * 'private-as-kept': of the path that the neighbour heard, private ASNs count that stand between public ones, and
   * nothing behind a private one in front.
   */
  readonly kind: 'neighbours-med' | 'private-as-kept';
  /** What is not known, with the fact. */
  readonly because: string;
}

export type DecisionVariant = 'rfc' | 'frr' | 'frr-multipath-relax' | 'bird' | 'ios-xe' | 'junos';

export interface Network {
  readonly devices: readonly Device[];
  readonly links: readonly Link[];
  readonly sessions: readonly Session[];
  readonly policies: readonly Policy[];
}
