/** Tables in the form an engineer knows, with the reason each losing route lost and why a prefix is not there. */
import { type EstateView, placeOfOrigins, placeText } from '@bothways/checks';
import { type Finding, nearestName } from '@bothways/diagnostics';
import {
  comparePrefixes,
  formatAsn,
  formatCommunity,
  formatPrefix,
  type Prefix,
  parseAddress,
  parsePrefix,
  prefixContains,
} from '@bothways/net';
import type { DeviceIx, Origin } from '@bothways/network';
import { type Candidate, type Decision, decisionSteps, type FibEntry } from '@bothways/routing';
import { type InputFile, type OpenOptions, openEstate } from './estate-view.ts';
import { type HeardView, heardBy, instabilityOf, type ReplayView, replayOf } from './route-history.ts';

export interface RoutesQuery {
  readonly device?: string;
  /** A prefix of the table, or an address: its longest match. */
  readonly prefix?: string;
  /** What every neighbour sent as well, with the terms that touched it. */
  readonly why?: boolean;
  /** The recorded convergence of the prefix as well, which must be given. */
  readonly replay?: boolean;
}

export interface RoutesView {
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  readonly problem: string | undefined;
  readonly devices: readonly DeviceRoutes[];
  /** Where it was asked for, one per group of prefixes that are routed alike; the longest that cover what was sought. */
  readonly replay?: readonly ReplayView[];
  /** Cycles and other stable states of the routes shown, in sentences; where reasons or a replay were asked for. */
  readonly instability?: readonly string[];
}

export interface DeviceRoutes {
  readonly device: string;
  readonly role: string;
  readonly asn: string;
  readonly routes: readonly RouteView[];
  /** Routes that neighbours hold and this device does not, with the reason; only when a prefix was asked for. */
  readonly absent: readonly string[];
}

export interface RouteView {
  /** The first prefix of those that are routed alike. */
  readonly prefix: string;
  /** How many further prefixes of this table are routed exactly alike. */
  readonly alike: number;
  readonly protocol: FibEntry['protocol'];
  readonly distance: number;
  /** 'deliver', 'discard', or neighbours with links. */
  readonly next: readonly string[];
  /** BGP paths, the installed ones first; empty for connected and static routes. */
  readonly paths: readonly PathView[];
  /** What neighbours sent, where reasons were asked for. */
  readonly heard?: readonly HeardView[];
  /** The line or fact the route rests on. */
  readonly source: string;
}

export interface PathView {
  readonly best: boolean;
  readonly neighbour: string;
  readonly localPreference: number;
  readonly med: number;
  readonly weight: number;
  readonly asPath: string;
  readonly originCode: 'igp' | 'egp' | 'incomplete';
  readonly communities: readonly string[];
  /** Why it is not used; empty for the installed ones. */
  readonly lostBy: string;
}

export function routesOf(files: readonly InputFile[], query: RoutesQuery, options: OpenOptions = {}): RoutesView {
  const opened = openEstate(files, options);
  const base = { findings: opened.findings, sources: opened.document.printableSources };
  const { view } = opened;
  return view === undefined
    ? { ...base, usable: false, problem: undefined, devices: [] }
    : routesInView(view, query, base);
}

/** The same for an estate that is open already. */
export function routesInView(
  view: EstateView,
  query: RoutesQuery,
  base: Pick<RoutesView, 'findings' | 'sources'>,
): RoutesView {
  const { devices } = view.compiled.network;
  const wanted = query.device === undefined ? devices : devices.filter((device) => device.name === query.device);
  if (wanted.length === 0) {
    const names = devices.map((device) => device.name);
    const near = nearestName(query.device ?? '', names);
    const problem = `there is no device '${query.device ?? ''}'; ${near === undefined ? `the network has ${names.join(', ')}` : `did you mean '${near}'?`}`;
    return { ...base, usable: true, problem, devices: [] };
  }
  const sought = query.prefix === undefined ? undefined : soughtPrefix(query.prefix);
  if (sought !== undefined && 'problem' in sought) {
    return { ...base, usable: true, problem: sought.problem, devices: [] };
  }
  const { why = false, replay = false } = query;
  if (replay && sought === undefined) {
    return { ...base, usable: true, problem: 'a replay shows one prefix: name it with --prefix', devices: [] };
  }
  const found = wanted.map((device) => deviceRoutes(view, device.ix, sought, why));
  const replayed = replay && sought !== undefined ? longestClasses(view, sought) : [];
  const classes = new Set([...replayed.map(({ ix }) => ix), ...found.flatMap((item) => item.classes)]);
  return {
    ...base,
    usable: true,
    problem: undefined,
    devices: found.map((item) => item.view),
    ...(replay ? { replay: replayed.map(({ ix, cover }) => replayOf(view.plane, ix, cover)) } : {}),
    ...(why || replay ? { instability: instabilityOf(view.plane, classes) } : {}),
  };
}

