/**
 * Can it ride ExpressRoute? For an address, a prefix, a host name, an address set, a service or a flow: the flows and
 * address sets it belongs to, the communities that select it, the answer with its conditions, what the sources say where
 * they disagree, and for an estate the way from each site.
 *
 * An address in a set says who owns it, not that Microsoft advertises it; the advertised routes themselves are published
 * nowhere. Where that leaves the question open, *unknown* is the answer, with the reason.
 */
import { nearestName } from '@bothways/diagnostics';
import {
  type AddressSet,
  addressSet,
  addressSetNames,
  addressSets,
  type Cloud,
  cloudOfVariant,
  clouds,
  type Flow,
  findAzureRegion,
  flow as flowOf,
  flows,
  type Microsoft365Set,
  microsoft365Sets,
  regionalTag,
  type SupportedService,
  supportedServices,
  whoOwns,
} from '@bothways/facts';
import {
  firstAddress,
  formatCommunity,
  formatPrefix,
  hostPrefix,
  intersectionOf,
  intervalSet,
  type Prefix,
  parseAddress,
  parsePrefix,
  prefixSet,
  scopeOf,
  setCovers,
  setIntervals,
  setPrefixes,
  setSize,
} from '@bothways/net';
import { endpointOfSet, setsOfFlow } from './flow-sets.ts';
import { describeHostName, type HostName, isHostName } from './host-names.ts';
import { type Judgement, judgeFlow, judgeHost, judgeSets, listed } from './reach-answer.ts';
import { assembled, flowsOfSets } from './reach-assembly.ts';
import type { Reach, ReachAnswer, ReachPart, ReachResult } from './reach-model.ts';

/** `regions`: Azure regions of an estate's environments, for sets that depend on them. */
export function reachFor(query: string, cloud?: Cloud, regions: readonly string[] = []): ReachResult {
  const text = query.trim();
  if (text === '') return refused('name an address, a prefix, a host name, a service, an address set or a flow');
  if (text.length > 300) return refused('this is longer than any name or address');
  if (/^[\d.]+$/.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text)) return reachOfAddressText(text, cloud);
  if (text.includes('/')) return reachOfPrefixText(text, cloud);
  const named = reachOfCatalogueName(text, cloud, regions);
  if (named !== undefined) return { ok: true, reach: named };
  if (isHostName(text)) return { ok: true, reach: reachOfHostName(text, cloud, regions) };
  return refused(unknownSubject(text, cloud ?? 'public'));
}

function refused(problem: string): ReachResult {
  return { ok: false, problem };
}

function unknownSubject(text: string, cloud: Cloud): string {
  const known = [
    ...addressSetNames(cloud),
    ...supportedServices().map(({ service }) => service),
    ...flows().map(({ id }) => id),
  ];
  const near = nearestName(text, known);
  const start = `'${text}' is no address, host name, service, address set or flow that the facts know`;
  return near === undefined
    ? `${start}; a host name has a dot, as in make.powerapps.com`
    : `${start}; did you mean '${near}'?`;
}

function reachOfAddressText(text: string, cloud: Cloud | undefined): ReachResult {
  const read = parseAddress(text);
  if (!read.ok) return refused(`${read.problem}${read.hint === undefined ? '' : `; ${read.hint}`}`);
  return { ok: true, reach: reachOfPrefix(text, 'address', hostPrefix(read.value), cloud) };
}

function reachOfPrefixText(text: string, cloud: Cloud | undefined): ReachResult {
  const read = parsePrefix(text);
  if (!read.ok) return refused(`${read.problem}${read.hint === undefined ? '' : `; ${read.hint}`}`);
  const shortest = read.value.family === 4 ? 8 : 16;
  if (read.value.length < shortest) {
    return refused(`${text} is too large a part of the internet to have one answer; ask for /${shortest} or longer`);
  }
  return { ok: true, reach: reachOfPrefix(text, 'prefix', read.value, cloud) };
}

function reachOfPrefix(query: string, kind: 'address' | 'prefix', prefix: Prefix, cloud: Cloud | undefined): Reach {
  const scope = scopeOf(prefix);
  const base = { query, kind, subject: kind === 'address' ? `address ${query}` : `prefix ${formatPrefix(prefix)}` };
  const targets = [{ name: query, set: prefixSet([prefix]) }];
  if (scope !== 'global' && scope !== 'mixed') {
    return assembled(base, {
      judgement: {
        answer: 'no',
        because: `these are ${scope} addresses: Microsoft peering carries public addresses only; private peering could carry private ones`,
        conditions: [],
        facts: ['ER-033', 'ER-125'],
      },
      sets: [],
      flows: [],
      targets,
    });
  }
  const owner = whoOwns(firstAddress(prefix), cloud).cloud ?? whoOwns(firstAddress(prefix)).cloud;
  const chosen = owner ?? cloud ?? 'public';
  const parts = kind === 'address' ? [] : partsOf(prefix, chosen);
  const sets =
    kind === 'address'
      ? whoOwns(firstAddress(prefix), chosen).sets.flatMap((name) => addressSet(chosen, name) ?? [])
      : [...addressSets(chosen)].filter((set) => setCovers(set.set, prefix));
  const judgement = parts.length > 1 ? judgeParts(parts) : judgeSets(sets, chosen);
  return assembled(base, {
    judgement,
    sets: sets.map((set) => ({ set, match: longestMatch(set, prefix) })),
    flows: flowsOfSets(sets),
    parts: parts.length > 1 ? parts : [],
    targets,
  });
}

