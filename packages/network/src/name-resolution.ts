/**
 * Where the names of a place are resolved, and what they resolve to there.
 *
 * A resolver at a site is the customer's and gives the inside addresses of the customer's own services (split DNS); a
 * public resolver and Azure's own know public names only. The private address of an endpoint is known to the resolver of
 * the virtual network that the endpoint is in, and to nobody else unless the document sends queries there. A recursive
 * resolver at a site asks the internet from that site: front ends that name resolution directs see it, not the client.
 * Where a service has no split DNS, resolvers inside give its public addresses as well.
 *
 * Left out: caches and times to live, the client subnet extension of RFC 7871 (a public resolver may pass on where the
 * client is), forwarders that the document does not name, zones that are linked to further virtual networks.
 */
import type { Coordinates, Estate, UserGroup, VirtualNetwork } from '@bothways/estate';
import { azureRegion, type Flow } from '@bothways/facts';
import { type Address, nthAddress, type Prefix } from '@bothways/net';
import type { DeviceIx, Origin } from './model.ts';
import { derived, fromDocument } from './origin.ts';
import { StandIns } from './stand-ins.ts';
import type {
  AddressAnswer,
  CompiledProxy,
  CustomerName,
  DnsAnswer,
  PrivateName,
  ResolverAnswer,
  SiteSteering,
  SteeringTarget,
} from './steering.ts';

export interface NameResolutionParts {
  readonly estate: Estate;
  readonly sites: ReadonlyMap<string, SiteSteering>;
  readonly proxies: readonly CompiledProxy[];
  readonly names: readonly CustomerName[];
  readonly privateNames: readonly PrivateName[];
  /** Device of a site, a group of users or a machine in a virtual network. */
  readonly deviceOf: (place: string) => DeviceIx;
  readonly deviceOfVnet: (vnet: string) => DeviceIx;
  readonly internet: DeviceIx;
}

export class NameResolution {
  readonly #parts: NameResolutionParts;
  readonly #groups: ReadonlyMap<string, UserGroup>;
  readonly #vnets: ReadonlyMap<string, VirtualNetwork>;

  constructor(parts: NameResolutionParts) {
    this.#parts = parts;
    this.#groups = new Map(parts.estate.users.map((group) => [group.name, group]));
    this.#vnets = new Map(parts.estate.vnets.map((vnet) => [vnet.name, vnet]));
  }

