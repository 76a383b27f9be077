/** Reads the circuits and their Microsoft peering, with the limits that Microsoft sets on single values. */
import {
  bandwidthSteps,
  type Cloud,
  clouds,
  describeCommunity,
  findPeeringLocation,
  limits,
  type PeeringLocation,
  peeringLocations,
  skuFigures,
} from '@bothways/facts';
import {
  type Asn,
  asnKind,
  communityHigh,
  type Family,
  formatAsn,
  formatCommunity,
  formatPrefix,
  type Prefix,
  splitPrefix,
} from '@bothways/net';
import { isReservedAsn } from './check-asn.ts';
import { billingOf, DEFAULTS, ORGANISATION_ASN, POOLS_ADVERTISED } from './defaults.ts';
import type {
  Billing,
  Circuit,
  ConnectivityModel,
  MicrosoftPeering,
  Organisation,
  Path,
  RouteFilterEntry,
  Secret,
  Sku,
} from './model.ts';
import { parseText, parseWhole, readRouteFilterName, routeFilterNames } from './names.ts';
import { cloudName, readAsn, readBandwidth, readYesNo } from './read-places.ts';
import { bare, type PlacedPrefix, readPrefixes } from './read-prefixes.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { CircuitShape, MicrosoftPeeringShape } from './schema.ts';
import { secret } from './secret.ts';
import { formatBandwidth } from './units.ts';

/** Longest key of the TCP MD5 option that routers commonly take (RFC 2385 sets no limit of its own). */
const MAXIMUM_KEY = 80;

export interface PlacedCircuit {
  readonly circuit: Circuit | undefined;
  readonly links: readonly PlacedPrefix[];
  /** Only what the document itself writes under `advertises`. */
  readonly advertises: readonly PlacedPrefix[];
}

export interface CircuitSurroundings {
  readonly organisation: Organisation | undefined;
  readonly cloud: Cloud;
  /** Pools by the name of the ExpressRoute edge. */
  readonly pools: ReadonlyMap<string, readonly Prefix[]>;
}

export function readCircuit(
  reading: Reading,
  name: string,
  shape: CircuitShape,
  around: CircuitSurroundings,
): PlacedCircuit {
  const path = ['circuits', name];
  const location = readLocation(reading, [...path, 'location'], shape.location, around.cloud);
  const provider = reading.scalar([...path, 'provider'], shape.provider, 'estate/empty-text', parseText);
  const model = shape.model ?? reading.applyDefault([...path, 'model'], DEFAULTS.model);
  const sku = shape.sku ?? reading.applyDefault([...path, 'sku'], DEFAULTS.sku);
  const billing = readBilling(reading, path, shape.billing, sku);
  const bandwidth = readCircuitBandwidth(reading, path, shape.bandwidth, model);
  const edge = reading.reference('expressRouteEdges', [...path, 'edge'], shape.edge);
  if (sku === 'local' && location !== undefined) checkLocal(reading, path, location);
  const peering =
    shape.microsoftPeering === undefined
      ? undefined
      : readPeering(reading, [...path, 'microsoftPeering'], shape.microsoftPeering, edge, around);
  const complete =
    location !== undefined &&
    bandwidth !== undefined &&
    edge !== undefined &&
    (peering === undefined || peering.peering !== undefined);
  return {
    circuit: complete
      ? {
          name,
          path,
          location: location.id,
          provider,
          model,
          sku,
          billing,
          bandwidth,
          edge,
          microsoftPeering: peering?.peering,
        }
      : undefined,
    links: peering?.links ?? [],
    advertises: peering?.advertises ?? [],
  };
}

function readLocation(reading: Reading, path: Path, text: string, cloud: Cloud): PeeringLocation | undefined {
  if (text === UNREADABLE) return undefined;
  const location = findPeeringLocation(text, cloud);
  if (location !== undefined) return location;
  const elsewhere = clouds.map((other) => findPeeringLocation(text, other)).find((found) => found !== undefined);
  if (elsewhere !== undefined) {
    reading.report({
      rule: 'estate/cloud-mismatch',
      ids: ['ER-027', 'PP-C13'],
      path,
      message: `${elsewhere.name} is a peering location of the ${cloudName(elsewhere.cloud)}, the organisation is in the ${cloudName(cloud)}`,
      why: 'no circuit of one cloud carries traffic of another',
      help: `choose a location of the ${cloudName(cloud)}`,
      related: [{ message: `the organisation's cloud`, path: ['organisation', 'cloud'] }],
    });
    return undefined;
  }
  reading.unknownName({
    rule: 'estate/unknown-peering-location',
    path,
    text,
    what: 'peering location',
    candidates: peeringLocations()
      .filter((each) => each.cloud === cloud)
      .map((each) => each.name),
    otherwise: 'a peering location is a place where Microsoft has edge routers, not an Azure region',
  });
  return undefined;
}

