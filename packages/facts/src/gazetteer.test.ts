import { describe, expect, it } from 'vitest';
import { azureRegions } from './azure-regions.ts';
import { cities, citiesNamed, findCity } from './gazetteer.ts';
import { peeringLocations } from './peering-locations.ts';

describe('gazetteer', () => {
  it('finds a city in its usual spellings', () => {
    expect(findCity('Zürich')).toEqual({ name: 'Zurich', country: 'CH', latitude: 47.37, longitude: 8.54 });
    for (const name of ['zurich', 'ZURICH', 'Zurich, CH', 'zürich,ch']) expect(findCity(name)?.country).toBe('CH');
    expect(findCity('München')?.name).toBe('Munich');
    expect(findCity('Łódź')?.country).toBe('PL');
    expect(findCity('İstanbul')?.country).toBe('TR');
    expect(findCity('Washington, D.C.')?.name).toBe('Washington DC');
    expect(findCity('New York City')?.name).toBe('New York');
    expect(findCity("Xi'an")?.country).toBe('CN');
  });

  it('wants the country where the name alone is ambiguous', () => {
    expect(findCity('Birmingham')).toBeUndefined();
    expect(citiesNamed('birmingham').map(({ country }) => country)).toEqual(['GB', 'US']);
    expect(findCity('Birmingham, GB')?.latitude).toBe(52.48);
    expect(findCity('San Jose, us')?.country).toBe('US');
  });

  it('means the well-known city where a namesake is marked', () => {
    expect(findCity('London')?.country).toBe('GB');
    expect(findCity('London, CA')?.latitude).toBe(42.98);
  });

  it('knows nothing of places it does not hold', () => {
    for (const name of ['', 'Atlantis', 'Zurich, XX', ', CH', 'Zurich, CH, EU']) expect(findCity(name)).toBeUndefined();
  });

  it('holds every city of a peering location, at the same place', () => {
    for (const { id, city, country, latitude, longitude } of peeringLocations()) {
      const found = findCity(`${city}, ${country}`);
      expect([id, found !== undefined]).toEqual([id, true]);
      expect([id, Math.abs((found?.latitude ?? 99) - latitude) < 0.5]).toEqual([id, true]);
      expect([id, Math.abs((found?.longitude ?? 999) - longitude) < 0.5]).toEqual([id, true]);
    }
  });

  it('holds a city near every Azure region', () => {
    for (const { id, latitude, longitude } of azureRegions()) {
      const near = cities().some(
        (city) => Math.abs(city.latitude - latitude) < 2.5 && Math.abs(city.longitude - longitude) < 2.5,
      );
      expect([id, near]).toEqual([id, true]);
    }
  });

  it('has at least 400 cities, each a different place with a name that leads to it', () => {
    expect(cities().length).toBeGreaterThan(400);
    const places = cities().map(({ latitude, longitude }) => `${latitude} ${longitude}`);
    expect(places.filter((place, at) => places.indexOf(place) !== at)).toEqual([]);
    for (const { name, country } of cities()) expect(findCity(`${name}, ${country}`)?.name).toBe(name);
  });
});
