/** The network, as a topology and on the map, with what is known about the part that is chosen. */

import type { TopologyView } from '@bothways/twin';
import { SearchBox, Tab, TabList } from '@fluentui/react-components';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Topology } from '../diagram/topology.tsx';
import { useShown, useStore } from '../state/hooks.ts';
import { Details } from './network-details.tsx';

const EstateMap = lazy(() => import('../diagram/map.tsx'));

const MOST_FOUND = 12;

export function Network() {
  const store = useStore();
  const topology = useShown((state) => state.topology);
  const usable = useShown((state) => state.opened?.usable);
  const trip = useShown((state) => state.trip);
  const [view, setView] = useState<'topology' | 'map'>('topology');
  const [query, setQuery] = useState('');
  const [sought, setSought] = useState<string>();
  // A chain is wide and low: what is said about it stands below it, not beside it.
  const [shape, setShape] = useState(1);
  if (topology === undefined) {
    return (
      <div className="pad">
        {usable === false ? (
          <p>
            The document has errors, so there is no network to draw yet. <a href="#/findings">See the findings</a> or{' '}
            <a href="#/editor">open the editor</a>.
          </p>
        ) : (
          <p className="quiet">Opening the network …</p>
        )}
      </div>
    );
  }
  return (
    <div className="network">
      <div className="bar">
        <h1>Network</h1>
        <TabList
          size="small"
          selectedValue={view}
          onTabSelect={(_, { value }) => setView(value === 'map' ? 'map' : 'topology')}
        >
          <Tab value="topology">Topology</Tab>
          <Tab value="map">Map</Tab>
        </TabList>
        <span className="grow" />
        <Search
          topology={topology}
          query={query}
          onQuery={setQuery}
          onFound={(id) => {
            setView('topology');
            setSought(id);
            store.select({ kind: 'node', id });
          }}
        />
      </div>
      {usable === false ? (
        <p className="stale" role="note">
          The document has errors; this is the network as it was before them. <a href="#/findings">See the findings</a>.
        </p>
      ) : null}
      <div className={shape > 2.2 || view === 'map' ? 'split wide' : 'split'}>
        {view === 'topology' ? (
          <Topology topology={topology} trip={trip} sought={sought} onShape={setShape} />
        ) : (
          <Suspense fallback={<p className="quiet pad">Loading the map …</p>}>
            <EstateMap topology={topology} />
          </Suspense>
        )}
        <Details topology={topology} />
      </div>
    </div>
  );
}

function Search({
  topology,
  query,
  onQuery,
  onFound,
}: {
  readonly topology: TopologyView;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onFound: (id: string) => void;
}) {
  const found = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    if (wanted === '') return [];
    return topology.nodes.filter(({ title, roleText }) => `${title} ${roleText}`.toLowerCase().includes(wanted));
  }, [topology, query]);
  return (
    <div className="search">
      <SearchBox
        size="small"
        placeholder="Find a site or device ( / )"
        aria-label="Find a site or device"
        value={query}
        onChange={(_, { value }) => onQuery(value)}
        onKeyDown={({ key }) => {
          const [first] = found;
          if (key === 'Enter' && first !== undefined) {
            onFound(first.id);
            onQuery('');
          }
        }}
      />
      {query.trim() === '' ? null : (
        <ul className="found" aria-label="Found">
          {found.slice(0, MOST_FOUND).map(({ id, title, roleText }) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => {
                  onFound(id);
                  onQuery('');
                }}
              >
                {title} <span className="quiet">{roleText}</span>
              </button>
            </li>
          ))}
          {found.length === 0 ? <li className="quiet">nothing has such a name</li> : null}
          {found.length > MOST_FOUND ? <li className="quiet">and {found.length - MOST_FOUND} more</li> : null}
        </ul>
      )}
    </div>
  );
}
