/** Reads the organisation, the environments, the sites and the links between them. */
import {
  type Cloud,
  cities,
  citiesNamed,
  findAzureRegion,
  findCity,
  findPowerPlatformRegion,
  type PowerPlatformRegion,
  powerPlatformRegions,
  retiredEnvironmentSuffixes,
} from '@bothways/facts';
import { type Asn, quoted } from '@bothways/net';
import { checkAsn } from './check-asn.ts';
import { DEFAULTS } from './defaults.ts';
import type { Environment, Organisation, Path, Site, WanLink } from './model.ts';
import { meantYesNo, parseAsnText, parseDegrees, parseText, parseWhole, parseYesNo } from './names.ts';
import { bare, type PlacedPrefix, readPrefixes } from './read-prefixes.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { EnvironmentShape, EstateShape, SiteShape, WanLinkShape } from './schema.ts';
import { meantBandwidth, parseBandwidth, parseDuration } from './units.ts';

/** More than the population of the earth is a slip. */
const MAXIMUM_USERS = 10_000_000;

export function readYesNo(reading: Reading, path: Path, text: string | undefined): boolean | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  const result = parseYesNo(text);
  if (result.ok) return result.value;
  const meant = meantYesNo(text);
  reading.report({
    rule: 'estate/not-yes-or-no',
    path,
    message: result.problem,
    ...(result.hint === undefined ? {} : { help: result.hint }),
    fixes: meant === undefined ? [] : reading.replacement(path, meant, true),
  });
  return undefined;
}

export function readBandwidth(reading: Reading, path: Path, text: string | undefined): number | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  const result = parseBandwidth(text);
  if (result.ok) return result.value;
  const counted = /byte|B\/s/.test(text); // bytes need arithmetic, not another spelling
  const meant = counted ? undefined : meantBandwidth(text, (word, candidates) => reading.nearest(word, candidates));
  const help = meant === undefined ? result.hint : `did you mean ${meant}?`;
  reading.report({
    rule: 'estate/bad-bandwidth',
    path,
    message: result.problem,
    ...(help === undefined ? {} : { help }),
    fixes: meant === undefined ? [] : reading.replacement(path, meant, false),
  });
  return undefined;
}

export function readAsn(reading: Reading, path: Path, text: string | undefined): Asn | undefined {
  const value = reading.scalar(path, text, 'estate/bad-asn', parseAsnText);
  if (value !== undefined) checkAsn(reading, path, value);
  return value;
}

export function readOrganisation(reading: Reading, shape: EstateShape['organisation']): Organisation | undefined {
  const path = ['organisation'];
  const name = reading.scalar([...path, 'name'], shape.name, 'estate/empty-text', parseText);
  const cloud: Cloud = shape.cloud ?? reading.applyDefault([...path, 'cloud'], DEFAULTS.cloud);
  const microsoft365 = [...path, 'microsoft365', 'authorised'];
  const authorised =
    shape.microsoft365 === undefined
      ? reading.applyDefault(microsoft365, DEFAULTS.microsoft365Authorised)
      : (readYesNo(reading, microsoft365, shape.microsoft365.authorised) ?? false);
  const asn = readAsn(reading, [...path, 'asn'], shape.asn);
  return name === undefined ? undefined : { name, asn, cloud, microsoft365: { authorised }, path };
}

export function readEnvironment(
  reading: Reading,
  name: string,
  shape: EnvironmentShape,
  cloud: Cloud,
): Environment | undefined {
  const path = ['environments', name];
  const canvasCdnPath = [...path, 'canvasCdn'];
  const canvasCdn =
    shape.canvasCdn === undefined
      ? reading.applyDefault(canvasCdnPath, DEFAULTS.canvasCdn)
      : (readYesNo(reading, canvasCdnPath, shape.canvasCdn) ?? DEFAULTS.canvasCdn.value);
  const region = readPowerPlatformRegion(reading, [...path, 'region'], shape.region, cloud);
  if (region === undefined) return undefined;
  const azureRegions = readPair(reading, path, shape, region);
  return azureRegions === undefined ? undefined : { name, path, region: region.id, azureRegions, canvasCdn };
}

