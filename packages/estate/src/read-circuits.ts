/** Reads the circuits: where they end, what they reach, how they survive, and what runs over them. */
import {
  bandwidthSteps,
  type Cloud,
  clouds,
  findPeeringLocation,
  type Metro,
  metro,
  metros,
  networkLinkLimits,
  type PeeringLocation,
  peeringLocation,
  peeringLocations,
  skuFigures,
} from '@bothways/facts';
import type { Prefix } from '@bothways/net';
import {
  billingOf,
  DEFAULTS,
  directModel,
  maximumResiliency,
  metroResiliency,
  pairedBack,
  portSpeedFor,
} from './defaults.ts';
import type {
  Billing,
  Circuit,
  ConnectivityModel,
  DirectPorts,
  Organisation,
  Path,
  PromisedService,
  Resiliency,
  Secret,
  Sku,
} from './model.ts';
import { plainName } from './names.ts';
import { readMicrosoftPeering, readPrivatePeering } from './read-peerings.ts';
import type { PlacedPrefix } from './read-prefixes.ts';
import { readBandwidth, readDuration, readMoney, readText, readYesNoOr } from './read-values.ts';
import { cloudName, type Reading, UNREADABLE } from './reading.ts';
import type { CircuitShape } from './schema.ts';
import { secret } from './secret.ts';
import { formatBandwidth, formatDuration } from './units.ts';

export interface PlacedCircuit {
  readonly circuit: Circuit | undefined;
  readonly links: readonly PlacedPrefix[];
  /** Link subnets of private peering; they need not be public. */
  readonly privateLinks: readonly PlacedPrefix[];
  /** Only what the document itself writes under `advertises` of Microsoft peering. */
  readonly advertises: readonly PlacedPrefix[];
}

export interface CircuitSurroundings {
  readonly organisation: Organisation | undefined;
  readonly cloud: Cloud;
  /** Pools by the name of the ExpressRoute edge. */
  readonly pools: ReadonlyMap<string, readonly Prefix[]>;
  /** Client and server prefixes of all sites. */
  readonly inside: readonly Prefix[];
  /** The circuit that names this one as its pair, by the name of this one. */
  readonly partners: ReadonlyMap<string, string>;
}

/** For circuits that are named as a pair and name none themselves: which circuit names them. */
export function partnersOf(shapes: Readonly<Record<string, CircuitShape>> | undefined): ReadonlyMap<string, string> {
  const partners = new Map<string, string>();
  for (const [name, shape] of Object.entries(shapes ?? {})) {
    const other = shape.pairedWith;
    if (other === undefined || other === name || shapes === undefined || !Object.hasOwn(shapes, other)) continue;
    if (shapes[other]?.pairedWith === undefined && !partners.has(other)) partners.set(other, name);
  }
  return partners;
}

