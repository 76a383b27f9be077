/** Reads the organisation and the environments. */
import {
  type Cloud,
  findAzureRegion,
  findPowerPlatformRegion,
  type PowerPlatformRegion,
  powerPlatformRegions,
  retiredEnvironmentSuffixes,
} from '@bothways/facts';
import { quoted } from '@bothways/net';
import { DEFAULTS } from './defaults.ts';
import type { DelegatedSubnet, Environment, Microsoft365, Organisation, Path } from './model.ts';
import { bare, readPrefixes } from './read-prefixes.ts';
import { readAsn, readText, readYesNoOr } from './read-values.ts';
import { cloudName, type Reading, UNREADABLE } from './reading.ts';
import type { EnvironmentShape, EstateShape } from './schema.ts';

export function readOrganisation(reading: Reading, shape: EstateShape['organisation']): Organisation | undefined {
  const path = ['organisation'];
  const name = readText(reading, [...path, 'name'], shape.name);
  const cloud: Cloud = shape.cloud ?? reading.applyDefault([...path, 'cloud'], DEFAULTS.cloud);
  const microsoft365 = readMicrosoft365(reading, [...path, 'microsoft365'], shape.microsoft365);
  const asn = readAsn(reading, [...path, 'asn'], shape.asn);
  const subscription = readText(reading, [...path, 'subscription'], shape.subscription);
  const owns = bare(readPrefixes(reading, [...path, 'owns'], shape.owns));
  return name === undefined ? undefined : { name, asn, cloud, subscription, owns, microsoft365, path };
}

function readMicrosoft365(
  reading: Reading,
  path: Path,
  shape: EstateShape['organisation']['microsoft365'],
): Microsoft365 {
  const authorised = readYesNoOr(reading, [...path, 'authorised'], shape?.authorised, DEFAULTS.microsoft365Authorised);
  const tenantRegion = readText(reading, [...path, 'tenantRegion'], shape?.tenantRegion);
  if (tenantRegion !== undefined) checkTenantRegion(reading, [...path, 'tenantRegion'], tenantRegion);
  return { authorised, tenantRegion, services: [...new Set(shape?.services ?? [])] };
}

/** Microsoft 365 has geographies of its own beside those of Power Platform, so an unknown name is only doubted. */
function checkTenantRegion(reading: Reading, path: Path, text: string): void {
  if (findPowerPlatformRegion(text) !== undefined) return;
  const near = reading.nearest(
    text,
    powerPlatformRegions().flatMap((each) => [each.name, ...each.aliases]),
  );
  if (near === undefined) return;
  reading.report({
    rule: 'estate/unknown-region',
    severity: 'warning',
    path,
    message: `${quoted(text)} is not a geography that is known`,
    help: `did you mean ${near}?`,
    fixes: reading.replacement(path, near, false),
  });
}

export function readEnvironment(
  reading: Reading,
  name: string,
  shape: EnvironmentShape,
  cloud: Cloud,
): Environment | undefined {
  const path = ['environments', name];
  const canvasCdn = readYesNoOr(reading, [...path, 'canvasCdn'], shape.canvasCdn, DEFAULTS.canvasCdn);
  const region = readPowerPlatformRegion(reading, [...path, 'region'], shape.region, cloud);
  const type = shape.type ?? reading.applyDefault([...path, 'type'], DEFAULTS.environmentType);
  const managed = readYesNoOr(reading, [...path, 'managed'], shape.managed, DEFAULTS.managed);
  const recovery = readYesNoOr(reading, [...path, 'recovery'], shape.recovery, DEFAULTS.recovery);
  const vnetSupport = readVnetSupport(reading, [...path, 'vnetSupport'], shape.vnetSupport);
  const ipFirewall =
    shape.ipFirewall === undefined ? undefined : bare(readPrefixes(reading, [...path, 'ipFirewall'], shape.ipFirewall));
  const powerPages = readPowerPages(reading, [...path, 'powerPages'], shape.powerPages);
  if (region === undefined) return undefined;
  const azureRegions = readPair(reading, path, shape, region);
  if (azureRegions === undefined) return undefined;
  return {
    name,
    path,
    region: region.id,
    azureRegions,
    canvasCdn,
    type,
    managed,
    vnetSupport,
    products: [...new Set(shape.products ?? [])],
    ipFirewall,
    powerPages,
    recovery,
  };
}

function readPowerPages(
  reading: Reading,
  path: Path,
  shape: EnvironmentShape['powerPages'],
): Environment['powerPages'] {
  if (shape === undefined) return undefined;
  return {
    cdn: readYesNoOr(reading, [...path, 'cdn'], shape.cdn, DEFAULTS.powerPagesCdn),
    waf: readYesNoOr(reading, [...path, 'waf'], shape.waf, DEFAULTS.powerPagesWaf),
  };
}

function readVnetName(reading: Reading, path: Path, text: string, subnet: string): string | undefined {
  const names = reading.names.get('vnets') ?? new Set();
  if (names.has(text)) return text;
  const near = reading.nearest(text, [...names]);
  reading.report({
    rule: 'estate/unknown-virtual-network',
    path,
    message: `there is no virtual network ${quoted(text)}`,
    help: near === undefined ? 'define it under azure.vnets' : `did you mean ${near}/${subnet}?`,
    fixes: near === undefined ? [] : reading.replacement(path, `${near}/${subnet}`, false),
  });
  return undefined;
}

/** Each as `network/subnet`. That the subnet is delegated, and where, is checked when all networks have been read. */
function readVnetSupport(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
): Environment['vnetSupport'] {
  if (texts === undefined) return undefined;
  const subnets = reading.items(path, texts, (text, at): DelegatedSubnet | undefined => {
    const [vnetName, subnet, ...more] = text.split('/');
    if (vnetName === undefined || subnet === undefined || subnet === '' || more.length > 0) {
      reading.report({
        rule: 'estate/bad-subnet-name',
        path: at,
        message: `${quoted(text)} is not the name of a network and of a subnet`,
        help: 'write network/subnet, e.g. hub-west/power-platform',
      });
      return undefined;
    }
    const vnet = readVnetName(reading, at, vnetName, subnet);
    if (vnet === undefined) return undefined;
    const known = reading.namesAt(['azure', 'vnets', vnet, 'subnets']).map(([each]) => each);
    if (known.includes(subnet)) return { vnet, subnet, path: at };
    const near = reading.nearest(subnet, known);
    reading.report({
      rule: 'estate/unknown-subnet',
      path: at,
      message: `virtual network ${vnet} has no subnet ${quoted(subnet)}`,
      help: near === undefined ? `define it under subnets of ${vnet}` : `did you mean ${vnet}/${near}?`,
      fixes: near === undefined ? [] : reading.replacement(at, `${vnet}/${near}`, false),
    });
    return undefined;
  });
  return { path, subnets };
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
