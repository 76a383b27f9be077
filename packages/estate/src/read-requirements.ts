/** Reads what a plan has to satisfy. */
import {
  azureRegions,
  type Cloud,
  findPeeringLocation,
  findProvider,
  geopoliticalRegions,
  peeringLocations,
  providers,
} from '@bothways/facts';
import { DEFAULTS } from './defaults.ts';
import type { Path, Site } from './model.ts';
import type { Named, PrivateSites, Requirements } from './model-requirements.ts';
import { parseCountry } from './names.ts';
import { bare, readPrefixes } from './read-prefixes.ts';
import { readDuration, readMoney } from './read-values.ts';
import type { Reading } from './reading.ts';
import type { RequirementsShape } from './schema.ts';

const ALL = 'all';

export function readRequirements(
  reading: Reading,
  shape: RequirementsShape | undefined,
  { cloud, sites }: { readonly cloud: Cloud; readonly sites: readonly Site[] },
): Requirements | undefined {
  if (shape === undefined) return undefined;
  const path = ['requirements'];
  const at = (key: string): Path => [...path, key];
  return {
    path,
    countries: reading.items(at('countries'), shape.countries, (text, place) => {
      const name = reading.scalar(place, text, 'estate/bad-country', parseCountry);
      return name === undefined ? undefined : { name, path: place };
    }),
    providers: reading.items(at('providers'), shape.providers, (text, place): Named | undefined => {
      const found = findProvider(text);
      if (found !== undefined) return { name: found.name, path: place };
      reading.unknownName({
        rule: 'estate/unknown-provider',
        path: place,
        text,
        what: 'connectivity provider',
        candidates: providers().flatMap(({ name, aliases }) => [name, ...aliases]),
        otherwise: 'providers are named as in the list of peering locations, e.g. Equinix',
      });
      return undefined;
    }),
    locations: reading.items(at('locations'), shape.locations, (text, place): Named | undefined => {
      const found = findPeeringLocation(text, cloud);
      if (found !== undefined) return { name: found.id, path: place };
      reading.unknownName({
        rule: 'estate/unknown-peering-location',
        path: place,
        text,
        what: 'peering location',
        candidates: peeringLocations()
          .filter((each) => each.cloud === cloud)
          .map(({ name }) => name),
        otherwise: 'locations are named as in the list of peering locations, e.g. Frankfurt',
      });
      return undefined;
    }),
    hubs: reading.items(at('hubs'), shape.hubs, (text, place) => {
      const name = reading.reference('sites', place, text);
      return name === undefined ? undefined : { name, path: place };
    }),
    private:
      shape.private === undefined
        ? reading
            .applyDefault(at('private'), DEFAULTS.privateSites)
            .map((name) => ({ name, path: at('private'), kind: ALL, sites: withClients(sites) }))
        : reading.items(at('private'), shape.private, (text, place) => readPrivate(reading, place, text, sites)),
    latency: readDuration(reading, at('latency'), shape.latency),
    survives: shape.survives ?? reading.applyDefault(at('survives'), DEFAULTS.planSurvives),
    budget: readMoney(reading, at('budget'), shape.budget),
    pools: bare(readPrefixes(reading, at('pools'), shape.pools)),
  };
}

/** A site goes before a country with the same name. */
function readPrivate(reading: Reading, path: Path, text: string, sites: readonly Site[]): PrivateSites | undefined {
  if (text === ALL) return { name: text, path, kind: 'all', sites: withClients(sites) };
  if (reading.names.get('sites')?.has(text) === true) return { name: text, path, kind: 'site', sites: [text] };
  const region = geopoliticalRegions().find(({ name }) => name.toLowerCase() === text.trim().toLowerCase());
  if (region !== undefined) {
    const countries = countriesOf(region.name);
    const inside = sites.filter(({ country }) => country !== undefined && countries.has(country));
    return { name: region.name, path, kind: 'region', sites: withClients(inside) };
  }
  const country = parseCountry(text);
  if (country.ok) {
    const inside = sites.filter((each) => each.country === country.value);
    return { name: country.value, path, kind: 'country', sites: withClients(inside) };
  }
  reading.unknownName({
    rule: 'estate/unknown-site',
    path,
    text,
    what: 'site, country or geopolitical region',
    candidates: [ALL, ...(reading.names.get('sites') ?? []), ...geopoliticalRegions().map(({ name }) => name)],
    otherwise: 'write all, a country code, a geopolitical region such as Europe, or the name of a site',
  });
  return undefined;
}

function withClients(sites: readonly Site[]): readonly string[] {
  return sites.filter(({ clients }) => clients.length > 0).map(({ name }) => name);
}

/** Countries with an Azure region or a peering location of a geopolitical region. */
function countriesOf(region: string): ReadonlySet<string> {
  return new Set(
    [...azureRegions(), ...peeringLocations()].flatMap((each) =>
      each.geopoliticalRegion === region ? [each.country] : [],
    ),
  );
}
