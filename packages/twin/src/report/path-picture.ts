/** The round trips worth a picture: one for each story, broken ones first. */
import type { RoundTripView, WayView } from '../check.ts';
import type { Stop, StopMark } from './svg.ts';

export interface PathPicture {
  readonly trip: RoundTripView;
  readonly stops: readonly Stop[];
  /** How many round trips tell the same story. */
  readonly alike: number;
}

const mostPictures = 8;

/** Round trips that cross the same devices both ways and end alike are one picture. */
export function pathPictures(trips: readonly RoundTripView[]): readonly PathPicture[] {
  const stories = new Map<string, { readonly trip: RoundTripView; alike: number }>();
  for (const trip of trips) {
    const held = stories.get(storyOf(trip));
    if (held === undefined) stories.set(storyOf(trip), { trip, alike: 1 });
    else held.alike += 1;
  }
  const rank = { broken: 0, unknown: 1, holds: 2 } as const;
  const sorted = [...stories.values()].sort((a, b) => rank[a.trip.outcome] - rank[b.trip.outcome]);
  return sorted
    .slice(0, mostPictures)
    .map(({ trip, alike }) => ({ trip, alike, stops: stopsOf(trip.forward, trip.return) }));
}

/** Sites that hang on the same edges tell one story, and so do the regions behind Microsoft's backbone. */
function storyOf({ outcome, forward, return: back, droppedAt }: RoundTripView): string {
  return JSON.stringify([outcome, forward.via, back?.via, forward.disposition, back?.disposition, droppedAt?.device]);
}

/** The devices of both ways in one line from customer to Microsoft; where they part, those of the way there come first. */
function stopsOf(forward: WayView, back: WayView | undefined): readonly Stop[] {
  const there = forward.hops.map(({ device, action }, at) => ({ device, mark: markOf(action, at === 0) }));
  const here = (back?.hops ?? [])
    .map(({ device, action }, at) => ({ device, mark: markOf(action, at === 0) }))
    .toReversed();
  const lengths = there.map(() => here.map(() => 0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = there.length - 1; i >= 0; i -= 1) {
    for (let j = here.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] = there[i]?.device === here[j]?.device ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const stops: Stop[] = [];
  let i = 0;
  let j = 0;
  while (i < there.length || j < here.length) {
    const [one, other] = [there[i], here[j]];
    if (one !== undefined && other !== undefined && one.device === other.device) {
      stops.push({ name: one.device, there: one.mark, back: other.mark });
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      stops.push({ name: one.device, there: one.mark, back: undefined });
      i += 1;
    } else if (other !== undefined) {
      stops.push({ name: other.device, there: undefined, back: other.mark });
      j += 1;
    }
  }
  return stops;
}

function markOf(action: WayView['hops'][number]['action'], isFirst: boolean): StopMark {
  if (action === 'drop') return 'drop';
  if (action === 'deliver') return 'end';
  if (action === 'translate') return 'translate';
  return isFirst ? 'start' : 'pass';
}
