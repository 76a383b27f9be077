/** Reads the edges and the firewalls they stand behind. */
import {
  DEFAULTS,
  type Filled,
  noFirewall,
  ownFirewall,
  ownProvider,
  ownRouters,
  POOLS_ADVERTISED,
  providerRouters,
  servicesBehind,
} from './defaults.ts';
import type { ExpressRouteEdge, Firewall, FirewallRule, InternetEdge, Path } from './model.ts';
import type { PublishedService } from './model-services.ts';
import { parseText } from './names.ts';
import { bare, type PlacedPrefix, readPrefixes } from './read-prefixes.ts';
import {
  readAnyAsn,
  readBandwidth,
  readDuration,
  readMoney,
  readPercentage,
  readPorts,
  readWhole,
  readYesNoOr,
} from './read-values.ts';
import { describePath, type Reading, UNREADABLE } from './reading.ts';
import type { ExpressRouteEdgeShape, FirewallShape, InternetEdgeShape } from './schema.ts';

const NO_FIREWALL = 'none';

/** More sessions than any firewall holds is a slip. */
const SESSIONS = [1, 10_000_000_000] as const;

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
  const latency = readDuration(reading, [...path, 'latency'], shape.latency);
  const loss = readPercentage(reading, [...path, 'loss'], shape.loss);
  const utilisation = readPercentage(reading, [...path, 'utilisation'], shape.utilisation);
  const firewall = readFirewallName(reading, path, name, shape.firewall);
  const nat = readPrefixes(reading, [...path, 'nat'], shape.nat);
  const advertises =
    shape.advertises === undefined
      ? reading.applyDefault([...path, 'advertises'], { value: nat, because: POOLS_ADVERTISED }, shape.nat ?? [])
      : readPrefixes(reading, [...path, 'advertises'], shape.advertises);
  const natInbound = readYesNoOr(reading, [...path, 'natInbound'], shape.natInbound, DEFAULTS.natInbound);
  const asn = readAnyAsn(reading, [...path, 'asn'], shape.asn);
  const maximumSessions = readWhole(reading, [...path, 'maximumSessions'], shape.maximumSessions, SESSIONS);
  const monthlyCost = readMoney(reading, [...path, 'monthlyCost'], shape.monthlyCost);
  const edge =
    site === undefined
      ? undefined
      : {
          name,
          path,
          site,
          isp,
          bandwidth,
          latency,
          loss,
          utilisation,
          firewall,
          nat: bare(nat),
          natInbound,
          advertises: bare(advertises),
          asn,
          maximumSessions,
          monthlyCost,
        };
  return { edge, nat, advertises: shape.advertises === undefined ? [] : advertises };
}

export function readExpressRouteEdge(
  reading: Reading,
  name: string,
  shape: ExpressRouteEdgeShape,
  ipvpns: ReadonlySet<string>,
): PlacedExpressRouteEdge {
  const path = ['expressRouteEdges', name];
  const onCloud = shape.cloud !== undefined;
  const site = reading.reference('sites', [...path, 'site'], shape.site);
  const cloud = readCloudName(reading, [...path, 'cloud'], shape.cloud, ipvpns);
  const placed = checkPlacement(reading, path, shape);
  const firewall = readOptionalFirewall(reading, path, name, shape.firewall, onCloud);
  const nat = readPrefixes(reading, [...path, 'nat'], shape.nat);
  const natInbound = readYesNoOr(reading, [...path, 'natInbound'], shape.natInbound, DEFAULTS.natInbound);
  const own = onCloud ? providerRouters(name) : ownRouters(name);
  const routers = readRouters(reading, [...path, 'routers'], own, shape.routers);
  const sound = placed && routers !== undefined && (onCloud ? cloud !== undefined : site !== undefined);
  return {
    edge: sound ? { name, path, site, cloud, firewall, nat: bare(nat), natInbound, routers } : undefined,
    nat,
  };
}

/** Exactly one of site and cloud. */
function checkPlacement(reading: Reading, path: Path, shape: ExpressRouteEdgeShape): boolean {
  if ((shape.site === undefined) !== (shape.cloud === undefined)) return true;
  if (shape.site === undefined) {
    reading.report({
      rule: 'estate/missing-key',
      path,
      atKey: true,
      message: `${describePath(path)} has no site`,
      help: 'add site, or cloud when the provider of an IP VPN runs the edge',
    });
  } else {
    reading.report({
      rule: 'estate/one-of-two',
      path: [...path, 'cloud'],
      message: 'an ExpressRoute edge stands at a site or on a cloud, not on both',
      help: 'take one of them away',
      related: [{ message: 'the site', path: [...path, 'site'] }],
    });
  }
  return false;
}