export function readCircuit(
  reading: Reading,
  name: string,
  shape: CircuitShape,
  around: CircuitSurroundings,
): PlacedCircuit {
  const path = ['circuits', name];
  const partner = around.partners.get(name);
  const where = readWhere(reading, path, shape, around.cloud, partner);
  const provider = readText(reading, [...path, 'provider'], shape.provider);
  const model = readModel(reading, path, shape);
  const sku = shape.sku ?? reading.applyDefault([...path, 'sku'], DEFAULTS.sku);
  const billing = readBilling(reading, path, shape.billing, sku);
  const portSpeed = readBandwidth(reading, [...path, 'direct', 'portSpeed'], shape.direct?.portSpeed);
  const bandwidth = readCircuitBandwidth(reading, path, shape.bandwidth, model, portSpeed);
  const direct = readDirect(reading, [...path, 'direct'], shape.direct, model, portSpeed, bandwidth);
  const latency = readDuration(reading, [...path, 'latency'], shape.latency);
  const promised = readPromised(reading, [...path, 'promised'], shape.promised);
  if (promised !== undefined) checkPromised(reading, path, promised, bandwidth, latency);
  const edge = reading.reference('expressRouteEdges', [...path, 'edge'], shape.edge);
  if (sku === 'local' && where !== undefined) checkLocal(reading, path, where.location);
  const pools = around.pools.get(edge ?? '') ?? [];
  const surroundings = { ...around, pools, sku };
  const microsoft =
    shape.microsoftPeering === undefined
      ? undefined
      : readMicrosoftPeering(reading, [...path, 'microsoftPeering'], shape.microsoftPeering, surroundings);
  const own =
    shape.privatePeering === undefined
      ? undefined
      : readPrivatePeering(reading, [...path, 'privatePeering'], shape.privatePeering, surroundings);
  if (own?.peering !== undefined && bandwidth !== undefined)
    checkNetworkCount(reading, own.peering.path, own.peering.vnets.length, bandwidth, sku);
  checkVlans(reading, path, microsoft?.peering?.vlan, own?.peering?.vlan);
  const pairedWith = readPair(reading, path, name, shape, partner);
  const globalReach = reading.items([...path, 'globalReach'], shape.globalReach, (text, at) =>
    otherCircuit(reading, at, text, name, 'is joined to'),
  );
  const rest = {
    provisioning: shape.provisioning ?? reading.applyDefault([...path, 'provisioning'], DEFAULTS.provisioning),
    subscription: readText(reading, [...path, 'subscription'], shape.subscription),
    serviceKey: readServiceKey(reading, [...path, 'serviceKey'], shape.serviceKey),
    globalReach: [...new Set(globalReach)],
    qos: readYesNoOr(reading, [...path, 'qos'], shape.qos, DEFAULTS.qos),
    monthlyCost: readMoney(reading, [...path, 'monthlyCost'], shape.monthlyCost),
  };
  const complete =
    where !== undefined &&
    bandwidth !== undefined &&
    edge !== undefined &&
    (microsoft === undefined || microsoft.peering !== undefined) &&
    (own === undefined || own.peering !== undefined);
  return {
    circuit: complete
      ? {
          name,
          path,
          location: where.location.id,
          secondaryLocation: where.secondary?.id,
          provider,
          model,
          sku,
          billing,
          bandwidth,
          latency,
          promised,
          edge,
          resiliency: where.resiliency,
          pairedWith,
          direct,
          microsoftPeering: microsoft?.peering,
          privatePeering: own?.peering,
          ...rest,
        }
      : undefined,
    links: microsoft?.links ?? [],
    privateLinks: own?.links ?? [],
    advertises: microsoft?.advertises ?? [],
  };
}

function readPromised(reading: Reading, path: Path, shape: CircuitShape['promised']): PromisedService | undefined {
  const throughput = readBandwidth(reading, [...path, 'throughput'], shape?.throughput);
  const latency = readDuration(reading, [...path, 'latency'], shape?.latency);
  return throughput === undefined && latency === undefined ? undefined : { path, throughput, latency };
}

function checkPromised(
  reading: Reading,
  path: Path,
  promised: PromisedService,
  bandwidth: number | undefined,
  latency: number | undefined,
): void {
  if (promised.throughput !== undefined && bandwidth !== undefined && promised.throughput > bandwidth) {
    reading.report({
      rule: 'estate/promises-too-much',
      ids: ['ER-014'],
      severity: 'warning',
      path: [...promised.path, 'throughput'],
      message: `the provider promises ${formatBandwidth(promised.throughput)} on a circuit of ${formatBandwidth(bandwidth)}`,
      why: 'what both links carry together beyond the bandwidth of the circuit is a reserve, and nobody guarantees it',
      help: 'write what the contract says of one link',
      related: [{ message: 'the bandwidth', path: [...path, 'bandwidth'] }],
    });
  }
  if (promised.latency !== undefined && latency !== undefined && latency > promised.latency) {
    reading.report({
      rule: 'estate/promise-not-kept',
      severity: 'warning',
      path: [...path, 'latency'],
      message: `the line takes ${formatDuration(latency)} one way, the provider promises ${formatDuration(promised.latency)}`,
      help: 'hold the provider to it; or write half of it where the contract speaks of the round trip',
      related: [{ message: 'the promise', path: [...promised.path, 'latency'] }],
    });
  }
}

