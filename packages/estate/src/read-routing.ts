/** Reads what single devices do differently. */
import type { Cloud } from '@bothways/facts';
import { type Asn, type Parsed, parsed, parsePrefix, problem, quoted } from '@bothways/net';
import { DEFAULTS } from './defaults.ts';
import type { Path } from './model.ts';
import type {
  DeviceRouting,
  NeighbourRouting,
  PrefixMatch,
  RoutingMatch,
  RoutingSet,
  RoutingTerm,
  StaticRouteOverride,
} from './model-routing.ts';
import { readCommunities } from './read-communities.ts';
import { readPrepend } from './read-peerings.ts';
import { readOnePrefix } from './read-prefixes.ts';
import { readAnyAsn, readAsn, readText, readWhole } from './read-values.ts';
import type { Reading } from './reading.ts';
import type { DeviceRoutingShape } from './schema.ts';

const VALUES = [0, 4_294_967_295] as const;
const DISCARD = 'discard';

type TermShape = NonNullable<DeviceRoutingShape['import']>[number];

export interface RoutingSurroundings {
  readonly cloud: Cloud;
  /** The AS number of the organisation: what is prepended unless another is named. */
  readonly asn: Asn | undefined;
  /** Names of the devices that can have policies of their own. */
  readonly devices: ReadonlySet<string>;
}

export function readDeviceRouting(
  reading: Reading,
  name: string,
  shape: DeviceRoutingShape,
  around: RoutingSurroundings,
): DeviceRouting | undefined {
  const path = ['routing', name];
  const asn = readAsn(reading, [...path, 'asn'], shape.asn);
  const own = { ...around, asn: asn ?? around.asn };
  const neighbours = reading.named(
    [...path, 'neighbours'],
    shape.neighbours,
    (device, each, at): NeighbourRouting => ({
      device,
      path: at,
      import: readTerms(reading, [...at, 'import'], each.import, own),
      export: readTerms(reading, [...at, 'export'], each.export, own),
    }),
  );
  const routing: DeviceRouting = {
    name,
    device: name,
    path,
    asn,
    import: readTerms(reading, [...path, 'import'], shape.import, own),
    export: readTerms(reading, [...path, 'export'], shape.export, own),
    neighbours,
    statics: reading.records([...path, 'statics'], shape.statics, (each, at): StaticRouteOverride | undefined => {
      const prefix = readOnePrefix(reading, [...at, 'prefix'], each.prefix);
      const next = readText(reading, [...at, 'next'], each.next);
      if (prefix === undefined || next === undefined) return undefined;
      return { prefix, next: next === DISCARD ? { kind: 'discard' } : { kind: 'device', device: next }, path: at };
    }),
    defaultRoute: shape.defaultRoute,
    igpCost: readWhole(reading, [...path, 'igpCost'], shape.igpCost, [1, 65_535]),
    maximumPaths: readWhole(reading, [...path, 'maximumPaths'], shape.maximumPaths, [1, 64]),
  };
  if (around.devices.has(name)) return routing;
  const near = reading.nearest(name, [...around.devices]);
  reading.report({
    rule: 'estate/unknown-device',
    path,
    atKey: true,
    message: `there is no device ${quoted(name)}`,
    help: near === undefined ? 'name a site, a firewall, a router of an edge or a WAN cloud' : `did you mean ${near}?`,
    fixes: near === undefined ? [] : reading.renaming(path, near),
  });
  return undefined;
}

function readTerms(
  reading: Reading,
  path: Path,
  shapes: readonly TermShape[] | undefined,
  around: RoutingSurroundings,
): readonly RoutingTerm[] {
  return reading.records(path, shapes, (shape, at) => ({
    path: at,
    match: readMatch(reading, [...at, 'match'], shape.match, around.cloud),
    set: readSet(reading, [...at, 'set'], shape.set, around),
    // biome-ignore lint/suspicious/noThenProperty: the word of every routing policy; nothing here is awaited
    then: shape.then ?? reading.applyDefault([...at, 'then'], DEFAULTS.then),
  }));
}

function readMatch(reading: Reading, path: Path, shape: TermShape['match'], cloud: Cloud): RoutingMatch {
  const asns = (key: 'asPathContains' | 'originatedBy'): readonly Asn[] =>
    reading.items([...path, key], shape?.[key], (text, at) => readAnyAsn(reading, at, text));
  return {
    prefixes: reading.items([...path, 'prefixes'], shape?.prefixes, (text, at) =>
      reading.scalar(at, text, 'estate/bad-prefix', parsePrefixMatch),
    ),
    communities: readCommunities(reading, [...path, 'communities'], shape?.communities, cloud),
    asPathContains: asns('asPathContains'),
    originatedBy: asns('originatedBy'),
  };
}

/** `10.0.0.0/8`, `10.0.0.0/8 le 24`, `10.0.0.0/8 ge 16 le 24`. */
function parsePrefixMatch(text: string): Parsed<PrefixMatch> {
  const [prefixText = '', ...words] = text.trim().split(/\s+/);
  const prefix = parsePrefix(prefixText);
  if (!prefix.ok) return prefix;
  const { length, family } = prefix.value;
  const longest = family === 4 ? 32 : 128;
  const help = `write lengths from ${length} to ${longest} behind it, e.g. ${prefixText} ge ${length} le ${longest}`;
  const bounds = new Map<string, number>();
  for (let at = 0; at < words.length; at += 2) {
    const word = words[at] ?? '';
    const number = words[at + 1] ?? '';
    if ((word !== 'ge' && word !== 'le') || bounds.has(word) || !/^\d{1,3}$/.test(number)) {
      return problem(`${quoted(text)} is not a prefix with lengths`, help);
    }
    bounds.set(word, Number(number));
  }
  const atLeast = bounds.get('ge');
  const atMost = bounds.get('le');
  const low = atLeast ?? length;
  const high = atMost ?? (atLeast === undefined ? length : longest);
  if (low < length || high > longest || low > high) return problem(`${quoted(text)} fits no prefix`, help);
  return parsed({
    prefix: prefix.value,
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
  });
}

function readSet(reading: Reading, path: Path, shape: TermShape['set'], around: RoutingSurroundings): RoutingSet {
  const prepend =
    shape?.prepend === undefined ? undefined : readPrepend(reading, [...path, 'prepend'], shape.prepend, around.asn);
  if (shape?.prepend !== undefined && shape.prepend.asn === undefined && around.asn === undefined) {
    reading.report({
      rule: 'estate/missing-asn',
      path: [...path, 'prepend'],
      message: 'there is no AS number to prepend',
      help: 'write prepend: { asn: ..., times: ... }, or give the organisation an asn',
    });
  }
  return {
    localPreference: readWhole(reading, [...path, 'localPreference'], shape?.localPreference, VALUES),
    med: readWhole(reading, [...path, 'med'], shape?.med, VALUES),
    prepend,
    communities: readCommunities(reading, [...path, 'communities'], shape?.communities, around.cloud),
  };
}
