/**
 * The network as the workbench draws it: every device a person can point at, the lines between them, what stands
 * together (a site with its edges, a circuit with its two Microsoft edge routers), where it stands on the map, and what
 * of it can fail. No positions: the page lays it out.
 *
 * Left out: regions and services of Microsoft that no demand uses.
 */
import { type EstateView, placeOfOrigins } from '@bothways/checks';
import type { Place } from '@bothways/diagnostics';
import { azureRegion, type Coordinates, peeringLocation } from '@bothways/facts';
import { type FailureElement, failureElements } from '@bothways/forwarding';
import { formatAsn } from '@bothways/net';
import type { Device, Link } from '@bothways/network';
import type { DiagramLine } from '../report/diagram.ts';
import { lineKinds, lineLabel, roleColumns, roleWords } from '../report/network-diagram.ts';

export interface TopologyView {
  readonly groups: readonly TopologyGroup[];
  readonly nodes: readonly TopologyNode[];
  readonly lines: readonly TopologyLine[];
  readonly elements: readonly TopologyElement[];
}

export interface TopologyGroup {
  /** 'site dc', 'circuit er-fra', 'internet', 'microsoft'. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'site' | 'circuit' | 'internet' | 'azure' | 'microsoft';
  readonly place: Place | undefined;
}

export interface TopologyNode {
  /** Name of the device: it stays while the document changes around it. */
  readonly id: string;
  readonly title: string;
  readonly role: Device['role'];
  readonly roleText: string;
  readonly half: Device['half'];
  /** From the customer on the left, 0, to Microsoft on the right. */
  readonly column: number;
  readonly group: string | undefined;
  readonly asn: string;
  /** Clients that sessions start from; 0 where there are none. */
  readonly users: number;
  readonly place: Place | undefined;
  /** Degrees, north and east positive. */
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  /** A word on what it does to packets: 'NAT 198.51.100.0/28', 'stateful firewall'. */
  readonly remarks: readonly string[];
}

export interface TopologyLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: DiagramLine['kind'];
  readonly label: string;
  readonly place: Place | undefined;
}

/** Something that can fail, with everything that goes down with it. */
export interface TopologyElement {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly nodes: readonly string[];
  readonly lines: readonly string[];
  readonly place: Place | undefined;
}

export function topologyView(view: EstateView, elements = failureElements(view.compiled)): TopologyView {
  const { network } = view.compiled;
  const used = usedDevices(view);
  const shown = network.devices.filter(
    ({ half, role, ix }) => half !== 'microsoft' || role === 'msee' || role.startsWith('vnet') || used.has(ix),
  );
  const isShown = new Set(shown.map(({ ix }) => ix));
  const members = new Map<string, number>();
  const groupOf = new Map<number, TopologyGroup>();
  for (const device of shown) {
    const group = groupFor(view, device);
    if (group === undefined) continue;
    groupOf.set(device.ix, group);
    members.set(group.id, (members.get(group.id) ?? 0) + 1);
  }
  const groups = new Map<string, TopologyGroup>();
  for (const group of groupOf.values()) if ((members.get(group.id) ?? 0) > 1) groups.set(group.id, group);
  const lineIds = lineNames(network.links);
  return {
    groups: [...groups.values()],
    nodes: shown.map((device) => {
      const group = groupOf.get(device.ix)?.id;
      return nodeView(view, device, group !== undefined && groups.has(group) ? group : undefined);
    }),
    lines: network.links
      .filter(({ a, b }) => isShown.has(a) && isShown.has(b))
      .map((link) => ({
        id: lineIds[link.ix] ?? link.name,
        from: network.devices[link.a]?.name ?? '',
        to: network.devices[link.b]?.name ?? '',
        kind: lineKinds[link.kind],
        label: lineLabel(link),
        place: placeOfOrigins(view, link.origins),
      })),
    elements: elements.map((element) => elementView(view, element, lineIds)),
  };
}

