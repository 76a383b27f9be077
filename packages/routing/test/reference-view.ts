/** What the fast engine says, in the reference's form. */
import type { Network } from '@bothways/network';
import type { Candidate, ControlPlane, FibEntry, Hop } from '../src/index.ts';
import type { ReferenceFibEntry, ReferenceRoute, ReferenceTable } from '../src/reference-table.ts';

/** The fast engine's best routes in the reference's form. */
export function referenceTable(plane: ControlPlane, classIx: number): ReferenceTable {
  return plane.network.devices.map((device) => {
    const route = plane.decision(device.ix, classIx)?.best[0];
    return route === undefined ? undefined : referenceRoute(plane.network, route);
  });
}

function referenceRoute(network: Network, route: Candidate): ReferenceRoute {
  const ends = route.session === undefined ? [] : (network.sessions[route.session]?.ends ?? []);
  const end = ends.find((item) => item.device === route.device);
  return {
    session: route.session,
    learned: route.kind,
    neighbourRouterId: route.neighbourRouterId,
    fromClient: end?.routeReflectorClient ?? false,
    attributes: route.attributes,
    originator: route.originator,
    source: route.source,
  };
}

export function referenceFibText(entry: ReferenceFibEntry | undefined): string {
  if (entry === undefined) return 'none';
  return [`${entry.protocol} ${entry.distance} ${entry.action}`, ...(entry.rivals ?? [])].join(' or ');
}

export function fibEntryText(entry: FibEntry | undefined): string {
  if (entry === undefined) return 'none';
  const { action, protocol, distance } = entry;
  const head = `${protocol} ${distance}`;
  if (action.kind === 'deliver') return `${head} deliver ${action.name}`;
  if (action.kind === 'discard') return `${head} discard`;
  const waysText = (ways: readonly Hop[]): string => ways.map((hop) => `${hop.link}>${hop.device}`).join(' ');
  return [`${head} ${waysText(action.next)}`, ...(entry.rivals ?? []).map(({ next }) => waysText(next))].join(' or ');
}
