/** Puts an answer together: sets with their communities, flows, and the statements of the sources behind it. */
import {
  type AddressSet,
  type Contradiction,
  contradiction,
  type Fact,
  type Flow,
  fact,
  type Microsoft365Set,
} from '@bothways/facts';
import { formatCommunity, formatPrefix, type Prefix, setSize } from '@bothways/net';
import { addressFilesInUse } from './address-files.ts';
import { communitiesOfSet, endpointOfSet, flowsOfSet } from './flow-sets.ts';
import type { Judgement } from './reach-answer.ts';
import type { Reach, ReachCommunity, ReachPart, ReachSet, ReachStatement, ReachTarget } from './reach-model.ts';

export interface TiedFlow {
  readonly flow: Flow;
  readonly by: string;
  readonly specific: boolean;
}

export function flowsOfSets(sets: readonly AddressSet[]): readonly TiedFlow[] {
  const tied = new Map<string, TiedFlow>();
  // Whatever lies in a region lies in AzureCloud: that ties many flows, and says little.
  const ranked = [...sets].sort((a, b) => Number(isBroad(a)) - Number(isBroad(b)));
  for (const set of ranked) {
    for (const flow of flowsOfSet(set)) {
      if (!tied.has(flow.id)) tied.set(flow.id, { flow, by: set.name, specific: !isBroad(set) });
    }
  }
  return [...tied.values()];
}

function isBroad({ name }: AddressSet): boolean {
  return name === 'AzureCloud' || name.startsWith('AzureCloud.');
}

export interface Parts {
  readonly judgement: Judgement;
  readonly sets: readonly { readonly set: AddressSet; readonly match: Prefix | undefined }[];
  readonly flows: readonly TiedFlow[];
  readonly endpoints?: readonly { readonly endpoint: Microsoft365Set; readonly pattern: string | undefined }[];
  readonly parts?: readonly ReachPart[];
  readonly targets: readonly ReachTarget[];
  readonly notes?: readonly string[];
}

export function assembled(base: Pick<Reach, 'query' | 'kind' | 'subject'>, parts: Parts): Reach {
  const { judgement, sets } = parts;
  const specific = parts.flows.filter((each) => each.specific).map(({ flow }) => flow);
  const ids = [...judgement.facts, ...specific.flatMap(({ conflicts }) => conflicts)];
  const tied = sets.flatMap(({ set }) => endpointOfSet(set) ?? []);
  const endpoints = parts.endpoints ?? tied.map((endpoint) => ({ endpoint, pattern: undefined }));
  return {
    ...base,
    answer: judgement.answer,
    because: judgement.because,
    conditions: judgement.conditions,
    flows: parts.flows.map(({ flow, by, specific: isSpecific }) => ({
      id: flow.id,
      name: flow.name,
      expressRoute: flow.expressRoute,
      openedBy: flow.tcpOpenedBy,
      reason: flow.reason,
      conditions: flow.conditions,
      by,
      specific: isSpecific,
    })),
    sets: sets.map(({ set, match }) => setView(set, match)),
    endpoints: endpoints.map(({ endpoint, pattern }) => ({
      id: endpoint.id,
      instance: endpoint.instance,
      serviceArea: endpoint.serviceArea,
      expressRoute: endpoint.expressRoute,
      category: endpoint.category,
      required: endpoint.required,
      pattern,
    })),
    communities: communityViews(
      sets.map(({ set }) => set),
      base.kind === 'address',
    ),
    parts: parts.parts ?? [],
    statements: [...new Set(ids)].flatMap(statementOf),
    notes: parts.notes ?? [],
    files: addressFilesInUse(),
    targets: parts.targets,
  };
}

function setView(set: AddressSet, match: Prefix | undefined): ReachSet {
  return {
    name: set.name,
    cloud: set.cloud,
    region: set.region,
    prefixes: set.prefixes.length,
    addresses4: setSize(set.set, 4).toString(),
    match: match === undefined ? undefined : formatPrefix(match),
    source: set.source.document,
    date: set.date,
    changeNumber: set.changeNumber,
  };
}

/**
 * One line for each community, then one for each reason why there is none. For a single address the reasons do not
 * matter once one of its sets has a community.
 */
function communityViews(sets: readonly AddressSet[], isSingle: boolean): readonly ReachCommunity[] {
  const views = new Map<string, { readonly view: Omit<ReachCommunity, 'sets'>; readonly sets: string[] }>();
  for (const each of sets.flatMap(communitiesOfSet)) {
    const community = each.row === undefined ? undefined : formatCommunity(each.row.community);
    const key = community ?? each.because;
    const held = views.get(key);
    if (held !== undefined) {
      held.sets.push(each.set);
      continue;
    }
    const { row, because } = each;
    const view = { community, name: row?.name, authorisationRequired: row?.authorisationRequired, because };
    views.set(key, { view, sets: [each.set] });
  }
  const all = [...views.values()].map(({ view, sets: names }) => ({ ...view, sets: names }));
  const published = all.filter(({ community }) => community !== undefined);
  const missing = all.filter(({ community }) => community === undefined);
  return isSingle && published.length > 0 ? published : [...published, ...missing];
}

function statementOf(id: string): readonly ReachStatement[] {
  const disputed: Contradiction | undefined = contradiction(id);
  const found: Fact | undefined = disputed ?? fact(id);
  if (found === undefined) return [];
  return [
    {
      id,
      statement: found.statement,
      source: found.source.document,
      date: found.date,
      confidence: found.confidence,
      claims: (disputed?.claims ?? []).map(({ source, date, says }) => ({ source: source.document, date, says })),
    },
  ];
}
