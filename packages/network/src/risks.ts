/**
 * What fails together: every device and link by itself, the two edge routers of a circuit, the circuit, the peering
 * location and its buildings, the provider, the site, and the groups and maintenance windows the document declares.
 *
 * A group names positions in the network, in the form the control plane takes failures in. What is one box is one
 * group: private peering fails with the router and the edge router it shares with Microsoft peering; a tunnel fails
 * with the link it runs over. A pair of firewalls in high availability is a group of its own kind, because the failure
 * of one of the two leaves the firewall standing.
 *
 * Left out: the backbone, the internet at large, regions and services of Microsoft, whose failure no design prevents.
 */
import type { Estate, Path } from '@bothways/estate';
import { findPeeringLocation } from '@bothways/facts';
import type { NetworkBuilder } from './builder.ts';
import { LINK_POSITIONS, linkWord, mseeName } from './circuit-ports.ts';
import type { CompilerFindings } from './compiler-findings.ts';
import type { DeviceIx, Link, LinkIx, Origin, Placement, SessionIx } from './model.ts';
import { derived, fromDocument, fromFact } from './origin.ts';

export type RiskKind =
  | 'device'
  | 'firewall-pair'
  | 'link'
  | 'port'
  | 'msee'
  | 'circuit'
  | 'facility'
  | 'peering-location'
  | 'metro'
  | 'provider'
  | 'edge'
  | 'site'
  | 'declared';

export interface RiskGroup {
  /** 'link mpls-hq', 'peering location frankfurt': unique in the network. */
  readonly id: string;
  readonly kind: RiskKind;
  /** As the document or the compiled network names it. */
  readonly name: string;
  readonly devices: readonly DeviceIx[];
  readonly links: readonly LinkIx[];
  readonly sessions: readonly SessionIx[];
  readonly origins: readonly Origin[];
}

/** A maintenance window: what goes down, and which sessions are drained first by a longer AS path (ER-149). */
export interface Maintenance {
  readonly name: string;
  readonly kind: 'drain' | 'down';
  readonly devices: readonly DeviceIx[];
  readonly links: readonly LinkIx[];
  readonly sessions: readonly SessionIx[];
  readonly origins: readonly Origin[];
}

export interface Risks {
  readonly groups: readonly RiskGroup[];
  readonly maintenance: readonly Maintenance[];
}

/** Roles whose failure is worth asking about. */
const FAILING_ROLES: ReadonlySet<string> = new Set([
  'site-router',
  'firewall',
  'customer-edge',
  'provider-edge',
  'proxy',
  'internet-provider',
  'vnet-gateway',
  'vnet-appliance',
]);

const NONE: readonly never[] = [];

export function compileRisks(estate: Estate, findings: CompilerFindings, builder: NetworkBuilder): Risks {
  const groups = new Groups(builder);
  groups.addDevices();
  groups.addLinks();
  groups.addCircuits(estate);
  groups.addEdges(estate);
  groups.addPlaces(estate);
  for (const declared of estate.failureGroups) {
    const origins: Origin[] = [fromDocument(declared.path)];
    groups.addUnion('declared', declared.name, declared.elements, declared.path, origins, findings);
  }
  const maintenance = estate.maintenance.map((window): Maintenance => {
    const origins: Origin[] = [fromDocument(window.path), ...(window.kind === 'drain' ? [fromFact('ER-149')] : [])];
    const parts = groups.union(window.elements, window.path, findings);
    const down = { devices: new Set(parts.devices), links: new Set(parts.links) };
    const sessions = builder.sessions.filter(
      ({ link, ends }) =>
        (link !== undefined && down.links.has(link)) || ends.some((end) => down.devices.has(end.device)),
    );
    return { name: window.name, kind: window.kind, ...parts, sessions: sessions.map(({ ix }) => ix), origins };
  });
  return { groups: groups.all, maintenance };
}

interface Parts {
  readonly devices: readonly DeviceIx[];
  readonly links: readonly LinkIx[];
}

