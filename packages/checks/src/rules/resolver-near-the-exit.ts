/** Services of the internet answer a name with what is near to whoever asks. */
import type { Site } from '@bothways/estate';
import { greatCircleKilometres } from '@bothways/facts';
import type { RoundTrip } from '@bothways/forwarding';
import { edgeOf, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';

/** Kilometres; ours: another region of a content delivery network. */
const MOST = 1_000;

interface FarResolver {
  readonly site: Site;
  readonly resolver: string;
  readonly exit: string;
  readonly kilometres: number;
  readonly trips: readonly RoundTrip[];
}

export const resolverNearTheExit = defineRule<FarResolver>({
  name: 'resolver-near-the-exit',
  title: 'Names are resolved far from where the traffic leaves',
  family: 'clients',
  severity: 'warning',
  ids: ['PP-C03', 'PP-C02', 'CHK-M365-13'],
  what: `Compares, for flows that leave over the internet, the place of the edge they really use with the place of the resolver that answers for the site; more than ${MOST} km are said, a figure of ours.`,
  why: 'A content delivery network sends the client to a server near its resolver: the exit is local, and the content comes from another continent.',
  fix: 'let the site have these names resolved where its traffic leaves',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'the branch breaks out in Milan and has its names resolved in New York',
    ['clients: 10.20.0.0/16 }', 'clients: 10.20.0.0/16, breakout: local, resolver: ny }'],
    ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt }\n  ny: { city: New York }'],
    ['wan:\n', 'wan:\n  sea: { between: [ny, dc], bandwidth: 1 Gbps }\n'],
    [
      'internetEdges:\n',
      'internetEdges:\n  local: { site: branch, isp: Tailspin, bandwidth: 100 Mbps, firewall: fw-local, nat: 198.51.100.64/28 }\n',
    ],
  ),
  silent: example(
    'it has them resolved at the site',
    ['clients: 10.20.0.0/16 }', 'clients: 10.20.0.0/16, breakout: local }'],
    [
      'internetEdges:\n',
      'internetEdges:\n  local: { site: branch, isp: Tailspin, bandwidth: 100 Mbps, firewall: fw-local, nat: 198.51.100.64/28 }\n',
    ],
  ),
  find: (view) => {
    const found = view.data.roundTrips.flatMap((trip) => {
      const { demand, forward } = trip;
      const { resolver } = demand.site;
      if (forward.via.kind !== 'internet' || demand.opener !== 'customer' || resolver === undefined) return [];
      // Where nobody said it, the resolver is taken to be at the site: nothing to blame anybody for.
      if (view.index.isDefault([...demand.site.path, 'resolver'])) return [];
      if (!('site' in resolver) || demand.site.proxy !== undefined || demand.site.pac !== undefined) return [];
      const edge = view.index.internetEdge(edgeOf(view, forward) ?? '');
      const from = view.index.site(resolver.site)?.location;
      const to = edge === undefined ? undefined : view.index.site(edge.site)?.location;
      if (from === undefined || to === undefined || edge === undefined) return [];
      const kilometres = Math.round(greatCircleKilometres(from, to));
      return kilometres > MOST
        ? [{ site: demand.site, resolver: resolver.site, exit: edge.name, kilometres, trip }]
        : [];
    });
    return [...groupedBy(found, ({ site, exit }) => `${site.name}\n${exit}`).values()].map((group) => {
      const [{ site, resolver, exit, kilometres }] = group;
      return { site, resolver, exit, kilometres, trips: group.map(({ trip }) => trip) };
    });
  },
  word: ({ site, resolver, exit, kilometres, trips }) => ({
    message: `${site.name} leaves over ${exit} and has its names resolved at ${resolver}, ${kilometres} km away: ${tripsText(trips)} ${trips.length === 1 ? 'is' : 'are'} answered for there`,
    path: [...site.path, 'resolver'],
  }),
});
