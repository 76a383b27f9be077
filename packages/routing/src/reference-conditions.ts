/**
 * What couples prefixes, for the slow twin of the control plane: a map from what is asked to what the tables of all
 * prefixes said. Nothing holds in an empty one.
 */
import { formatPrefix, type Prefix, prefixContains, prefixEquals } from '@bothways/net';
import type { Device, Network, RouteCondition } from '@bothways/network';
import type { Attributes, OriginCode } from './attributes.ts';
import type { ReferenceFibEntry, ReferenceTable } from './reference-table.ts';

/** Tables under the conditions of now. */
interface Tables {
  settle(prefix: Prefix): ReferenceTable | undefined;
  fib(prefix: Prefix, table: ReferenceTable, device: Device): ReferenceFibEntry | undefined;
  isUp(device: Device): boolean;
}

type Said =
  | { readonly kind: 'holds' }
  | { readonly kind: 'inside'; readonly origin: OriginCode }
  | {
      readonly kind: 'taken';
      readonly cost: number;
      readonly gateway: Gateway | undefined;
      readonly attributes: Attributes;
    };

/** The router that a redistributed route goes through, at the other end of a link. */
interface Gateway {
  readonly device: number;
  readonly link: number;
}

const origins = ['igp', 'egp', 'incomplete'] as const;

const conditionKey = (device: Device, { prefix, state, table }: RouteCondition): string =>
  `${device.ix} ${state} in ${table} ${formatPrefix(prefix)}`;
const insideKey = (device: Device, prefix: Prefix): string => `${device.ix} inside ${formatPrefix(prefix)}`;
const takenKey = (device: Device, entry: number, prefix: Prefix): string =>
  `${device.ix} takes ${entry} ${formatPrefix(prefix)}`;

export class ReferenceConditions {
  readonly #said: ReadonlyMap<string, Said>;
  readonly text: string;

  constructor(said: ReadonlyMap<string, Said>) {
    this.#said = said;
    const line = (key: string, value: Said): string => {
      if (value.kind === 'taken') return `${key} ${value.cost} ${value.gateway?.link} ${value.gateway?.device}`;
      return value.kind === 'inside' ? `${key} ${value.origin}` : key;
    };
    this.text = [...said].map(([key, value]) => line(key, value)).join('\n');
  }

  conditionHolds(device: Device, condition: RouteCondition): boolean {
    return this.#said.has(conditionKey(device, condition));
  }

  /** The origin of an aggregate; undefined: there is nothing inside it. */
  worstInside(device: Device, prefix: Prefix): OriginCode | undefined {
    const said = this.#said.get(insideKey(device, prefix));
    return said?.kind === 'inside' ? said.origin : undefined;
  }

  /** The cost and first gateway of what a redistribution takes; undefined: it does not take this. */
  taken(
    device: Device,
    entry: number,
    prefix: Prefix,
  ): { readonly cost: number; readonly gateway: Gateway | undefined } | undefined {
    const said = this.#said.get(takenKey(device, entry, prefix));
    return said?.kind === 'taken' ? said : undefined;
  }

  attributesTaken(device: Device, entry: number, prefix: Prefix): Attributes | undefined {
    const said = this.#said.get(takenKey(device, entry, prefix));
    return said?.kind === 'taken' ? said.attributes : undefined;
  }

  /** What the tables under these conditions say. Prefixes that swing are in no table. */
  following(network: Network, prefixes: readonly Prefix[], tables: Tables): ReferenceConditions {
    const said = new Map<string, Said>();
    const settled = prefixes.map((prefix) => ({ prefix, table: tables.settle(prefix) ?? [] }));
    const condition = (device: Device, item: RouteCondition): void => {
      const held = settled.find(({ prefix }) => prefixEquals(prefix, item.prefix));
      const entry = held === undefined ? undefined : tables.fib(held.prefix, held.table, device);
      const present = item.table === 'bgp' ? held?.table[device.ix] !== undefined : entry !== undefined;
      if (present === (item.state === 'present')) said.set(conditionKey(device, item), { kind: 'holds' });
    };
    for (const device of network.devices.filter((item) => tables.isUp(item))) {
      for (const item of device.originations) if (item.condition !== undefined) condition(device, item.condition);
      for (const { prefix: outer } of device.aggregates ?? []) {
        const inside = settled.flatMap(({ prefix, table }) => {
          const best = table[device.ix];
          if (best === undefined || prefix.length <= outer.length || !prefixContains(outer, prefix)) return [];
          return best.learned === 'local' && best.source === 'aggregate' ? [] : [best.attributes.originCode];
        });
        const origin = origins.findLast((item) => inside.includes(item));
        if (origin !== undefined) said.set(insideKey(device, outer), { kind: 'inside', origin });
      }
      for (const [entry, { into, from }] of (device.redistributions ?? []).entries()) {
        for (const { prefix, table } of settled) {
          const fib = tables.fib(prefix, table, device);
          const wanted = from === 'bgp' ? fib?.protocol === 'ebgp' : fib?.protocol === from;
          if (fib === undefined || !wanted) continue;
          const cost = into === 'bgp' && from === 'igp' ? (fib.cost ?? 0) : 0;
          const attributes = (from === 'bgp' ? table[device.ix]?.attributes : undefined) ?? offered(device);
          const [link, next] = (fib.action.split(' ')[0] ?? '').split('>').map(Number);
          const gateway = link === undefined || next === undefined ? undefined : { link, device: next };
          said.set(takenKey(device, entry, prefix), { kind: 'taken', cost, gateway, attributes });
        }
      }
    }
    for (const { ends } of network.sessions) {
      for (const { device: ix, conditionalAdvertisement } of ends) {
        const device = network.devices[ix];
        if (device === undefined || conditionalAdvertisement === undefined || !tables.isUp(device)) continue;
        condition(device, conditionalAdvertisement.condition);
      }
    }
    return new ReferenceConditions(said);
  }
}

/** What a policy into the IGP sees of a route that has no attributes. */
function offered(device: Device): Attributes {
  return {
    asPath: [],
    originCode: 'igp',
    nextHop: device.ix,
    nextHopLink: undefined,
    med: 0,
    localPreference: 100,
    weight: 32768,
    communities: [],
    largeCommunities: [],
    originatorId: undefined,
    clusterList: [],
    aggregator: undefined,
  };
}