/** Names of links as ids; a name that occurs twice gets a number. */
export function lineNames(links: readonly Link[]): readonly string[] {
  const seen = new Map<string, number>();
  return links.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

function elementView(view: EstateView, element: FailureElement, lineIds: readonly string[]): TopologyElement {
  const { id, kinds, name, devices, links, pair, origins } = element;
  return {
    id,
    kind: kinds[0] ?? '',
    name,
    nodes: [...devices, ...(pair === undefined ? [] : [pair])].flatMap(
      (ix) => view.compiled.network.devices[ix]?.name ?? [],
    ),
    lines: links.flatMap((ix) => lineIds[ix] ?? []),
    place: placeOfOrigins(view, origins),
  };
}

function usedDevices({ data }: EstateView): ReadonlySet<number> {
  const used = new Set<number>();
  for (const { forward, back } of data.roundTrips) {
    for (const { device } of forward.path.hops) used.add(device);
    for (const { device } of back?.path.hops ?? []) used.add(device);
  }
  return used;
}

function nodeView(view: EstateView, device: Device, group: string | undefined): TopologyNode {
  const { name, role, half, firewall, sourceNat } = device;
  const site = role === 'site-router' ? view.estate.sites.find((each) => each.name === name) : undefined;
  const where = coordinatesOf(view, device);
  const hasEdge = role === 'site-router' && group !== undefined;
  return {
    id: name,
    title: role === 'microsoft-service' ? name.replace(/^microsoft-/, '') : name,
    role,
    roleText: site?.city === undefined ? roleWords[role] : `${roleWords[role]}, ${site.city}`,
    half,
    column: hasEdge ? 2 : roleColumns[role],
    group,
    asn: formatAsn(device.asn),
    users: site?.users ?? 0,
    place: placeOfOrigins(view, device.origins),
    latitude: where?.latitude,
    longitude: where?.longitude,
    remarks: [
      ...(firewall === undefined ? [] : [firewall.stateful ? 'stateful' : 'stateless']),
      ...(sourceNat.length > 0 ? ['NAT'] : []),
    ],
  };
}

function groupFor(view: EstateView, device: Device): TopologyGroup | undefined {
  const { place, role, half, ix } = device;
  const { document, estate, compiled } = view;
  if (role === 'msee') {
    const link = compiled.network.links.find(({ kind, a, b }) => kind === 'circuit' && (a === ix || b === ix));
    const circuit = estate.circuits.find(({ name }) => name === link?.owner);
    if (circuit === undefined) return undefined;
    const at = place?.peeringLocation === undefined ? undefined : peeringLocation(place.peeringLocation)?.name;
    return {
      id: `circuit ${circuit.name}`,
      title: [`circuit ${circuit.name}`, ...(at === undefined ? [] : [at])].join(', '),
      kind: 'circuit',
      place: document.placeOf(circuit.path),
    };
  }
  if (role.startsWith('vnet')) return { id: 'azure', title: 'Virtual networks', kind: 'azure', place: undefined };
  if (half === 'microsoft') return { id: 'microsoft', title: 'Microsoft', kind: 'microsoft', place: undefined };
  if (half === 'internet') return { id: 'internet', title: 'Internet', kind: 'internet', place: undefined };
  const site = estate.sites.find(({ name }) => name === place?.site);
  if (site === undefined) return undefined;
  const title = site.city === undefined ? site.name : `${site.name}, ${site.city}`;
  return { id: `site ${site.name}`, title, kind: 'site', place: document.placeOf(site.path) };
}

function coordinatesOf({ estate }: EstateView, { place, role, name }: Device): Coordinates | undefined {
  const at = role === 'site-router' ? name : place?.site;
  if (at !== undefined) return estate.sites.find((site) => site.name === at)?.location;
  if (role === 'roaming-users' || role === 'vpn-users')
    return estate.users.find((each) => each.name === name)?.location;
  if (place?.peeringLocation !== undefined) return peeringLocation(place.peeringLocation);
  return place?.azureRegion === undefined ? undefined : azureRegion(place.azureRegion);
}
