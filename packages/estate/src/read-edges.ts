/** Reads the edges and the firewalls they stand behind. */
import { DEFAULTS, ownFirewall, ownProvider, ownRouters, POOLS_ADVERTISED } from './defaults.ts';
import type { ExpressRouteEdge, Firewall, InternetEdge, Path } from './model.ts';
import { parseText } from './names.ts';
import { readBandwidth, readYesNo } from './read-places.ts';
import { bare, type PlacedPrefix, readPrefixes } from './read-prefixes.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { ExpressRouteEdgeShape, FirewallShape, InternetEdgeShape } from './schema.ts';

export interface PlacedInternetEdge {
  /** `undefined` when the site is not known. */
  readonly edge: InternetEdge | undefined;
  readonly nat: readonly PlacedPrefix[];
  readonly advertises: readonly PlacedPrefix[];
}

export interface PlacedExpressRouteEdge {
  readonly edge: ExpressRouteEdge | undefined;
  readonly nat: readonly PlacedPrefix[];
}

export function readInternetEdge(reading: Reading, name: string, shape: InternetEdgeShape): PlacedInternetEdge {
  const path = ['internetEdges', name];
  const site = reading.reference('sites', [...path, 'site'], shape.site);
  const isp =
    shape.isp === undefined
      ? reading.applyDefault([...path, 'isp'], ownProvider(name))
      : (reading.scalar([...path, 'isp'], shape.isp, 'estate/empty-text', parseText) ?? '');
  const bandwidth = readBandwidth(reading, [...path, 'bandwidth'], shape.bandwidth);
  const firewall = readFirewallName(reading, path, name, shape.firewall);
  const nat = readPrefixes(reading, [...path, 'nat'], shape.nat);
  const advertises =
    shape.advertises === undefined
      ? reading.applyDefault([...path, 'advertises'], { value: nat, because: POOLS_ADVERTISED }, shape.nat ?? [])
      : readPrefixes(reading, [...path, 'advertises'], shape.advertises);
  const edge =
    site === undefined
      ? undefined
      : { name, path, site, isp, bandwidth, firewall, nat: bare(nat), advertises: bare(advertises) };
  return { edge, nat, advertises: shape.advertises === undefined ? [] : advertises };
}

export function readExpressRouteEdge(
  reading: Reading,
  name: string,
  shape: ExpressRouteEdgeShape,
): PlacedExpressRouteEdge {
  const path = ['expressRouteEdges', name];
  const site = reading.reference('sites', [...path, 'site'], shape.site);
  const firewall = readFirewallName(reading, path, name, shape.firewall);
  const nat = readPrefixes(reading, [...path, 'nat'], shape.nat);
  const routers = readRouters(reading, [...path, 'routers'], name, shape.routers);
  return {
    edge:
      site === undefined || routers === undefined ? undefined : { name, path, site, firewall, nat: bare(nat), routers },
    nat,
  };
}

function readFirewallName(reading: Reading, path: Path, edge: string, text: string | undefined): string {
  const at = [...path, 'firewall'];
  if (text === undefined) return reading.applyDefault(at, ownFirewall(edge));
  const name = reading.scalar(at, text, 'estate/empty-text', parseText) ?? ownFirewall(edge).value;
  const declared = reading.names.get('firewalls') ?? new Set();
  const near = declared.has(name) ? undefined : reading.nearest(name, [...declared]);
  if (near !== undefined) {
    reading.report({
      rule: 'estate/undeclared-firewall',
      severity: 'warning',
      path: at,
      message: `firewall ${name} is not declared, but ${near} is`,
      why: 'a name that is not declared is a firewall of its own, with no state in common',
      help: `write ${near} if that is meant, or declare ${name} under firewalls`,
      fixes: reading.replacement(at, near, false),
    });
  }
  return name;
}

function readRouters(
  reading: Reading,
  path: Path,
  edge: string,
  texts: readonly string[] | undefined,
): readonly [string, string] | undefined {
  if (texts === undefined) {
    const { value, because } = ownRouters(edge);
    return reading.applyDefault(path, { value, because });
  }
  if (texts.includes(UNREADABLE)) return undefined;
  const [primary, secondary = primary, ...more] = texts;
  if (primary === undefined || secondary === undefined || more.length > 0) {
    reading.report({
      rule: 'estate/not-two',
      path,
      message: `an ExpressRoute edge has one or two routers, here ${texts.length === 0 ? 'is none' : `are ${texts.length}`}`,
      help: 'name the router of the primary link and the router of the secondary link',
    });
    return undefined;
  }
  return [primary, secondary];
}

/** The firewalls that edges name and the document does not declare, in order of first use. */
export function firewallsOfEdges(
  declared: readonly Firewall[],
  edges: readonly (InternetEdge | ExpressRouteEdge)[],
): readonly Firewall[] {
  const listed = new Set(declared.map((firewall) => firewall.name));
  const firewalls: Firewall[] = [];
  for (const edge of edges) {
    if (listed.has(edge.firewall)) continue;
    listed.add(edge.firewall);
    const path = [...edge.path, 'firewall'];
    firewalls.push({ name: edge.firewall, path, stateful: DEFAULTS.stateful.value, sharesStateWith: [] });
  }
  return firewalls;
}

export function readFirewall(
  reading: Reading,
  name: string,
  shape: FirewallShape,
  known: ReadonlySet<string>,
): Firewall {
  const path = ['firewalls', name];
  const at = [...path, 'stateful'];
  const stateful =
    shape.stateful === undefined
      ? reading.applyDefault(at, DEFAULTS.stateful)
      : (readYesNo(reading, at, shape.stateful) ?? true);
  const shared: string[] = [];
  for (const [index, text] of (shape.sharesStateWith ?? []).entries()) {
    if (text === UNREADABLE) continue;
    const itemPath = reading.itemPath([...path, 'sharesStateWith'], index);
    if (text === name) {
      reading.report({
        rule: 'estate/link-to-itself',
        path: itemPath,
        message: `firewall ${name} is said to share state with itself`,
        help: 'name the other firewall',
      });
    } else if (known.has(text)) shared.push(text);
    else
      reading.unknownName({
        rule: 'estate/unknown-firewall',
        path: itemPath,
        text,
        what: 'firewall',
        candidates: [...known],
      });
  }
  return { name, path, stateful, sharesStateWith: shared };
}