function readBilling(reading: Reading, path: Path, written: Billing | undefined, sku: Sku): Billing {
  const at = [...path, 'billing'];
  const billing = written ?? reading.applyDefault(at, billingOf(sku));
  const figures = skuFigures.find((each) => each.sku === sku);
  if (figures !== undefined && !figures.billing.includes(billing)) {
    reading.report({
      rule: 'estate/local-is-unlimited',
      ids: ['ER-021'],
      path: at,
      message: `a ${sku} circuit cannot have ${billing} billing`,
      help: `write ${figures.billing.join(' or ')}, or choose another SKU`,
      fixes: figures.billing.length === 1 ? reading.replacement(at, figures.billing[0] ?? billing, true) : [],
    });
  }
  return billing;
}

/** ER-011 (through a provider) and ER-012 (Direct, over all port speeds). */
function readCircuitBandwidth(
  reading: Reading,
  path: Path,
  text: string,
  model: ConnectivityModel,
): number | undefined {
  const at = [...path, 'bandwidth'];
  const bandwidth = readBandwidth(reading, at, text);
  if (bandwidth === undefined) return undefined;
  const offer = model === 'direct' ? 'direct' : 'provider';
  const rows = bandwidthSteps.filter((row) => row.offer === offer);
  const steps = [...new Set(rows.flatMap((row) => row.stepsMbps))].sort((a, b) => a - b).map((step) => step * 1e6);
  if (steps.includes(bandwidth)) return bandwidth;
  const above = steps.find((step) => step > bandwidth);
  reading.report({
    rule: 'estate/bandwidth-step',
    ids: [...new Set(rows.map((row) => row.fact))],
    path: at,
    message: `there is no circuit of ${formatBandwidth(bandwidth)} ${model === 'direct' ? 'on ExpressRoute Direct' : 'through a provider'}`,
    help: `the steps are ${steps.map(formatBandwidth).join(', ')}`,
    fixes: above === undefined ? [] : reading.replacement(at, formatBandwidth(above), false),
  });
  return undefined;
}

function checkLocal(reading: Reading, path: Path, location: PeeringLocation): void {
  if (location.localAzureRegions.length > 0 || location.localInMetroTable.length > 0) return;
  reading.report({
    rule: 'estate/no-local-region',
    ids: ['ER-022'],
    severity: 'warning',
    path: [...path, 'sku'],
    message: `no Azure region is local to ${location.name}`,
    why: 'a local circuit is offered only where the location table maps a region',
    help: 'use sku: standard, or choose another peering location',
  });
}

interface PlacedPeering {
  readonly peering: MicrosoftPeering | undefined;
  readonly links: readonly PlacedPrefix[];
  readonly advertises: readonly PlacedPrefix[];
}

function readPeering(
  reading: Reading,
  path: Path,
  shape: MicrosoftPeeringShape,
  edge: string | undefined,
  around: CircuitSurroundings,
): PlacedPeering {
  const asn = readPeerAsn(reading, path, shape.asn, around.organisation);
  const vlan = reading.scalar([...path, 'vlan'], shape.vlan, 'estate/bad-vlan', parseWhole(1, 4094));
  const links = readLinks(reading, [...path, 'links'], shape.links, 4);
  const links6 = shape.links6 === undefined ? undefined : readLinks(reading, [...path, 'links6'], shape.links6, 6);
  const advertised = readPrefixes(reading, [...path, 'advertises'], shape.advertises);
  const pools = around.pools.get(edge ?? '') ?? [];
  const advertises =
    shape.advertises === undefined
      ? reading.applyDefault(
          [...path, 'advertises'],
          { value: pools, because: POOLS_ADVERTISED },
          pools.map(formatPrefix),
        )
      : bare(advertised);
  checkAdvertisedCount(reading, [...path, 'advertises'], advertises);
  const routeFilter =
    shape.routeFilter === undefined
      ? undefined
      : readRouteFilter(reading, [...path, 'routeFilter'], shape.routeFilter, around.cloud);
  const validation = shape.validation ?? reading.applyDefault([...path, 'validation'], DEFAULTS.validation);
  const prependAt = [...path, 'prepend'];
  const prepend =
    shape.prepend === undefined
      ? reading.applyDefault(prependAt, DEFAULTS.prepend)
      : (reading.scalar(prependAt, shape.prepend, 'estate/bad-number', parseWhole(0, 16)) ?? 0);
  const md5 = readKey(reading, [...path, 'md5'], shape.md5);
  const bfdAt = [...path, 'bfd'];
  const bfd =
    shape.bfd === undefined
      ? reading.applyDefault(bfdAt, DEFAULTS.bfd)
      : (readYesNo(reading, bfdAt, shape.bfd) ?? false);
  const [primary, secondary] = bare(links);
  const [primary6, secondary6] = bare(links6 ?? []);
  const complete = asn !== undefined && vlan !== undefined && primary !== undefined && secondary !== undefined;
  return {
    peering: complete
      ? {
          path,
          asn,
          vlan,
          links: [primary, secondary],
          ...(primary6 === undefined || secondary6 === undefined ? {} : { links6: [primary6, secondary6] }),
          advertises,
          routeFilter,
          validation,
          prepend,
          md5,
          bfd,
        }
      : undefined,
    links: [...links, ...(links6 ?? [])],
    advertises: advertised,
  };
}

