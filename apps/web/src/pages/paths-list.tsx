/** Every round trip, filtered by words and by outcome, and a question about any address. */

import type { TripDetail, TripRow } from '@bothways/twin';
import { Button, Dropdown, Input, Option, SearchBox } from '@fluentui/react-components';
import { type FormEvent, useMemo, useState } from 'react';
import { viaWords } from '../parts/links.tsx';
import { VerdictTag } from '../parts/verdict.tsx';
import { useShown, useStore } from '../state/hooks.ts';

const MOST = 200;
const filters = { all: 'All outcomes', broken: 'Broken', unknown: 'Not known', holds: 'Work' } as const;
type Filter = keyof typeof filters;

interface TripListProps {
  readonly trips: readonly TripRow[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onAsked: (trip: TripDetail | undefined) => void;
}

export function TripList({ trips, chosen, onChoose, onAsked }: TripListProps) {
  const [query, setQuery] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return trips.filter((trip) => {
      if (filter !== 'all' && trip.outcome !== filter) return false;
      const text =
        `${trip.flow} ${trip.flowName} ${trip.source} ${trip.destination} ${trip.there} ${trip.back ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [trips, query, filter]);
  return (
    <section className="trip-list" aria-label="Round trips">
      <h1>Paths</h1>
      <SearchBox
        size="small"
        placeholder="Flow, site or destination"
        aria-label="Search the round trips"
        value={query}
        onChange={(_, { value }) => setQuery(value)}
      />
      <Dropdown
        size="small"
        aria-label="Outcome"
        value={filters[filter]}
        selectedOptions={[filter]}
        onOptionSelect={(_, { optionValue }) => {
          if (isFilter(optionValue)) setFilter(optionValue);
        }}
      >
        {Object.entries(filters).map(([value, text]) => (
          <Option key={value} value={value} text={text}>
            {text}
          </Option>
        ))}
      </Dropdown>
      <ul className="stories">
        {found.slice(0, MOST).map((trip) => (
          <li key={trip.id}>
            <button type="button" aria-pressed={trip.id === chosen} onClick={() => onChoose(trip.id)}>
              <VerdictTag verdict={trip.outcome} />
              <strong>{trip.flowName}</strong>
              <span>
                {trip.source} → {trip.destination}
                {trip.family === 6 ? ' (IPv6)' : ''}
                <br />
                <span className="quiet">
                  {viaWords(trip.there)}
                  {trip.symmetric ? '' : `, back over ${viaWords(trip.back)}`}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > MOST ? (
        <p className="quiet">and {(found.length - MOST).toLocaleString('en-GB')} more: search for them</p>
      ) : null}
      {found.length === 0 ? <p className="quiet">None.</p> : null}
      <AskAddress onAsked={onAsked} />
    </section>
  );
}

function isFilter(value: string | undefined): value is Filter {
  return value !== undefined && value in filters;
}

/** Where does this address go from here? */
function AskAddress({ onAsked }: { readonly onAsked: (trip: TripDetail | undefined) => void }) {
  const store = useStore();
  const topology = useShown((state) => state.topology);
  const failed = useShown((state) => state.failed);
  const [address, setAddress] = useState('');
  const [from, setFrom] = useState('');
  const [problem, setProblem] = useState<string>();
  const sites = topology?.nodes.filter(({ role }) => role === 'site-router').map(({ id }) => id) ?? [];
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const query = { address: address.trim(), ...(from.trim() === '' ? {} : { from: from.trim() }) };
    const { problem: said, trips } = await store.engine.ask('trace', { query, failed });
    setProblem(trips.length === 0 ? (said ?? 'nothing of it can be followed') : undefined);
    onAsked(trips[0]);
  };
  return (
    <form className="ask" onSubmit={(event) => void ask(event)}>
      <h2>Any address</h2>
      <Input
        size="small"
        aria-label="Destination address"
        placeholder="20.50.2.10"
        value={address}
        onChange={(_, { value }) => setAddress(value)}
      />
      <Input
        size="small"
        aria-label="From site"
        placeholder="from any site"
        list="sites"
        value={from}
        onChange={(_, { value }) => setFrom(value)}
      />
      <datalist id="sites">
        {sites.slice(0, 200).map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      <Button size="small" type="submit" disabled={address.trim() === ''}>
        Follow it
      </Button>
      {problem === undefined ? null : <p role="alert">{problem}</p>}
    </form>
  );
}