function longestMatch(set: AddressSet, prefix: Prefix): Prefix | undefined {
  const inside = set.prefixes.filter((each) => each.length <= prefix.length && setCovers(prefixSet([each]), prefix));
  return inside.sort((a, b) => b.length - a.length)[0];
}

/** The prefix cut where its owners change; parts with equal owners are one. */
function partsOf(prefix: Prefix, cloud: Cloud): readonly ReachPart[] {
  const whole = prefixSet([prefix]);
  const [interval] = setIntervals(whole, prefix.family);
  if (interval === undefined) return [];
  const starts = new Set([interval.first]);
  for (const set of addressSets(cloud)) {
    for (const { first, last } of setIntervals(intersectionOf(set.set, whole), prefix.family)) {
      starts.add(first);
      if (last < interval.last) starts.add(last + 1n);
    }
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  const groups = new Map<
    string,
    { readonly names: readonly string[]; readonly ranges: { first: bigint; last: bigint }[] }
  >();
  for (const [at, first] of sorted.entries()) {
    const last = (sorted[at + 1] ?? interval.last + 1n) - 1n;
    const names = whoOwns({ family: prefix.family, bits: first }, cloud).sets;
    const key = names.join(' ');
    const group = groups.get(key) ?? { names, ranges: [] };
    group.ranges.push({ first, last });
    groups.set(key, group);
  }
  return [...groups.values()].map(({ names, ranges }) => {
    const set = intervalSet(prefix.family, ranges);
    const { answer, because } = judgeSets(
      names.flatMap((name) => addressSet(cloud, name) ?? []),
      cloud,
    );
    const prefixes = setPrefixes(set).map((each) => formatPrefix(each));
    return { prefixes, addresses: setSize(set, prefix.family).toString(), sets: names, answer, because };
  });
}

function judgeParts(parts: readonly ReachPart[]): Judgement {
  const answers = [...new Set(parts.map(({ answer }) => answer))];
  const [only] = answers;
  const answer = answers.length === 1 && only !== undefined ? only : 'conditional';
  return {
    answer,
    because: `it has ${parts.length} parts with different owners`,
    conditions: answers.length === 1 ? [] : ['the parts have different answers: see each of them'],
    facts: [],
  };
}

function reachOfCatalogueName(text: string, cloud: Cloud | undefined, regions: readonly string[]): Reach | undefined {
  const flowId = /^(?:pp-?)?f0*(\d{1,3})$/i.exec(text)?.[1];
  const named = flowId === undefined ? undefined : flowOf(`PP-F${flowId.padStart(2, '0')}`);
  if (named !== undefined) return reachOfFlow(text, named, cloud ?? 'public', regions);
  const set = setNamed(text, cloud);
  if (set !== undefined) return reachOfSet(text, set);
  if (isHostName(text)) return undefined;
  const region = findAzureRegion(text);
  const regionSet = region === undefined ? undefined : regionalTag(region.cloud, 'AzureCloud', region.id);
  if (regionSet !== undefined) return reachOfSet(text, regionSet);
  const service = serviceNamed(text);
  return service === undefined ? undefined : reachOfService(text, service, cloud ?? 'public');
}

function setNamed(text: string, cloud: Cloud | undefined): AddressSet | undefined {
  const wanted = text.toLowerCase();
  for (const each of cloud === undefined ? clouds : [cloud]) {
    const name = addressSetNames(each).find((candidate) => candidate.toLowerCase() === wanted);
    const set = name === undefined ? undefined : addressSet(each, name);
    if (set !== undefined) return set;
  }
  return undefined;
}

function reachOfFlow(query: string, flow: Flow, cloud: Cloud, regions: readonly string[]): Reach {
  const { sets, unpublished, anyRegion } = setsOfFlow(flow, cloud, regions);
  return assembled(
    { query, kind: 'flow', subject: `flow ${flow.id}, ${flow.name}` },
    {
      judgement: judgeFlow(flow),
      sets: sets.map((set) => ({ set, match: undefined })),
      flows: [{ flow, by: flow.id, specific: true }],
      targets: sets.map((set) => ({ name: set.name, set: set.set })),
      notes: notesOnSets(unpublished, anyRegion),
    },
  );
}

function notesOnSets(unpublished: boolean, anyRegion: boolean): readonly string[] {
  return [
    ...(unpublished ? ['some of its destinations have no published addresses; they can only be followed by name'] : []),
    ...(anyRegion
      ? [
          'which regional sets count depends on the regions of the environment or service; the sets shown are of all regions',
        ]
      : []),
  ];
}

function reachOfSet(query: string, set: AddressSet): Reach {
  const judgement = judgeSets(set.name.startsWith('AzureCloud.') ? [set] : [set, ...regionAround(set)], set.cloud);
  return assembled(
    { query, kind: 'set', subject: `address set ${set.name}` },
    {
      judgement,
      sets: [{ set, match: undefined }],
      flows: flowsOfSets([set]),
      targets: [{ name: set.name, set: set.set }],
    },
  );
}

function regionAround(set: AddressSet): readonly AddressSet[] {
  if (set.region === undefined) return [];
  const around = regionalTag(set.cloud, 'AzureCloud', set.region);
  return around === undefined ? [] : [around];
}

/** Address sets of the services of the table ER-203. */
const setsOfService: readonly (readonly [service: RegExp, tags: readonly string[], areas: readonly string[]])[] = [
  [/^Exchange Online/, [], ['Exchange']],
  [/^SharePoint Online/, [], ['SharePoint']],
  [/^Teams/, [], ['Skype']],
  [/^Office portal/, [], ['Common']],
  [/^Entra ID/, ['AzureActiveDirectory'], []],
  [/^Azure Resource Manager/, ['AzureResourceManager'], []],
  [/^Azure DevOps/, ['AzureDevOps'], []],
  [/^Defender for Identity/, ['AzureAdvancedThreatProtection'], []],
  [/^Power Platform/, ['PowerPlatformInfra', 'PowerPlatformPlex', 'AzureConnectors'], []],
  [/^Power BI/, ['PowerBI'], []],
  [/^Azure Storage/, ['Storage', 'Sql', 'AzureCosmosDB', 'AzureBackup'], []],
  [/^Azure Front Door/, ['AzureFrontDoor.Frontend', 'AzureFrontDoor.FirstParty'], []],
  [/^Traffic Manager/, ['AzureTrafficManager'], []],
  [/^Logic Apps/, ['LogicApps'], []],
  [/^Intune/, [], ['MEM']],
];

function serviceNamed(text: string): SupportedService | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  const ranked = supportedServices()
    .map((service) => ({ service, own: wordsOf(service.service) }))
    .filter(({ own }) => words.every((word) => own.includes(word)))
    .sort((a, b) => a.own.length - b.own.length);
  return ranked[0]?.service;
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && word !== 'microsoft' && word !== 'azure');
}

