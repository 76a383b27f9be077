/** What a user of model-driven apps should have at least. */
import { formatBandwidth } from '@bothways/estate';
import { sizing } from '@bothways/facts';
import { demandOf, type RoundTrip } from '@bothways/forwarding';
import { groupedBy } from '../estate-index.ts';
import { placeBandwidths } from '../measures.ts';
import { defineRule, example } from '../rule.ts';

interface Narrow {
  readonly trip: RoundTrip;
  readonly because: string;
}

const STATED = [
  '    to: production\n\nintents',
  '    to: production\n    rate: { perUser: 50 kbps }\n\nintents',
] as const;

export const usersGet400Kbps = defineRule<Narrow>({
  name: 'users-get-400-kbps',
  title: 'A site cannot give each of its users 400 kbit/s at the same time',
  family: 'load and latency',
  severity: 'note',
  ids: ['PP-C05', 'CHK-PP-05', 'CHK-M365-14', 'PP-Z01', 'PP-Z46'],
  what: 'Lays 400 kbit/s for every user on the ways that eligible flows take, all sites together, beside the use that the document states, and looks for a line that has less free. Asked of sites whose demands state a rate: where they state none this figure is what `link-has-headroom` counts with.',
  why: 'The figure is advice for forms as they come out of the box. Below it forms load slowly for everybody at once, in the morning first.',
  fix: 'widen the line that is named, or let some sites leave another way',
  status: 'preview',
  since: '0.1.0',
  fires: example('the branch has 20 Mbps for 120 users, and the demand counts with less', STATED, [
    'bandwidth: 100 Mbps, latency',
    'bandwidth: 20 Mbps, latency',
  ]),
  silent: example('it has 100 Mbps', STATED),
  find: (view) => {
    const trips = view.data.roundTrips.filter(
      ({ demand, outcome }) =>
        outcome === 'holds' &&
        demandOf(demand)?.rate !== undefined &&
        demand.opener === 'customer' &&
        demand.flow.expressRoute === 'yes' &&
        demand.site.users > 0,
    );
    if (trips.length === 0) return [];
    const bySite = groupedBy(trips, ({ demand }) => demand.site.name);
    return placeBandwidths(view, trips, sizing.clientBandwidth.value * 1e3).flatMap(({ place, outcome, reason }) => {
      const trip = bySite.get(place)?.[0];
      return outcome === 'broken' && trip !== undefined ? [{ trip, because: reason }] : [];
    });
  },
  word: ({ trip: { demand }, because }) => ({
    message: `the ${demand.site.users} users of ${demand.site.name} cannot have 400 kbit/s each: ${readable(because)}`,
    path: demand.site.path,
  }),
});

/** '48000000 bit/s' becomes '48 Mbps'. */
function readable(reason: string): string {
  return reason.replaceAll(
    /(\d+) (free )?bit\/s/g,
    (_, rate: string, free: string | undefined) =>
      `${formatBandwidth(Number(rate))}${free === undefined ? '' : ' free'}`,
  );
}
