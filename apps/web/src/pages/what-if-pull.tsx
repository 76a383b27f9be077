/** Elements on the left, the network in the middle, what becomes of every demand on the right; each click answers at once. */

import type { TopologyElement, TopologyView } from '@bothways/twin';
import { Button, Checkbox, SearchBox } from '@fluentui/react-components';
import { useCallback, useMemo, useState } from 'react';
import { Topology } from '../diagram/topology.tsx';
import { useShown, useStore } from '../state/hooks.ts';
import { Consequences } from './what-if-consequences.tsx';

const kindWords: Readonly<Record<string, string>> = {
  circuit: 'Circuits',
  port: 'Circuit ports',
  msee: 'Microsoft edge routers',
  link: 'Links',
  device: 'Devices',
  edge: 'Edges',
  site: 'Sites',
  provider: 'Providers',
  'peering-location': 'Peering locations',
  facility: 'Buildings',
  metro: 'Metros',
  proxy: 'Proxies',
  'firewall-member': 'Members of firewall pairs',
  declared: 'Declared groups',
  maintenance: 'Maintenance windows',
};

/** Of one kind, before somebody searches. */
const MOST = 30;

export function Pull() {
  const store = useStore();
  const topology = useShown((state) => state.topology);
  const trip = useShown((state) => state.trip);
  const clicked = useCallback(
    (kind: 'node' | 'line', id: string) => {
      const element = topology === undefined ? undefined : elementFor(topology, kind, id);
      if (element === undefined) store.say(`${id} is not the customer's to lose: Microsoft's inside is taken to stand`);
      else store.toggle(element.id);
    },
    [topology, store],
  );
  if (topology === undefined) return <p className="quiet pad">Opening the network …</p>;
  return (
    <div className="pull">
      <Elements elements={topology.elements} />
      <div className="pull-main">
        <div className="pull-picture">
          <Topology topology={topology} trip={trip} onElement={clicked} />
          <p className="paths-hint">Click a box or a line to pull it out, again to put it back.</p>
        </div>
        <section className="consequences" aria-label="Consequences">
          <Consequences />
        </section>
      </div>
    </div>
  );
}

/** What goes down when somebody pulls this box or line: the smallest element that is it. */
function elementFor(topology: TopologyView, kind: 'node' | 'line', id: string): TopologyElement | undefined {
  const parts = (element: TopologyElement): readonly string[] => (kind === 'node' ? element.nodes : element.lines);
  const size = ({ nodes, lines }: TopologyElement): number => nodes.length + lines.length;
  return topology.elements.filter((element) => parts(element).includes(id)).toSorted((a, b) => size(a) - size(b))[0];
}

function Elements({ elements }: { readonly elements: readonly TopologyElement[] }) {
  const store = useStore();
  const failed = useShown((state) => state.failed);
  const [query, setQuery] = useState('');
  const kinds = useMemo(() => {
    const wanted = query.toLowerCase();
    const byKind = new Map<string, TopologyElement[]>(Object.keys(kindWords).map((kind) => [kind, []]));
    for (const element of elements) {
      if (wanted !== '' && !`${element.kind} ${element.name}`.toLowerCase().includes(wanted)) continue;
      const held = byKind.get(element.kind);
      if (held === undefined) byKind.set(element.kind, [element]);
      else held.push(element);
    }
    return [...byKind].filter(([, list]) => list.length > 0);
  }, [elements, query]);
  return (
    <section className="trip-list" aria-label="What can fail">
      <Button size="small" disabledFocusable={failed.length === 0} onClick={() => store.fail([])}>
        Restore everything
      </Button>
      <SearchBox
        size="small"
        placeholder="Find what can fail"
        aria-label="Find what can fail"
        value={query}
        onChange={(_, { value }) => setQuery(value)}
      />
      {kinds.map(([kind, list], at) => (
        <details key={kind} open={at < 4 || query !== '' || list.some(({ id }) => failed.includes(id))}>
          <summary>
            {kindWords[kind] ?? kind} <span className="quiet">({list.length})</span>
          </summary>
          {list.slice(0, MOST).map(({ id, name }) => (
            <Checkbox key={id} label={name} checked={failed.includes(id)} onChange={() => store.toggle(id)} />
          ))}
          {list.length > MOST ? <p className="quiet">and {list.length - MOST} more: search for them</p> : null}
        </details>
      ))}
    </section>
  );
}