interface Where {
  readonly location: PeeringLocation;
  /** Where the secondary link ends, in a metro. */
  readonly secondary: PeeringLocation | undefined;
  readonly resiliency: Resiliency;
}

function readWhere(
  reading: Reading,
  path: Path,
  shape: CircuitShape,
  cloud: Cloud,
  partner: string | undefined,
): Where | undefined {
  const at = [...path, 'location'];
  const named = metros().find(
    (each) => plainName(each.name) === plainName(shape.location) || each.id === shape.location,
  );
  const members = (named?.members ?? []).flatMap((id) => peeringLocation(id) ?? []);
  const first = named === undefined ? readLocation(reading, at, shape.location, cloud) : members[0];
  const written = shape.resiliency;
  const resiliency =
    written ??
    reading.applyDefault(
      [...path, 'resiliency'],
      named !== undefined
        ? metroResiliency(named.name)
        : shape.pairedWith === undefined && partner === undefined
          ? DEFAULTS.resiliency
          : maximumResiliency,
    );
  if (first === undefined) return undefined;
  const around: Metro | undefined = named ?? (first.metro === undefined ? undefined : metro(first.metro));
  if (resiliency === 'metro' && around === undefined) {
    reading.report({
      rule: 'estate/no-metro',
      path: [...path, 'resiliency'],
      message: `${first.name} is not part of a metro`,
      help: `the metros are ${metros()
        .map((each) => each.name)
        .join(', ')}`,
    });
    return undefined;
  }
  if (named !== undefined && resiliency !== 'metro') {
    reading.report({
      rule: 'estate/no-metro',
      path: [...path, 'resiliency'],
      message: `a circuit in ${named.name} has metro resiliency, not ${resiliency}`,
      help: `write resiliency: metro, or one of the locations: ${members.map((each) => each.name).join(', ')}`,
    });
    return undefined;
  }
  const secondary =
    resiliency === 'metro'
      ? (around?.members ?? []).flatMap((id) => (id === first.id ? [] : (peeringLocation(id) ?? [])))[0]
      : undefined;
  return { location: first, secondary, resiliency };
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
    candidates: [
      ...peeringLocations()
        .filter((each) => each.cloud === cloud)
        .map((each) => each.name),
      ...(cloud === 'public' ? metros().map((each) => each.name) : []),
    ],
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
  portSpeed: number | undefined,
): number | undefined {
  const at = [...path, 'bandwidth'];
  const bandwidth = readBandwidth(reading, at, text);
  if (bandwidth === undefined) return undefined;
  const offer = model === 'direct' ? 'direct' : 'provider';
  const offered = bandwidthSteps.filter((row) => row.offer === offer);
  const onPort = offered.filter((row) => row.portMbps !== undefined && row.portMbps * 1e6 === portSpeed);
  const rows = onPort.length > 0 ? onPort : offered;
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

/** A circuit on Direct ports is one that says so, or one that describes its ports. */
function readModel(reading: Reading, path: Path, shape: CircuitShape): ConnectivityModel {
  if (shape.model !== undefined) return shape.model;
  return reading.applyDefault([...path, 'model'], shape.direct === undefined ? DEFAULTS.model : directModel);
}

function portSpeeds(): readonly number[] {
  const speeds = bandwidthSteps.flatMap((row) => (row.portMbps === undefined ? [] : [row.portMbps * 1e6]));
  return [...new Set(speeds)].sort((a, b) => a - b);
}

function readDirect(
  reading: Reading,
  path: Path,
  shape: CircuitShape['direct'],
  model: ConnectivityModel,
  portSpeed: number | undefined,
  bandwidth: number | undefined,
): DirectPorts | undefined {
  if (model !== 'direct') {
    if (shape !== undefined) {
      reading.report({
        rule: 'estate/not-direct',
        path,
        atKey: true,
        message: `a circuit of model ${model} has no ports of its own`,
        help: 'write model: direct, or take the ports away',
      });
    }
    return undefined;
  }
  const macsec = readYesNoOr(reading, [...path, 'macsec'], shape?.macsec, DEFAULTS.macsec);
  if (shape === undefined) {
    const speed = portSpeeds().find((each) => bandwidth !== undefined && each >= bandwidth);
    if (speed === undefined) return undefined;
    reading.applyDefault([...path, 'portSpeed'], portSpeedFor(formatBandwidth(speed)));
    return { path, portSpeed: speed, macsec };
  }
  if (portSpeed === undefined) return undefined;
  if (!portSpeeds().includes(portSpeed)) {
    reading.report({
      rule: 'estate/bandwidth-step',
      ids: ['ER-012'],
      path: [...path, 'portSpeed'],
      message: `there are no Direct ports of ${formatBandwidth(portSpeed)}`,
      help: `the speeds are ${portSpeeds().map(formatBandwidth).join(', ')}`,
    });
    return undefined;
  }
  return { path, portSpeed, macsec };
}

function checkNetworkCount(reading: Reading, path: Path, count: number, bandwidth: number, sku: Sku): void {
  const row = networkLinkLimits.find((each) => each.bandwidthMbps * 1e6 === bandwidth);
  const most = sku === 'premium' ? row?.premium : row?.standard;
  if (row === undefined || most === undefined || count <= most) return;
  reading.report({
    rule: 'estate/too-many-networks',
    ids: [row.fact],
    path: [...path, 'vnets'],
    atKey: true,
    message: `${count} virtual networks are linked, a ${sku} circuit of ${formatBandwidth(bandwidth)} takes ${most}`,
    help: sku === 'premium' ? 'use a second circuit' : 'use sku: premium, or a second circuit',
  });
}

/** The two peerings share the link, so their VLANs must differ. */
function checkVlans(reading: Reading, path: Path, microsoft: number | undefined, own: number | undefined): void {
  if (microsoft === undefined || microsoft !== own) return;
  reading.report({
    rule: 'estate/same-vlan',
    path: [...path, 'privatePeering', 'vlan'],
    message: `both peerings use VLAN ${own}`,
    help: 'give each peering a VLAN of its own',
    related: [{ message: 'the other peering', path: [...path, 'microsoftPeering', 'vlan'] }],
  });
}

function readPair(
  reading: Reading,
  path: Path,
  name: string,
  shape: CircuitShape,
  partner: string | undefined,
): string | undefined {
  const at = [...path, 'pairedWith'];
  if (shape.pairedWith === undefined) {
    if (partner !== undefined) return reading.applyDefault(at, pairedBack(partner));
    if (shape.resiliency === 'maximum') {
      reading.report({
        rule: 'estate/missing-key',
        path,
        atKey: true,
        message: `circuit ${name} has maximum resiliency but no pairedWith`,
        help: 'add pairedWith and the circuit in the other peering location',
      });
    }
    return undefined;
  }
  if (shape.resiliency !== undefined && shape.resiliency !== 'maximum') {
    reading.report({
      rule: 'estate/one-of-two',
      path: at,
      message: `a circuit with another one beside it has maximum resiliency, not ${shape.resiliency}`,
      help: 'write resiliency: maximum, or take pairedWith away',
      related: [{ message: 'the resiliency', path: [...path, 'resiliency'] }],
    });
  }
  return otherCircuit(reading, at, shape.pairedWith, name, 'is paired with');
}

function otherCircuit(reading: Reading, path: Path, text: string, name: string, what: string): string | undefined {
  if (text !== name) return reading.reference('circuits', path, text);
  reading.report({
    rule: 'estate/link-to-itself',
    path,
    message: `circuit ${name} ${what} itself`,
    help: 'name another circuit',
  });
  return undefined;
}

function readServiceKey(reading: Reading, path: Path, text: string | undefined): Secret | undefined {
  if (text === undefined || text === UNREADABLE) return undefined;
  // The message must not hold the key.
  if (/^[\x21-\x7e]{1,80}$/.test(text)) return secret(text);
  reading.report({
    rule: 'estate/bad-key',
    path,
    atKey: true,
    message: 'the service key cannot be used',
    help: 'copy it from the portal; it is a line of letters, digits and dashes',
  });
  return undefined;
}
