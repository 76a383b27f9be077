/** One packet both ways: a picture of the devices it meets, then what happened at each of them. */
import { plural, printable } from '@bothways/diagnostics';
import type { RoundTripView, WayView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { qualityLines } from './quality.ts';
import { tracePicture } from './trace-picture.ts';
import { addresses, hanging, padded, verdictStyle, viaWords, widestOf } from './words.ts';

export function renderTrace(trips: readonly RoundTripView[], terminal: Terminal): string {
  return trips.map((trip) => renderTrip(trip, terminal)).join('\n\n');
}

function renderTrip(trip: RoundTripView, terminal: Terminal): string {
  const { style, width } = terminal;
  const { packet, covers, forward } = trip;
  const ports = trip.ports.length === 0 ? '' : ` (${trip.ports.join(', ')})`;
  const title = `${trip.flow} ${trip.flowName}: ${trip.source} → ${trip.destination}${ports}`;
  const seen = packet.sent === packet.received ? '' : `, seen by Microsoft as ${packet.received}`;
  return [
    `${style.bold(printable(title))}  ${verdictStyle(terminal, trip.outcome)(trip.outcome)}`,
    hanging(
      '',
      `${packet.sent}${seen}. Every one of ${addresses(covers.addresses)} (${plural(covers.prefixes, 'prefix', 'prefixes')}) behaves so.`,
      width,
    ),
    '',
    ...tracePicture(trip, terminal),
    '',
    ...wayText('There', forward, terminal),
    ...(trip.return === undefined ? [style.bold('Back: nothing to answer')] : wayText('Back', trip.return, terminal)),
    ...(trip.droppedAt === undefined
      ? []
      : [style.red(hanging('Dropped at ', `${trip.droppedAt.device}: ${trip.droppedAt.reason}`, width))]),
    ...(trip.because === undefined ? [] : [style.yellow(hanging('Not known: ', trip.because, width))]),
    ...(trip.asymmetry === 'harmless' ? ['The answer takes another way than the request, and arrives.'] : []),
    ...qualityLines(trip.quality, terminal),
  ].join('\n');
}

function wayText(title: string, way: WayView, { style, width }: Terminal): readonly string[] {
  const deviceWidth = widestOf(way.hops.map(({ device }) => device));
  return [
    style.bold(`${title}, over the ${viaWords(way.via)}`),
    ...way.hops.map(({ device, action, detail, place }, i) => {
      const label = `  ${String(i + 1).padStart(2)}. ${padded(device, deviceWidth)}  ${action.padEnd(9)}  `;
      const behind = place === undefined || detail.includes('line ') ? '' : ` (line ${place.line})`;
      const line = hanging(label, `${detail}${behind}`, width);
      return action === 'drop' ? style.red(line) : line;
    }),
  ];
}
