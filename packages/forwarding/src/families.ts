/**
 * IPv6 beside IPv4: the round trips of one conversation by family, so that a circuit that carries only one of them is
 * seen (PP-N13: names may answer with both, and clients prefer IPv6).
 */
import type { Conversation } from './conversation.ts';
import type { RoundTrip } from './round-trip.ts';
import { viaText } from './ways.ts';

export interface FamilyPair {
  readonly demand: Conversation;
  readonly ipv4: readonly RoundTrip[];
  readonly ipv6: readonly RoundTrip[];
  /** Borders that only one of the families crosses, as `viaText` words them, ascending. */
  readonly onlyIpv4: readonly string[];
  readonly onlyIpv6: readonly string[];
}

/** Conversations that are held in both families, in their order. */
export function familyPairs(trips: readonly RoundTrip[]): readonly FamilyPair[] {
  const byDemand = new Map<Conversation, { readonly ipv4: RoundTrip[]; readonly ipv6: RoundTrip[] }>();
  for (const trip of trips) {
    const held = byDemand.get(trip.demand) ?? { ipv4: [], ipv6: [] };
    (trip.family === 4 ? held.ipv4 : held.ipv6).push(trip);
    byDemand.set(trip.demand, held);
  }
  return [...byDemand].flatMap(([demand, { ipv4, ipv6 }]) => {
    if (ipv4.length === 0 || ipv6.length === 0) return [];
    const [four, six] = [viasOf(ipv4), viasOf(ipv6)];
    return [{ demand, ipv4, ipv6, onlyIpv4: without(four, six), onlyIpv6: without(six, four) }];
  });
}

function viasOf(trips: readonly RoundTrip[]): ReadonlySet<string> {
  return new Set(
    trips.flatMap(({ forward, back, otherVias }) =>
      [forward.via, ...(back === undefined ? [] : [back.via]), ...otherVias].map(viaText),
    ),
  );
}

function without(all: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...all].filter((each) => !others.has(each)).sort();
}