  resolverOf(place: string): ResolverAnswer {
    const proxy = this.#parts.proxies.find(({ name }) => name === place);
    if (proxy !== undefined) return this.#ofSite(proxy.site, [...proxy.origins]);
    const group = this.#groups.get(place);
    if (group?.vpn !== undefined) {
      return this.#ofSite(group.vpn.site, [
        fromDocument(group.vpn.path),
        derived('the tunnel brings the resolver of its site'),
      ]);
    }
    if (group !== undefined) {
      return this.#public(`${place} are on the internet and use a resolver there`, [fromDocument(group.path)]);
    }
    const vnet = this.#vnetOf(place);
    return vnet === undefined ? this.#ofSite(place, []) : this.#ofVnet(vnet);
  }

  addressFor(place: string, name: string): AddressAnswer | undefined {
    const resolver = this.resolverOf(place);
    const wanted = name.toLowerCase();
    const endpoint = this.#parts.privateNames.find(
      (each) => each.service.toLowerCase() === wanted && seesEndpointsOf(resolver, each.vnet),
    );
    if (endpoint !== undefined) {
      const because = `${endpoint.service} has a private endpoint in ${endpoint.vnet}, whose names ${place} resolves`;
      const origins = [...endpoint.origins, ...resolver.origins];
      return { kind: 'addresses', view: 'private-endpoint', addresses: [endpoint.address], because, origins };
    }
    const known = this.#parts.names.find((each) => each.name.toLowerCase() === wanted);
    if (known === undefined) return undefined;
    const origins = [...known.origins, ...resolver.origins];
    if (known.split && (resolver.kind === 'site' || resolver.kind === 'vnet')) {
      const because = `${placeText(resolver)} gives the inside address of ${known.service}`;
      return { kind: 'addresses', view: 'inside', addresses: [known.inside], because, origins };
    }
    if (known.outside.length === 0) {
      const because = `${known.service} is published nowhere, and ${placeText(resolver)} ${known.split ? 'knows public names only' : 'gives public addresses only'}`;
      return { kind: 'unresolvable', because, origins };
    }
    const because = `${placeText(resolver)} gives the public ${known.outside.length === 1 ? 'address' : 'addresses'} of ${known.service}`;
    return { kind: 'addresses', view: 'outside', addresses: known.outside, because, origins };
  }

  /** For a PAC file: addresses, none when the name does not resolve, undefined when nobody said. */
  addressesOf(place: string, name: string): readonly Address[] | undefined {
    const answer = this.addressFor(place, name);
    if (answer !== undefined) return answer.kind === 'addresses' ? answer.addresses : [];
    const proxy = this.#parts.proxies.find((each) => each.name.toLowerCase() === name);
    return proxy === undefined ? undefined : [proxy.address];
  }

  dnsAnswer(place: string, flow: Flow, target: SteeringTarget): DnsAnswer {
    const where = this.#exitOf(place);
    const region = target.azureRegion;
    if (region !== undefined) {
      const because = `its addresses belong to ${azureRegion(region)?.name ?? region}, whoever asks`;
      return { where, near: 'region', because, fact: flow.id };
    }
    for (const rule of DIRECTED) {
      if (!rule.has(flow)) continue;
      const seen = where === undefined ? 'the resolver, of which nobody said where it is' : where.name;
      return { where, near: 'resolver', because: `${rule.because}: the answer is near ${seen}`, fact: rule.fact };
    }
    const because = `no document says how the names of ${flow.name} are answered`;
    return { where, near: 'unknown', because, fact: undefined };
  }

  /** Where the recursive queries of a place come out. */
  #exitOf(place: string): DnsAnswer['where'] {
    const resolver = this.resolverOf(place);
    const { estate } = this.#parts;
    if (resolver.kind === 'site') {
      const site = estate.sites.find((each) => each.name === resolver.name);
      return site === undefined ? undefined : { name: site.name, location: site.location };
    }
    if (resolver.kind === 'public') {
      // A resolver on the internet is near whoever is on the internet as well; for a site nobody said where it goes out.
      const group = this.#groups.get(place);
      return group?.location === undefined ? undefined : { name: group.name, location: group.location };
    }
    const vnet = resolver.name === undefined ? undefined : this.#vnets.get(resolver.name);
    const region = vnet === undefined ? undefined : azureRegion(vnet.region);
    return region === undefined ? undefined : { name: region.name, location: locationOf(region) };
  }

  #ofSite(name: string, origins: readonly Origin[]): ResolverAnswer {
    const steering = this.#parts.sites.get(name);
    const stated = steering?.resolver;
    if (stated?.kind === 'public')
      return this.#public(`${name} uses a resolver on the internet`, [...origins, ...(steering?.origins ?? [])]);
    const site = stated?.kind === 'site' ? stated.site : name;
    const because = site === name ? `${name} resolves names at the site` : `${name} resolves names at ${site}`;
    return {
      kind: 'site',
      name: site,
      device: this.#parts.deviceOf(site),
      addresses: this.#hostsOf(site),
      because,
      origins: [...origins, ...(steering?.origins ?? [])],
    };
  }

  #ofVnet(vnet: VirtualNetwork): ResolverAnswer {
    const origins = [fromDocument([...vnet.path, ...(vnet.resolver === undefined ? [] : ['resolver'])])];
    if (vnet.resolver === undefined) {
      const device = this.#parts.deviceOfVnet(vnet.name);
      const because = `Azure resolves the names of ${vnet.name}`;
      return { kind: 'azure', name: vnet.name, device, addresses: AZURE_RESOLVER, because, origins };
    }
    if ('site' in vnet.resolver) {
      const { site } = vnet.resolver;
      return {
        kind: 'site',
        name: site,
        device: this.#parts.deviceOf(site),
        addresses: this.#hostsOf(site),
        because: `${vnet.name} resolves names at ${site}`,
        origins,
      };
    }
    const name = vnet.resolver.vnet;
    const device = this.#parts.deviceOfVnet(name);
    const addresses = firstHosts(this.#vnets.get(name)?.addressSpace ?? []);
    return { kind: 'vnet', name, device, addresses, because: `${vnet.name} resolves names in ${name}`, origins };
  }

  #public(because: string, origins: readonly Origin[]): ResolverAnswer {
    const device = this.#parts.internet;
    return { kind: 'public', name: undefined, device, addresses: StandIns.resolver(), because, origins };
  }

  /** Nobody says which host of a site the resolver is: a server, if the site has any. */
  #hostsOf(name: string): readonly Address[] {
    const site = this.#parts.estate.sites.find((each) => each.name === name);
    return firstHosts([...(site?.servers ?? []), ...(site?.clients ?? [])]);
  }

  /** A machine is 'hub/app-server', a virtual network itself its name, unless a site is called the same. */
  #vnetOf(place: string): VirtualNetwork | undefined {
    if (this.#parts.estate.sites.some((site) => site.name === place)) return undefined;
    return this.#vnets.get(place) ?? [...this.#vnets.values()].find(({ name }) => place.startsWith(`${name}/`));
  }
}

