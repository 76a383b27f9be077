/**
 * The estate: the value a document turns into once everything in it has been read, checked and completed with defaults.
 *
 * Models what the customer owns or orders, in the words of the document. Leaves out everything that is derived (devices,
 * sessions, tables): that is the network package. All lists keep document order.
 */
import type { Cloud, TrafficClass } from '@bothways/facts';
import type { Asn, Community, Prefix } from '@bothways/net';
import type { PrivatePeering, SiteToSiteVpn, VirtualNetwork } from './model-azure.ts';
import type {
  AcceptedRisk,
  FailureGroup,
  MaintenanceWindow,
  PriceOverrides,
  StatedAvailability,
} from './model-operations.ts';
import type { Requirements } from './model-requirements.ts';
import type { DeviceRouting } from './model-routing.ts';
import type {
  Connector,
  DataGateway,
  DesktopFlowMachines,
  Proxy,
  PublishedService,
  UserGroup,
} from './model-services.ts';
import type { BgpTimers, Coordinates, Money, Path, Ports, Prepend, Secret } from './model-values.ts';

export type { BgpTimers, Coordinates, Money, Path, Ports, Prepend, Secret } from './model-values.ts';

export interface Estate {
  readonly version: 1;
  readonly organisation: Organisation;
  readonly environments: readonly Environment[];
  readonly sites: readonly Site[];
  /** Point-to-point links and clouds, told apart by `kind`, in document order. */
  readonly wan: readonly WanConnection[];
  /** The declared firewalls, then one for every other name an edge uses, in order of first use. */
  readonly firewalls: readonly Firewall[];
  readonly internetEdges: readonly InternetEdge[];
  readonly expressRouteEdges: readonly ExpressRouteEdge[];
  readonly circuits: readonly Circuit[];
  /** `azure.vnets` of the document. */
  readonly vnets: readonly VirtualNetwork[];
  /** `azure.vpns` of the document. */
  readonly vpns: readonly SiteToSiteVpn[];
  readonly services: readonly PublishedService[];
  readonly dataGateways: readonly DataGateway[];
  readonly desktopFlowMachines: readonly DesktopFlowMachines[];
  readonly connectors: readonly Connector[];
  readonly proxies: readonly Proxy[];
  /** Users who are not at a site. */
  readonly users: readonly UserGroup[];
  /** When the document has none: one visible default demand (see defaults.ts). */
  readonly demands: readonly Demand[];
  readonly intents: readonly Intent[];
  readonly failureGroups: readonly FailureGroup[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** What single devices do differently from what is derived. */
  readonly routing: readonly DeviceRouting[];
  /** What a plan has to satisfy; undefined: nobody said. */
  readonly requirements: Requirements | undefined;
  readonly prices: PriceOverrides;
  readonly availability: readonly StatedAvailability[];
  readonly acceptedRisks: readonly AcceptedRisk[];
}

export interface Organisation {
  readonly name: string;
  readonly asn: Asn | undefined;
  readonly cloud: Cloud;
  /** Azure subscription that pays where a circuit names no other. */
  readonly subscription: string | undefined;
  /** Public prefixes registered to the organisation; they may be announced without asking anybody else. */
  readonly owns: readonly Prefix[];
  readonly microsoft365: Microsoft365;
  readonly path: Path;
}

export type Microsoft365Service = 'exchange' | 'sharepoint' | 'teams';

export interface Microsoft365 {
  /** Microsoft has authorised Microsoft 365 over ExpressRoute for this tenant. */
  readonly authorised: boolean;
  /** Geography of the tenant as the document has it, e.g. `Europe`. */
  readonly tenantRegion: string | undefined;
  /** Services in use; empty: none, or nobody said. */
  readonly services: readonly Microsoft365Service[];
}

export type EnvironmentType = 'production' | 'sandbox' | 'developer' | 'trial' | 'teams' | 'default';

export type Product =
  | 'power-apps'
  | 'power-automate'
  | 'power-pages'
  | 'power-bi'
  | 'copilot-studio'
  | 'dataverse'
  | 'dynamics-365'
  | 'finance-and-operations';

/** A Power Platform environment. */
export interface Environment {
  readonly name: string;
  readonly path: Path;
  /** Power Platform region id, e.g. `europe`. */
  readonly region: string;
  /** Ids of the pair of Azure regions the environment lives in; every candidate when the document does not say which pair. */
  readonly azureRegions: readonly string[];
  /** Canvas apps load their static files from the content delivery network (internet only). */
  readonly canvasCdn: boolean;
  readonly type: EnvironmentType;
  /** A managed environment; network isolation features need one. */
  readonly managed: boolean;
  /** Subnets delegated to the environment, one per Azure region of the pair; absent without virtual network support. */
  readonly vnetSupport: { readonly path: Path; readonly subnets: readonly DelegatedSubnet[] } | undefined;
  /** Empty: nobody said. */
  readonly products: readonly Product[];
  /** Source addresses the IP firewall of the environment admits; `undefined`: switched off. */
  readonly ipFirewall: readonly Prefix[] | undefined;
  /** Power Pages sites of the environment: whether a content delivery network or a web application firewall is in front. */
  readonly powerPages: { readonly cdn: boolean; readonly waf: boolean } | undefined;
  /** Self-service disaster recovery to the other region of the pair is wanted. */
  readonly recovery: boolean;
}

/** A subnet of a virtual network that containers of an environment run in. */
export interface DelegatedSubnet {
  readonly vnet: string;
  readonly subnet: string;
  readonly path: Path;
}

export interface Site {
  readonly name: string;
  readonly path: Path;
  readonly city: string | undefined;
  /** ISO 3166-1 alpha-2 code, from the city where the document has none. */
  readonly country: string | undefined;
  /** Degrees, north and east positive. */
  readonly location: Coordinates | undefined;
  readonly users: number;
  /** `undefined`: nobody said how good it is. */
  readonly lan: LocalNetwork | undefined;
  readonly clients: readonly Prefix[];
  readonly servers: readonly Prefix[];
  /** The internet edge this site uses for Microsoft traffic instead of the circuit. */
  readonly breakout: string | undefined;
  /** SD-WAN: traffic of these flows leaves by another edge than the rest; the first entry that has the flow counts. */
  readonly applicationBreakout: readonly ApplicationBreakout[];
  /** Where clients of this site have names resolved; `undefined`: at the site itself. */
  readonly resolver: { readonly site: string } | { readonly public: true } | undefined;
  /** Explicit proxy by name. */
  readonly proxy: string | undefined;
  readonly pac: ProxyScript | undefined;
}

/** The network between the clients of a site and its router. */
export interface LocalNetwork {
  readonly path: Path;
  /** Bits per second, of its narrowest part. */
  readonly bandwidth: number | undefined;
  /** Fraction of the bandwidth in use before Power Platform, 0 to 1. */
  readonly utilisation: number | undefined;
}

export interface ApplicationBreakout {
  /** Flow ids. */
  readonly flows: readonly string[];
  /** Name of an internet edge or an ExpressRoute edge. */
  readonly edge: string;
  readonly path: Path;
}

/** A proxy auto-configuration file: a script with a function FindProxyForURL. */
export interface ProxyScript {
  /** File the text is in; the document itself when the text is written there. */
  readonly file: string;
  readonly text: string;
  readonly path: Path;
}

export type WanConnection = WanLink | WanCloud;

/** A link between two sites. */
export interface WanLink {
  readonly kind: 'link';
  readonly name: string;
  readonly path: Path;
  /** Names of two sites. */
  readonly between: readonly [string, string];
  /** Bits per second. */
  readonly bandwidth: number | undefined;
  /** Milliseconds, one way. */
  readonly latency: number | undefined;
  /** Fraction of packets lost, 0 to 1. */
  readonly loss: number | undefined;
  /** Fraction of the bandwidth in use before Power Platform, 0 to 1. */
  readonly utilisation: number | undefined;
  /** Routing cost; lower is preferred. */
  readonly cost: number;
  readonly provider: string | undefined;
  readonly monthlyCost: Money | undefined;
  readonly encrypted: boolean;
  /** WAN optimisers stand at both ends. */
  readonly optimised: boolean;
}

/** A network of a provider that joins any number of sites, any to any. */
export interface WanCloud {
  readonly kind: 'ipvpn' | 'sdwan';
  readonly name: string;
  readonly path: Path;
  readonly provider: string | undefined;
  /** AS number of the provider's edge routers, where it is known. */
  readonly asn: Asn | undefined;
  readonly members: readonly WanMember[];
  readonly monthlyCost: Money | undefined;
  readonly encrypted: boolean;
  /** WAN optimisers stand at every member. */
  readonly optimised: boolean;
}

/** The line of one site into a WAN cloud; what it does not say itself it has from the cloud. */
export interface WanMember {
  readonly site: string;
  /** Bits per second. */
  readonly bandwidth: number | undefined;
  /** Milliseconds, one way, from the site to the provider's edge. */
  readonly latency: number | undefined;
  /** Fraction of packets lost, 0 to 1. */
  readonly loss: number | undefined;
  /** Fraction of the bandwidth in use before Power Platform, 0 to 1. */
  readonly utilisation: number | undefined;
  /** Routing cost; lower is preferred. */
  readonly cost: number;
  readonly path: Path;
}

export interface Firewall {
  readonly name: string;
  readonly path: Path;
  readonly stateful: boolean;
  readonly sharesStateWith: readonly string[];
  /** Two devices that act as one, with one connection table. */
  readonly highAvailability: boolean;
  /** Published services whose sessions may start outside; by default those published on an edge behind this firewall. */
  readonly permitInbound: readonly string[];
  /** In order; the first one that fits decides. What none fits: sessions may start inside, and outside as permitted. */
  readonly rules: readonly FirewallRule[];
}

/** Applies to the packet that starts a session; the rest of the session follows it. */
export interface FirewallRule {
  readonly path: Path;
  readonly action: 'allow' | 'deny';
  /** Side on which the session starts. */
  readonly zone: 'inside' | 'outside' | 'any';
  /** Source addresses; empty: every address. */
  readonly from: readonly Prefix[];
  /** Destination addresses; empty: every address. */
  readonly to: readonly Prefix[];
  /** Empty: every protocol and port. */
  readonly ports: readonly Ports[];
}

export interface InternetEdge {
  readonly name: string;
  readonly path: Path;
  readonly site: string;
  readonly isp: string;
  /** Bits per second. */
  readonly bandwidth: number | undefined;
  /** Milliseconds, one way, to the edge of the internet provider. */
  readonly latency: number | undefined;
  /** Fraction of packets lost on the line, 0 to 1. */
  readonly loss: number | undefined;
  /** Fraction of the bandwidth in use before Power Platform, 0 to 1. */
  readonly utilisation: number | undefined;
  readonly firewall: string;
  /** Source address pools; empty: no translation. */
  readonly nat: readonly Prefix[];
  /** Sources of sessions that come in are translated to an address of the firewall, so that answers return to it. */
  readonly natInbound: boolean;
  readonly advertises: readonly Prefix[];
  /** AS number of the internet provider. */
  readonly asn: Asn | undefined;
  /** Sessions the firewall can hold; `undefined`: nobody said. */
  readonly maximumSessions: number | undefined;
  readonly monthlyCost: Money | undefined;
}

/** Stands either at a site or, where the provider runs the customer edge, on a WAN cloud: one of `site`, `cloud` is set. */
export interface ExpressRouteEdge {
  readonly name: string;
  readonly path: Path;
  readonly site: string | undefined;
  /** Name of a WAN cloud of kind `ipvpn`; the routers are the provider's. */
  readonly cloud: string | undefined;
  /** `undefined`: none (`firewall: none`), packets pass without state. */
  readonly firewall: string | undefined;
  /** Source address pools; empty: no translation. */
  readonly nat: readonly Prefix[];
  /** Sources of sessions that come in are translated to an address of the firewall, so that answers return to it. */
  readonly natInbound: boolean;
  /** Names of the customer routers on the primary and the secondary link; the same name twice is one router. */
  readonly routers: readonly [string, string];
}

export type ConnectivityModel = 'exchange' | 'ethernet' | 'ipvpn' | 'direct';
export type Sku = 'local' | 'standard' | 'premium';
export type Billing = 'metered' | 'unlimited';
/** Both links in one building; in two buildings of one metro; a second circuit in another peering location. */
export type Resiliency = 'standard' | 'metro' | 'maximum';
/** State of the circuit at the connectivity provider. */
export type Provisioning = 'not-provisioned' | 'provisioning' | 'provisioned';

export interface Circuit {
  readonly name: string;
  readonly path: Path;
  /** Peering location id; of a metro the location of the primary link. */
  readonly location: string;
  /** Peering location id of the secondary link, where it differs (metro resiliency). */
  readonly secondaryLocation: string | undefined;
  readonly provider: string | undefined;
  readonly model: ConnectivityModel;
  readonly sku: Sku;
  readonly billing: Billing;
  /** Bits per second. */
  readonly bandwidth: number;
  /** Milliseconds, one way, from the edge to the peering location; `undefined`: nobody measured it. */
  readonly latency: number | undefined;
  readonly promised: PromisedService | undefined;
  /** Name of an ExpressRoute edge. */
  readonly edge: string;
  readonly resiliency: Resiliency;
  /** With maximum resiliency: the circuit in the other peering location. */
  readonly pairedWith: string | undefined;
  /** ExpressRoute Direct: a pair of ports at Microsoft. Set when, and only when, `model` is `direct`. */
  readonly direct: DirectPorts | undefined;
  readonly provisioning: Provisioning;
  /** Azure subscription that pays, where it is not that of the organisation. */
  readonly subscription: string | undefined;
  readonly serviceKey: Secret | undefined;
  readonly microsoftPeering: MicrosoftPeering | undefined;
  readonly privatePeering: PrivatePeering | undefined;
  /** Circuits joined through Global Reach, as written: a pair may be written at one of the two circuits or at both. */
  readonly globalReach: readonly string[];
  /** DSCP markings are kept and honoured end to end. */
  readonly qos: boolean;
  /** What the connectivity provider charges. */
  readonly monthlyCost: Money | undefined;
}

/** What the contract with the connectivity provider says. */
export interface PromisedService {
  readonly path: Path;
  /** Bits per second, at least. */
  readonly throughput: number | undefined;
  /** Milliseconds, one way, from the edge to the peering location, at most. */
  readonly latency: number | undefined;
}

export interface DirectPorts {
  readonly path: Path;
  /** Bits per second of one port. */
  readonly portSpeed: number;
  readonly macsec: boolean;
}

export interface MicrosoftPeering {
  readonly path: Path;
  readonly asn: Asn;
  readonly vlan: number;
  /** Link subnets, primary then secondary. */
  readonly links: readonly [Prefix, Prefix];
  readonly links6?: readonly [Prefix, Prefix];
  readonly advertises: readonly Prefix[];
  /** `undefined`: no route filter attached. Empty: attached and empty. */
  readonly routeFilter: readonly RouteFilterEntry[] | undefined;
  readonly validation: 'configured' | 'validation-needed';
  readonly prepend: Prepend;
  /** LOCAL_PREF that the customer sets on what it learns here; `undefined`: the default of its routers. */
  readonly localPreference: number | undefined;
  readonly timers: BgpTimers;
  /** Prefixes the customer accepts before it takes the session down; `undefined`: no limit. */
  readonly maximumPrefixes: number | undefined;
  readonly md5: Secret | undefined;
  readonly bfd: boolean;
}

export interface RouteFilterEntry {
  readonly community: Community;
  /** As the document has it, e.g. `West Europe`. */
  readonly written: string;
  readonly path: Path;
}

export interface Demand {
  readonly name: string;
  readonly path: Path;
  /** Flow ids (PP-F01 ...). */
  readonly flows: readonly string[];
  /** Site names. */
  readonly from: readonly string[];
  /** Names of user groups in `from`. */
  readonly users: readonly string[];
  /** Environment names. */
  readonly to: readonly string[];
  /** Names of virtual networks in `to`. */
  readonly vnets: readonly string[];
  /** Names of published services in `to`. */
  readonly services: readonly string[];
  /** Bits per second; `undefined`: the guidance figure per user. */
  readonly rate: { readonly perUser: number } | { readonly total: number } | undefined;
  /** The busiest hour over the average; `rate` is the average. */
  readonly peakFactor: number;
  /** What its packets are marked as. */
  readonly class: TrafficClass;
}

export interface Intent {
  readonly name: string;
  readonly path: Path;
  readonly flows: readonly string[];
  readonly from: readonly string[];
  readonly users: readonly string[];
  readonly to: readonly string[];
  readonly vnets: readonly string[];
  readonly services: readonly string[];
  /** What both directions must use; `any`: it only has to be delivered both ways. */
  readonly over: 'expressroute' | 'internet' | 'any';
  /** Milliseconds for the round trip, at most. */
  readonly latency: number | undefined;
  /** What may fail while the intent still holds; a list names failure groups, one at a time. */
  readonly survives: Survives;
  /** Bits per second. */
  readonly minimumBandwidthPerUser: number | undefined;
  /** Fraction of its bandwidth that no link on the way may be used above, 0 to 1. */
  readonly load: number | undefined;
  /** No part of either direction may cross the internet before Microsoft's edge, not even inside a tunnel. */
  readonly private: boolean;
  readonly because: string | undefined;
}

export type Survives = 'nothing' | 'any-single-failure' | 'any-two-failures' | readonly string[];
