import { describe, expect, it } from 'vitest';
import { metros, peeringLocation, peeringLocations } from './peering-locations.ts';
import { exchangeCarriers, findProvider, providers } from './providers.ts';
import { nameKey } from './rows.ts';

describe('providers', () => {
  it('knows every provider of a location or metro under exactly its name', () => {
    const named = [
      ...peeringLocations().flatMap((location) => location.providers),
      ...metros().flatMap((metro) => [...metro.providers, ...metro.announcedProviders]),
    ];
    expect(named.filter((name) => findProvider(name)?.name !== name)).toEqual([]);
    expect(providers().filter(({ name }) => !named.includes(name))).toEqual([]);
  });

  it('gives each spelling to one provider', () => {
    for (const provider of providers()) {
      for (const spelling of [provider.name, ...provider.aliases]) {
        expect([spelling, findProvider(spelling)?.name]).toEqual([spelling, provider.name]);
      }
    }
    const keys = providers().map(({ name }) => nameKey(name));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('finds aliases and spellings', () => {
    expect(findProvider('equinix')?.name).toBe('Equinix');
    expect(findProvider('GEANT')?.name).toBe('GÉANT');
    expect(findProvider('SKT')?.name).toBe('SK Telecom');
    expect(findProvider('Digital Realty (Interxion)')?.name).toBe('Interxion (Digital Realty)');
    expect(findProvider('Nobody')).toBeUndefined();
  });

  it('orders exchange circuits with providers that exist', () => {
    expect(exchangeCarriers().length).toBe(28);
    for (const { place, peeringLocation: id, exchanges, carriers, source } of exchangeCarriers()) {
      expect([place, exchanges.filter((name) => findProvider(name) === undefined)]).toEqual([place, []]);
      if (id !== undefined) expect(peeringLocation(id)?.name).toBe(place);
      expect(carriers.length).toBeGreaterThan(0);
      expect(source.date).toBe('2026-04-28');
    }
    const elsewhere = exchangeCarriers().filter(({ peeringLocation: id }) => id === undefined);
    expect(elsewhere.map(({ place }) => place)).toEqual(['Hamburg', 'Slough']);
  });
});
