/** Reads the sites: where they are, who and what is there, and how clients find their way out. */
import { type City, cities, citiesNamed, findCity } from '@bothways/facts';
import { cityCountry, cityLocation, DEFAULTS, ownResolver } from './defaults.ts';
import { nodeAt } from './document.ts';
import type { ApplicationBreakout, Coordinates, LocalNetwork, Path, ProxyScript, Site } from './model.ts';
import { parseCountry, parseDegrees } from './names.ts';
import { readFlows } from './read-flows.ts';
import { bare, type PlacedPrefix, readPrefixes } from './read-prefixes.ts';
import { readBandwidth, readPercentage, readWholeOr } from './read-values.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { SiteShape } from './schema.ts';

/** More than the population of the earth is a slip. */
export const MAXIMUM_USERS = 10_000_000;

export interface PlacedSite {
  readonly site: Site;
  readonly clients: readonly PlacedPrefix[];
  readonly servers: readonly PlacedPrefix[];
}

export function readSite(reading: Reading, name: string, shape: SiteShape): PlacedSite {
  const path = ['sites', name];
  const clients = readPrefixes(reading, [...path, 'clients'], shape.clients);
  const servers = readPrefixes(reading, [...path, 'servers'], shape.servers);
  const users = readWholeOr(reading, [...path, 'users'], shape.users, [0, MAXIMUM_USERS], DEFAULTS.users);
  const lan = readLocalNetwork(reading, [...path, 'lan'], shape.lan);
  const whereabouts = readWhereabouts(reading, path, shape);
  const breakout = reading.reference('internetEdges', [...path, 'breakout'], shape.breakout);
  const applicationBreakout = reading.records(
    [...path, 'applicationBreakout'],
    shape.applicationBreakout,
    (each, at): ApplicationBreakout | undefined => {
      const edge = reading.edge([...at, 'edge'], each.edge);
      const flows = readFlows(reading, [...at, 'flows'], each.flows);
      return edge === undefined ? undefined : { flows, edge, path: at };
    },
  );
  const resolver = readResolver(reading, path, name, shape);
  const proxy = reading.reference('proxies', [...path, 'proxy'], shape.proxy);
  const pac = readScript(reading, [...path, 'pac'], shape.pac);
  const site: Site = {
    name,
    path,
    ...whereabouts,
    users,
    lan,
    clients: bare(clients),
    servers: bare(servers),
    breakout,
    applicationBreakout,
    resolver,
    proxy,
    pac,
  };
  return { site, clients, servers };
}

function readLocalNetwork(reading: Reading, path: Path, shape: SiteShape['lan']): LocalNetwork | undefined {
  const bandwidth = readBandwidth(reading, [...path, 'bandwidth'], shape?.bandwidth);
  const utilisation = readPercentage(reading, [...path, 'utilisation'], shape?.utilisation);
  return bandwidth === undefined && utilisation === undefined ? undefined : { path, bandwidth, utilisation };
}

function readResolver(reading: Reading, path: Path, name: string, shape: SiteShape): Site['resolver'] {
  const at = [...path, 'resolver'];
  if (shape.resolver === undefined) {
    if (shape.clients === undefined) return undefined;
    return { site: reading.applyDefault(at, ownResolver(name)) };
  }
  if (shape.resolver === 'public') return { public: true };
  const site = reading.reference('sites', at, shape.resolver);
  return site === undefined ? undefined : { site };
}

/** What the pieces of a script have to have in them to be one. */
const SCRIPT_FUNCTION = /\bFindProxyForURL\b/;

