/** The question of reach asked of an estate: which way the addresses in question go from each site, and come back. */
import type { EstateView } from '@bothways/checks';
import type { Finding } from '@bothways/diagnostics';
import { flow as flowOf } from '@bothways/facts';
import { type RoundTrip, roundTripsOfDemand } from '@bothways/forwarding';
import { formatPrefix, prefixSet, setsOverlap } from '@bothways/net';
import type { ConcreteDemand } from '@bothways/network';
import { type RoundTripView, roundTripView } from './check.ts';
import { type InputFile, type OpenOptions, openEstate } from './estate-view.ts';
import type { Reach, ReachTarget } from './reach-model.ts';
import { reachFor } from './reach-view.ts';

/** Addresses of one target that go the same way from the same sites. */
export interface ReachWay {
  /** Name of the address set, or the address itself. */
  readonly target: string;
  readonly sites: readonly string[];
  /** One of the round trips, for all of them. */
  readonly trip: RoundTripView;
}

export interface EstateReach {
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** What is wrong with the question; undefined when it could be answered. */
  readonly problem: string | undefined;
  readonly reach: Reach | undefined;
  readonly estate: string | undefined;
  readonly ways: readonly ReachWay[];
  readonly notes: readonly string[];
}

/** Sites followed at most: more are asked for by name with the trace command. */
const mostSites = 100;

export function reachInEstate(files: readonly InputFile[], query: string, options: OpenOptions = {}): EstateReach {
  const opened = openEstate(files, options);
  const { view } = opened;
  const base = { findings: opened.findings, sources: opened.document.printableSources, ways: [], notes: [] };
  if (view === undefined) {
    return { ...base, usable: false, problem: undefined, reach: undefined, estate: undefined };
  }
  const { organisation, environments } = view.estate;
  const regions = [...new Set(environments.flatMap(({ azureRegions }) => azureRegions))];
  const result = reachFor(query, organisation.cloud, regions);
  if (!result.ok) {
    return { ...base, usable: true, problem: result.problem, reach: undefined, estate: organisation.name };
  }
  const { reach } = result;
  return {
    ...base,
    usable: true,
    problem: undefined,
    reach,
    estate: organisation.name,
    ways: reach.targets.flatMap((target) => waysTo(view, target, reach.flows.find((flow) => flow.specific)?.id)),
    notes: notesOn(view, reach),
  };
}

function waysTo(view: EstateView, target: ReachTarget, flowId: string | undefined): readonly ReachWay[] {
  const flow = flowOf(flowId ?? 'PP-F01');
  const demand = view.estate.demands[0];
  if (flow === undefined || demand === undefined) return [];
  const ways = new Map<string, { readonly sites: string[]; readonly trip: RoundTripView }>();
  for (const site of view.estate.sites.filter(({ clients }) => clients.length > 0).slice(0, mostSites)) {
    const asked: ConcreteDemand = {
      id: `${target.name}/${site.name}`,
      demand,
      flow,
      site,
      environment: undefined,
      target: { id: 'any', name: target.name, azureRegion: undefined, set: target.set, sources: ['asked for'] },
      sources: site.clients,
    };
    for (const trip of roundTripsOfDemand(view.compiled, view.data, asked)) {
      const shown = roundTripView(view, trip);
      const key = keyOf(shown, trip);
      const held = ways.get(key);
      if (held === undefined) ways.set(key, { sites: [site.name], trip: shown });
      else if (!held.sites.includes(site.name)) held.sites.push(site.name);
    }
  }
  return [...ways.values()].map(({ sites, trip }) => ({ target: target.name, sites, trip }));
}

/** Sites whose packets cross the same border in both directions, for the same addresses, tell one story. */
function keyOf(shown: RoundTripView, trip: RoundTrip): string {
  return JSON.stringify([
    trip.family,
    shown.outcome,
    shown.forward.via,
    shown.return?.via ?? '',
    shown.droppedAt?.device ?? '',
    shown.droppedAt?.reason ?? '',
    shown.covers,
  ]);
}

function notesOn(view: EstateView, reach: Reach): readonly string[] {
  const { estate } = view;
  const notes: string[] = [];
  for (const { set } of reach.targets) {
    for (const [owner, prefixes] of ownPrefixes(view)) {
      if (setsOverlap(set, prefixSet(prefixes))) {
        notes.push(
          `these addresses are the estate's own: ${owner} (${prefixes.map((each) => formatPrefix(each)).join(', ')})`,
        );
      }
    }
  }
  const other = reach.sets.find(({ cloud }) => cloud !== estate.organisation.cloud);
  if (other !== undefined) {
    notes.push(
      `${other.name} is of the cloud ${other.cloud}; circuits of this estate lead to the cloud ${estate.organisation.cloud} only (ER-027)`,
    );
  }
  if (reach.targets.length === 0 && reach.flows.length > 0) {
    notes.push('no published addresses to follow: for this estate ask for an address the name resolves to');
  }
  const sites = estate.sites.filter(({ clients }) => clients.length > 0).length;
  if (sites > mostSites) notes.push(`the first ${mostSites} of ${sites} sites with clients were followed`);
  return notes;
}

function ownPrefixes(view: EstateView) {
  const { sites, internetEdges, expressRouteEdges } = view.estate;
  return [
    ...sites.map(({ name, clients }) => [`clients of ${name}`, clients] as const),
    ...internetEdges.map(({ name, nat }) => [`translation pool of ${name}`, nat] as const),
    ...expressRouteEdges.map(({ name, nat }) => [`translation pool of ${name}`, nat] as const),
  ].filter(([, prefixes]) => prefixes.length > 0);
}