function readCloudName(
  reading: Reading,
  path: Path,
  text: string | undefined,
  ipvpns: ReadonlySet<string>,
): string | undefined {
  if (text === undefined || text === UNREADABLE || ipvpns.has(text)) return text === UNREADABLE ? undefined : text;
  if (reading.names.get('wan')?.has(text) === true) {
    reading.report({
      rule: 'estate/not-a-cloud',
      path,
      message: `${text} is not an IP VPN`,
      help: 'an ExpressRoute edge stands on an any-to-any network of a provider, or at a site',
      related: [{ message: text, path: ['wan', text] }],
    });
    return undefined;
  }
  reading.unknownName({
    rule: 'estate/unknown-wan-cloud',
    path,
    text,
    what: 'WAN cloud',
    candidates: [...ipvpns],
    otherwise: 'define it under wan, with members',
  });
  return undefined;
}

/** `none`: no firewall. The provider's own edge has none unless one is named. */
function readOptionalFirewall(
  reading: Reading,
  path: Path,
  edge: string,
  text: string | undefined,
  onCloud: boolean,
): string | undefined {
  if (text === NO_FIREWALL) return undefined;
  if (text === undefined && onCloud) {
    reading.applyDefault([...path, 'firewall'], noFirewall(NO_FIREWALL));
    return undefined;
  }
  return readFirewallName(reading, path, edge, text);
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
  own: Filled<readonly [string, string]>,
  texts: readonly string[] | undefined,
): readonly [string, string] | undefined {
  if (texts === undefined) return reading.applyDefault(path, own);
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

/** The names of services by the firewall that stands before an edge they are published on. */
export function servicesByFirewall(
  edges: readonly (InternetEdge | ExpressRouteEdge)[],
  services: readonly PublishedService[],
): ReadonlyMap<string, readonly string[]> {
  const firewalls = new Map(edges.map((edge) => [edge.name, edge.firewall]));
  const published = new Map<string, string[]>();
  for (const service of services) {
    for (const firewall of new Set(service.published.map(({ edge }) => firewalls.get(edge)))) {
      if (firewall === undefined) continue;
      const names = published.get(firewall) ?? [];
      names.push(service.name);
      published.set(firewall, names);
    }
  }
  return published;
}

/** The firewalls that edges name and the document does not declare, in order of first use. */
export function firewallsOfEdges(
  reading: Reading,
  declared: readonly Firewall[],
  edges: readonly (InternetEdge | ExpressRouteEdge)[],
  published: ReadonlyMap<string, readonly string[]>,
): readonly Firewall[] {
  const listed = new Set(declared.map((firewall) => firewall.name));
  const firewalls: Firewall[] = [];
  for (const { firewall: name, path } of edges) {
    if (name === undefined || listed.has(name)) continue;
    listed.add(name);
    const at = ['firewalls', name];
    firewalls.push({
      name,
      path: [...path, 'firewall'],
      stateful: reading.applyDefault([...at, 'stateful'], DEFAULTS.stateful),
      sharesStateWith: [],
      highAvailability: reading.applyDefault([...at, 'highAvailability'], DEFAULTS.highAvailability),
      permitInbound: permittedByDefault(reading, at, published.get(name)),
      rules: [],
    });
  }
  return firewalls;
}

function permittedByDefault(reading: Reading, path: Path, services: readonly string[] | undefined): readonly string[] {
  if (services === undefined) return [];
  return reading.applyDefault([...path, 'permitInbound'], servicesBehind(services));
}

export function readFirewall(
  reading: Reading,
  name: string,
  shape: FirewallShape,
  known: ReadonlySet<string>,
  published: ReadonlyMap<string, readonly string[]>,
): Firewall {
  const path = ['firewalls', name];
  const stateful = readYesNoOr(reading, [...path, 'stateful'], shape.stateful, DEFAULTS.stateful);
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
  const highAvailability = readYesNoOr(
    reading,
    [...path, 'highAvailability'],
    shape.highAvailability,
    DEFAULTS.highAvailability,
  );
  const permitInbound =
    shape.permitInbound === undefined
      ? permittedByDefault(reading, path, published.get(name))
      : reading.items([...path, 'permitInbound'], shape.permitInbound, (text, at) =>
          reading.reference('services', at, text),
        );
  const rules = reading.records([...path, 'rules'], shape.rules, (rule, at) => readRule(reading, at, rule));
  return {
    name,
    path,
    stateful,
    sharesStateWith: shared,
    highAvailability,
    permitInbound: [...new Set(permitInbound)],
    rules,
  };
}

function readRule(reading: Reading, path: Path, shape: NonNullable<FirewallShape['rules']>[number]): FirewallRule {
  return {
    path,
    action: shape.action,
    zone: shape.zone ?? reading.applyDefault([...path, 'zone'], DEFAULTS.zone),
    from: bare(readPrefixes(reading, [...path, 'from'], shape.from)),
    to: bare(readPrefixes(reading, [...path, 'to'], shape.to)),
    ports: readPorts(reading, [...path, 'ports'], shape.ports),
  };
}
