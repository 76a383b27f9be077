/**
 * What the owners of an address, a flow and a host name say about ExpressRoute: the answer with its reason and conditions.
 * The statements behind it are numbered facts; nothing here is known that is not in the facts.
 */
import {
  type AddressSet,
  azureRegion,
  type Cloud,
  type CommunityRow,
  type Flow,
  type Microsoft365Set,
} from '@bothways/facts';
import { formatCommunity } from '@bothways/net';
import { addressFilesInUse } from './address-files.ts';
import { communitiesOfSet, endpointOfSet, notCarriedService } from './flow-sets.ts';
import type { HostName } from './host-names.ts';
import type { ReachAnswer } from './reach-model.ts';

export interface Judgement {
  readonly answer: ReachAnswer;
  readonly because: string;
  readonly conditions: readonly string[];
  readonly facts: readonly string[];
}

/** What the owners of an address say about it. */
export function judgeSets(sets: readonly AddressSet[], cloud: Cloud): Judgement {
  const { tags } = addressFilesInUse();
  const file = tags.find((each) => each.cloud === cloud);
  if (sets.length === 0) {
    return {
      answer: 'unknown',
      because: `no published address set holds it (${file?.fileName}, change ${file?.changeNumber} of ${file?.date}): it belongs to somebody else, to a service without published addresses, or is newer than the file`,
      conditions: [],
      facts: ['ER-204'],
    };
  }
  const [excluded] = sets.flatMap(({ name }) => notCarriedService(name) ?? []);
  const regional = sets.find(({ name, region }) => name.startsWith('AzureCloud.') && region !== undefined);
  if (excluded !== undefined) return judgeExcluded(excluded, regional);
  const endpoints = sets.flatMap((set) => endpointOfSet(set) ?? []);
  const rows = sets.flatMap(communitiesOfSet);
  const services = rows.flatMap(({ row }) => (row?.kind === 'service' ? [row] : []));
  const regionRow = rows.find(({ row }) => row?.kind === 'regional')?.row;
  const place = regionRow?.azureRegion === undefined ? undefined : azureRegion(regionRow.azureRegion)?.name;
  const free = services.filter((row) => row.authorisationRequired === false);
  // A service with a community of its own inside the addresses of a region: which of the two brings it is open.
  const open =
    place === undefined
      ? ''
      : `; it also lies in the addresses of ${place}, and whether the community of that region alone brings it is published nowhere`;
  if (free.length > 0) {
    return {
      answer: 'yes',
      because: `Microsoft peering offers ${listed(free.map(({ name }) => name))} under a community of its own${open}`,
      conditions: [`a route filter with ${listed(free.map(communityWords), 'or')}`],
      facts: ['ER-072', ...(place === undefined ? [] : ['ER-071'])],
    };
  }
  if (services.length > 0) {
    return {
      answer: 'conditional',
      because: `it is an address of Microsoft 365 that the endpoint list marks for ExpressRoute (${listed(services.map(({ name }) => name))})${open}`,
      conditions: [
        'Microsoft has authorised the subscription for Microsoft 365 over ExpressRoute',
        'a Premium circuit',
        `a route filter with ${listed(services.map(communityWords), 'or')}`,
      ],
      facts: ['ER-072', 'ER-076', ...(place === undefined ? [] : ['ER-071'])],
    };
  }
  if (regionRow !== undefined) {
    return {
      answer: 'yes',
      because: `Microsoft peering offers the public addresses of ${place ?? regionRow.name}`,
      conditions: [
        `a route filter with ${communityWords(regionRow)}`,
        'a circuit whose SKU reaches the region: Standard in its geopolitical region, Premium from anywhere',
      ],
      facts: ['ER-023', 'ER-071'],
    };
  }
  if (endpoints.length > 0) {
    return {
      answer: 'no',
      because: `the Microsoft 365 endpoint list marks set ${listed(endpoints.map(({ id }) => String(id)))} as not routed over ExpressRoute`,
      conditions: [],
      facts: ['ER-204'],
    };
  }
  return {
    answer: 'unknown',
    because: `it is in ${listed(sets.map(({ name }) => name))}, but ${rows[0]?.because ?? 'no community is published for it'}; whether Microsoft peering advertises it shows only in a routing table`,
    conditions: [],
    facts: ['ER-071', 'ER-072'],
  };
}

