/**
 * Which address sets a flow or a service stands for, which flows rest on a set, and which community selects it. Shared by
 * the questions about reach and about updates of the address files.
 *
 * The regions of an environment decide which regional sets count; without an environment the set of all regions stands in.
 */
import {
  type AddressSet,
  addressSet,
  azureRegion,
  type Cloud,
  type CommunityKind,
  type CommunityRow,
  communities,
  type Flow,
  flows,
  type Microsoft365Set,
  microsoft365Sets,
  regionalTag,
} from '@bothways/facts';

export interface FlowSets {
  /** With addresses, in the order of the catalogue. */
  readonly sets: readonly AddressSet[];
  /** True: some destinations have no published addresses. */
  readonly unpublished: boolean;
  /** True: sets of all regions stand in for those of a region that nobody named. */
  readonly anyRegion: boolean;
}

/** `regions`: Azure regions of the environments in question; empty when nobody named any. */
export function setsOfFlow(flow: Flow, cloud: Cloud, regions: readonly string[]): FlowSets {
  const sets = new Map<string, AddressSet>();
  let unpublished = false;
  let anyRegion = false;
  const add = (set: AddressSet | undefined): void => {
    if (set === undefined) unpublished = true;
    else sets.set(set.name, set);
  };
  for (const destination of flow.destinations) {
    switch (destination.kind) {
      case 'tag': {
        const isRegional = destination.scope === 'environment-regions' && regions.length > 0;
        if (isRegional) for (const region of regions) add(regionalTag(cloud, destination.tag, region));
        else {
          anyRegion ||= destination.scope !== 'global';
          add(addressSet(cloud, destination.tag));
        }
        break;
      }
      case 'microsoft365': {
        const wanted = new Set(setIdsOf(destination, cloud));
        for (const set of microsoft365Sets(cloud).filter((each) => wanted.has(each.id))) {
          add(set.addressSet === undefined ? undefined : addressSet(cloud, set.addressSet));
        }
        break;
      }
      case 'public-internet':
        unpublished = true;
        break;
      case 'customer-endpoint':
      case 'microsoft-internal':
        break;
    }
  }
  return { sets: [...sets.values()], unpublished, anyRegion };
}

/** Endpoint set ids in the numbering of the cloud's instance. */
function setIdsOf(destination: Extract<Flow['destinations'][number], { kind: 'microsoft365' }>, cloud: Cloud) {
  switch (cloud) {
    case 'public':
      return destination.sets;
    case 'usgov':
      return destination.variantSets['usgov-high'] ?? [];
    case 'china':
      return destination.variantSets['china-21vianet'] ?? [];
  }
}

/** Flows of the catalogue that rest on a set or on the set of all regions it belongs to. */
export function flowsOfSet(set: AddressSet): readonly Flow[] {
  const endpoint = endpointOfSet(set);
  const dot = set.name.indexOf('.');
  const names = new Set([set.name, ...(dot > 0 && set.region !== undefined ? [set.name.slice(0, dot)] : [])]);
  return flows().filter((flow) =>
    flow.destinations.some((destination) =>
      endpoint === undefined
        ? destination.kind === 'tag' && names.has(destination.tag)
        : destination.kind === 'microsoft365' && setIdsOf(destination, set.cloud).includes(endpoint.id),
    ),
  );
}

