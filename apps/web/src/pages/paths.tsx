/** One round trip at a time: both ways over the picture, hop by hop with the packet as it was, and why it went there. */
import type { TripDetail, TripRow } from '@bothways/twin';
import { useCallback, useEffect, useState } from 'react';
import { Topology } from '../diagram/topology.tsx';
import { goTo, useRoute, useShown, useStore } from '../state/hooks.ts';
import { type HopAt, Hops } from './paths-hops.tsx';
import { TripList } from './paths-list.tsx';
import { RouteHistory } from './paths-replay.tsx';

export default function Paths() {
  const store = useStore();
  const { query } = useRoute();
  const topology = useShown((state) => state.topology);
  const trips = useShown((state) => state.opened?.trips);
  const trip = useShown((state) => state.trip);
  const chosen = useShown((state) => state.tripId);
  const wanted = query.get('trip') ?? undefined;
  const [asked, setAsked] = useState<TripDetail>();
  const [at, setAt] = useState<HopAt>();
  const [why, setWhy] = useState<{ readonly device: string; readonly prefix: string }>();
  const [from, setFrom] = useState<string>();

  // The address names the round trip; without one the first that is broken, or the first, is shown.
  useEffect(() => {
    if (trips === undefined) return;
    const known = trips.some(({ id }) => id === wanted) ? wanted : undefined;
    const next = known ?? trips.find(({ id }) => id === chosen)?.id ?? firstOf(trips)?.id;
    if (next !== chosen) store.choose(next);
  }, [trips, wanted, chosen, store]);
  useEffect(() => {
    setAt(undefined);
    setWhy(undefined);
  }, [chosen, asked]);

  const show = useCallback((id: string) => {
    setAsked(undefined);
    goTo('paths', { trip: id });
  }, []);
  /** The first place clicked is where it starts, the second where it goes. */
  const clicked = useCallback(
    (kind: 'node' | 'line', id: string) => {
      if (kind === 'line' || trips === undefined) return;
      if (from !== undefined && from !== id) {
        const between = trips.filter(({ ends }) => ends.includes(from) && ends.includes(id));
        setFrom(undefined);
        const found = firstOf(between);
        if (found !== undefined) show(found.id);
        else store.say(`No demand goes between ${from} and ${id}; ask for an address instead`);
        return;
      }
      const starts = trips.some(({ ends }) => ends.includes(id));
      setFrom(starts ? id : undefined);
      store.say(starts ? `From ${id}: now choose where to` : `No demand starts or ends at ${id}`);
    },
    [from, trips, show, store],
  );

  if (topology === undefined || trips === undefined) {
    return <p className="quiet pad">Following every packet …</p>;
  }
  const shownTrip = asked ?? trip;
  return (
    <div className="paths">
      <TripList trips={trips} chosen={asked === undefined ? chosen : undefined} onChoose={show} onAsked={setAsked} />
      <div className="paths-main">
        <div className="paths-picture">
          <Topology topology={topology} trip={shownTrip} at={at} spotlight={why?.device ?? from} onElement={clicked} />
          <p className="paths-hint" aria-live="polite">
            {from === undefined
              ? 'Choose a round trip on the left, or click two places.'
              : `From ${from}: click where it goes.`}
          </p>
        </div>
        {shownTrip === undefined ? (
          <p className="quiet pad">No round trip is chosen.</p>
        ) : (
          <div className="paths-detail">
            <Hops trip={shownTrip} at={at} onAt={setAt} onWhy={(device, prefix) => setWhy({ device, prefix })} />
            {why === undefined ? null : (
              <RouteHistory device={why.device} prefix={why.prefix} onClose={() => setWhy(undefined)} />
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function firstOf(trips: readonly TripRow[]): TripRow | undefined {
  return trips.find(({ outcome }) => outcome === 'broken') ?? trips[0];
}
