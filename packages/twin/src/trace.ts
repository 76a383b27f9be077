/** One packet, both ways: the round trips of a demand, or of any address somebody asks about. */
import type { EstateView } from '@bothways/checks';
import { type Finding, nearestName } from '@bothways/diagnostics';
import { flow as flowOf } from '@bothways/facts';
import { type RoundTrip, roundTripsOfDemand } from '@bothways/forwarding';
import { formatAddress, intervalSet, type PrefixSet, parseAddress } from '@bothways/net';
import type { ConcreteDemand } from '@bothways/network';
import { type RoundTripView, roundTripView } from './check.ts';
import { type InputFile, type OpenOptions, openEstate } from './estate-view.ts';

export interface TraceQuery {
  /** Name of a site with clients. */
  readonly from?: string;
  /** Name of an environment, an Azure region or a service, as the check prints it. */
  readonly to?: string;
  /** Flow id. */
  readonly flow?: string;
  /** A destination address instead of a flow. */
  readonly address?: string;
}

export interface Traced {
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** What is wrong with the question, in words; undefined when it could be answered. */
  readonly problem: string | undefined;
  readonly trips: readonly RoundTripView[];
}

export function traceEstate(files: readonly InputFile[], query: TraceQuery, options: OpenOptions = {}): Traced {
  const opened = openEstate(files, options);
  const base = { findings: opened.findings, sources: opened.document.printableSources };
  const { view } = opened;
  if (view === undefined) return { ...base, usable: false, problem: undefined, trips: [] };
  const { problem, trips } = tripsFor(view, query);
  return { ...base, usable: true, problem, trips: trips.map((trip) => roundTripView(view, trip)) };
}

/** The round trips a question is about, or what is wrong with it. */
export function tripsFor(
  view: EstateView,
  query: TraceQuery,
): { readonly problem: string | undefined; readonly trips: readonly RoundTrip[] } {
  const problem = problemWith(view, query);
  if (problem !== undefined) return { problem, trips: [] };
  const trips = query.address === undefined ? demanded(view, query) : towards(view, query, query.address);
  const none = 'no demand of the estate fits; give --address for an address that no demand mentions';
  return { problem: trips.length === 0 ? none : undefined, trips };
}

function demanded(view: EstateView, query: TraceQuery): readonly RoundTrip[] {
  return view.data.roundTrips.filter(({ demand }) => {
    const names = [demand.environment, demand.target.id, demand.target.name, demand.target.azureRegion];
    return (
      (query.from === undefined || demand.source.name === query.from) &&
      (query.flow === undefined || demand.flow.id === query.flow) &&
      (query.to === undefined || names.includes(query.to))
    );
  });
}

function towards(view: EstateView, query: TraceQuery, text: string): readonly RoundTrip[] {
  const parsed = parseAddress(text);
  if (!parsed.ok) return [];
  const { value } = parsed;
  const flow = flowOf(query.flow ?? 'PP-F01');
  const demand = view.estate.demands[0];
  if (flow === undefined || demand === undefined) return [];
  const set: PrefixSet = intervalSet(value.family, [{ first: value.bits, last: value.bits }]);
  return view.estate.sites
    .filter((site) => site.clients.length > 0 && (query.from === undefined || site.name === query.from))
    .flatMap((site) => {
      const asked: ConcreteDemand = {
        id: `${formatAddress(value)}/${site.name}`,
        demand,
        flow,
        site,
        environment: undefined,
        target: { id: 'any', name: formatAddress(value), azureRegion: undefined, set, sources: ['asked for'] },
        sources: site.clients,
      };
      return roundTripsOfDemand(view.compiled, view.data, asked);
    });
}

function problemWith(view: EstateView, query: TraceQuery): string | undefined {
  const { estate } = view;
  if (query.from !== undefined && !estate.sites.some((site) => site.name === query.from)) {
    return unknownName(
      'site',
      query.from,
      estate.sites.map((site) => site.name),
    );
  }
  if (query.flow !== undefined && flowOf(query.flow) === undefined) {
    return `there is no flow '${query.flow}'; flows are PP-F01 to PP-F68`;
  }
  if (query.address !== undefined) {
    const parsed = parseAddress(query.address);
    if (!parsed.ok) return parsed.problem;
    return undefined;
  }
  if (query.to !== undefined) {
    const names = view.data.roundTrips.flatMap(({ demand }) =>
      [demand.environment, demand.target.id, demand.target.name].flatMap((name) => name ?? []),
    );
    if (!names.includes(query.to)) return unknownName('destination', query.to, [...new Set(names)]);
  }
  return undefined;
}

function unknownName(kind: string, name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === undefined
    ? `there is no ${kind} '${name}'; the estate has ${known.join(', ')}`
    : `there is no ${kind} '${name}'; did you mean '${near}'?`;
}
