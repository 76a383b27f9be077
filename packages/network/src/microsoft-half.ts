/**
 * Microsoft's half: for each circuit two edge routers (MSEE, AS 12076), one backbone (AS 8075) that joins them with the
 * internet, the Azure regions and the global services.
 *
 * What each device announces, accepts and prefers is policy, and each term cites its fact. Not public, and therefore
 * an approximation stated here: which prefixes a regional community really carries (taken to be exactly the
 * AzureCloud service tag of the region), Microsoft's internal topology (one backbone), and the order between several
 * equal MSEEs (shared per flow, ER-035).
 */
import type { Circuit, Estate, MicrosoftPeering } from '@bothways/estate';
import { azureRegions, communities as communityRows, findPeeringLocation, reachOf } from '@bothways/facts';
import { asn, type Community, type Prefix, prefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import {
  LINK_POSITIONS,
  type LinkPosition,
  linkWord,
  mseeName,
  portPlace,
  portSeed,
  sessionSeed,
  withoutIpv6,
} from './circuit-ports.ts';
import type { CustomerHalf } from './customer-half.ts';
import type { Destination } from './destinations.ts';
import type { CustomerEdge } from './edges.ts';
import { defaultRoutes, MICROSOFT_EDGE_ASN, need, prefixKey } from './inside.ts';
import type { Internet } from './internet.ts';
import { preferenceActions } from './marks.ts';
import type { Origin, PolicyIx, PolicyTerm, Session } from './model.ts';
import { derived, fromDocument, fromFact } from './origin.ts';

/** AS 8075: Microsoft's network behind the MSEEs, as seen on the internet. */
const MICROSOFT_BACKBONE_ASN = asn(8075);

/** Preference of a customer route learned over ExpressRoute against one of equal length from the internet (ER-091). */
const EXPRESSROUTE_PREFERENCE = 150;

/** Equal paths over which Microsoft spreads flows towards the customer (ER-035). */
const EQUAL_PATHS = 4;

/** RFC 1918. */
const PRIVATE_SPACE: readonly Prefix[] = [prefix('10.0.0.0/8'), prefix('172.16.0.0/12'), prefix('192.168.0.0/16')];

export interface MicrosoftHalf {
  readonly backbone: DeviceDraft;
  readonly acceptAll: PolicyIx;
  /** Regions and services by device name. */
  readonly hosts: ReadonlyMap<string, DeviceDraft>;
}

export function compileMicrosoftHalf(
  estate: Estate,
  destinations: readonly Destination[],
  customer: CustomerHalf,
  internet: Internet,
  builder: NetworkBuilder,
): MicrosoftHalf {
  const own = ownRoutesOnly(builder);
  const acceptAll = builder.addPolicy('Microsoft: accept everything', [], 'accept', [fromFact('ER-090')]);
  const backbone = builder.addDevice({
    name: 'microsoft',
    role: 'microsoft-backbone',
    half: 'microsoft',
    asn: MICROSOFT_BACKBONE_ASN,
    origins: [derived('the network that joins Microsoft edges, the internet and the regions')],
    maximumPaths: EQUAL_PATHS,
  });
  const transit = builder.addLink(backbone.ix, internet.device.ix, {
    name: 'microsoft-internet',
    kind: 'internet',
    origins: [fromFact('ER-090')],
  });
  builder.addSession(
    'microsoft-internet',
    transit,
    { device: backbone.ix, import: acceptAll, export: own },
    { device: internet.device.ix, import: acceptAll, export: acceptAll },
    [fromFact('ER-090')],
  );

  if (estate.vnets.length > 0) {
    // Behind everything that was announced: what leaves a virtual network may go to any public host (ER-127).
    for (const each of defaultRoutes()) {
      backbone.statics.push({
        prefix: each,
        next: { kind: 'forward', link: transit, device: internet.device.ix },
        distance: 254,
        origins: [fromFact('ER-127'), derived('the internet is behind the way out of a virtual network')],
      });
    }
  }

  const hosts = new Map<string, DeviceDraft>();
  for (const destination of destinations) {
    hosts.set(destination.device, addDestination(destination, backbone, acceptAll, builder));
  }

  const preferExpressRoute = builder.addPolicy(
    'Microsoft: ExpressRoute before internet',
    [
      {
        name: 'a customer route learned over ExpressRoute is preferred to an equally long one from the internet',
        when: [],
        set: [{ kind: 'local-preference', value: EXPRESSROUTE_PREFERENCE }],
        then: 'accept',
        origins: [fromFact('ER-091')],
      },
    ],
    'accept',
    [fromFact('ER-091')],
  );
  for (const circuit of estate.circuits) {
    const peering = circuit.microsoftPeering;
    if (peering === undefined) continue;
    addCircuit(circuit, peering, estate, need(customer.expressRouteFronts, circuit.edge).routers, builder, (msee) => {
      const link = builder.addLink(msee.ix, backbone.ix, {
        name: `${msee.name}-microsoft`,
        kind: 'microsoft',
        origins: [fromDocument(circuit.path)],
      });
      builder.addSession(
        `${msee.name}-microsoft`,
        link,
        { device: msee.ix, import: acceptAll, export: acceptAll, removePrivateAs: 'all' },
        { device: backbone.ix, import: preferExpressRoute, export: own },
        [fromDocument(circuit.path), fromFact('ER-052')],
      );
    });
  }
  return { backbone, acceptAll, hosts };
}

/** Microsoft sends what it originates; customers' routes are not passed on to other customers or to the internet (ER-007). */
function ownRoutesOnly(builder: NetworkBuilder): PolicyIx {
  return builder.addPolicy(
    'Microsoft: own routes only',
    [
      {
        name: 'a route that Microsoft originates',
        when: [{ kind: 'as-path-empty' }],
        set: [],
        then: 'accept',
        origins: [fromFact('ER-007')],
      },
    ],
    'reject',
    [fromFact('ER-007')],
  );
}

function addDestination(
  destination: Destination,
  backbone: DeviceDraft,
  acceptAll: PolicyIx,
  builder: NetworkBuilder,
): DeviceDraft {
  const device = builder.addDevice({
    name: destination.device,
    role: destination.azureRegion === undefined ? 'microsoft-service' : 'azure-region',
    half: 'microsoft',
    asn: MICROSOFT_BACKBONE_ASN,
    ...(destination.azureRegion === undefined ? {} : { place: { azureRegion: destination.azureRegion } }),
    origins: destination.origins,
  });
  for (const group of destination.groups) {
    const hosted = { name: destination.name, prefixes: group.prefixes, origins: destination.origins };
    device.connected.push(hosted);
    device.originations.push({
      ...hosted,
      communities: group.communities,
      largeCommunities: [],
      med: 0,
      originCode: 'igp',
    });
  }
  const origins: Origin[] = [derived('regions and services hang on one backbone; its inside is not public')];
  const link = builder.addLink(device.ix, backbone.ix, {
    name: `${destination.device}-microsoft`,
    kind: 'microsoft',
    origins,
  });
  builder.addSession(
    `${destination.device}-microsoft`,
    link,
    { device: device.ix, import: acceptAll, export: acceptAll },
    { device: backbone.ix, import: acceptAll, export: acceptAll, nextHopSelf: true, routeReflectorClient: true },
    origins,
  );
  return device;
}

function addCircuit(
  circuit: Circuit,
  peering: MicrosoftPeering,
  estate: Estate,
  edges: readonly [CustomerEdge, CustomerEdge],
  builder: NetworkBuilder,
  joinBackbone: (msee: DeviceDraft) => void,
): void {
  const advertisesPath = [...peering.path, 'advertises'];
  const declared = [fromDocument(advertisesPath), fromFact('ER-047')];
  const accept = acceptFromCustomer(circuit, peering, builder);
  const announce = announceToCustomer(circuit, peering, estate, builder);
  const fromCustomer = builder.addPolicy(
    `${circuit.name}: what the customer announces`,
    [
      ...withoutIpv6(peering),
      {
        name: `prefixes announced on ${circuit.name}`,
        when: [{ kind: 'prefix-list', entries: peering.advertises.map((each) => ({ prefix: each })) }],
        set: peering.prepend.times > 0 ? [{ kind: 'prepend', ...peering.prepend }] : [],
        then: 'accept',
        origins: [fromDocument(advertisesPath)],
      },
    ],
    'reject',
    [fromDocument(advertisesPath)],
  );
  const preference = preferenceActions(peering.localPreference);
  const learnOrigins: readonly Origin[] = [
    fromDocument(peering.path),
    derived('everything Microsoft announces is accepted'),
  ];
  const learn = builder.addPolicy(
    `${circuit.name}: what the customer accepts`,
    preference.length === 0
      ? []
      : [
          {
            name: `local preference ${peering.localPreference ?? ''} for what ${circuit.name} brings`,
            when: [],
            set: preference,
            then: 'accept',
            origins: [fromDocument([...peering.path, 'localPreference'])],
          },
        ],
    'accept',
    learnOrigins,
  );
  const down: Session['down'] =
    peering.validation === 'configured'
      ? undefined
      : {
          because: 'the advertised prefixes are not validated yet',
          origins: [fromDocument([...peering.path, 'validation']), fromFact('ER-184')],
        };

  const limit: Session['ends'][0]['maximumPrefixes'] =
    peering.maximumPrefixes === undefined
      ? undefined
      : {
          limit: peering.maximumPrefixes,
          action: 'drop-session',
          origins: [fromDocument([...peering.path, 'maximumPrefixes'])],
        };
  const settings = sessionSeed(circuit, peering, down);
  for (const position of LINK_POSITIONS) {
    const edge = edges[position];
    addAnnouncements(edge, peering.advertises, advertisesPath);
    const msee = addMsee(circuit, position, 'microsoft', builder);
    const origins: Origin[] = [fromDocument([...peering.path, 'links', position]), fromFact('ER-038')];
    const name = `${circuit.name}-${linkWord(position)}`;
    const link = builder.addLink(edge.device.ix, msee.ix, {
      ...portSeed(circuit, position, 'microsoft'),
      name,
      kind: 'circuit',
      origins,
    });
    msee.sourceFilters.push({ link, permit: peering.advertises, origins: declared });
    builder.addSession(
      name,
      link,
      {
        device: edge.device.ix,
        asn: peering.asn,
        import: learn,
        export: fromCustomer,
        ...(limit === undefined ? {} : { maximumPrefixes: limit }),
      },
      {
        device: msee.ix,
        import: accept,
        export: announce,
        maximumPrefixes: { limit: 200, action: 'drop-session', origins: [fromFact('ER-028'), fromFact('ER-030')] },
      },
      origins,
      settings,
    );
    joinBackbone(msee);
  }
}

/** One of the two Microsoft edge routers of a circuit, as far as one peering is concerned. */
export function addMsee(
  circuit: Circuit,
  position: LinkPosition,
  peering: 'microsoft' | 'private',
  builder: NetworkBuilder,
): DeviceDraft {
  return builder.addDevice({
    name: mseeName(circuit, position, peering),
    role: 'msee',
    half: 'microsoft',
    asn: MICROSOFT_EDGE_ASN,
    place: portPlace(circuit, position),
    origins: [fromDocument(circuit.path), fromFact('ER-010')],
  });
}

/** The customer edge holds each announced prefix as a static route towards the inside. */
export function addAnnouncements(
  edge: CustomerEdge,
  advertises: readonly Prefix[],
  path: readonly (string | number)[],
): void {
  const router = edge.device;
  const held = new Set(router.statics.map((route) => prefixKey(route.prefix)));
  const fresh = advertises.filter((each) => !held.has(prefixKey(each)));
  for (const each of fresh) {
    router.statics.push({
      prefix: each,
      next: { kind: 'forward', link: edge.towardsInside, device: edge.inside.ix },
      distance: 1,
      origins: [fromDocument(path)],
    });
  }
  if (fresh.length === 0) return;
  router.originations.push({
    name: `${router.name} announcements`,
    prefixes: fresh,
    communities: [],
    largeCommunities: [],
    med: 0,
    originCode: 'igp',
    origins: [fromDocument(path)],
  });
}

/** What an MSEE takes from the customer: validated, declared, public prefixes; no default route. */
function acceptFromCustomer(circuit: Circuit, peering: MicrosoftPeering, builder: NetworkBuilder): PolicyIx {
  const refuse = (name: string, entries: readonly Prefix[], orLonger: boolean, id: string): PolicyTerm => ({
    name,
    when: [
      {
        kind: 'prefix-list',
        entries: entries.map((each) =>
          orLonger ? { prefix: each, atLeast: each.length, atMost: each.family === 4 ? 32 : 128 } : { prefix: each },
        ),
      },
    ],
    set: [],
    then: 'reject',
    origins: [fromFact(id)],
  });
  return builder.addPolicy(
    `${circuit.name}: what Microsoft accepts`,
    [
      refuse('the default route is not taken on Microsoft peering', defaultRoutes(), false, 'ER-125'),
      refuse('private address space is not taken on Microsoft peering', PRIVATE_SPACE, true, 'ER-033'),
      {
        name: 'prefixes declared on the peering',
        when: [
          {
            kind: 'prefix-list',
            entries: peering.advertises.map((each) => ({
              prefix: each,
              atLeast: each.length,
              atMost: each.family === 4 ? 32 : 128,
            })),
          },
        ],
        set: [],
        then: 'accept',
        origins: [fromDocument([...peering.path, 'advertises']), fromFact('ER-047'), fromFact('ER-033')],
      },
    ],
    'reject',
    [fromFact('ER-047')],
  );
}

/** What an MSEE sends to the customer: only what the route filter names, only as far as the SKU reaches. */
function announceToCustomer(
  circuit: Circuit,
  peering: MicrosoftPeering,
  estate: Estate,
  builder: NetworkBuilder,
): PolicyIx {
  const name = `${circuit.name}: what Microsoft announces`;
  if (peering.routeFilter === undefined) {
    return builder.addPolicy(name, [], 'reject', [fromDocument(peering.path), fromFact('ER-077')]);
  }
  const filterPath = [...peering.path, 'routeFilter'];
  const location = findPeeringLocation(circuit.location);
  if (location === undefined) throw new Error(`the loader let the peering location '${circuit.location}' pass`);
  const reach = reachOf(circuit.sku, location);
  const reachable = new Set(reach.regions);
  const beyond: Community[] = azureRegions().flatMap((region) => {
    const community = region.communities.microsoftPeering;
    return community === undefined || reachable.has(region.id) ? [] : [community];
  });
  const needAuthorisation = communityRows()
    .filter((row) => row.authorisationRequired === true)
    .map((row) => row.community);

  const terms: PolicyTerm[] = [
    ...withoutIpv6(peering),
    {
      name: `${circuit.sku} SKU in ${location.name} does not reach the region`,
      when: [{ kind: 'community', any: beyond }],
      set: [],
      then: 'reject',
      origins: [fromDocument([...circuit.path, 'sku']), ...reach.facts.map(fromFact)],
    },
  ];
  if (circuit.sku !== 'premium') {
    terms.push({
      name: 'Microsoft 365 needs the Premium SKU',
      when: [{ kind: 'community', any: needAuthorisation }],
      set: [],
      then: 'reject',
      origins: [fromDocument([...circuit.path, 'sku']), fromFact('ER-025')],
    });
  }
  if (!estate.organisation.microsoft365.authorised) {
    terms.push({
      name: 'Microsoft 365 communities need an authorisation by Microsoft',
      when: [{ kind: 'community', any: needAuthorisation }],
      set: [],
      then: 'reject',
      origins: [fromDocument(estate.organisation.path), fromFact('ER-076')],
    });
  }
  terms.push({
    name: 'route filter',
    when: [{ kind: 'community', any: peering.routeFilter.map((entry) => entry.community) }],
    set: [],
    then: 'accept',
    origins: [fromDocument(filterPath), fromFact('ER-078')],
  });
  return builder.addPolicy(name, terms, 'reject', [fromDocument(filterPath), fromFact('ER-078')]);
}
