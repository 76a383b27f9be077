/**
 * Where the flows of an estate end: the real address sets, and which device of Microsoft's half delivers them.
 *
 * Every Azure region that an environment or a route filter names is loaded with its AzureCloud tag; every global
 * service that a demanded flow needs gets a device of its own. An address of a global service that lies inside a
 * regional prefix carries both communities, because one prefix may carry several (ER-082) and the covering regional
 * prefix attracts the packet in any case.
 */
import type { Estate } from '@bothways/estate';
import {
  type AddressSet,
  addressSet,
  azureRegion,
  azureRegions,
  type Cloud,
  type Flow,
  findAzureRegion,
  microsoft365Sets,
  regionalTag,
} from '@bothways/facts';
import {
  type Community,
  community,
  comparePrefixes,
  differenceOf,
  type Prefix,
  type PrefixSet,
  prefix,
  prefixSet,
  setCovers,
  setIsEmpty,
  setPrefixes,
  unionOf,
} from '@bothways/net';
import { defaultRoutes, prefixKey } from './inside.ts';
import type { Origin } from './model.ts';
import { derived, fromFact } from './origin.ts';

/** Prefixes that leave Microsoft's edge with the same communities. */
interface TaggedPrefixes {
  readonly prefixes: readonly Prefix[];
  readonly communities: readonly Community[];
}

/** One device of Microsoft's half and what it delivers. */
export interface Destination {
  readonly device: string;
  /** Name of the address set with its source: 'AzureCloud.westeurope'. */
  readonly name: string;
  readonly azureRegion: string | undefined;
  readonly groups: readonly TaggedPrefixes[];
  readonly origins: readonly Origin[];
}

/** The addresses one flow may end at, as one name to show and one set to prove. */
export interface FlowTarget {
  readonly id: string;
  readonly name: string;
  readonly azureRegion: string | undefined;
  readonly set: PrefixSet;
  /** Where the addresses come from, for the reader: set names with change number and date. */
  readonly sources: readonly string[];
}

/** Addresses that open sessions of one flow, and the device of Microsoft's half they are at. */
export interface FlowOpener {
  readonly device: string;
  readonly id: string;
  readonly set: PrefixSet;
  readonly sources: readonly string[];
}

/** Who opens the flows whose record names only the customer's end: sign-in (PP-F37), mail (PP-F38); ER-120. */
const UNDESCRIBED_OPENERS: Readonly<Record<string, readonly string[]>> = {
  'PP-F37': ['AzureActiveDirectory'],
  'PP-F38': ['Microsoft365.Exchange'],
};

function regionDevice(region: string): string {
  return `azure-${region}`;
}

function serviceDevice(name: string): string {
  return `microsoft-${name.toLowerCase().replaceAll('.', '-')}`;
}

/** The tag that is the sum of the regions: a region of the estate keeps its own part of it. */
const EVERY_REGION = 'AzureCloud';

/** Communities of services that do not belong to a region, by service tag (ER-072). */
const SERVICE_COMMUNITIES: Readonly<Record<string, Community>> = {
  AzureActiveDirectory: community(12076, 5060),
};

/** Communities of Microsoft 365 by service area of the endpoint file (ER-072). */
const MICROSOFT365_COMMUNITIES: Readonly<Record<string, Community>> = {
  Exchange: community(12076, 5010),
  SharePoint: community(12076, 5020),
  Skype: community(12076, 5030),
  Common: community(12076, 5100),
};

export class Destinations {
  readonly #cloud: Cloud;
  readonly #regions = new Map<string, AddressSet>();
  readonly #services = new Map<string, readonly Prefix[]>();
  readonly #regionExtras = new Map<string, Prefix[]>();