function readScript(reading: Reading, path: Path, shape: SiteShape['pac']): ProxyScript | undefined {
  if (shape === undefined) return undefined;
  if ((shape.text === undefined) === (shape.from === undefined)) {
    reading.report({
      rule: 'estate/text-or-file',
      path,
      message: `a proxy script is given ${shape.text === undefined ? 'neither as text nor as a file' : 'twice'}`,
      help: 'write the script itself, or from: and the name of a file',
    });
    return undefined;
  }
  const at = reading.keyPath(path, shape.from === undefined ? 'text' : 'from');
  const node = nodeAt(reading.document.tree, at);
  if (node?.kind !== 'scalar') return undefined;
  const found = shape.from === undefined ? node.file : reading.attachments.find(node, 'script');
  if (found === undefined) return undefined;
  if ('rule' in found) {
    reading.findings.push(found);
    return undefined;
  }
  const text = shape.from === undefined ? node.text : found.text;
  if (!SCRIPT_FUNCTION.test(text)) {
    reading.report({
      rule: 'estate/not-a-script',
      path: at,
      message:
        shape.from === undefined
          ? 'this is not a proxy script'
          : `${found.name} has no function FindProxyForURL, so it is not a proxy script`,
      help:
        shape.from === undefined
          ? 'to name a file, write pac: { from: proxy.pac }; a script has a function FindProxyForURL'
          : 'name the file that browsers are given',
    });
    return undefined;
  }
  return { file: found.name, text, path };
}

interface WhereaboutsShape {
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly location?: { readonly latitude: string; readonly longitude: string } | undefined;
}

export interface Whereabouts {
  readonly city: string | undefined;
  readonly country: string | undefined;
  readonly location: Coordinates | undefined;
}

/** City, country and coordinates; what is missing follows from the city where the gazetteer has it. */
export function readWhereabouts(reading: Reading, path: Path, shape: WhereaboutsShape): Whereabouts {
  const written = reading.scalar([...path, 'country'], shape.country, 'estate/bad-country', parseCountry);
  const text = shape.city === UNREADABLE ? undefined : shape.city;
  const given = shape.location === undefined ? undefined : readCoordinates(reading, path, shape.location);
  const known = text === undefined ? undefined : cityIn(text, written);
  if (shape.location === undefined && text !== undefined && known === undefined) reportCity(reading, path, text);
  if (known !== undefined && written !== undefined && known.country !== written) {
    reading.report({
      rule: 'estate/wrong-country',
      path: [...path, 'country'],
      message: `${known.name} is in ${known.country}, not in ${written}`,
      help: `write ${known.country}, or give the location of another ${known.name}`,
      fixes: reading.replacement([...path, 'country'], known.country, false),
    });
  }
  const country =
    shape.country === undefined && known !== undefined
      ? reading.applyDefault([...path, 'country'], cityCountry(known.country))
      : written;
  const location =
    shape.location === undefined && known !== undefined ? placeOfCity(reading, [...path, 'location'], known) : given;
  return { city: text, country, location };
}

function placeOfCity(reading: Reading, path: Path, { latitude, longitude }: City): Coordinates {
  return reading.applyDefault(path, cityLocation({ latitude, longitude }), [String(latitude), String(longitude)]);
}

/** The country tells namesakes apart. */
function cityIn(text: string, country: string | undefined): City | undefined {
  return (country === undefined ? undefined : findCity(`${text}, ${country}`)) ?? findCity(text);
}

function readCoordinates(
  reading: Reading,
  path: Path,
  shape: { readonly latitude: string; readonly longitude: string },
): Coordinates | undefined {
  const at = [...path, 'location'];
  const pair = nodeAt(reading.document.tree, at)?.kind === 'list';
  const degrees = (key: 'latitude' | 'longitude', step: string | number, limit: number): number | undefined =>
    reading.scalar([...at, step], shape[key], 'estate/bad-number', parseDegrees(limit));
  const latitude = degrees('latitude', pair ? 0 : 'latitude', 90);
  const longitude = degrees('longitude', pair ? 1 : 'longitude', 180);
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

function reportCity(reading: Reading, path: Path, text: string): void {
  const namesakes = citiesNamed(text);
  if (namesakes.length > 1) {
    reading.report({
      rule: 'estate/ambiguous-city',
      path: [...path, 'city'],
      message: `there are several cities called ${text}`,
      help: `write ${namesakes.map((each) => `"${each.name}, ${each.country}"`).join(' or ')}`,
    });
    return;
  }
  reading.unknownName({
    rule: 'estate/unknown-city',
    path: [...path, 'city'],
    text,
    what: 'city',
    candidates: cities().map((each) => each.name),
    otherwise: 'name a larger city nearby, or give location: [latitude, longitude]',
  });
}
