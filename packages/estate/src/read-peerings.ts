/** Reads the two peerings of a circuit, with the limits that Microsoft sets on single values. */
import { type Cloud, limits, type Quantity, timers } from '@bothways/facts';
import { type Asn, asnKind, type Family, formatAsn, formatPrefix, type Prefix, splitPrefix } from '@bothways/net';
import { isReservedAsn } from './check-asn.ts';
import { bgpTimers, DEFAULTS, ORGANISATION_ASN, POOLS_ADVERTISED, SITES_ADVERTISED } from './defaults.ts';
import type { BgpTimers, MicrosoftPeering, Organisation, Path, Prepend, Secret, Sku } from './model.ts';
import type { PrivatePeering } from './model-azure.ts';
import { parseWhole } from './names.ts';
import { readRouteFilter } from './read-communities.ts';
import { bare, type PlacedPrefix, readPrefixes } from './read-prefixes.ts';
import { readAsn, readDuration, readWhole, readWholeOr, readYesNoOr } from './read-values.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { MicrosoftPeeringShape, PrependShape, PrivatePeeringShape } from './schema.ts';
import { secret } from './secret.ts';
import { formatDuration } from './units.ts';

/** Longest key of the TCP MD5 option that routers commonly take (RFC 2385 sets no limit of its own). */
const MAXIMUM_KEY = 80;

const PREPENDS = [0, 16] as const;
const LOCAL_PREFERENCES = [0, 4_294_967_295] as const;

export interface PlacedPeering<Peering> {
  readonly peering: Peering | undefined;
  readonly links: readonly PlacedPrefix[];
  /** Only what the document itself writes under `advertises`. */
  readonly advertises: readonly PlacedPrefix[];
}

export interface PeeringSurroundings {
  readonly organisation: Organisation | undefined;
  readonly cloud: Cloud;
  /** Pools of the edge the circuit lands on. */
  readonly pools: readonly Prefix[];
  /** Client and server prefixes of all sites. */
  readonly inside: readonly Prefix[];
  readonly sku: Sku;
}

export function readMicrosoftPeering(
  reading: Reading,
  path: Path,
  shape: MicrosoftPeeringShape,
  around: PeeringSurroundings,
): PlacedPeering<MicrosoftPeering> {
  const session = readSession(reading, path, shape, around.organisation, 'Microsoft');
  const advertised = readPrefixes(reading, [...path, 'advertises'], shape.advertises);
  const advertises =
    shape.advertises === undefined
      ? reading.applyDefault(
          [...path, 'advertises'],
          { value: around.pools, because: POOLS_ADVERTISED },
          around.pools.map(formatPrefix),
        )
      : bare(advertised);
  checkAdvertisedCount(reading, [...path, 'advertises'], advertises, 'Microsoft', {
    4: limits.prefixes4PerMicrosoftPeeringSession,
    6: limits.prefixes6PerMicrosoftPeeringSession,
  });
  const routeFilter =
    shape.routeFilter === undefined
      ? undefined
      : readRouteFilter(reading, [...path, 'routeFilter'], shape.routeFilter, around.cloud);
  const validation = shape.validation ?? reading.applyDefault([...path, 'validation'], DEFAULTS.validation);
  const maximumPrefixes = readWhole(reading, [...path, 'maximumPrefixes'], shape.maximumPrefixes, [1, 4_294_967_295]);
  return {
    peering:
      session.common === undefined
        ? undefined
        : { path, ...session.common, advertises, routeFilter, validation, maximumPrefixes },
    links: session.links,
    advertises: advertised,
  };
}

export function readPrivatePeering(
  reading: Reading,
  path: Path,
  shape: PrivatePeeringShape,
  around: PeeringSurroundings,
): PlacedPeering<PrivatePeering> {
  const session = readSession(reading, path, shape, around.organisation, 'private');
  const at = [...path, 'advertises'];
  const advertised = readPrefixes(reading, at, shape.advertises);
  const advertises =
    shape.advertises === undefined
      ? reading.applyDefault(at, { value: around.inside, because: SITES_ADVERTISED }, around.inside.map(formatPrefix))
      : bare(advertised);
  checkAdvertisedCount(reading, at, advertises, 'private', {
    4:
      around.sku === 'premium'
        ? limits.prefixes4PerPrivatePeeringSessionPremium
        : limits.prefixes4PerPrivatePeeringSession,
    6: limits.prefixes6PerPrivatePeeringSession,
  });
  const vnets = reading.items([...path, 'vnets'], shape.vnets, (text, each) => reading.reference('vnets', each, text));
  const optimised = readYesNoOr(reading, [...path, 'optimised'], shape.optimised, DEFAULTS.optimised);
  const weight = readWholeOr(reading, [...path, 'weight'], shape.weight, [0, 32_000], DEFAULTS.weight);
  return {
    peering:
      session.common === undefined
        ? undefined
        : { path, ...session.common, advertises, vnets: [...new Set(vnets)], weight, optimised },
    links: session.links,
    advertises: advertised,
  };
}

type CommonKeys = 'asn' | 'vlan' | 'links' | 'links6' | 'prepend' | 'localPreference' | 'timers' | 'md5' | 'bfd';

interface Session {
  /** `undefined` when the session cannot be set up from what the document says. */
  readonly common: Pick<MicrosoftPeering, CommonKeys> | undefined;
  readonly links: readonly PlacedPrefix[];
}