function communityWords({ community, name }: CommunityRow): string {
  return `${formatCommunity(community)} (${name})`;
}

function judgeExcluded(service: string, regional: AddressSet | undefined): Judgement {
  if (regional === undefined) {
    return {
      answer: 'no',
      because: `${service} is a service that Microsoft peering does not carry (ER-203)`,
      conditions: [],
      facts: ['ER-203', 'ER-204'],
    };
  }
  return {
    answer: 'unknown',
    because: `${service} is not carried (ER-203), yet the address is also in ${regional.name}, whose addresses are; which of the two holds shows only in a routing table`,
    conditions: [],
    facts: ['ER-203', 'ER-071', 'ER-247'],
  };
}

const answerOf: Readonly<Record<Flow['expressRoute'], ReachAnswer>> = {
  yes: 'yes',
  conditional: 'conditional',
  'internet-only': 'no',
  internal: 'inside-microsoft',
  'not-applicable': 'not-applicable',
};

export function judgeFlow(flow: Flow): Judgement {
  return { answer: answerOf[flow.expressRoute], because: flow.reason, conditions: flow.conditions, facts: [] };
}

function conditionsOf(flows: readonly Flow[]): readonly string[] {
  return [...new Set(flows.flatMap(({ conditions }) => conditions))];
}

export function judgeHost(host: HostName, close: readonly Flow[], endpoints: readonly Microsoft365Set[]): Judgement {
  if (host.retired !== undefined) return { answer: 'unknown', because: host.retired, conditions: [], facts: [] };
  if (close.length === 0 && endpoints.length === 0) {
    return {
      answer: 'unknown',
      because:
        'neither the flow catalogue nor the Microsoft 365 endpoint list has a pattern for this name; ask for the address it resolves to',
      conditions: [],
      facts: ['ER-204'],
    };
  }
  const crossing = close.filter(({ expressRoute }) => expressRoute !== 'internal' && expressRoute !== 'not-applicable');
  const judged = crossing.length > 0 ? crossing : close;
  const answers = [...new Set(judged.map((flow) => answerOf[flow.expressRoute]))];
  const [only] = answers;
  if (judged.length > 0 && answers.length === 1 && only !== undefined) {
    return {
      answer: only,
      because: judged[0]?.reason ?? '',
      conditions: conditionsOf(judged),
      facts: [],
    };
  }
  if (judged.length > 0) {
    return {
      answer: 'conditional',
      because: `it depends on the flow: ${judged.map(({ id, expressRoute }) => `${id} ${expressRoute}`).join(', ')}`,
      conditions: conditionsOf(judged.filter(({ expressRoute }) => expressRoute !== 'internet-only')),
      facts: [],
    };
  }
  const marked = endpoints.filter(({ expressRoute }) => expressRoute);
  if (marked.length === 0) {
    return {
      answer: 'no',
      because: `the Microsoft 365 endpoint list marks set ${listed(endpoints.map(({ id }) => String(id)))} as not routed over ExpressRoute`,
      conditions: [],
      facts: ['ER-204'],
    };
  }
  return {
    answer: 'conditional',
    because: `the Microsoft 365 endpoint list marks set ${listed(marked.map(({ id }) => String(id)))} (${listed([...new Set(marked.map(({ serviceArea }) => serviceArea))])}) for ExpressRoute`,
    conditions: ['Microsoft has authorised the subscription for Microsoft 365 over ExpressRoute', 'a Premium circuit'],
    facts: ['ER-072', 'ER-076'],
  };
}

/** 'a', 'a and b', 'a, b and c'; equal items once. */
export function listed(items: readonly string[], joint: 'and' | 'or' = 'and'): string {
  const distinct = [...new Set(items)];
  return distinct.length < 2
    ? distinct.join('')
    : `${distinct.slice(0, -1).join(', ')} ${joint} ${distinct.at(-1) ?? ''}`;
}