function readPowerPlatformRegion(
  reading: Reading,
  path: Path,
  text: string,
  cloud: Cloud,
): PowerPlatformRegion | undefined {
  if (text === UNREADABLE) return undefined;
  const region = findPowerPlatformRegion(text);
  if (region === undefined) {
    const retired = retiredEnvironmentSuffixes().find((each) => text.toLowerCase().endsWith(each.suffix));
    const azure = findAzureRegion(text);
    const around =
      azure === undefined ? undefined : powerPlatformRegions().find((each) => each.pairs.flat().includes(azure.id));
    reading.unknownName({
      rule: 'estate/unknown-region',
      path,
      text,
      what: 'Power Platform region',
      candidates: powerPlatformRegions().flatMap((each) => [each.name, ...each.aliases]),
      otherwise:
        retired?.reason ??
        (around === undefined
          ? 'the regions are geographies such as Europe or United States'
          : `${text} is an Azure region; its geography is ${around.name}`),
    });
    return undefined;
  }
  if (region.cloud !== cloud) {
    reading.report({
      rule: 'estate/cloud-mismatch',
      ids: ['ER-027', 'PP-C13'],
      path,
      message: `region ${region.name} is in the ${cloudName(region.cloud)}, the organisation in the ${cloudName(cloud)}`,
      why: 'no circuit of one cloud carries traffic of another',
      help: `set cloud: ${region.cloud} under organisation, or choose a region of the ${cloudName(cloud)}`,
      related: [{ message: `the organisation's cloud`, path: ['organisation', 'cloud'] }],
    });
    return undefined;
  }
  return region;
}

const CLOUD_NAMES: Readonly<Record<Cloud, string>> = {
  public: 'public cloud',
  usgov: 'US Government cloud',
  china: 'China cloud',
};

export function cloudName(cloud: Cloud): string {
  return CLOUD_NAMES[cloud];
}

/** The pair the document names; all of them when it names none, because any could hold the environment. */
function readPair(
  reading: Reading,
  path: Path,
  shape: EnvironmentShape,
  region: PowerPlatformRegion,
): readonly string[] | undefined {
  const named = [
    ...(shape.pair ?? []).map((text, index) => ({ text, path: reading.itemPath([...path, 'pair'], index) })),
    ...(shape.azureRegion === undefined ? [] : [{ text: shape.azureRegion, path: [...path, 'azureRegion'] }]),
  ].filter((each) => each.text !== UNREADABLE);
  let pairs = region.pairs;
  let sound = true;
  for (const each of named) {
    const azure = findAzureRegion(each.text);
    const inRegion = region.pairs.flat();
    if (azure === undefined || !inRegion.includes(azure.id)) {
      sound = false;
      reading.unknownName({
        rule: 'estate/unknown-azure-region',
        path: each.path,
        text: each.text,
        what: `Azure region of ${region.name} called`,
        candidates: inRegion,
        otherwise: `the pairs are ${region.pairs.map((pair) => pair.join(' and ')).join('; ')}`,
      });
      continue;
    }
    const left = pairs.filter((pair) => pair.includes(azure.id));
    if (left.length === 0) {
      sound = false;
      reading.report({
        rule: 'estate/not-a-pair',
        path: each.path,
        message: `${each.text} is not in the same pair as the other region named`,
        help: `the pairs of ${region.name} are ${region.pairs.map((pair) => pair.join(' and ')).join('; ')}`,
      });
    } else pairs = left;
  }
  if (!sound) return undefined;
  if (pairs.length > 1) {
    reading.report({
      rule: 'estate/pair-not-stated',
      ids: ['PP-C14'],
      severity: 'note',
      path: [...path, 'region'],
      message: `${region.name} has ${pairs.length} pairs of Azure regions and the document does not say which one holds the environment`,
      why: 'until it does, all of them have to be reachable',
      help: `add azureRegion: ${pairs[0]?.[0] ?? ''} (or another of ${pairs.flat().join(', ')})`,
    });
  }
  return [...new Set(pairs.flat())];
}