/** The classes whose prefixes cover what was sought most closely, of those that BGP carries if any. */
function longestClasses(view: EstateView, sought: Prefix): readonly { readonly ix: number; readonly cover: Prefix }[] {
  const covers = view.plane.classes.flatMap(({ ix }) => {
    const cover = coverOf(view, ix, sought);
    const carried = view.compiled.network.devices.some((device) => view.plane.decision(device.ix, ix) !== undefined);
    return cover === undefined ? [] : [{ ix, cover, carried }];
  });
  const usable = covers.some(({ carried }) => carried) ? covers.filter(({ carried }) => carried) : covers;
  const longest = Math.max(-1, ...usable.map(({ cover }) => cover.length));
  return usable.filter(({ cover }) => cover.length === longest);
}

function soughtPrefix(text: string): Prefix | { readonly problem: string } {
  if (!text.includes('/')) {
    const address = parseAddress(text);
    if (!address.ok) return { problem: address.problem };
    const { family, bits } = address.value;
    return { family, bits, length: family === 4 ? 32 : 128 };
  }
  const parsed = parsePrefix(text);
  return parsed.ok
    ? parsed.value
    : { problem: `${parsed.problem}${parsed.hint === undefined ? '' : `; ${parsed.hint}`}` };
}

function deviceRoutes(
  view: EstateView,
  ix: DeviceIx,
  sought: Prefix | undefined,
  why: boolean,
): { readonly view: DeviceRoutes; readonly classes: readonly number[] } {
  const device = view.compiled.network.devices[ix];
  if (device === undefined) throw new RangeError(`device ${ix}`);
  const entries = [...(view.plane.fibs[ix]?.entries() ?? [])];
  const covering =
    sought === undefined ? entries : entries.filter((entry) => coverOf(view, entry.classIx, sought) !== undefined);
  const longest = Math.max(
    -1,
    ...covering.map((entry) => (sought === undefined ? -1 : (coverOf(view, entry.classIx, sought)?.length ?? -1))),
  );
  const shown =
    sought === undefined
      ? covering
      : covering.filter((entry) => coverOf(view, entry.classIx, sought)?.length === longest);
  const routes = shown
    .map((entry) => routeView(view, ix, entry, sought, why))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ view: each }) => each);
  const absent = sought === undefined ? [] : absences(view, ix, sought, longest);
  return {
    view: { device: device.name, role: device.role, asn: formatAsn(device.asn), routes, absent },
    classes: shown.map((entry) => entry.classIx),
  };
}

function routeView(
  view: EstateView,
  ix: DeviceIx,
  entry: FibEntry,
  sought: Prefix | undefined,
  why: boolean,
): { readonly order: string; readonly view: RouteView } {
  const prefixes = view.plane.classes[entry.classIx]?.prefixes ?? [];
  const first =
    (sought === undefined ? undefined : coverOf(view, entry.classIx, sought)) ?? [...prefixes].sort(comparePrefixes)[0];
  if (first === undefined) throw new RangeError(`class ${entry.classIx} is empty`);
  const decision = view.plane.decision(ix, entry.classIx);
  return {
    order: orderKey(first),
    view: {
      prefix: formatPrefix(first),
      alike: prefixes.length - 1,
      protocol: entry.protocol,
      distance: entry.distance,
      next: nextWords(view, entry),
      paths: decision === undefined ? [] : pathViews(view, decision),
      ...(why ? { heard: heardBy(view.plane, ix, entry.classIx, (origins) => originText(view, origins)) } : {}),
      source: originText(view, entry.origins),
    },
  };
}

function orderKey(prefix: Prefix): string {
  return `${prefix.family}${prefix.bits.toString(16).padStart(32, '0')}${String(prefix.length).padStart(3, '0')}`;
}