function readSession(
  reading: Reading,
  path: Path,
  shape: MicrosoftPeeringShape | PrivatePeeringShape,
  organisation: Organisation | undefined,
  peering: 'Microsoft' | 'private',
): Session {
  const asn = readPeerAsn(reading, path, shape.asn, organisation, peering);
  const vlan = reading.scalar([...path, 'vlan'], shape.vlan, 'estate/bad-vlan', parseWhole(1, 4094));
  const links4 = readLinks(reading, [...path, 'links'], shape.links, 4);
  const links6 = shape.links6 === undefined ? undefined : readLinks(reading, [...path, 'links6'], shape.links6, 6);
  const prepend = readPrepend(reading, [...path, 'prepend'], shape.prepend, asn);
  const localPreference = readWhole(reading, [...path, 'localPreference'], shape.localPreference, LOCAL_PREFERENCES);
  const sessionTimers = readTimers(reading, [...path, 'timers'], shape.timers);
  const md5 = readKey(reading, [...path, 'md5'], shape.md5);
  const bfd = readYesNoOr(reading, [...path, 'bfd'], shape.bfd, DEFAULTS.bfd);
  const [primary, secondary] = bare(links4);
  const [primary6, secondary6] = bare(links6 ?? []);
  const links = [...links4, ...(links6 ?? [])];
  if (asn === undefined || vlan === undefined || primary === undefined || secondary === undefined) {
    return { common: undefined, links };
  }
  return {
    common: {
      asn,
      vlan,
      links: [primary, secondary],
      ...(primary6 === undefined || secondary6 === undefined ? {} : { links6: [primary6, secondary6] }),
      prepend: prepend ?? { asn, times: 0 },
      localPreference,
      timers: sessionTimers,
      md5,
      bfd,
    },
    links,
  };
}

/** How often, and which number: the own one unless another is named. `undefined` when there is no own one. */
export function readPrepend(
  reading: Reading,
  path: Path,
  shape: PrependShape | undefined,
  own: Asn | undefined,
): Prepend | undefined {
  const times = readWholeOr(reading, reading.keyPath(path, 'times'), shape?.times, PREPENDS, DEFAULTS.prepend);
  const other = readAsn(reading, [...path, 'asn'], shape?.asn);
  const asn = other ?? own;
  if (asn === undefined) return undefined;
  return { asn, times };
}

/** Milliseconds; hold times below the lowest one that Microsoft takes are refused (ER-056). */
function readTimers(reading: Reading, path: Path, shape: MicrosoftPeeringShape['timers']): BgpTimers {
  const one = (key: 'keepalive' | 'hold', usual: Quantity, lowest: Quantity): number => {
    const at = [...path, key];
    if (shape?.[key] === undefined) {
      reading.applyDefault(at, bgpTimers(formatDuration(usual.value * 1000), usual.fact));
      return usual.value * 1000;
    }
    const value = readDuration(reading, at, shape[key]);
    if (value !== undefined && value < lowest.value * 1000) {
      reading.report({
        rule: 'estate/short-timer',
        ids: [lowest.fact],
        path: at,
        message: `${formatDuration(value)} is shorter than the shortest time Microsoft takes`,
        help: `write ${formatDuration(lowest.value * 1000)} or more; bfd: true finds a failure faster`,
      });
    }
    return value ?? usual.value * 1000;
  };
  const keepalive = one('keepalive', timers.bgpKeepalive, timers.bgpKeepaliveLowest);
  const hold = one('hold', timers.bgpHold, timers.bgpHoldLowest);
  if (hold <= keepalive) {
    reading.report({
      rule: 'estate/short-timer',
      ids: [timers.bgpHold.fact],
      path,
      message: `the session would be down after ${formatDuration(hold)}, before the next keepalive after ${formatDuration(keepalive)}`,
      help: 'let the hold time be three times the keepalive time',
    });
  }
  return { keepalive, hold };
}

function readPeerAsn(
  reading: Reading,
  path: Path,
  text: string | undefined,
  organisation: Organisation | undefined,
  peering: 'Microsoft' | 'private',
): Asn | undefined {
  const at = [...path, 'asn'];
  const own = text === undefined ? organisation?.asn : readAsn(reading, at, text);
  if (own === undefined) {
    if (text === undefined && organisation !== undefined && !reading.has(['organisation', 'asn'])) {
      reading.report({
        rule: 'estate/missing-asn',
        ids: peering === 'Microsoft' ? ['ER-046'] : [],
        path,
        atKey: true,
        message: `${peering} peering needs an AS number and neither it nor the organisation has one`,
        help: 'add asn under organisation, or here',
      });
    }
    return undefined;
  }
  if (text === undefined) reading.applyDefault(at, { value: own, because: ORGANISATION_ASN });
  if (peering === 'Microsoft' && asnKind(own) === 'private' && !isReservedAsn(own)) {
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
function checkAdvertisedCount(
  reading: Reading,
  path: Path,
  prefixes: readonly Prefix[],
  peering: 'Microsoft' | 'private',
  most: { readonly 4: Quantity; readonly 6: Quantity },
): void {
  for (const family of [4, 6] as const) {
    const { value, fact } = most[family];
    const count = prefixes.filter((prefix) => prefix.family === family).length;
    if (count <= value) continue;
    reading.report({
      rule: 'estate/too-many-prefixes',
      ids: [...new Set([fact, 'ER-030'])],
      path,
      atKey: true,
      message: `${count} IPv${family} prefixes are advertised on ${peering} peering, ${value} are accepted`,
      why: 'one more than the limit takes the whole session down',
      help: 'advertise fewer, larger prefixes',
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
