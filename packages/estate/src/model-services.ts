/**
 * What runs on premises and is reached from Microsoft or from users elsewhere, what connects it to Power Platform, and
 * how clients find their way out. Leaves out the address sets of Microsoft's services: they are facts.
 */
import type { Address, Prefix } from '@bothways/net';
import type { Coordinates, Path, Ports } from './model-values.ts';

export type ServiceKind = 'web' | 'adfs' | 'exchange' | 'smtp' | 'sharepoint' | 'sql' | 'reverse-proxy' | 'other';

/** A service at a site. Without `published` it is reached from inside only. */
export interface PublishedService {
  readonly name: string;
  readonly path: Path;
  readonly site: string;
  readonly kind: ServiceKind;
  /** Inside. */
  readonly address: Address;
  /** Public DNS names. */
  readonly names: readonly string[];
  /** Resolvers inside answer its names with the address inside; otherwise with the public ones, like everybody's. */
  readonly splitDns: boolean;
  /** Of a reverse proxy: the service that it asks in turn, from its own address. */
  readonly backend: string | undefined;
  readonly published: readonly Publication[];
  readonly ports: readonly Ports[];
  /** Ids of flows that Microsoft opens to it. */
  readonly calledBy: readonly string[];
  readonly tls: boolean;
}

/** The public address of a service on one edge. */
export interface Publication {
  /** Name of an internet edge or an ExpressRoute edge; the name stands for one of them only. */
  readonly edge: string;
  readonly address: Address;
  /** Sources of sessions that come in here are translated, so that answers return to this edge. */
  readonly inboundNat: boolean;
  /** Sessions from the inside to the public address are translated as those from outside are. */
  readonly hairpin: boolean;
  readonly path: Path;
}

/** An on-premises data gateway: members at one site that open sessions to the cloud. */
export interface DataGateway {
  readonly name: string;
  readonly path: Path;
  readonly site: string;
  /** Azure region id of the service the gateway is registered with. */
  readonly region: string;
  readonly members: number;
  /** Source addresses of the members: by default the servers of the site, else its clients. */
  readonly clients: readonly Prefix[];
  /** Environment names. */
  readonly environments: readonly string[];
  /** Whether sessions to Azure Relay use HTTPS only or also TCP ports of their own. */
  readonly mode: 'https' | 'tcp';
  readonly dataSources: readonly DataSource[];
}

export interface DataSource {
  readonly name: string;
  /** What it is, e.g. `SQL Server`. */
  readonly kind: string;
  readonly site: string;
  /** Name of a connector that uses it. */
  readonly connector: string | undefined;
  readonly path: Path;
}

export interface DesktopFlowMachines {
  readonly name: string;
  readonly path: Path;
  readonly site: string;
  readonly machines: number;
  /** Source addresses: by default the clients of the site. */
  readonly clients: readonly Prefix[];
  readonly environments: readonly string[];
}

export type ConnectorClass = 'microsoft' | 'third-party' | 'customer-public' | 'gateway' | 'vnet';

/** A connector that apps and flows use, and the way its calls take. */
export interface Connector {
  readonly name: string;
  readonly path: Path;
  /** As the connector is called in the product, e.g. `SQL Server`. */
  readonly kind: string;
  readonly class: ConnectorClass;
  /** Of class `gateway`: the data gateway. */
  readonly gateway: string | undefined;
  /** Of class `customer-public` and `vnet`: the service it calls. */
  readonly service: string | undefined;
  readonly environments: readonly string[];
}

/** An explicit proxy. Its sessions to the outside are its own: they start at `address`. */
export interface Proxy {
  readonly name: string;
  readonly path: Path;
  readonly site: string;
  readonly address: Address;
  readonly port: number;
  /** What it can reach. */
  readonly reach: 'internet' | 'expressroute' | 'both';
  /** Breaks TLS open or alters requests. */
  readonly rewrites: boolean;
  /** Names of the edges it leaves by; by default those that routing gives. */
  readonly edges: readonly string[];
}

/** Users who are not at a site: on the internet, or there and joined to a site by VPN. */
export interface UserGroup {
  readonly name: string;
  readonly path: Path;
  readonly kind: 'roaming' | 'vpn';
  readonly users: number;
  readonly city: string | undefined;
  readonly country: string | undefined;
  readonly location: Coordinates | undefined;
  /** Set when, and only when, `kind` is `vpn`. */
  readonly vpn: UserVpn | undefined;
}

export interface UserVpn {
  readonly path: Path;
  /** Internet edge the tunnels end on. */
  readonly edge: string;
  /** Site the packets come out at; by default that of the edge. */
  readonly site: string;
  /** Addresses given to the users. */
  readonly clients: readonly Prefix[];
  /** Ids of flows that stay outside the tunnel; empty: everything goes through it. */
  readonly splitTunnel: readonly string[];
}