function readPeerAsn(
  reading: Reading,
  path: Path,
  text: string | undefined,
  organisation: Organisation | undefined,
): Asn | undefined {
  const at = [...path, 'asn'];
  const own = text === undefined ? organisation?.asn : readAsn(reading, at, text);
  if (own === undefined) {
    if (text === undefined && organisation !== undefined && !reading.has(['organisation', 'asn'])) {
      reading.report({
        rule: 'estate/missing-asn',
        ids: ['ER-046'],
        path,
        atKey: true,
        message: 'Microsoft peering needs an AS number and neither it nor the organisation has one',
        help: 'add asn under organisation, or here',
      });
    }
    return undefined;
  }
  if (text === undefined) reading.applyDefault(at, { value: own, because: ORGANISATION_ASN });
  if (asnKind(own) === 'private' && !isReservedAsn(own)) {
    reading.report({
      rule: 'estate/private-asn',
      ids: ['ER-051'],
      severity: 'warning',
      path: text === undefined ? ['organisation', 'asn'] : at,
      message: `AS ${formatAsn(own)} is private`,
      why: 'Microsoft peering with a private number always goes through validation by hand',
      help: 'use a public AS number, or plan for the validation',
    });
  }
  return own;
}

/** ER-042: two subnets of two usable addresses each, or one that is cut in two (ER-040). */
function readLinks(reading: Reading, path: Path, texts: readonly string[], family: Family): readonly PlacedPrefix[] {
  const length = family === 4 ? 30 : 126;
  const placed = readPrefixes(reading, path, texts);
  const [only] = placed;
  if (texts.length === 1 && only !== undefined && only.prefix.family === family && only.prefix.length === length - 1) {
    const halves = splitPrefix(only.prefix).map(formatPrefix);
    reading.report({
      rule: 'estate/link-subnets',
      ids: ['ER-040', 'ER-042'],
      path,
      message: `the two links of a peering have a subnet each, here is one /${only.prefix.length} for both`,
      help: `write its halves: [${halves.join(', ')}]`,
      fixes: reading.replacement(path, halves, true),
    });
    return [];
  }
  if (texts.length !== 2) {
    if (!texts.includes(UNREADABLE)) {
      reading.report({
        rule: 'estate/link-subnets',
        ids: ['ER-038', 'ER-042'],
        path,
        message: `a peering has two links with a subnet each, here ${texts.length === 1 ? 'is one subnet' : `are ${texts.length}`}`,
        help: `write [primary, secondary], each an IPv${family} /${length}`,
      });
    }
    return [];
  }
  return placed.filter((each) => {
    const fits = each.prefix.family === family && each.prefix.length === length;
    if (!fits) {
      reading.report({
        rule: 'estate/link-subnets',
        ids: ['ER-042'],
        path: each.path,
        message: `a link subnet is an IPv${family} /${length}, not ${formatPrefix(each.prefix)}`,
        help: `a /${length} holds the two routers of one link`,
      });
    }
    return fits;
  });
}

/** ER-028, ER-030: counted per address family. */
function checkAdvertisedCount(reading: Reading, path: Path, prefixes: readonly Prefix[]): void {
  for (const family of [4, 6] as const) {
    const { value: most, fact } =
      family === 4 ? limits.prefixes4PerMicrosoftPeeringSession : limits.prefixes6PerMicrosoftPeeringSession;
    const count = prefixes.filter((prefix) => prefix.family === family).length;
    if (count <= most) continue;
    reading.report({
      rule: 'estate/too-many-prefixes',
      ids: [...new Set([fact, 'ER-030'])],
      path,
      atKey: true,
      message: `${count} IPv${family} prefixes are advertised on Microsoft peering, ${most} are accepted`,
      why: 'one more than the limit takes the whole session down',
      help: 'advertise fewer, larger prefixes',
    });
  }
}

