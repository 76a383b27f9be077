// Connectivity providers of the location and metro tables, their other spellings, and carriers that are no ExpressRoute
// partner but reach a place through an exchange (the circuit is then ordered with the exchange as provider, ER-004).
// Names follow the tables; the names accepted at order time can differ and the live provider list decides.

import exchangeRows from '../data/exchange-carriers.json' with { type: 'json' };
import providerRows from '../data/providers.json' with { type: 'json' };
import { nameKey } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

export interface Provider {
  /** As the tables spell it: 'Interxion (Digital Realty)'. */
  readonly name: string;
  /** Other spellings in the same tables. */
  readonly aliases: readonly string[];
}

export interface ExchangeCarriers {
  /** Name of the place; two of them (Hamburg, Slough) are no peering locations. */
  readonly place: string;
  readonly peeringLocation: string | undefined;
  /** Providers to order the circuit with. */
  readonly exchanges: readonly string[];
  /** Carriers that deliver to these exchanges. */
  readonly carriers: readonly string[];
  readonly source: SourceRef;
}

interface ProviderRow {
  readonly name: string;
  readonly aliases?: readonly string[] | undefined;
}

interface ExchangeRow {
  readonly place: string;
  readonly peeringLocation?: string | undefined;
  readonly exchanges: readonly string[];
  readonly carriers: readonly string[];
  readonly source: string;
}

const providerList: readonly ProviderRow[] = providerRows;
const allProviders: readonly Provider[] = providerList.map(({ name, aliases }) => ({ name, aliases: aliases ?? [] }));

const exchangeList: readonly ExchangeRow[] = exchangeRows;
const allExchanges: readonly ExchangeCarriers[] = exchangeList.map((row) => ({
  ...row,
  peeringLocation: row.peeringLocation,
  source: sourceOf(row.source, row.place),
}));

let byKey: ReadonlyMap<string, Provider> | undefined;

/** By name, ignoring case. */
export function providers(): readonly Provider[] {
  return allProviders;
}

/** By name or alias in any spelling: 'at&t netbond', 'Level 3 Communications'. */
export function findProvider(name: string): Provider | undefined {
  byKey ??= new Map(
    allProviders.flatMap((provider) =>
      [provider.name, ...provider.aliases].map((spelling) => [nameKey(spelling), provider] as const),
    ),
  );
  return byKey.get(nameKey(name));
}

export function exchangeCarriers(): readonly ExchangeCarriers[] {
  return allExchanges;
}