function coverOf(view: EstateView, classIx: number, sought: Prefix): Prefix | undefined {
  const prefixes = view.plane.classes[classIx]?.prefixes ?? [];
  let best: Prefix | undefined;
  for (const each of prefixes) {
    if (prefixContains(each, sought) && (best === undefined || each.length > best.length)) best = each;
  }
  return best;
}

function nextWords(view: EstateView, entry: FibEntry): readonly string[] {
  const { devices, links } = view.compiled.network;
  switch (entry.action.kind) {
    case 'deliver':
      return [`delivered here (${entry.action.name})`];
    case 'discard':
      return ['discarded'];
    case 'forward':
      return entry.action.next.map((hop) => `${devices[hop.device]?.name ?? '?'} over ${links[hop.link]?.name ?? '?'}`);
  }
}

function pathViews(view: EstateView, decision: Decision): readonly PathView[] {
  const installed = decision.best.map((candidate) => pathView(view, candidate, true, ''));
  const lost = decision.lost.map((each) => {
    const step = decisionSteps.find((candidate) => candidate.name === each.step);
    const words =
      each.winner === undefined
        ? `${step?.title ?? each.step}: not usable`
        : `${step?.title ?? each.step}: ${each.value} against ${each.winnerValue} of the route from ${deviceName(view, each.winner.neighbour)}`;
    return pathView(view, each.candidate, false, words);
  });
  return [...installed, ...lost];
}

function pathView(view: EstateView, candidate: Candidate, best: boolean, lostBy: string): PathView {
  const { attributes } = candidate;
  return {
    best,
    neighbour: candidate.kind === 'local' ? 'itself' : deviceName(view, candidate.neighbour),
    localPreference: attributes.localPreference,
    med: attributes.med,
    weight: attributes.weight,
    asPath: attributes.asPath.map((each) => formatAsn(each)).join(' '),
    originCode: attributes.originCode,
    communities: attributes.communities.map((each) => formatCommunity(each)),
    lostBy,
  };
}

/**
 * Longer prefixes than the one held that cover the sought one, and what stopped them: at the device itself, and at the
 * circuits, which is where a route of Microsoft's is usually lost.
 */
function absences(view: EstateView, ix: DeviceIx, sought: Prefix, held: number): readonly string[] {
  const { network } = view.compiled;
  const atCircuits = network.links.flatMap((link) => (link.kind === 'circuit' ? [link.a, link.b] : []));
  const lines: string[] = [];
  for (const each of view.plane.classes) {
    const cover = coverOf(view, each.ix, sought);
    if (cover === undefined || cover.length <= held) continue;
    for (const at of new Set([ix, ...atCircuits])) {
      if (view.plane.fibs[at]?.get(each.ix) !== undefined) continue;
      for (const route of view.plane.received(at, each.ix)) {
        const { stopped } = route;
        if (route.sent === undefined || stopped === undefined || stopped === 'learned-on-this-session') continue;
        if (at !== ix && network.sessions[route.session]?.link === undefined) continue;
        const terms = [...route.exported, ...route.imported].filter((term) => term.effect === 'rejected');
        const by = terms
          .map((term) => {
            const what = term.term === undefined ? `${term.policyName} does not include it` : term.termName;
            return `${what}${sourceSuffix(view, term.origins)}`;
          })
          .join('; ');
        const where = at === ix ? '' : ` before ${deviceName(view, at)}`;
        const why = `${stopped.replaceAll('-', ' ')}${by === '' ? '' : `: ${by}`}`;
        lines.push(`${formatPrefix(cover)} is known to ${deviceName(view, route.from)} but stopped${where} (${why})`);
      }
    }
  }
  return [...new Set(lines)];
}

function deviceName(view: EstateView, ix: DeviceIx): string {
  return view.compiled.network.devices[ix]?.name ?? '?';
}

function sourceSuffix(view: EstateView, origins: readonly Origin[]): string {
  const text = originText(view, origins);
  return text === '' ? '' : `, ${text}`;
}

function originText(view: EstateView, origins: readonly Origin[]): string {
  const place = placeOfOrigins(view, origins);
  const rest = origins.flatMap((origin) => (origin.kind === 'fact' ? [origin.fact] : []));
  return [...(place === undefined ? [] : [placeText(view, place)]), ...rest].join(', ');
}