function readRouteFilter(
  reading: Reading,
  path: Path,
  texts: readonly string[],
  cloud: Cloud,
): readonly RouteFilterEntry[] {
  const entries: RouteFilterEntry[] = [];
  for (const [index, written] of texts.entries()) {
    if (written === UNREADABLE) continue;
    const at = reading.itemPath(path, index);
    const entry = readRouteFilterEntry(reading, at, written, cloud);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

function readRouteFilterEntry(
  reading: Reading,
  path: Path,
  written: string,
  cloud: Cloud,
): RouteFilterEntry | undefined {
  const name = readRouteFilterName(written, cloud);
  if (name.kind === 'community') {
    checkCommunity(reading, path, name.community, cloud);
    return { community: name.community, written, path };
  }
  if (name.kind === 'problem') {
    const help = name.help === undefined ? {} : { help: name.help };
    reading.report({ rule: 'estate/bad-community', path, message: name.problem, ...help });
    return undefined;
  }
  if (name.kind === 'unknown') {
    reading.unknownName({
      rule: 'estate/unknown-route-filter-entry',
      path,
      text: written,
      what: 'Azure region or service',
      candidates: routeFilterNames(cloud),
      otherwise: 'write an Azure region, a service with a community of its own, or a community such as 12076:51002',
    });
    return undefined;
  }
  const named = name.kind === 'region' ? name.region : name.row;
  if (named.cloud !== cloud) {
    reportWrongCloud(reading, path, named.name, named.cloud, cloud);
    return undefined;
  }
  const community = name.kind === 'region' ? name.region.communities.microsoftPeering : name.row.community;
  if (community !== undefined) return { community, written, path };
  reading.report({
    rule: 'estate/no-known-community',
    path,
    message: `the community of ${named.name} is not in the facts`,
    why: 'the published list that the facts were taken from does not have the region',
    help: 'write the community itself (12076:...) as the portal shows it',
  });
  return undefined;
}

function reportWrongCloud(reading: Reading, path: Path, what: string, found: Cloud, cloud: Cloud): void {
  reading.report({
    rule: 'estate/cloud-mismatch',
    ids: ['ER-027', 'PP-C13'],
    path,
    message: `${what} is in the ${cloudName(found)}, the organisation is in the ${cloudName(cloud)}`,
    help: `a circuit carries traffic of its own cloud only`,
    related: [{ message: `the organisation's cloud`, path: ['organisation', 'cloud'] }],
  });
}

function checkCommunity(reading: Reading, path: Path, community: RouteFilterEntry['community'], cloud: Cloud): void {
  const text = formatCommunity(community);
  const row = describeCommunity(community);
  if (communityHigh(community) !== limits.microsoftAsn.value) {
    reading.report({
      rule: 'estate/unknown-community',
      severity: 'warning',
      path,
      message: `${text} is not a community of Microsoft's`,
      why: 'a route filter lists values that Microsoft attaches to its routes, and those begin with 12076',
      help: 'write an Azure region or a service by name',
    });
  } else if (row === undefined) {
    reading.report({
      rule: 'estate/unknown-community',
      severity: 'warning',
      path,
      message: `nothing is known about community ${text}`,
      why: 'it is not in the published lists that the facts were taken from',
      help: 'check the value',
    });
  } else if (row.cloud !== cloud) {
    reportWrongCloud(reading, path, `${text} (${row.name})`, row.cloud, cloud);
  } else if (row.kind === 'private-peering') {
    reading.report({
      rule: 'estate/private-peering-community',
      severity: 'warning',
      path,
      message: `${text} marks routes on private peering (${row.name})`,
      why: 'no route on Microsoft peering carries it, so it lets nothing through',
      help: 'write the Azure region by name',
    });
  }
}

function readKey(reading: Reading, path: Path, text: string | undefined): Secret | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  // The messages must not hold the key.
  if (text === '' || text.length > MAXIMUM_KEY || !/^[\x21-\x7e]+$/.test(text)) {
    reading.report({
      rule: 'estate/bad-key',
      path,
      atKey: true,
      message: 'the session key cannot be used',
      help: `a key has 1 to ${MAXIMUM_KEY} printable ASCII characters without spaces`,
    });
    return undefined;
  }
  return secret(text);
}