class Groups {
  readonly all: RiskGroup[] = [];
  readonly #builder: NetworkBuilder;
  readonly #byName = new Map<string, RiskGroup[]>();
  readonly #carried = new Map<LinkIx, LinkIx[]>();

  constructor(builder: NetworkBuilder) {
    this.#builder = builder;
    for (const link of builder.links) {
      for (const under of link.carriedBy ?? NONE) {
        this.#carried.set(under, [...(this.#carried.get(under) ?? []), link.ix]);
      }
    }
  }

  addDevices(): void {
    for (const device of this.#builder.devices) {
      const { name, role, ix, firewall, origins } = device;
      // A second routing domain is the same box as the first.
      if (!FAILING_ROLES.has(role) || this.#sharesBox(name)) continue;
      const twin = role === 'customer-edge' ? this.#builder.deviceNamed(`${name}-private`) : undefined;
      const devices = twin === undefined ? [ix] : [ix, twin.ix];
      const kind = firewall?.highAvailability === true ? 'firewall-pair' : 'device';
      this.#add(kind, name, { devices, links: NONE }, origins);
    }
  }

  #sharesBox(name: string): boolean {
    if (!name.endsWith('-private')) return false;
    return this.#builder.deviceNamed(name.slice(0, -'-private'.length))?.role === 'customer-edge';
  }

  addLinks(): void {
    for (const link of this.#builder.links) {
      if (link.kind === 'microsoft' || link.kind === 'circuit') continue;
      if (link.kind === 'internet' && link.owner === undefined) continue;
      this.#add('link', link.name, { devices: NONE, links: [link.ix, ...this.#over(link.ix)] }, link.origins);
    }
  }

  /** Ports and edge routers carry both peerings; a circuit is both of its links. */
  addCircuits(estate: Estate): void {
    const linksOf = new Map<string, Link[]>();
    for (const link of this.#builder.links) {
      if (link.kind !== 'circuit' || link.owner === undefined) continue;
      const held = linksOf.get(link.owner);
      if (held === undefined) linksOf.set(link.owner, [link]);
      else held.push(link);
    }
    for (const circuit of estate.circuits) {
      const links = linksOf.get(circuit.name) ?? [];
      const routers: DeviceIx[] = [];
      for (const position of LINK_POSITIONS) {
        const word = linkWord(position);
        const port = links.filter(({ name }) => name.endsWith(`-${word}`)).map(({ ix }) => ix);
        const both = (['microsoft', 'private'] as const).flatMap((peering) => {
          const device = this.#builder.deviceNamed(mseeName(circuit, position, peering));
          return device === undefined ? [] : [device.ix];
        });
        if (port.length === 0) continue;
        routers.push(...both);
        const origins = [fromDocument(circuit.path), fromFact('ER-010')];
        this.#add('port', `${circuit.name}-${word}`, { devices: NONE, links: port }, origins);
        this.#add('msee', mseeName(circuit, position, 'microsoft'), { devices: both, links: NONE }, origins);
      }
      if (links.length === 0) continue;
      const parts = { devices: routers, links: links.map(({ ix }) => ix) };
      this.#add('circuit', circuit.name, parts, [fromDocument(circuit.path)]);
    }
  }