const answerOfOffer: Readonly<Record<SupportedService['offered'], ReachAnswer>> = {
  yes: 'yes',
  partly: 'conditional',
  no: 'no',
};

function reachOfService(query: string, service: SupportedService, cloud: Cloud): Reach {
  const [, tags = [], areas = []] = setsOfService.find(([name]) => name.test(service.service)) ?? [];
  const endpoints = microsoft365Sets(cloud).filter(
    (each) => areas.includes(each.serviceArea) && (each.expressRoute || service.offered === 'no'),
  );
  const names = [...tags, ...endpoints.flatMap((each) => each.addressSet ?? [])];
  const sets = names.flatMap((name) => addressSet(cloud, name) ?? []);
  const words = { yes: 'carries', partly: 'carries part of', no: 'does not carry' }[service.offered];
  return assembled(
    { query, kind: 'service', subject: `service ${service.service}` },
    {
      judgement: {
        answer: answerOfOffer[service.offered],
        because: `Microsoft peering ${words} ${service.service}${service.remark === undefined ? '' : ` (${service.remark})`}`,
        conditions: [
          ...(service.communities.length === 0
            ? []
            : [`a route filter with ${listed(service.communities.map(formatCommunity))}`]),
          ...(service.regional ? ['a route filter with the communities of the Azure regions it runs in'] : []),
        ],
        facts: ['ER-203', ...service.facts],
      },
      sets: sets.map((set) => ({ set, match: undefined })),
      flows: flowsOfSets(sets.filter(({ name }) => !name.startsWith('AzureCloud'))),
      endpoints: endpoints.map((endpoint) => ({ endpoint, pattern: undefined })),
      targets: sets.map((set) => ({ name: set.name, set: set.set })),
      notes: sets.length === 0 ? ['no addresses are published for it under a name of its own'] : [],
    },
  );
}