  constructor(estate: Estate) {
    this.#cloud = estate.organisation.cloud;
    for (const id of regionsOf(estate)) {
      const set = regionalTag(this.#cloud, 'AzureCloud', id);
      if (set !== undefined) this.#regions.set(id, set);
    }
    const filtered = new Set(
      estate.circuits.flatMap(
        (circuit) => circuit.microsoftPeering?.routeFilter?.map((entry) => entry.community) ?? [],
      ),
    );
    for (const [tag, value] of Object.entries(SERVICE_COMMUNITIES)) if (filtered.has(value)) this.#service(tag);
    for (const [area, value] of Object.entries(MICROSOFT365_COMMUNITIES)) {
      if (filtered.has(value)) this.#microsoft365(area);
    }
  }

  /**
   * The targets of a flow for an environment with these regions; hosts are remembered on the way. Sets of the region of
   * a data gateway, or of some other service instance, are those of the gateway where there is one; without one the
   * regions of the environment stand for it.
   */
  targetsOf(flow: Flow, environmentRegions: readonly string[], gatewayRegion?: string): readonly FlowTarget[] {
    const targets: FlowTarget[] = [];
    const regions = new Set([...environmentRegions, ...(gatewayRegion === undefined ? [] : [gatewayRegion])]);
    for (const region of regions) {
      const inEnvironment = environmentRegions.includes(region);
      const tags = flow.destinations.flatMap((each) => {
        if (each.kind !== 'tag' || each.scope === 'global') return [];
        const isOfGateway = each.scope !== 'environment-regions' && gatewayRegion !== undefined;
        return (isOfGateway ? region === gatewayRegion : inEnvironment) ? [each.tag] : [];
      });
      const sets = tags.flatMap((tag) => {
        const set = regionalTag(this.#cloud, tag, region);
        return set === undefined ? [] : [set];
      });
      if (sets.length === 0) continue;
      this.#hostInRegion(region, sets);
      targets.push({
        id: region,
        name: azureRegion(region)?.name ?? region,
        azureRegion: region,
        set: unionOf(...sets.map((each) => each.set)),
        sources: sets.map(sourceLine),
      });
    }
    const global = this.#globalTarget(flow);
    if (global !== undefined) targets.push(global);
    if (targets.length === 0 || flow.destinations.some((each) => each.kind === 'public-internet')) {
      targets.push(PUBLIC_INTERNET);
    }
    return targets;
  }

  /**
   * Where sessions that Microsoft opens come from: per device of Microsoft's half the addresses it may use. A flow
   * whose far end alone is described (sign-in, mail) has the service that opens it as its source.
   */
  openersOf(flow: Flow, environmentRegions: readonly string[]): readonly FlowOpener[] {
    const openers: FlowOpener[] = [];
    const regional = new Set<string>();
    for (const region of environmentRegions) {
      // Sessions of an environment come from its regions (PP-C23), also where the catalogue names the tag of the world.
      const sets = flow.destinations.flatMap((each) => {
        if (each.kind !== 'tag') return [];
        const set = regionalTag(this.#cloud, each.tag, region);
        if (set !== undefined) regional.add(each.tag);
        return set === undefined ? [] : [set];
      });
      if (sets.length === 0) continue;
      this.#hostInRegion(region, sets);
      openers.push({
        device: regionDevice(region),
        id: region,
        set: unionOf(...sets.map((each) => each.set)),
        sources: sets.map(sourceLine),
      });
    }
    const tags = [
      ...flow.destinations.flatMap((each) =>
        each.kind === 'tag' && each.scope === 'global' && !regional.has(each.tag) ? [each.tag] : [],
      ),
      ...(UNDESCRIBED_OPENERS[flow.id] ?? []),
    ];
    for (const tag of tags) {
      const area = tag.startsWith('Microsoft365.') ? tag.slice('Microsoft365.'.length) : undefined;
      const set = area === undefined ? addressSet(this.#cloud, tag) : undefined;
      if (area === undefined) this.#service(tag);
      else this.#microsoft365(area);
      const prefixes = this.#services.get(tag) ?? [];
      if (prefixes.length === 0) continue;
      openers.push({
        device: serviceDevice(tag),
        id: tag,
        set: set?.set ?? prefixSet(prefixes),
        sources: [set === undefined ? `Microsoft 365 ${area ?? tag} endpoint sets` : sourceLine(set)],
      });
    }
    return openers;
  }

  /** Every device of Microsoft's half with what it delivers; call after all targets are known. */
  hosts(): readonly Destination[] {
    const regionSets = [...this.#regions].map(([id, set]) => ({ id, set: set.set }));
    const serviceKeys = new Set<string>();
    for (const [name, prefixes] of this.#services) {
      if (name !== EVERY_REGION) for (const each of prefixes) serviceKeys.add(prefixKey(each));
    }
    const hosts: Destination[] = [];
    for (const [id, set] of this.#regions) {
      const region = azureRegion(id);
      const tag = region?.communities.microsoftPeering;
      const extras = this.#regionExtras.get(id) ?? [];
      hosts.push({
        device: regionDevice(id),
        name: set.name,
        azureRegion: id,
        groups: [
          {
            prefixes: set.prefixes.filter((each) => !serviceKeys.has(prefixKey(each))),
            communities: tag === undefined ? [] : [tag],
          },
          ...(extras.length > 0 ? [{ prefixes: extras, communities: [] }] : []),
        ],
        origins: [fromFact('ER-071'), derived(`addresses of ${sourceLine(set)}`)],
      });
    }
    const claimed = new Set<string>();
    for (const [name, prefixes] of this.#services) {
      if (name === EVERY_REGION)
        for (const set of this.#regions.values()) for (const each of set.prefixes) claimed.add(prefixKey(each));
      const fresh = prefixes.filter((each) => !claimed.has(prefixKey(each)));
      for (const each of fresh) claimed.add(prefixKey(each));
      const own = serviceCommunity(name);
      hosts.push({
        device: serviceDevice(name),
        name,
        azureRegion: undefined,
        groups: groupByRegion(fresh, regionSets, own),
        origins: [fromFact('ER-072'), derived(`addresses of the service ${name}`)],
      });
    }
    return hosts;
  }

  /** Any address outside every described set and outside special-purpose space. */
  publicInternet(customer: readonly Prefix[]): PrefixSet {
    const hosted = this.hosts().flatMap((host) => host.groups.flatMap((group) => group.prefixes));
    return differenceOf(GLOBAL_UNICAST, prefixSet([...hosted, ...customer]));
  }

  /** All addresses of a flow that do not depend on the region of the environment, as one target. */
  #globalTarget(flow: Flow): FlowTarget | undefined {
    const names: string[] = [];
    const sources: string[] = [];
    const sets: PrefixSet[] = [];
    for (const each of flow.destinations) {
      if (each.kind !== 'tag' || each.scope !== 'global') continue;
      const set = addressSet(this.#cloud, each.tag);
      if (set === undefined) continue;
      this.#service(each.tag);
      names.push(serviceName(each.tag));
      sources.push(sourceLine(set));
      sets.push(set.set);
    }
    const wanted = new Set(flow.destinations.flatMap((each) => (each.kind === 'microsoft365' ? each.sets : [])));
    const records = microsoft365Sets(this.#cloud).filter((each) => wanted.has(each.id) && each.prefixes.length > 0);
    for (const area of new Set(records.map((each) => each.serviceArea))) {
      this.#microsoft365(area);
      const mine = records.filter((each) => each.serviceArea === area);
      // Endpoint sets that stand beside a service tag describe the same service (sign-in is one).
      if (names.length === 0 || names.some((name) => name.startsWith('Microsoft 365')))
        names.push(`Microsoft 365 ${area}`);
      sources.push(`Microsoft 365 endpoint sets ${mine.map((each) => each.id).join(', ')}`);
      sets.push(prefixSet(mine.flatMap((each) => each.prefixes)));
    }
    if (sets.length === 0) return undefined;
    const name = listText([...new Set(names)]);
    return {
      id: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      name,
      azureRegion: undefined,
      set: unionOf(...sets),
      sources,
    };
  }

  #service(tag: string): void {
    if (this.#services.has(tag)) return;
    const set = addressSet(this.#cloud, tag);
    if (set !== undefined) this.#services.set(tag, set.prefixes);
  }

  /** What the endpoint file marks for ExpressRoute carries the community of the area, the rest of the area none. */
  #microsoft365(area: string): void {
    const name = `Microsoft365.${area}`;
    if (this.#services.has(name)) return;
    const records = microsoft365Sets(this.#cloud).filter((each) => each.serviceArea === area);
    const prefixesOf = (expressRoute: boolean): ReadonlyMap<string, Prefix> =>
      new Map(
        records
          .filter((each) => each.expressRoute === expressRoute)
          .flatMap((each) => each.prefixes)
          .map((each) => [prefixKey(each), each]),
      );
    this.#services.set(name, [...prefixesOf(true).values()].sort(comparePrefixes));
    const rest = [...prefixesOf(false).values()].sort(comparePrefixes);
    if (rest.length > 0) this.#services.set(`${name}.internet`, rest);
  }

  /** A regional service whose addresses are not all inside the region's AzureCloud tag is still delivered there. */
  #hostInRegion(region: string, sets: readonly AddressSet[]): void {
    const cloud = this.#regions.get(region);
    if (cloud === undefined) return;
    const missing = differenceOf(unionOf(...sets.map((each) => each.set)), cloud.set);
    if (setIsEmpty(missing)) return;
    const extras = this.#regionExtras.get(region) ?? [];
    const known = new Set(extras.map(prefixKey));
    for (const each of setPrefixes(missing)) if (!known.has(prefixKey(each))) extras.push(each);
    this.#regionExtras.set(region, extras);
  }
}

export const PUBLIC_INTERNET: FlowTarget = {
  id: 'public-internet',
  name: 'public internet',
  azureRegion: undefined,
  set: prefixSet([]),
  sources: ['every public address that no other set of this estate covers'],
};

/** Global unicast space: everything but the special-purpose blocks of RFC 6890 that never cross the internet. */
const GLOBAL_UNICAST: PrefixSet = differenceOf(
  prefixSet(defaultRoutes()),
  prefixSet(
    [
      '0.0.0.0/8',
      '10.0.0.0/8',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '169.254.0.0/16',
      '172.16.0.0/12',
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.168.0.0/16',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '224.0.0.0/3',
      '::/3',
      '4000::/2',
      '8000::/1',
      '2001:db8::/32',
    ].map(prefix),
  ),
);

function regionsOf(estate: Estate): readonly string[] {
  const ids = new Set<string>();
  for (const environment of estate.environments) for (const id of environment.azureRegions) ids.add(id);
  for (const gateway of estate.dataGateways) ids.add(gateway.region);
  const byCommunity = new Map(
    azureRegions().flatMap((region) => {
      const value = region.communities.microsoftPeering;
      return value === undefined ? [] : [[value, region.id] as const];
    }),
  );
  for (const circuit of estate.circuits) {
    for (const entry of circuit.microsoftPeering?.routeFilter ?? []) {
      const id = byCommunity.get(entry.community);
      if (id !== undefined) ids.add(id);
    }
  }
  return [...ids];
}

function serviceCommunity(name: string): Community | undefined {
  return name.startsWith('Microsoft365.')
    ? MICROSOFT365_COMMUNITIES[name.slice('Microsoft365.'.length)]
    : SERVICE_COMMUNITIES[name];
}

function groupByRegion(
  prefixes: readonly Prefix[],
  regions: readonly { readonly id: string; readonly set: PrefixSet }[],
  own: Community | undefined,
): readonly TaggedPrefixes[] {
  const groups = new Map<string, { prefixes: Prefix[]; communities: Community[] }>();
  for (const each of prefixes) {
    // Only a prefix that lies wholly inside a region is certain to leave with the region's community.
    const inside = regions.find((region) => setCovers(region.set, each));
    const regional = inside === undefined ? undefined : findAzureRegion(inside.id)?.communities.microsoftPeering;
    const key = inside?.id ?? '';
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        prefixes: [],
        communities: [own, regional].flatMap((value) => (value === undefined ? [] : [value])),
      };
      groups.set(key, group);
    }
    group.prefixes.push(each);
  }
  return [...groups.values()];
}

function sourceLine(set: AddressSet): string {
  return `${set.name} (change ${set.changeNumber}, ${set.date})`;
}

function serviceName(tag: string): string {
  const names: Readonly<Record<string, string>> = {
    AzureActiveDirectory: 'Microsoft Entra ID',
    'AzureFrontDoor.FirstParty': 'Azure Front Door',
    'AzureFrontDoor.Frontend': 'Azure Front Door',
  };
  return names[tag] ?? tag;
}

function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
