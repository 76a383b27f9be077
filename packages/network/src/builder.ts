/**
 * Collects devices, links, sessions and policies while the halves are compiled, and freezes them into a `Network`.
 * Indices are handed out in the order of the calls, which follow the order of the document: same document, same network.
 */
import type { Asn } from '@bothways/net';
import type {
  ConnectedPrefixes,
  Device,
  DeviceIx,
  DeviceRole,
  FirewallPolicy,
  Half,
  Link,
  LinkIx,
  LinkKind,
  Network,
  Origin,
  Origination,
  Policy,
  PolicyIx,
  PolicyTerm,
  Session,
  SessionEnd,
  SourceFilter,
  SourceNat,
  StaticRoute,
} from './model.ts';

/** A device under construction: the lists are still open. */
export interface DeviceDraft {
  readonly ix: DeviceIx;
  readonly name: string;
  readonly role: DeviceRole;
  readonly half: Half;
  readonly asn: Asn;
  readonly connected: ConnectedPrefixes[];
  readonly statics: StaticRoute[];
  readonly originations: Origination[];
  readonly sourceFilters: SourceFilter[];
  readonly sourceNat: SourceNat[];
  readonly origins: Origin[];
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
}

export interface LinkSeed {
  readonly name: string;
  readonly kind: LinkKind;
  readonly owner?: string;
  readonly bandwidth?: number | undefined;
  readonly latency?: number | undefined;
  readonly cost?: number;
  readonly origins: readonly Origin[];
}

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
}

export class NetworkBuilder {
  readonly #devices: DeviceDraft[] = [];
  readonly #links: Link[] = [];
  readonly #sessions: Session[] = [];
  readonly #policies: Policy[] = [];

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
      origins: [...seed.origins],
      firewall: undefined,
      maximumPaths: seed.maximumPaths ?? 1,
    };
    this.#devices.push(draft);
    return draft;
  }

  addLink(a: DeviceIx, b: DeviceIx, seed: LinkSeed): LinkIx {
    const ix = this.#links.length;
    this.#links.push({
      ix,
      name: seed.name,
      kind: seed.kind,
      ...(seed.owner === undefined ? {} : { owner: seed.owner }),
      a,
      b,
      cost: seed.cost ?? 1,
      bandwidth: seed.bandwidth,
      latency: seed.latency,
      origins: seed.origins,
    });
    return ix;
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
    down?: Session['down'],
  ): void {
    this.#sessions.push({
      ix: this.#sessions.length,
      name,
      link,
      ends: [this.#end(a), this.#end(b)],
      down,
      origins,
    });
  }

  build(): Network {
    return {
      devices: this.#devices.map((draft): Device => {
        const { maximumPaths, ...device } = draft;
        return {
          ...device,
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
      allowAsIn: 0,
      maximumPrefixes: seed.maximumPrefixes,
    };
  }
}
