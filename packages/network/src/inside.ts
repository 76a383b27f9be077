/** What every part of the inside shares: policies, AS numbers, hosts behind a device, look-ups of checked names. */
import { type Asn, asn, type Prefix, parsePrefix } from '@bothways/net';
import type { DeviceDraft } from './builder.ts';
import type { Origin, PolicyIx, PolicyTerm } from './model.ts';
import { derived } from './origin.ts';

/** AS 12076: Microsoft's end of every circuit (ER-048). */
export const MICROSOFT_EDGE_ASN: Asn = asn(12076);

/** Equal ways of the internet and of a provider's cloud that are kept side by side. */
export const EQUAL_WAYS = 16;

/** Policies that the devices of the inside share. */
export interface InsidePolicies {
  readonly acceptAll: PolicyIx;
  readonly rejectAll: PolicyIx;
  readonly learnedOnly: PolicyIx;
  /** What a site believes from its WAN and from edges other than its own breakout. */
  readonly importAt: (site: string) => PolicyIx;
}

export function ownAnnouncements(): PolicyTerm {
  return {
    name: 'announcements of an edge are meant for its outside',
    when: [{ kind: 'as-path-empty' }],
    set: [],
    then: 'reject',
    origins: [derived('pools and announced prefixes are not routed inside')],
  };
}

/** Hosts behind a device: delivered there and announced to the inside. */
export function attachHosts(device: DeviceDraft, name: string, prefixes: readonly Prefix[], origins: Origin[]): void {
  if (prefixes.length === 0) return;
  const hosts = { name, prefixes, origins };
  device.connected.push(hosts);
  device.originations.push({ ...hosts, communities: [], largeCommunities: [], med: 0, originCode: 'igp' });
}

export class AsnPool {
  #next: number;
  constructor(first: number) {
    this.#next = first;
  }
  next(): Asn {
    const value = this.#next;
    this.#next += 1;
    return asn(value);
  }
}

/** Looks up what the loader has already checked to exist. */
export function need<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`the loader let the unknown name '${name}' pass`);
  return value;
}

const DEFAULT_ROUTES: readonly string[] = ['0.0.0.0/0', '::/0'];

/** 0.0.0.0/0 and ::/0. */
export function defaultRoutes(): readonly Prefix[] {
  return DEFAULT_ROUTES.flatMap((text) => {
    const parsed = parsePrefix(text);
    return parsed.ok ? [parsed.value] : [];
  });
}

export function isDefaultRoute(prefix: Prefix): boolean {
  return prefix.length === 0;
}

/** One key per prefix, for sets. */
export function prefixKey(prefix: Prefix): string {
  return `${prefix.family}:${prefix.bits}/${prefix.length}`;
}