/** The Microsoft 365 endpoint set whose addresses a set holds. */
export function endpointOfSet(set: AddressSet): Microsoft365Set | undefined {
  if (!set.name.startsWith('Microsoft365')) return undefined;
  const instances = set.cloud === 'usgov' ? (['usgov-high', 'usgov-dod'] as const) : [set.cloud];
  for (const instance of instances) {
    const found = microsoft365Sets(instance).find((each) => each.addressSet === set.name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Services that Microsoft peering does not carry (ER-203), by the tags of their addresses. */
const notCarried: readonly (readonly [tag: RegExp, service: string])[] = [
  [/^AzureFrontDoor\./, 'Azure Front Door'],
  [/^AzureTrafficManager$/, 'Traffic Manager'],
  [/^LogicApps/, 'Logic Apps'],
];

/** The excluded service that the addresses of a tag belong to. */
export function notCarriedService(setName: string): string | undefined {
  return notCarried.find(([tag]) => tag.test(setName))?.[1];
}

export interface SetCommunity {
  /** Name of the set. */
  readonly set: string;
  /** Undefined: none is published, for the reason in `because`. */
  readonly row: CommunityRow | undefined;
  readonly because: string;
}

/** Community names of services, by service tag (ER-072). */
const serviceOfTag: Readonly<Record<string, string>> = {
  AzureActiveDirectory: 'Microsoft Entra ID',
  AzureResourceManager: 'Azure Resource Manager',
  AzureDevOps: 'Azure Global Services',
  AzureAdvancedThreatProtection: 'Microsoft Defender for Identity',
};

/** The same by service area of Microsoft 365. */
const serviceOfArea: Readonly<Record<string, string>> = {
  Exchange: 'Exchange Online',
  SharePoint: 'SharePoint Online',
  Skype: 'Skype for Business Online',
  Common: 'Other Office 365 Online services',
};

/** Regional tags with a community of their own beside the one of the region (ER-071). */
const kindOfTag: Readonly<Record<string, CommunityKind>> = {
  Storage: 'storage',
  Sql: 'sql',
  AzureCosmosDB: 'cosmos-db',
  AzureBackup: 'backup',
};

/** The communities that select a set on Microsoft peering; one record without a community where none is published. */
export function communitiesOfSet(set: AddressSet): readonly SetCommunity[] {
  const endpoint = endpointOfSet(set);
  if (endpoint !== undefined) return [communityOfEndpoint(set, endpoint)];
  const root = set.name.split('.')[0] ?? set.name;
  if (set.region !== undefined) return regionalCommunities(set, root, set.region);
  const service = serviceOfTag[root];
  if (service !== undefined) return [found(set, service, `the service ${service} has a community of its own (ER-072)`)];
  const excluded = notCarriedService(set.name);
  if (excluded !== undefined) {
    return [{ set: set.name, row: undefined, because: `Microsoft peering does not carry ${excluded} (ER-203)` }];
  }
  const because =
    root === 'AzureCloud'
      ? 'the addresses of all regions together have none; each region has its own'
      : 'no community of its own; it is selected where its addresses lie in a region with one';
  return [{ set: set.name, row: undefined, because }];
}

function communityOfEndpoint(set: AddressSet, endpoint: Microsoft365Set): SetCommunity {
  const service = serviceOfArea[endpoint.serviceArea];
  if (!endpoint.expressRoute || service === undefined) {
    return {
      set: set.name,
      row: undefined,
      because: `the endpoint list marks set ${endpoint.id} as not routed over ExpressRoute`,
    };
  }
  return found(
    set,
    service,
    `endpoint set ${endpoint.id} belongs to ${endpoint.serviceArea} and is marked for ExpressRoute`,
  );
}

function found(set: AddressSet, service: string, because: string): SetCommunity {
  const row = communities().find(
    (each) => each.kind === 'service' && each.cloud === set.cloud && each.name === service,
  );
  return row === undefined
    ? { set: set.name, row, because: `no community of ${service} is published for this cloud` }
    : { set: set.name, row, because };
}

function regionalCommunities(set: AddressSet, root: string, region: string): readonly SetCommunity[] {
  const kinds: readonly (CommunityKind | undefined)[] = ['regional', kindOfTag[root]];
  const rows = communities().filter((row) => row.azureRegion === region && kinds.includes(row.kind));
  const name = azureRegion(region)?.name ?? region;
  if (rows.length === 0) {
    return [{ set: set.name, row: undefined, because: `no community is published for the region ${name}` }];
  }
  return rows.map((row) => ({
    set: set.name,
    row,
    because:
      row.kind === 'regional' ? `its addresses are in ${name} (ER-071)` : `the service has one in ${name} (ER-071)`,
  }));
}
