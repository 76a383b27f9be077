// Coordinates of cities, so that documents can name a place instead of a position. General geographic knowledge, metro
// centre, two decimals (about a kilometre): good for distance and latency estimates, not for surveying. It holds the
// cities of the peering locations and of the Azure regions and several hundred business cities; it is no world atlas.

import cityRows from '../data/cities.json' with { type: 'json' };
import { nameKey } from './rows.ts';

export interface City {
  readonly name: string;
  /** ISO 3166-1 alpha-2 ('XK' for Kosovo). */
  readonly country: string;
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
}

interface CityRow extends City {
  readonly aliases?: readonly string[] | undefined;
  /** A namesake of a much better known city: the name alone never means this one. */
  readonly withCountryOnly?: boolean | undefined;
}

const rows: readonly CityRow[] = cityRows;

function cityOf({ name, country, latitude, longitude }: CityRow): City {
  return { name, country, latitude, longitude };
}

interface Index {
  /** By name alone; several cities mean that the name is ambiguous. */
  readonly byName: ReadonlyMap<string, readonly City[]>;
  /** By 'name/CC'. */
  readonly byNameAndCountry: ReadonlyMap<string, City>;
}

function buildIndex(): Index {
  const byName = new Map<string, City[]>();
  const byNameAndCountry = new Map<string, City>();
  for (const row of rows) {
    const city = cityOf(row);
    for (const name of [row.name, ...(row.aliases ?? [])]) {
      const key = nameKey(name);
      byNameAndCountry.set(`${key}/${row.country}`, city);
      const namesakes = byName.get(key) ?? [];
      // 'Zürich' beside 'Zurich' is one spelling once compared, not a second city.
      if (row.withCountryOnly !== true && !namesakes.includes(city)) byName.set(key, [...namesakes, city]);
    }
  }
  return { byName, byNameAndCountry };
}

let built: Index | undefined;

function index(): Index {
  built ??= buildIndex();
  return built;
}

/**
 * 'Zürich', 'zurich', 'Birmingham, GB'. Undefined for unknown names and for names that several cities share; then
 * {@link citiesNamed} lists the choices.
 */
export function findCity(name: string): City | undefined {
  const alone = index().byName.get(nameKey(name));
  if (alone !== undefined) return alone.length === 1 ? alone[0] : undefined;
  const match = /^(.*),\s*([A-Za-z]{2})\s*$/.exec(name);
  const [, city, country] = match ?? [];
  if (city === undefined || country === undefined) return undefined;
  return index().byNameAndCountry.get(`${nameKey(city)}/${country.toUpperCase()}`);
}

/** Every city of that name, to tell which 'City, CC' forms resolve an ambiguity. */
export function citiesNamed(name: string): readonly City[] {
  const key = nameKey(name);
  return rows
    .filter((row) => [row.name, ...(row.aliases ?? [])].some((spelling) => nameKey(spelling) === key))
    .map(cityOf);
}

/** By country, then name. */
export function cities(): readonly City[] {
  return rows.map(cityOf);
}
