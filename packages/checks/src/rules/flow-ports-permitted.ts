/** A firewall of the customer that denies what clients have to send. */
import type { RoundTrip } from '@bothways/forwarding';
import { droppedAt, droppedBy, inboundOf, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { permitBefore } from '../firewall-edits.ts';
import { defineRule, example } from '../rule.ts';

interface Denied {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  readonly path: readonly (string | number)[];
}

export const flowPortsPermitted = defineRule<Denied>({
  name: 'flow-ports-permitted',
  title: 'A firewall rule denies a flow that the document asks for',
  family: 'clients',
  severity: 'error',
  ids: ['PP-C28', 'PP-C29', 'PP-C31', 'CHK-GAP-13'],
  what: 'Sends the packets of every demand on its published ports through every firewall on the way, and looks for one that denies them or, keeping no state, their answers.',
  why: 'The application hangs or falls back, and the firewall only logs a denied packet among thousands.',
  fix: 'permit the ports of the flow towards its addresses before the rule that denies them',
  status: 'stable',
  since: '0.1.0',
  fires: example('the firewall of the circuit denies HTTPS', [
    'demands:\n',
    'firewalls:\n  fw-er: { rules: [{ action: deny, zone: inside, ports: [443] }] }\n\ndemands:\n',
  ]),
  silent: example('it denies mail, which no demand uses', [
    'demands:\n',
    'firewalls:\n  fw-er: { rules: [{ action: deny, zone: inside, ports: [25] }] }\n\ndemands:\n',
  ]),
  find: (view) => {
    const denied = view.index.broken().flatMap((trip) => {
      if ((trip.back ?? trip.forward).disposition !== 'denied' || inboundOf(trip) !== undefined) return [];
      const path = droppedBy(trip);
      // The end of a firewall's list has no line of its own; other rules name what led the packet there.
      return path?.includes('rules') === true ? [{ trip, path }] : [];
    });
    return [...groupedBy(denied, ({ path }) => JSON.stringify(path)).values()].map(([first, ...rest]) => ({
      path: first.path,
      trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
    }));
  },
  word: ({ trips, path }, view) => {
    const [first] = trips;
    return {
      message: `${droppedAt(view, first)} denies the ${first.back === undefined ? 'requests' : 'answers'} of ${tripsText(trips)}${portsText(trips)}`,
      path,
      evidence: tripEvidence(view, first),
    };
  },
  explains: ({ trips }) => trips,
  mend: ({ trips, path }, view) => permitBefore(view, path, trips),
});

/** ' on tcp/443', or nothing where nobody says which ports. */
function portsText(trips: readonly RoundTrip[]): string {
  const ports = trips.flatMap((trip) =>
    trip.ports.map(({ protocol, first, last }) => `${protocol}/${first}${last === first ? '' : `-${last}`}`),
  );
  const known = [...new Set(ports)];
  return known.length === 0 ? '' : ` on ${known.slice(0, 4).join(', ')}${known.length > 4 ? ' and others' : ''}`;
}
