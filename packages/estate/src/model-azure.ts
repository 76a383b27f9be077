/**
 * What the customer runs in Azure behind private addresses, and the two ways into it: private peering and site-to-site
 * VPN. Leaves out what Azure derives (system routes, the routes a gateway learns): that is the network package.
 */
import type { Address, Asn, Prefix } from '@bothways/net';
import type { BgpTimers, Path, Prepend, Secret } from './model-values.ts';

/** Private peering of a circuit. Link subnets and advertised prefixes may be private. */
export interface PrivatePeering {
  readonly path: Path;
  readonly asn: Asn;
  readonly vlan: number;
  /** Link subnets, primary then secondary. */
  readonly links: readonly [Prefix, Prefix];
  readonly links6?: readonly [Prefix, Prefix];
  /** By default the client and server prefixes of all sites. `0.0.0.0/0`: forced tunnelling. */
  readonly advertises: readonly Prefix[];
  /** Virtual networks linked to the circuit through their gateways. */
  readonly vnets: readonly string[];
  /** Weight of the connections on Azure's side: a gateway with several circuits prefers the heaviest. */
  readonly weight: number;
  /** WAN optimisers stand at both ends: before the circuit and inside the virtual network. */
  readonly optimised: boolean;
  readonly prepend: Prepend;
  /** LOCAL_PREF that the customer sets on what it learns here. */
  readonly localPreference: number | undefined;
  readonly timers: BgpTimers;
  readonly md5: Secret | undefined;
  readonly bfd: boolean;
}

export interface VirtualNetwork {
  readonly name: string;
  readonly path: Path;
  /** Azure region id, e.g. `westeurope`. */
  readonly region: string;
  readonly addressSpace: readonly Prefix[];
  /** Gateway for ExpressRoute or VPN; absent: reached through the gateway of another network, or not at all. */
  readonly gateway: VnetGateway | undefined;
  /** Peered virtual network whose gateway this one uses. */
  readonly gatewayOf: string | undefined;
  readonly subnets: readonly Subnet[];
  readonly machines: readonly Machine[];
  /** Azure services reached from inside the network, e.g. `Microsoft.Storage`. */
  readonly serviceEndpoints: readonly string[];
  readonly privateEndpoints: readonly PrivateEndpoint[];
  /** User-defined routes. */
  readonly routes: readonly UserRoute[];
  /** Peered virtual networks, as written: a pair may be written at one of the two or at both. */
  readonly peeredWith: readonly string[];
  /** Machines without a public address reach the internet through a NAT gateway. */
  readonly natGateway: boolean;
  /** Whose DNS servers resolve names for the network; `undefined`: Azure's own. */
  readonly resolver: { readonly site: string } | { readonly vnet: string } | undefined;
}

export interface VnetGateway {
  /** As Azure names it: `ErGw1AZ`, `Standard`, `ErGwScale` for ExpressRoute, `VpnGw1AZ` for VPN. */
  readonly sku: string;
  /** Of `ErGwScale` only. */
  readonly scaleUnits: number | undefined;
  readonly path: Path;
}

export interface Subnet {
  readonly name: string;
  readonly prefix: Prefix;
  /** Delegated to Power Platform. */
  readonly delegated: boolean;
  readonly path: Path;
}

/** A virtual machine that opens sessions. */
export interface Machine {
  readonly name: string;
  readonly address: Address;
  /** Flow ids it is the source of. */
  readonly flows: readonly string[];
  /** Names of services it calls. */
  readonly services: readonly string[];
  /** Explicit proxy by name. */
  readonly proxy: string | undefined;
  readonly path: Path;
}

export interface PrivateEndpoint {
  /** What it stands for, e.g. `Dataverse`, `Storage`. */
  readonly service: string;
  readonly address: Address;
  readonly path: Path;
}

export interface UserRoute {
  readonly prefix: Prefix;
  readonly next:
    | { readonly kind: 'gateway' }
    | { readonly kind: 'internet' }
    | { readonly kind: 'none' }
    | { readonly kind: 'address'; readonly address: Address };
  readonly path: Path;
}

export interface SiteToSiteVpn {
  readonly name: string;
  readonly path: Path;
  readonly site: string;
  readonly vnet: string;
  /** Bits per second. */
  readonly bandwidth: number | undefined;
  /** Internet edge the tunnel runs over. */
  readonly over: string;
  /** Circuit whose private peering it stands in for; `undefined`: it is the only way. */
  readonly backupOf: string | undefined;
}
