/**
 * Collects devices, links, sessions and policies while the halves are compiled, and freezes them into a `Network`.
 * Indices are handed out in the order of the calls, which follow the order of the document: same document, same network.
 */
import type { Asn } from '@bothways/net';
import type {
  ConnectedPrefixes,
  DestinationNat,
  Device,
  DeviceIx,
  DeviceRole,
  FirewallPolicy,
  Half,
  InboundSourceNat,
  Link,
  LinkIx,
  Network,
  Origin,
  Origination,
  Placement,
  Policy,
  PolicyIx,
  PolicyTerm,
  Session,
  SessionEnd,
  SessionIx,
  SourceFilter,
  SourceNat,
  StaticRoute,
  SteeringRule,
} from './model.ts';

/** A device under construction: the lists are still open. */
export interface DeviceDraft {
  readonly ix: DeviceIx;
  readonly name: string;
  readonly role: DeviceRole;
  readonly half: Half;
  asn: Asn;
  readonly connected: ConnectedPrefixes[];
  readonly statics: StaticRoute[];
  readonly originations: Origination[];
  readonly sourceFilters: SourceFilter[];
  readonly sourceNat: SourceNat[];
  readonly destinationNat: DestinationNat[];
  readonly inboundSourceNat: InboundSourceNat[];
  readonly steering: SteeringRule[];
  readonly origins: Origin[];
  readonly place: Placement | undefined;
  firewall: FirewallPolicy | undefined;
  maximumPaths: number;
}

export interface DeviceSeed {
  readonly name: string;
  readonly role: DeviceRole;
  readonly half: Half;
  readonly asn: Asn;
  readonly origins: readonly Origin[];
  readonly maximumPaths?: number;
  readonly place?: Placement;
}

/** A link without its place in the network; the rest of `Link` may be left out. */
export type LinkSeed = Pick<Link, 'name' | 'kind' | 'origins'> &
  Partial<Omit<Link, 'ix' | 'a' | 'b' | 'bandwidth' | 'latency'>> & {
    readonly bandwidth?: number | undefined;
    readonly latency?: number | undefined;
  };

/** What a session may say besides its ends. */
export type SessionSeed = Partial<Pick<Session, 'down' | 'timers' | 'bfd' | 'authenticated'>>;

/** What one end of a session may say; everything else has the plain default. */
export interface EndSeed {
  readonly device: DeviceIx;
  readonly import: PolicyIx;
  readonly export: PolicyIx;
  readonly asn?: Asn;
  readonly nextHopSelf?: boolean;
  readonly routeReflectorClient?: boolean;
  readonly removePrivateAs?: SessionEnd['removePrivateAs'];
  readonly maximumPrefixes?: SessionEnd['maximumPrefixes'];
  readonly allowAsIn?: number;
}

export class NetworkBuilder {
  readonly #devices: DeviceDraft[] = [];
  readonly #links: Link[] = [];
  readonly #sessions: Session[] = [];
  readonly #policies: Policy[] = [];
  readonly #names = new Map<string, DeviceDraft>();

  addDevice(seed: DeviceSeed): DeviceDraft {
    const draft: DeviceDraft = {
      ix: this.#devices.length,
      name: seed.name,
      role: seed.role,
      half: seed.half,
      asn: seed.asn,
      connected: [],
      statics: [],
      originations: [],
      sourceFilters: [],
      sourceNat: [],
      destinationNat: [],
      inboundSourceNat: [],
      steering: [],
      origins: [...seed.origins],
      place: seed.place,
      firewall: undefined,
      maximumPaths: seed.maximumPaths ?? 1,
    };
    this.#devices.push(draft);
    if (!this.#names.has(seed.name)) this.#names.set(seed.name, draft);
    return draft;
  }

  /** The first device of a name. */
  deviceNamed(name: string): DeviceDraft | undefined {
    return this.#names.get(name);
  }

  deviceNames(): Iterable<string> {
    return this.#names.keys();
  }

  get devices(): readonly DeviceDraft[] {
    return this.#devices;
  }

  get links(): readonly Link[] {
    return this.#links;
  }

  get sessions(): readonly Session[] {
    return this.#sessions;
  }

  policyAt(ix: PolicyIx): Policy {
    const policy = this.#policies[ix];
    if (policy === undefined) throw new RangeError(`policy ${ix} of ${this.#policies.length}`);
    return policy;
  }

  addLink(a: DeviceIx, b: DeviceIx, seed: LinkSeed): LinkIx {
    const ix = this.#links.length;
    const { name, kind, owner, cost, bandwidth, latency, origins, ...more } = seed;
    const owned = owner === undefined ? {} : { owner };
    this.#links.push({ ix, name, kind, ...owned, a, b, cost: cost ?? 1, bandwidth, latency, ...more, origins });
    return ix;
  }

  replaceLink(link: Link): void {
    this.#links[link.ix] = link;
  }

  addPolicy(
    name: string,
    terms: readonly PolicyTerm[],
    otherwise: Policy['otherwise'],
    origins: readonly Origin[],
  ): PolicyIx {
    const ix = this.#policies.length;
    this.#policies.push({ ix, name, terms, otherwise, origins });
    return ix;
  }

  /** A session between two adjacent devices over `link`. */
  addSession(
    name: string,
    link: LinkIx,
    a: EndSeed,
    b: EndSeed,
    origins: readonly Origin[],
    { down, ...more }: SessionSeed = {},
  ): SessionIx {
    const ix = this.#sessions.length;
    this.#sessions.push({ ix, name, link, ends: [this.#end(a), this.#end(b)], down, ...more, origins });
    return ix;
  }

  replaceSession(session: Session): void {
    this.#sessions[session.ix] = session;
  }

  build(): Network {
    return {
      devices: this.#devices.map((draft): Device => {
        const { maximumPaths, destinationNat, inboundSourceNat, steering, place, ...device } = draft;
        return {
          ...device,
          ...(destinationNat.length > 0 ? { destinationNat } : {}),
          ...(inboundSourceNat.length > 0 ? { inboundSourceNat } : {}),
          ...(steering.length > 0 ? { steering } : {}),
          ...(place === undefined ? {} : { place }),
          // Lower numbers win the last tie-break; the order of the document decides, and it is stable.
          routerId: draft.ix + 1,
          decision: { maximumPaths },
        };
      }),
      links: this.#links,
      sessions: this.#sessions,
      policies: this.#policies,
    };
  }

  #end(seed: EndSeed): SessionEnd {
    const device = this.#devices[seed.device];
    if (device === undefined) throw new RangeError(`session end on device ${seed.device} of ${this.#devices.length}`);
    return {
      device: seed.device,
      asn: seed.asn ?? device.asn,
      import: seed.import,
      export: seed.export,
      nextHopSelf: seed.nextHopSelf ?? false,
      routeReflectorClient: seed.routeReflectorClient ?? false,
      removePrivateAs: seed.removePrivateAs ?? 'none',
      allowAsIn: seed.allowAsIn ?? 0,
      maximumPrefixes: seed.maximumPrefixes,
    };
  }
}