/** What every virtual network asks unless told otherwise, on the host itself: no packet leaves for it (168.63.129.16). */
const AZURE_RESOLVER: readonly Address[] = [];

/** A host in the first prefix of each family. */
function firstHosts(prefixes: readonly Prefix[]): readonly Address[] {
  return ([4, 6] as const).flatMap((family) => {
    const first = prefixes.find((each) => each.family === family);
    if (first === undefined) return [];
    return [nthAddress(first, first.length === (family === 4 ? 32 : 128) ? 0n : 1n)];
  });
}

function seesEndpointsOf(resolver: ResolverAnswer, vnet: string): boolean {
  return (resolver.kind === 'azure' || resolver.kind === 'vnet') && resolver.name === vnet;
}

function placeText({ kind, name }: ResolverAnswer): string {
  if (kind === 'public') return 'a resolver on the internet';
  return kind === 'azure' ? "Azure's own resolver" : `the resolver in ${name ?? 'the network'}`;
}

function locationOf(region: { readonly latitude: number; readonly longitude: number }): Coordinates {
  return { latitude: region.latitude, longitude: region.longitude };
}

interface Directed {
  readonly has: (flow: Flow) => boolean;
  readonly because: string;
  readonly fact: string | undefined;
}

/** Services with front ends in many places, one of which name resolution picks. */
const DIRECTED: readonly Directed[] = [
  {
    has: (flow) => hasTag(flow, (tag) => tag.startsWith('AzureFrontDoor')),
    because: 'Front Door and the content network have front ends in many places',
    fact: undefined,
  },
  {
    has: (flow) => flow.destinations.some((each) => each.kind === 'microsoft365'),
    because: 'Microsoft 365 takes traffic at the entry nearest to the user, which the resolver stands for',
    fact: 'ER-089',
  },
  {
    has: (flow) => hasTag(flow, (tag) => tag === 'AzureActiveDirectory'),
    because: 'sign-in has front ends in many places',
    fact: undefined,
  },
];

function hasTag(flow: Flow, test: (tag: string) => boolean): boolean {
  return flow.destinations.some((each) => each.kind === 'tag' && each.scope === 'global' && test(each.tag));
}