  /** An internet edge is its link; the routers of an ExpressRoute edge stand together. */
  addEdges(estate: Estate): void {
    for (const edge of estate.expressRouteEdges) {
      const names = new Set(edge.routers.flatMap((name) => [name, `${name}-private`]));
      const devices = [...names].flatMap((name) => this.#builder.deviceNamed(name)?.ix ?? []);
      this.#add('edge', edge.name, { devices, links: NONE }, [fromDocument(edge.path)]);
    }
  }

  /** Groups by what elements have in common, in the order in which the first element of each was compiled. */
  addPlaces(estate: Estate): void {
    this.#addShared('facility', 'facility', 'one building ends the links of these circuits');
    this.#addShared('peering-location', 'peeringLocation', 'circuits in one peering location share it');
    this.#addMetros();
    this.#addShared('provider', 'provider', 'everything one provider carries');
    const sites = new Map<string, DeviceIx[]>();
    for (const { ix, place } of this.#builder.devices) {
      if (place?.site === undefined) continue;
      const held = sites.get(place.site);
      if (held === undefined) sites.set(place.site, [ix]);
      else held.push(ix);
    }
    for (const site of estate.sites) {
      const devices = sites.get(site.name);
      if (devices === undefined) continue;
      this.#add('site', site.name, { devices, links: NONE }, [fromDocument(site.path)]);
    }
  }

  /** A metro is a group of its own only where the estate is in more than one of its peering locations. */
  #addMetros(): void {
    const locations = new Map<string, Set<string>>();
    for (const { place } of this.#builder.links) {
      if (place?.metro === undefined || place.peeringLocation === undefined) continue;
      const held = locations.get(place.metro) ?? new Set<string>();
      locations.set(place.metro, held.add(place.peeringLocation));
    }
    const several = new Set([...locations].flatMap(([name, held]) => (held.size > 1 ? [name] : [])));
    this.#addShared('metro', 'metro', 'peering locations of one metro', several);
  }

  #addShared(kind: RiskKind, key: keyof Placement, because: string, only?: ReadonlySet<string>): void {
    const shared = new Map<string, { devices: DeviceIx[]; links: LinkIx[] }>();
    const at = (name: string): { devices: DeviceIx[]; links: LinkIx[] } => {
      const held = shared.get(name) ?? { devices: [], links: [] };
      shared.set(name, held);
      return held;
    };
    for (const { ix, place, role } of this.#builder.devices) {
      // The edge routers belong to Microsoft; the provider of their circuit has only the links.
      if (place?.[key] === undefined || (key === 'provider' && role === 'msee')) continue;
      at(place[key]).devices.push(ix);
    }
    for (const { ix, place } of this.#builder.links) {
      if (place?.[key] !== undefined) at(place[key]).links.push(ix, ...this.#over(ix));
    }
    for (const [name, parts] of shared) {
      if (only?.has(name) !== false) this.#add(kind, name, parts, [derived(because)]);
    }
  }

  addUnion(
    kind: RiskKind,
    name: string,
    elements: readonly string[],
    path: Path,
    origins: readonly Origin[],
    findings: CompilerFindings,
  ): void {
    this.#add(kind, name, this.union(elements, path, findings), origins);
  }

  /** Everything the names stand for; a name that is both a site and its router is the site. */
  union(elements: readonly string[], path: Path, findings: CompilerFindings): Parts {
    const devices = new Set<DeviceIx>();
    const links = new Set<LinkIx>();
    for (const [position, element] of elements.entries()) {
      const groups = this.#byName.get(element) ?? this.#byName.get(findPeeringLocation(element)?.id ?? '');
      if (groups === undefined) {
        findings.unknownName('element', element, [...path, 'elements', position], this.#byName.keys());
        continue;
      }
      for (const group of groups) {
        for (const ix of group.devices) devices.add(ix);
        for (const ix of group.links) links.add(ix);
      }
    }
    const ascending = (a: number, b: number): number => a - b;
    return { devices: [...devices].sort(ascending), links: [...links].sort(ascending) };
  }

  #over(link: LinkIx): readonly LinkIx[] {
    return this.#carried.get(link) ?? NONE;
  }

  #add(kind: RiskKind, name: string, parts: Parts, origins: readonly Origin[]): void {
    const id = `${kind.replaceAll('-', ' ')} ${name}`;
    const group: RiskGroup = { id, kind, name, ...parts, sessions: NONE, origins };
    this.all.push(group);
    const held = this.#byName.get(name);
    if (held === undefined) this.#byName.set(name, [group]);
    else held.push(group);
  }
}
