/**
 * The vendor-neutral network: both halves, the customer's and Microsoft's, as one graph of devices, links, BGP sessions
 * and policies. It is what `compileNetwork` produces and what the control plane and the data plane consume; nothing
 * behind it knows the estate document.
 *
 * Every element remembers the lines and facts it came from, so that a finding can point at its cause.
 *
 * Left out: interfaces as objects of their own (a link end is enough so far), VRFs, multicast.
 */

import type { Path } from '@bothways/estate';
import type { Asn, Community, LargeCommunity, Prefix } from '@bothways/net';

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
  | 'internet-provider'
  | 'internet'
  | 'msee'
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
  /** Sources accepted per link; a link without an entry is not filtered (ER-047 is one on each MSEE). */
  readonly sourceFilters: readonly SourceFilter[];
  readonly firewall: FirewallPolicy | undefined;
  readonly sourceNat: readonly SourceNat[];
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
  readonly origins: readonly Origin[];
}

export interface SourceFilter {
  readonly link: LinkIx;
  /** Only packets that arrive on the link with a source inside one of these are taken. */
  readonly permit: readonly Prefix[];
  readonly origins: readonly Origin[];
}

/** What a firewall lets through: everything that starts at an inside link, and answers to it. */
export interface FirewallPolicy {
  readonly stateful: boolean;
  /** Links towards the trusted side; sessions may start there. */
  readonly inside: readonly LinkIx[];
  /** Sessions that may start outside: destinations as seen by the packet that arrives. */
  readonly permitInbound: readonly { readonly destinations: readonly Prefix[]; readonly origins: readonly Origin[] }[];
  /** Firewalls with equal group share their connection table (an HA pair, a cluster over sites). */
  readonly stateGroup: string;
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

export type LinkKind = 'lan' | 'wan' | 'internet' | 'circuit' | 'microsoft';

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
  /** Bit/s, undefined where nobody said. */
  readonly bandwidth: number | undefined;
  /** One way, milliseconds, undefined where nobody said. */
  readonly latency: number | undefined;
  readonly origins: readonly Origin[];
}

export interface Session {
  readonly ix: SessionIx;
  readonly name: string;
  /** The link a directly connected session runs on; undefined for a multihop session resolved through the IGP. */
  readonly link: LinkIx | undefined;
  readonly ends: readonly [SessionEnd, SessionEnd];
  /** A session that cannot come up, with the reason (ER-184: prefixes not validated). */
  readonly down: { readonly because: string; readonly origins: readonly Origin[] } | undefined;
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
  /** Prefixes accepted from the other end before the action is taken. */
  readonly maximumPrefixes:
    | {
        readonly limit: number;
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
  | { readonly kind: 'family'; readonly family: 4 | 6 }
  | { readonly kind: 'not'; readonly condition: PolicyCondition };

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
}

export interface Network {
  readonly devices: readonly Device[];
  readonly links: readonly Link[];
  readonly sessions: readonly Session[];
  readonly policies: readonly Policy[];
}
