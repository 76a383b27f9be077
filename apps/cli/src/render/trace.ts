/** One packet both ways: a picture of the devices it meets, then what happened at each of them. */
import { plural, printable } from '@bothways/diagnostics';
import type { RoundTripView, WayView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { qualityLines } from './quality.ts';
import { addresses, hanging, padded, verdictStyle, viaWords, widestOf } from './words.ts';

export function renderTrace(trips: readonly RoundTripView[], terminal: Terminal): string {
  return trips.map((trip) => renderTrip(trip, terminal)).join('\n\n');
}

function renderTrip(trip: RoundTripView, terminal: Terminal): string {
  const { style, width } = terminal;
  const { packet, covers, forward } = trip;
  const title = `${trip.flow} ${trip.flowName}: ${trip.source} → ${trip.destination}`;
  const seen = packet.sent === packet.received ? '' : `, seen by Microsoft as ${packet.received}`;
  return [
    `${style.bold(printable(title))}  ${verdictStyle(terminal, trip.outcome)(trip.outcome)}`,
    hanging(
      '',
      `${packet.sent}${seen}. Every one of ${addresses(covers.addresses)} (${plural(covers.prefixes, 'prefix', 'prefixes')}) behaves so.`,
      width,
    ),
    '',
    ...picture(trip, terminal),
    '',
    ...wayText('There', forward, terminal),
    ...(trip.return === undefined ? [style.bold('Back: nothing to answer')] : wayText('Back', trip.return, terminal)),
    ...(trip.droppedAt === undefined
      ? []
      : [style.red(hanging('Dropped at ', `${trip.droppedAt.device}: ${trip.droppedAt.reason}`, width))]),
    ...qualityLines(trip.quality, terminal),
  ].join('\n');
}

function wayText(title: string, way: WayView, { style, width }: Terminal): readonly string[] {
  const deviceWidth = widestOf(way.hops.map(({ device }) => device));
  return [
    style.bold(`${title}, over the ${viaWords(way.via)}`),
    ...way.hops.map(({ device, action, detail }, i) => {
      const label = `  ${String(i + 1).padStart(2)}. ${padded(device, deviceWidth)}  ${action.padEnd(9)}  `;
      const line = hanging(label, detail, width);
      return action === 'drop' ? style.red(line) : line;
    }),
  ];
}

interface Rung {
  readonly device: string;
  /** Undefined: that way does not touch the device. */
  readonly there: string | undefined;
  readonly back: string | undefined;
}

/**
 * A ladder from the source at the top to the destination at the bottom: one rung for each device, an arrow for each way
 * that touches it. Where the two ways part, the rungs of the way there come first.
 */
function picture(trip: RoundTripView, { style }: Terminal): readonly string[] {
  const rungs = ladder(trip.forward, trip.return);
  const width = Math.max(6, widestOf(rungs.map(({ device }) => device)));
  const sign = (mark: string | undefined): string => {
    if (mark === undefined) return ' ';
    return mark === '✗' ? style.red(mark) : mark;
  };
  return [
    `  ${padded('', width)}  there  back`,
    ...rungs.map(({ device, there, back }) =>
      `  ${padded(device, width)}    ${sign(there)}      ${sign(back)}`.trimEnd(),
    ),
  ];
}

function ladder(forward: WayView, back: WayView | undefined): readonly Rung[] {
  const there = forward.hops.map(({ device, action }) => ({
    device,
    mark: { drop: '✗', deliver: '●' }[action as string] ?? '↓',
  }));
  const here = (back?.hops ?? [])
    .map(({ device, action }) => ({ device, mark: { drop: '✗', deliver: '●' }[action as string] ?? '↑' }))
    .toReversed();
  const common = longestCommon(there, here);
  const rungs: Rung[] = [];
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of [...common, [there.length, here.length] as const]) {
    for (; i < nextI; i += 1) rungs.push({ device: there[i]?.device ?? '', there: there[i]?.mark, back: undefined });
    for (; j < nextJ; j += 1) rungs.push({ device: here[j]?.device ?? '', there: undefined, back: here[j]?.mark });
    if (nextI < there.length)
      rungs.push({ device: there[i]?.device ?? '', there: there[i]?.mark, back: here[j]?.mark });
    i += 1;
    j += 1;
  }
  return rungs;
}

/** Positions of a longest common subsequence of devices, ascending. */
function longestCommon(
  a: readonly { device: string }[],
  b: readonly { device: string }[],
): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) throw new Error(`no row ${i} of ${a.length}`);
      row[j] = a[i]?.device === b[j]?.device ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]?.device === b[j]?.device) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
