/** Beside the picture: the part that is chosen, where it stands in the document, its table, what happens without it. */

import type { TopologyElement, TopologyLine, TopologyNode, TopologyView } from '@bothways/twin';
import { Button } from '@fluentui/react-components';
import { PlaceLink, viaWords } from '../parts/links.tsx';
import { VerdictTag } from '../parts/verdict.tsx';
import { CloseIcon, WhatIfIcon } from '../shell/icons.ts';
import { count } from '../shell/verdict-banner.tsx';
import { goTo, useAnswer, useShown, useStore } from '../state/hooks.ts';

export function Details({ topology }: { readonly topology: TopologyView }) {
  const store = useStore();
  const selection = useShown((state) => state.selection);
  const node = selection?.kind === 'node' ? topology.nodes.find(({ id }) => id === selection.id) : undefined;
  const line = selection?.kind === 'line' ? topology.lines.find(({ id }) => id === selection.id) : undefined;
  return (
    <aside className="details" aria-label="Details">
      {node === undefined && line === undefined ? (
        <Summary topology={topology} />
      ) : (
        <>
          <div className="details-head">
            <h2>{node?.title ?? line?.id}</h2>
            <Button
              appearance="subtle"
              size="small"
              aria-label="Close the details"
              icon={<CloseIcon />}
              onClick={() => store.select(undefined)}
            />
          </div>
          {node === undefined ? null : <NodeDetails node={node} topology={topology} />}
          {line === undefined ? null : <LineDetails line={line} topology={topology} />}
        </>
      )}
    </aside>
  );
}

function Summary({ topology }: { readonly topology: TopologyView }) {
  const trips = useShown((state) => state.opened?.trips) ?? [];
  const overview = useShown((state) => state.judgement?.overview) ?? [];
  const sites = topology.nodes.filter(({ role }) => role === 'site-router').length;
  const circuits = topology.groups.filter(({ kind }) => kind === 'circuit').length;
  return (
    <>
      <h2>What goes which way</h2>
      <p className="quiet">
        {count(sites, 'site')}, {count(circuits, 'circuit')}, {count(trips.length, 'round trip')} followed. Choose a box
        or a line for its details.
      </p>
      <ul className="stories">
        {overview.slice(0, 14).map(({ flow, flowName, sites: from, destination, via, outcome }) => (
          <li key={`${flow} ${destination} ${via} ${from[0] ?? ''} ${outcome}`}>
            <button
              type="button"
              onClick={() => {
                const trip = trips.find(
                  (each) =>
                    each.flow === flow && each.there === via && from.includes(each.source) && each.outcome === outcome,
                );
                if (trip !== undefined) goTo('paths', { trip: trip.id });
              }}
            >
              <VerdictTag verdict={outcome} />
              <strong>{flowName}</strong>
              <span>
                {from.length > 3 ? `${from.length} sites` : from.join(', ')} → {destination}, {viaWords(via)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function NodeDetails({ node, topology }: { readonly node: TopologyNode; readonly topology: TopologyView }) {
  const trips = useShown((state) => state.opened?.trips) ?? [];
  const here = trips.filter(({ source, destination, dropped }) =>
    [source, destination, dropped?.device].includes(node.id),
  );
  const lines = topology.lines.filter(({ from, to }) => from === node.id || to === node.id);
  const elements = topology.elements.filter(({ nodes }) => nodes.includes(node.id));
  return (
    <>
      <dl>
        <Row name="What" text={[node.roleText, ...node.remarks].join(', ')} />
        <Row name="AS" text={node.asn} />
        {node.users > 0 ? <Row name="Users" text={node.users.toLocaleString('en-GB')} /> : null}
        <dt>Written</dt>
        <dd>{node.place === undefined ? 'follows from other lines' : <PlaceLink place={node.place} />}</dd>
      </dl>
      <FailButtons elements={elements} />
      <h3>Lines</h3>
      <ul className="plain-list">
        {lines.slice(0, 20).map(({ id, from, to, label }) => (
          <li key={id}>
            to {from === node.id ? to : from} <span className="quiet">{label}</span>
          </li>
        ))}
        {lines.length > 20 ? <li className="quiet">and {lines.length - 20} more</li> : null}
      </ul>
      {here.length === 0 ? null : (
        <>
          <h3>Round trips that start, end or are dropped here</h3>
          <ul className="stories">
            {here.slice(0, 12).map((trip) => (
              <li key={trip.id}>
                <button type="button" onClick={() => goTo('paths', { trip: trip.id })}>
                  <VerdictTag verdict={trip.outcome} />
                  <strong>{trip.flowName}</strong>
                  <span>
                    {trip.source} → {trip.destination}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <Table device={node.id} />
    </>
  );
}

function LineDetails({ line, topology }: { readonly line: TopologyLine; readonly topology: TopologyView }) {
  const elements = topology.elements.filter(({ lines }) => lines.includes(line.id));
  return (
    <>
      <dl>
        <Row name="Between" text={`${line.from} and ${line.to}`} />
        <Row name="What" text={line.label} />
        <dt>Written</dt>
        <dd>{line.place === undefined ? 'follows from other lines' : <PlaceLink place={line.place} />}</dd>
      </dl>
      <FailButtons elements={elements} />
    </>
  );
}

function Row({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}

function FailButtons({ elements }: { readonly elements: readonly TopologyElement[] }) {
  const store = useStore();
  const failed = useShown((state) => state.failed);
  if (elements.length === 0) return null;
  return (
    <div className="buttons" role="group" aria-label="What if it fails">
      {elements.slice(0, 8).map(({ id, kind, name }) => (
        <Button
          key={id}
          size="small"
          icon={<WhatIfIcon />}
          appearance={failed.includes(id) ? 'primary' : 'secondary'}
          aria-pressed={failed.includes(id)}
          onClick={() => store.toggle(id)}
        >
          {failed.includes(id) ? 'Restore' : 'Fail'} {kind.replaceAll('-', ' ')} {name}
        </Button>
      ))}
    </div>
  );
}

const MOST_ROUTES = 25;

function Table({ device }: { readonly device: string }) {
  const failed = useShown((state) => state.failed);
  const answer = useAnswer('routes', { query: { device }, failed });
  const routes = answer?.devices[0]?.device === device ? answer.devices[0].routes : [];
  if (routes.length === 0) return null;
  return (
    <>
      <h3>Table</h3>
      <div className="scroll" tabIndex={0} role="region" aria-label={`Table of ${device}`}>
        <table className="grid small">
          <thead>
            <tr>
              <th scope="col">Prefix</th>
              <th scope="col">Next</th>
              <th scope="col">By</th>
            </tr>
          </thead>
          <tbody>
            {routes.slice(0, MOST_ROUTES).map(({ prefix, alike, next, protocol, source }) => (
              <tr key={prefix}>
                <td>
                  <code>{prefix}</code>
                  {alike > 0 ? <span className="quiet"> and {alike} alike</span> : null}
                </td>
                <td>{next.join(', ')}</td>
                <td>
                  {protocol} <span className="quiet">{source}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {routes.length > MOST_ROUTES ? <p className="quiet">and {routes.length - MOST_ROUTES} more</p> : null}
    </>
  );
}
