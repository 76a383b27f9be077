/**
 * Which pool of translated addresses is announced on which circuit, and where each site breaks out: the policies that
 * decide the way back, edited where they are seen. A pool can be dragged to a circuit; the ticks do the same by keyboard.
 */

import type { DocumentEdit, EditValue } from '@bothways/twin';
import { Checkbox, Dropdown, Option } from '@fluentui/react-components';
import { type DragEvent, useState } from 'react';
import { useAnswer, useShown, useStore } from '../state/hooks.ts';

interface Pool {
  readonly prefix: string;
  readonly owner: string;
}

interface Announcing {
  readonly name: string;
  readonly advertises: readonly string[];
}

export function Pools() {
  const store = useStore();
  const files = useShown((state) => state.files);
  const editable = useShown((state) => state.estate?.writable === true && state.session?.user.role !== 'viewer');
  const values = useAnswer('values', { files });
  const [over, setOver] = useState<string>();
  const document = mapOf(values);
  const pools = poolsOf(document);
  const circuits = circuitsOf(document);
  const announce = (pool: Pool, circuit: Announcing, on: boolean): void => {
    const path = ['circuits', circuit.name, 'microsoftPeering', 'advertises'];
    const at = circuit.advertises.indexOf(pool.prefix);
    const edit: DocumentEdit | undefined = on
      ? { action: 'insert', path, value: pool.prefix }
      : at < 0
        ? undefined
        : { action: 'remove', path: [...path, at] };
    if (edit !== undefined)
      void store.edit([edit], `${on ? 'announce' : 'stop announcing'} ${pool.prefix} on ${circuit.name}`);
  };
  const dropped = (event: DragEvent, circuit: Announcing): void => {
    event.preventDefault();
    setOver(undefined);
    const pool = pools.find(({ prefix }) => prefix === event.dataTransfer.getData('text/plain'));
    if (pool !== undefined && !circuit.advertises.includes(pool.prefix)) announce(pool, circuit, true);
  };
  return (
    <div className="page">
      <section className="card">
        <h2>Pools on circuits</h2>
        <p className="quiet">
          An answer comes back where the pool it goes to is announced. Drag a pool to a circuit, or tick it; the verdict
          above answers at once.
        </p>
        {circuits.length === 0 ? <p>No circuit of this estate has a Microsoft peering.</p> : null}
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">Pool</th>
              {circuits.map((circuit) => (
                <th
                  key={circuit.name}
                  scope="col"
                  className={over === circuit.name ? 'dropping' : ''}
                  onDragOver={(event) => {
                    event.preventDefault();
                    setOver(circuit.name);
                  }}
                  onDragLeave={() => setOver(undefined)}
                  onDrop={(event) => dropped(event, circuit)}
                >
                  circuit {circuit.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pools.map((pool) => (
              <tr key={`${pool.owner} ${pool.prefix}`}>
                <th scope="row">
                  <span
                    className="pool"
                    draggable={editable}
                    onDragStart={(event) => event.dataTransfer.setData('text/plain', pool.prefix)}
                  >
                    {pool.prefix}
                  </span>{' '}
                  <span className="quiet">{pool.owner}</span>
                </th>
                {circuits.map((circuit) => (
                  <td
                    key={circuit.name}
                    onDragOver={(event) => {
                      event.preventDefault();
                      setOver(circuit.name);
                    }}
                    onDrop={(event) => dropped(event, circuit)}
                  >
                    <Checkbox
                      disabled={!editable}
                      aria-label={`Announce ${pool.prefix} on ${circuit.name}`}
                      label="announced"
                      checked={circuit.advertises.includes(pool.prefix)}
                      onChange={(_, { checked }) => announce(pool, circuit, checked === true)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Breakouts document={document} editable={editable} />
    </div>
  );
}

const THROUGH_WAN = 'as the routes say';
const MOST_SITES = 50;

function Breakouts({ document, editable }: { readonly document: Values; readonly editable: boolean }) {
  const store = useStore();
  const edges = Object.keys(mapOf(document['internetEdges']));
  const sites = Object.entries(mapOf(document['sites']));
  if (edges.length === 0 || sites.length === 0) return null;
  return (
    <section className="card">
      <h2>Local breakouts</h2>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">Site</th>
            <th scope="col">Microsoft traffic leaves</th>
          </tr>
        </thead>
        <tbody>
          {sites.slice(0, MOST_SITES).map(([site, value]) => {
            const breakout = mapOf(value)['breakout'];
            const now = typeof breakout === 'string' ? breakout : THROUGH_WAN;
            return (
              <tr key={site}>
                <th scope="row">{site}</th>
                <td>
                  <Dropdown
                    size="small"
                    disabled={!editable}
                    aria-label={`Breakout of ${site}`}
                    value={now}
                    selectedOptions={[now]}
                    onOptionSelect={(_, { optionValue }) => {
                      if (optionValue === undefined || optionValue === now) return;
                      const path = ['sites', site, 'breakout'];
                      const edit: DocumentEdit =
                        optionValue === THROUGH_WAN
                          ? { action: 'remove', path }
                          : { action: 'set', path, value: optionValue };
                      void store.edit(
                        [edit],
                        `${site} leaves ${optionValue === THROUGH_WAN ? THROUGH_WAN : `through ${optionValue}`}`,
                      );
                    }}
                  >
                    {[THROUGH_WAN, ...edges].map((edge) => (
                      <Option key={edge} value={edge} text={edge}>
                        {edge}
                      </Option>
                    ))}
                  </Dropdown>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {sites.length > MOST_SITES ? (
        <p className="quiet">and {sites.length - MOST_SITES} more: edit them in the editor</p>
      ) : null}
    </section>
  );
}

type Values = Readonly<Record<string, EditValue>>;

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: unknown): Values {
  return isMap(value) ? value : {};
}

function textsOf(value: EditValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap((each: unknown) => (typeof each === 'string' ? [each] : [])) : [];
}

function poolsOf(document: Values): readonly Pool[] {
  return ['internetEdges', 'expressRouteEdges'].flatMap((kind) =>
    Object.entries(mapOf(document[kind])).flatMap(([owner, edge]) =>
      textsOf(mapOf(edge)['nat']).map((prefix) => ({
        prefix,
        owner: `pool of ${kind === 'internetEdges' ? 'internet edge' : 'ExpressRoute edge'} ${owner}`,
      })),
    ),
  );
}

function circuitsOf(document: Values): readonly Announcing[] {
  return Object.entries(mapOf(document['circuits'])).flatMap(([name, circuit]) => {
    const peering = mapOf(circuit)['microsoftPeering'];
    return isMap(peering) ? [{ name, advertises: textsOf(peering['advertises']) }] : [];
  });
}
