/**
 * The vocabulary of client steering besides routing: which proxy or PAC file the clients of a place use, where their
 * names are resolved, which addresses the customer's own names have outside and inside, and the answers to the questions
 * that follow from it: which proxy, which address, which resolver. Compiled in compile-steering.ts; policy routes stand
 * on the devices, see policy-routes.ts.
 */
import type { Coordinates, ProxyScript } from '@bothways/estate';
import type { Flow } from '@bothways/facts';
import type { Address, Prefix, PrefixSet } from '@bothways/net';
import type { DeviceIx, Origin } from './model.ts';

/**
 * What the clients of a site, or a machine in a virtual network, do that is not the default: no proxy, names resolved at
 * the site or by Azure.
 */
export interface SiteSteering {
  /** Name of the place: that of the site, 'hub/app-server' for a machine. */
  readonly site: string;
  /** Name of an explicit proxy. */
  readonly proxy: string | undefined;
  /** The script as it is in the document; nothing has evaluated it yet. */
  readonly pac: ProxyScript | undefined;
  readonly resolver:
    | { readonly kind: 'site'; readonly site: string }
    | { readonly kind: 'vnet'; readonly vnet: string }
    | { readonly kind: 'public' }
    | undefined;
  readonly origins: readonly Origin[];
}

export interface CompiledProxy {
  readonly name: string;
  readonly device: DeviceIx;
  readonly site: string;
  readonly address: Address;
  readonly port: number;
  readonly reach: 'internet' | 'expressroute' | 'both';
  readonly rewrites: boolean;
  /** Edges it leaves by; empty: those that routing gives. */
  readonly edges: readonly string[];
  readonly origins: readonly Origin[];
}

/** A name of the customer with the addresses that resolvers outside and inside give. */
export interface CustomerName {
  readonly name: string;
  readonly service: string;
  readonly outside: readonly Address[];
  readonly inside: Address;
  /** Resolvers inside give the address inside. */
  readonly split: boolean;
  readonly origins: readonly Origin[];
}

/** A service that names inside a virtual network resolve to a private address for. */
export interface PrivateName {
  readonly vnet: string;
  readonly service: string;
  readonly address: Address;
  readonly origins: readonly Origin[];
}

/** What a client does first with a connection, and why. `because` is a sentence, `origins` are the lines and facts behind it. */
export interface DirectChoice {
  readonly kind: 'direct';
  /** Tried in order when nothing answers on the direct way; empty unless a PAC file says so. */
  readonly fallback: readonly ProxyOrDirect[];
  readonly because: string;
  readonly origins: readonly Origin[];
}

export interface ProxiedChoice {
  readonly kind: 'proxy';
  /** Name in `Steering.proxies`. */
  readonly name: string;
  /** Tried in order when the proxy does not answer: the first one that is up counts. */
  readonly fallback: readonly ProxyOrDirect[];
  readonly because: string;
  readonly origins: readonly Origin[];
}

export type ProxyOrDirect = { readonly kind: 'direct' } | { readonly kind: 'proxy'; readonly name: string };

/**
 * 'unresolved': the answer names a proxy that the document does not describe; `possibilities` is what the client tries
 * after it, if anything. 'unknown': what the client does depends on something that nobody said; every possibility that
 * the document has is listed.
 */
export interface OpenChoice {
  readonly kind: 'unresolved' | 'unknown';
  readonly possibilities: readonly (DirectChoice | ProxiedChoice)[];
  readonly because: string;
  readonly origins: readonly Origin[];
}

export type ProxyChoice = DirectChoice | ProxiedChoice | OpenChoice;

/** A part of a flow that is treated alike: these clients, asking for these names, at these addresses. */
export interface SteeringPart {
  readonly sources: readonly Prefix[];
  /** Host names the choice was made for; empty where no name played a part. */
  readonly names: readonly string[];
  readonly targets: PrefixSet;
  readonly choice: ProxyChoice;
}

/** What the choice is asked about a destination: see FlowTarget. */
export interface SteeringTarget {
  readonly id: string;
  /** The region that all of its addresses belong to. */
  readonly azureRegion?: string | undefined;
  readonly set: PrefixSet;
}

/** Which of the addresses that a service has everywhere a client is given. */
export interface DnsAnswer {
  /** Where the queries come from as the name servers of the service see them; undefined: nobody said. */
  readonly where: { readonly name: string; readonly location: Coordinates | undefined } | undefined;
  /**
   * 'resolver': the answer is the front end near `where`, wherever the client is. 'region': the service is bound to a
   * region and the answer is the same everywhere. 'unknown': nothing public says.
   */
  readonly near: 'resolver' | 'region' | 'unknown';
  readonly because: string;
  /** Fact or flow id that the statement rests on. */
  readonly fact: string | undefined;
}

/** What a name of the customer, or of a service with a private endpoint, resolves to. */
export type AddressAnswer =
  | {
      readonly kind: 'addresses';
      readonly view: 'inside' | 'outside' | 'private-endpoint';
      readonly addresses: readonly Address[];
      readonly because: string;
      readonly origins: readonly Origin[];
    }
  | { readonly kind: 'unresolvable'; readonly because: string; readonly origins: readonly Origin[] };

/** Where the queries of a place go. A public resolver is an address on the internet; Azure's own is in the network. */
export interface ResolverAnswer {
  readonly kind: 'site' | 'vnet' | 'azure' | 'public';
  /** Site or virtual network; undefined: on the internet. */
  readonly name: string | undefined;
  /** The device that the queries go to: it must be reachable for names to resolve. */
  readonly device: DeviceIx;
  /** Where the queries are addressed to, at most one of each family; stand-ins where nobody said. */
  readonly addresses: readonly Address[];
  readonly because: string;
  readonly origins: readonly Origin[];
}

/** What the document says, before anything is asked. */
export interface DescribedSteering {
  /** By name of the place; sites and machines with nothing but defaults are absent. */
  readonly sites: ReadonlyMap<string, SiteSteering>;
  readonly proxies: readonly CompiledProxy[];
  readonly names: readonly CustomerName[];
  readonly privateNames: readonly PrivateName[];
}

/** A place is a site, a group of users, or a machine ('hub/app-server'); where names are resolved, a proxy as well. */
export interface Steering extends DescribedSteering {
  /**
   * What the clients of a place do for a flow: one answer for all of them, unknown where parts differ. Without an
   * environment the host names of all environments count.
   */
  readonly proxyFor: (place: string, flow: Flow, target: SteeringTarget, environment?: string) => ProxyChoice;
  /** The same part by part; per host name the parts cover every client and every address. */
  readonly partsFor: (
    place: string,
    flow: Flow,
    target: SteeringTarget,
    environment?: string,
  ) => readonly SteeringPart[];
  /** What a name of the customer, or a service with a private endpoint, resolves to; undefined: nobody said. */
  readonly addressFor: (place: string, name: string) => AddressAnswer | undefined;
  readonly dnsAnswer: (place: string, flow: Flow, target: SteeringTarget) => DnsAnswer;
  readonly resolverDevice: (place: string) => ResolverAnswer;
}