function reachOfHostName(query: string, preferred: Cloud | undefined, environmentRegions: readonly string[]): Reach {
  const host = describeHostName(query);
  const base = { query, kind: 'name' as const, subject: subjectOf(host) };
  if (host.retired !== undefined) {
    return assembled(base, { judgement: judgeHost(host, [], []), sets: [], flows: [], targets: [] });
  }
  const cloud = cloudOfHost(host, preferred);
  const named = firstOf(
    host.flows.filter(({ variant }) => cloudOfVariant(variant) === cloud),
    ({ flow }) => flow.id,
  );
  const endpoints = host.endpoints.filter(({ endpoint }) => cloudOfInstance[endpoint.instance] === cloud);
  const most = Math.max(0, ...[...named, ...endpoints].map(({ fixed }) => fixed));
  const isClose = ({ fixed, relation }: HostName['flows'][number] | HostName['endpoints'][number]): boolean =>
    relation === 'around' || fixed >= most;
  const closeFlows = named.filter(isClose).map(({ flow }) => flow);
  const closeEndpoints = endpoints.filter(isClose).map(({ endpoint }) => endpoint);
  const regions = host.geography === undefined ? environmentRegions : host.geography.pairs.flat();
  const flowSets = closeFlows.map((flow) => setsOfFlow(flow, cloud, regions));
  const endpointSets = closeEndpoints.flatMap(({ addressSet: name }) =>
    name === undefined ? [] : (addressSet(cloud, name) ?? []),
  );
  // Of the endpoint sets of a flow, those count that have the name themselves.
  const ofFlows = flowSets
    .flatMap((each) => each.sets)
    .filter((set) => endpointOfSet(set) === undefined || closeEndpoints.length === 0);
  const sets = firstOf([...ofFlows, ...endpointSets], ({ name }) => name);
  const anyRegion = flowSets.some((each) => each.anyRegion) || (regions.length === 0 && sets.some(isOfAllRegions));
  return assembled(base, {
    judgement: judgeHost(host, closeFlows, closeEndpoints),
    sets: sets.map((set) => ({ set, match: undefined })),
    flows: firstOf(
      [
        ...named.map((each) => ({ flow: each.flow, by: each.pattern, specific: isClose(each) })),
        ...flowsOfSets(endpointSets),
      ],
      ({ flow }) => flow.id,
    ),
    endpoints: endpoints.map(({ endpoint, pattern }) => ({ endpoint, pattern })),
    targets: sets.map((set) => ({ name: set.name, set: set.set })),
    notes: [
      ...(sets.length > 0
        ? ['which address a name resolves to is decided by DNS at the time; the sets say where it may lie']
        : []),
      ...notesOnSets(
        flowSets.some((each) => each.unpublished),
        anyRegion,
      ),
      ...host.exceptions.map(
        ({ name, path, fact: id }) =>
          `${name} goes by ${path === 'circuit' ? 'the circuit' : 'the internet'} according to a text of 2019 (${id})`,
      ),
    ],
  });
}

/** The first of all items with the same key. */
function firstOf<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(keyOf(item))) first.set(keyOf(item), item);
  return [...first.values()];
}

function isOfAllRegions({ name, region }: AddressSet): boolean {
  return region === undefined && ['AzureCloud', 'PowerPlatformInfra', 'AzureConnectors'].includes(name);
}

const cloudOfInstance: Readonly<Record<Microsoft365Set['instance'], Cloud>> = {
  worldwide: 'public',
  'usgov-high': 'usgov',
  'usgov-dod': 'usgov',
  china: 'china',
};

/** The preferred cloud if it knows the name, else the one whose pattern fixes most of it. */
function cloudOfHost(host: HostName, preferred: Cloud | undefined): Cloud {
  if (host.geography !== undefined) return host.geography.cloud;
  const candidates = [
    ...host.flows.map(({ fixed, variant }) => ({ fixed, cloud: cloudOfVariant(variant) })),
    ...host.endpoints.map(({ fixed, endpoint }) => ({ fixed, cloud: cloudOfInstance[endpoint.instance] })),
  ].sort((a, b) => b.fixed - a.fixed);
  const most = candidates.filter(({ fixed }) => fixed === candidates[0]?.fixed).map(({ cloud }) => cloud);
  const fallback = preferred ?? 'public';
  return candidates.length === 0 || most.includes(fallback) ? fallback : (most[0] ?? fallback);
}

function subjectOf({ name, geography, retired }: HostName): string {
  return geography === undefined || retired !== undefined
    ? `host name ${name}`
    : `host name ${name}, of a Power Platform environment in ${geography.name} (${geography.pairs.map((pair) => pair.join(' and ')).join(', or ')})`;
}
