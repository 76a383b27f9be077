/**
 * A plan proved on the engine: the document is loaded, both halves of the network are computed, every rule looks at it, and
 * every single element that can fail is taken down.
 *
 * Lost are round trips of sites on circuits that held before, other than those of a site that failed itself. One kind of
 * element is told apart: the cable between a firewall and a router of one and the same edge. The engine takes a router's
 * announcements as statements that need no route, as the documents describe them, so a router that is cut off from its own
 * firewall keeps attracting answers. It is a matter of how the router is set up and not of what is bought, and is named.
 */
import { checkRules, type EstateView, intentVerdicts } from '@bothways/checks';
import type { Finding } from '@bothways/diagnostics';
import { loadEstate } from '@bothways/estate';
import { type FailureElement, failureElements, failureSets, roundTrips, Sweep, trafficOf } from '@bothways/forwarding';
import { compileNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import type { PlanFile } from './plan-document.ts';

export interface LostBy {
  /** 'link munich-to-hub-frankfurt' */
  readonly element: string;
  /** Sites that lose something. */
  readonly sites: readonly string[];
}

export interface Verification {
  /** No error finding, every intent held, and nothing lost that must survive. */
  readonly holds: boolean;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Intents that do not hold, each with the reason. */
  readonly intents: readonly { readonly name: string; readonly because: string }[];
  /** Single failures that were computed. */
  readonly failures: number;
  /** Single failures that lose traffic of sites on circuits. */
  readonly lost: readonly LostBy[];
  /** Cables inside an edge whose failure does; see the head of this file. */
  readonly insideEdges: readonly string[];
  readonly view: EstateView | undefined;
}

/** `mustSurvive`: names of sites that must lose nothing by a single failure elsewhere. */
export function verifiedPlan(files: readonly PlanFile[], mustSurvive: ReadonlySet<string>): Verification {
  const { estate, findings, document } = loadEstate(files);
  if (estate === undefined) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    return { holds: false, errors, warnings: [], intents: [], failures: 0, lost: [], insideEdges: [], view: undefined };
  }
  const compiled = compileNetwork(estate, document.placeOf, {});
  const plane = converge(compiled.network);
  const view: EstateView = { document, estate, compiled, plane, data: roundTrips(compiled, plane) };
  const all = [...findings, ...compiled.findings, ...checkRules(view).findings];
  const errors = all.filter(({ severity }) => severity === 'error');
  const intents = intentVerdicts(view).flatMap(({ intent, parts }) => {
    // What a check leaves open because it is too much is answered below: the declared groups are elements like others.
    const open = parts.find(
      ({ kind, outcome }) => outcome === 'broken' || (outcome === 'unknown' && kind !== 'failures'),
    );
    return open === undefined ? [] : [{ name: intent.name, because: open.because }];
  });
  const elements = failureElements(compiled);
  const lost: LostBy[] = [];
  const insideEdges: string[] = [];
  if (mustSurvive.size > 0) {
    const sets = failureSets(elements, 1);
    const sweep = new Sweep({ compiled, plane, sets });
    const known = new Map<string, readonly string[]>();
    for (const [ix, element] of elements.entries()) {
      const key = JSON.stringify([element.devices, element.links, element.sessions, element.drains, element.pair]);
      const sites = known.get(key) ?? lostSites(sweep, ix, mustSurvive);
      known.set(key, sites);
      const others = sites.filter((site) => !isOwn(view, element, site));
      if (others.length === 0) continue;
      if (isInsideEdge(view, element)) insideEdges.push(element.name);
      else lost.push({ element: element.id, sites: others });
    }
  }
  return {
    holds: errors.length === 0 && intents.length === 0 && lost.length === 0,
    errors,
    warnings: all.filter(({ severity }) => severity === 'warning'),
    intents,
    failures: mustSurvive.size > 0 ? elements.length : 0,
    lost,
    insideEdges,
    view,
  };
}

function lostSites(sweep: Sweep, ix: number, mustSurvive: ReadonlySet<string>): readonly string[] {
  const sites = new Set<string>();
  for (const { before, after } of sweep.changesUnder(sweep.setOf([ix]))) {
    if (before.some(({ outcome }) => outcome !== 'holds')) continue;
    for (const trip of after) {
      if (trip.outcome !== 'holds' && mustSurvive.has(trip.demand.site.name)) sites.add(trip.demand.site.name);
    }
  }
  return [...sites];
}

/** Whether the element is the site itself: its router, or all of it. */
function isOwn({ compiled }: EstateView, { kinds, name, devices }: FailureElement, site: string): boolean {
  if (kinds[0] === 'site' && name === site) return true;
  return devices.some((ix) => {
    const device = compiled.network.devices[ix];
    return device?.role === 'site-router' && device.name === site;
  });
}

function isInsideEdge({ compiled, estate }: EstateView, { kinds, links }: FailureElement): boolean {
  const [only] = links.length === 1 && kinds[0] === 'link' ? links : [];
  const link = only === undefined ? undefined : compiled.network.links[only];
  if (link === undefined) return false;
  const ends = [link.a, link.b].map((ix) => compiled.network.devices[ix]?.name ?? '');
  return estate.expressRouteEdges.some(
    ({ routers, firewall, site }) =>
      ends.some((end) => routers.includes(end)) && ends.some((end) => end === (firewall ?? site)),
  );
}

/** Bits per second that every site with clients sends or gets in the busy hour, whichever is more. */
export function demandsOf(files: readonly PlanFile[]): ReadonlyMap<string, number> {
  const { estate, document } = loadEstate(files);
  const demands = new Map<string, number>();
  if (estate === undefined) return demands;
  const compiled = compileNetwork(estate, document.placeOf, {});
  const users = new Map(estate.sites.map(({ name, users: count }) => [name, count]));
  for (const { places, rate } of trafficOf(compiled).bundles) {
    if (rate.kind === 'unknown') continue;
    const total = places.reduce((sum, place) => sum + (users.get(place) ?? 0), 0);
    for (const place of places) {
      const share = total === 0 ? 1 / places.length : (users.get(place) ?? 0) / total;
      demands.set(place, (demands.get(place) ?? 0) + share * Math.max(rate.there, rate.back));
    }
  }
  return demands;
}