export interface PlacedSite {
  readonly site: Site;
  readonly clients: readonly PlacedPrefix[];
}

export function readSite(reading: Reading, name: string, shape: SiteShape): PlacedSite {
  const path = ['sites', name];
  const usersPath = [...path, 'users'];
  const clients = readPrefixes(reading, [...path, 'clients'], shape.clients);
  const users =
    shape.users === undefined
      ? reading.applyDefault(usersPath, DEFAULTS.users)
      : (reading.scalar(usersPath, shape.users, 'estate/bad-number', parseWhole(0, MAXIMUM_USERS)) ?? 0);
  const location = readLocation(reading, path, shape);
  const breakout = reading.reference('internetEdges', [...path, 'breakout'], shape.breakout);
  const city = shape.city === UNREADABLE ? undefined : shape.city;
  return { site: { name, path, city, location, users, clients: bare(clients), breakout }, clients };
}

function readLocation(reading: Reading, path: Path, shape: SiteShape): Site['location'] {
  if (shape.location !== undefined) {
    const at = [...path, 'location'];
    const latitude = reading.scalar(
      [...at, 'latitude'],
      shape.location.latitude,
      'estate/bad-number',
      parseDegrees(90),
    );
    const longitude = reading.scalar(
      [...at, 'longitude'],
      shape.location.longitude,
      'estate/bad-number',
      parseDegrees(180),
    );
    return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
  }
  const { city: text } = shape;
  if (text === undefined || text === UNREADABLE) return undefined;
  const city = findCity(text);
  if (city !== undefined) return { latitude: city.latitude, longitude: city.longitude };
  const namesakes = citiesNamed(text);
  if (namesakes.length > 1) {
    reading.report({
      rule: 'estate/ambiguous-city',
      path: [...path, 'city'],
      message: `there are several cities called ${text}`,
      help: `write ${namesakes.map((each) => `"${each.name}, ${each.country}"`).join(' or ')}`,
    });
  } else {
    reading.unknownName({
      rule: 'estate/unknown-city',
      path: [...path, 'city'],
      text,
      what: 'city',
      candidates: cities().map((each) => each.name),
      otherwise: 'name a larger city nearby, or give location: { latitude: ..., longitude: ... }',
    });
  }
  return undefined;
}

export function readWanLink(reading: Reading, name: string, shape: WanLinkShape): WanLink | undefined {
  const path = ['wan', name];
  const between = [...path, 'between'];
  const bandwidth = readBandwidth(reading, [...path, 'bandwidth'], shape.bandwidth);
  const latency = reading.scalar([...path, 'latency'], shape.latency, 'estate/bad-duration', parseDuration);
  const cost =
    shape.cost === undefined
      ? reading.applyDefault([...path, 'cost'], DEFAULTS.linkCost)
      : reading.scalar([...path, 'cost'], shape.cost, 'estate/bad-number', parseWhole(1, 65_535));
  const ends = shape.between.map((text, index) => reading.reference('sites', reading.itemPath(between, index), text));
  if (ends.length !== 2 && !shape.between.includes(UNREADABLE)) {
    reading.report({
      rule: 'estate/not-two',
      path: between,
      message: `a WAN link joins two sites, here ${ends.length === 1 ? 'is one' : `are ${ends.length}`}`,
      help: 'write [one-site, other-site]; a link for every further pair',
    });
    return undefined;
  }
  const [left, right] = ends;
  if (left === undefined || right === undefined) return undefined;
  if (left === right) {
    reading.report({
      rule: 'estate/link-to-itself',
      path: between,
      message: `the link joins ${quoted(left)} with itself`,
      help: 'name two different sites',
    });
    return undefined;
  }
  return cost === undefined ? undefined : { name, path, between: [left, right], bandwidth, latency, cost };
}
