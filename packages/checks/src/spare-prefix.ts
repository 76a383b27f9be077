/** Which public prefix an edge could translate to without taking one that is in use: for proposals. */
import type { ExpressRouteEdge, InternetEdge } from '@bothways/estate';
import { hostPrefix, lastAddress, type Prefix, prefixAround, prefixContains, prefixesOverlap } from '@bothways/net';
import type { EstateView } from './estate-view.ts';

/** An announced prefix of the circuits of an edge that nothing else uses; undefined: there is none. */
export function idleAnnouncement({ estate }: EstateView, edge: ExpressRouteEdge): Prefix | undefined {
  const others = [...estate.internetEdges, ...estate.expressRouteEdges].filter((each) => each !== edge);
  const elsewhere = [
    ...others.flatMap(({ nat }) => nat),
    ...estate.services.flatMap(({ published }) => published.map(({ address }) => hostPrefix(address))),
    ...estate.circuits
      .filter((circuit) => circuit.edge !== edge.name)
      .flatMap(({ microsoftPeering }) => microsoftPeering?.advertises ?? []),
  ];
  return estate.circuits
    .filter((circuit) => circuit.edge === edge.name)
    .flatMap(({ microsoftPeering }) => microsoftPeering?.advertises ?? [])
    .find((prefix) => prefix.family === 4 && !elsewhere.some((each) => prefixesOverlap(each, prefix)));
}

/** Addresses of a pool where nobody says how many it should have. */
const POOL_LENGTH = 28;

/** The first /28 of what the organisation owns that nothing in the document touches. */
export function spareOwned({ estate }: EstateView): Prefix | undefined {
  const used = [
    ...[...estate.internetEdges, ...estate.expressRouteEdges].flatMap(({ nat }) => nat),
    ...estate.internetEdges.flatMap(({ advertises }) => advertises),
    ...estate.circuits.flatMap(({ microsoftPeering }) =>
      microsoftPeering === undefined ? [] : [...microsoftPeering.advertises, ...microsoftPeering.links],
    ),
    ...estate.services.flatMap(({ published }) => published.map(({ address }) => hostPrefix(address))),
    ...estate.sites.flatMap(({ clients, servers }) => [...clients, ...servers]),
  ];
  for (const owned of estate.organisation.owns) {
    if (owned.family !== 4 || owned.length > POOL_LENGTH) continue;
    for (let at = prefixAround(owned, POOL_LENGTH); prefixContains(owned, at); ) {
      const inTheWay = used.find((each) => prefixesOverlap(each, at));
      if (inTheWay === undefined) return at;
      const last = lastAddress(inTheWay.length < POOL_LENGTH ? inTheWay : at);
      const next = prefixAround({ family: 4, bits: last.bits + 1n }, POOL_LENGTH);
      if (next.bits <= at.bits) break;
      at = next;
    }
  }
  return undefined;
}

/** True for an edge whose pool somebody else has as well, or whose circuit would announce what another way announces. */
export function isTaken({ estate }: EstateView, pool: Prefix, edge: ExpressRouteEdge | InternetEdge): boolean {
  const held = [...estate.internetEdges, ...estate.expressRouteEdges].flatMap((each) =>
    each === edge ? [] : each.nat,
  );
  const announced = [
    ...estate.internetEdges.flatMap(({ advertises }) => advertises),
    ...estate.circuits
      .filter((circuit) => circuit.edge !== edge.name)
      .flatMap(({ microsoftPeering }) => microsoftPeering?.advertises ?? []),
  ];
  return [...held, ...announced].some((each) => prefixesOverlap(each, pool));
}
