/**
 * Private peering, Global Reach and site-to-site VPN: the ways between the inside and virtual networks.
 *
 * Private peering is a routing domain of its own at either end: on the customer-edge router a second device that hangs
 * on the core and not on the firewall of Microsoft peering (ER-044), at Microsoft a second device per edge router. It
 * takes private addresses and a default route (ER-124), up to 4,000 IPv4 prefixes, 10,000 with Premium, and 100 of
 * IPv6 (ER-028), and passes what the gateways of linked networks announce.
 *
 * Left out: custom communities of virtual networks (ER-084), IPsec over private peering (ER-163).
 */
import type { Circuit, Estate, PrivatePeering, SiteToSiteVpn } from '@bothways/estate';
import { limits } from '@bothways/facts';
import type { Asn, Prefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import { LINK_POSITIONS, linkWord, portSeed, sessionSeed, withoutIpv6 } from './circuit-ports.ts';
import type { CompilerFindings } from './compiler-findings.ts';
import type { CustomerHalf } from './customer-half.ts';
import type { CustomerEdge } from './edges.ts';
import { tunnelSize } from './encapsulation.ts';
import { isDefaultRoute, MICROSOFT_EDGE_ASN, need, prefixKey } from './inside.ts';
import { GLOBAL_REACH_MARK, PRIVATE_MARK, preferenceActions } from './marks.ts';
import { addAnnouncements, addMsee, type MicrosoftHalf } from './microsoft-half.ts';
import type { LinkIx, Origin, PolicyIx, PolicyTerm, SessionEnd } from './model.ts';
import { derived, fromDocument, fromFact } from './origin.ts';
import { AZURE_GATEWAY_ASN, joinGateway, type VirtualNetworks, vpnPreference } from './virtual-networks.ts';

/** How often an AS is repeated on routes of a VPN that stands beside a circuit. */
const VPN_PREPENDS = 4;

interface Parts {
  readonly estate: Estate;
  readonly customer: CustomerHalf;
  readonly microsoft: MicrosoftHalf;
  readonly networks: VirtualNetworks;
  readonly findings: CompilerFindings;
  readonly builder: NetworkBuilder;
}

/** Both Microsoft edge routers of a circuit as far as private peering is concerned. */
type MseePair = readonly [DeviceDraft, DeviceDraft];

export function compilePrivateConnections(parts: Parts): void {
  const { estate, builder } = parts;
  const pairs = new Map<string, MseePair>();
  const routers = new Map<string, CustomerEdge>();
  for (const circuit of estate.circuits) {
    const peering = circuit.privatePeering;
    if (peering === undefined) continue;
    pairs.set(circuit.name, addPrivatePeering(circuit, peering, parts, routers));
  }
  addGlobalReach(parts, pairs);
  const links = new Map<string, LinkIx>();
  for (const link of builder.links) if (link.kind === 'internet') links.set(link.owner ?? link.name, link.ix);
  for (const vpn of estate.vpns) addVpn(vpn, parts, links);
}

function addPrivatePeering(
  circuit: Circuit,
  peering: PrivatePeering,
  parts: Parts,
  routers: Map<string, CustomerEdge>,
): MseePair {
  const { customer, microsoft, builder } = parts;
  const advertisesPath = [...peering.path, 'advertises'];
  const announced: Origin[] = [fromDocument(advertisesPath)];
  const front = need(customer.expressRouteFronts, circuit.edge);
  const fromCustomer = builder.addPolicy(
    `${circuit.name} private: what the customer announces`,
    [
      ...withoutIpv6(peering),
      {
        name: `prefixes announced on the private peering of ${circuit.name}`,
        when: [{ kind: 'prefix-list', entries: peering.advertises.map((prefix) => ({ prefix })) }],
        set: peering.prepend.times > 0 ? [{ kind: 'prepend', ...peering.prepend }] : [],
        then: 'accept',
        origins: announced,
      },
    ],
    'reject',
    announced,
  );
  const learn = builder.addPolicy(
    `${circuit.name} private: what the customer accepts`,
    [privateRoute(preferenceActions(peering.localPreference), [fromDocument(peering.path)])],
    'accept',
    [fromDocument(peering.path)],
  );
  const accept = builder.addPolicy(`${circuit.name} private: what Microsoft accepts`, [], 'accept', [
    fromFact('ER-033'),
    fromFact('ER-124'),
  ]);
  const announce = builder.addPolicy(
    `${circuit.name} private: what Microsoft announces`,
    [
      ...withoutIpv6(peering),
      {
        name: 'Microsoft keeps its own marks',
        when: [],
        set: [{ kind: 'large-community-delete', communities: [GLOBAL_REACH_MARK] }],
        then: 'accept',
        origins: [derived('a mark for Global Reach is not visible to the customer')],
      },
    ],
    'accept',
    [fromDocument([...peering.path, 'vnets'])],
  );
  const toGateways = builder.addPolicy(
    `${circuit.name} private: what gateways learn`,
    [
      {
        name: 'Global Reach joins on-premises networks, not virtual networks',
        when: [{ kind: 'large-community', any: [GLOBAL_REACH_MARK] }],
        set: [],
        then: 'reject',
        origins: [fromFact('ER-175')],
      },
    ],
    'accept',
    [fromFact('ER-175')],
  );
  const settings = sessionSeed(circuit, peering, undefined);
  const [first, second] = LINK_POSITIONS.map((position) => {
    const router = privateRouter(circuit, peering, front.routers[position], front.core, parts, routers);
    addAnnouncements(
      router,
      peering.advertises.filter((prefix) => !isDefaultRoute(prefix)),
      advertisesPath,
    );
    const msee = addMsee(circuit, position, 'private', builder);
    const origins: Origin[] = [
      fromDocument([...peering.path, 'links', position]),
      fromFact('ER-038'),
      ...(peering.bfd ? [fromFact('ER-057')] : []),
    ];
    const name = `${circuit.name}-private-${linkWord(position)}`;
    const link = builder.addLink(router.device.ix, msee.ix, {
      ...portSeed(circuit, position, 'private'),
      name,
      kind: 'circuit',
      origins,
    });
    builder.addSession(
      name,
      link,
      {
        device: router.device.ix,
        asn: peering.asn,
        import: learn,
        export: fromCustomer,
        // A site with the same AS at the far end of Global Reach is heard only when the own AS may stand in the path.
        allowAsIn: sameAsAcrossGlobalReach(circuit, peering.asn, parts.estate) ? 1 : 0,
      },
      { device: msee.ix, import: accept, export: announce, maximumPrefixes: privateLimit(circuit) },
      origins,
      settings,
    );
    return msee;
  });
  if (first === undefined || second === undefined) throw new Error(`${circuit.name} has fewer than two links`);
  const believed = weighted(circuit, peering, microsoft.acceptAll, builder);
  for (const [position, name] of peering.vnets.entries()) {
    linkGateway(circuit, peering, [first, second], { name, position }, { believed, toGateways }, parts);
  }
  return [first, second];
}

/** The routing domain for private peering on a customer-edge router: it hangs on the core, not on the firewall. */
function privateRouter(
  circuit: Circuit,
  peering: PrivatePeering,
  edge: CustomerEdge,
  core: DeviceDraft,
  { customer, builder }: Parts,
  routers: Map<string, CustomerEdge>,
): CustomerEdge {
  const { policies } = customer;
  const name = `${edge.device.name}-private`;
  const known = routers.get(name);
  if (known !== undefined) return known;
  const origins: Origin[] = [fromDocument(peering.path), fromFact('ER-044')];
  const device = builder.addDevice({
    name,
    role: 'customer-edge',
    half: edge.device.half,
    asn: peering.asn,
    ...(edge.device.place === undefined ? {} : { place: edge.device.place }),
    origins,
    maximumPaths: 2,
  });
  const link = builder.addLink(core.ix, device.ix, { name: `${core.name}-${name}`, kind: 'lan', origins });
  const site = customer.siteRouters.get(core.name) === core ? core.name : undefined;
  builder.addSession(
    `${core.name}-${name}`,
    link,
    {
      device: core.ix,
      import: site === undefined ? policies.acceptAll : policies.importAt(site),
      export: policies.acceptAll,
    },
    { device: device.ix, import: policies.acceptAll, export: policies.learnedOnly },
    [...origins, fromDocument(circuit.path)],
  );
  const router: CustomerEdge = { device, towardsInside: link, inside: core };
  routers.set(name, router);
  return router;
}

function privateLimit(circuit: Circuit): SessionEnd['maximumPrefixes'] {
  const { prefixes4PerPrivatePeeringSession, prefixes4PerPrivatePeeringSessionPremium } = limits;
  const quantity =
    circuit.sku === 'premium' ? prefixes4PerPrivatePeeringSessionPremium : prefixes4PerPrivatePeeringSession;
  return {
    limit: quantity.value,
    limit6: limits.prefixes6PerPrivatePeeringSession.value,
    action: 'drop-session',
    origins: [fromFact(quantity.fact), fromFact('ER-030'), fromDocument([...circuit.path, 'sku'])],
  };
}

function privateRoute(set: PolicyTerm['set'], origins: readonly Origin[]): PolicyTerm {
  return {
    name: 'a route to private networks',
    when: [],
    set: [{ kind: 'large-community-add', communities: [PRIVATE_MARK] }, ...set],
    then: 'accept',
    origins: [...origins, derived('marked, so that a local breakout of Microsoft traffic leaves it alone')],
  };
}

/** Weight of the connection: a gateway with several circuits looks at it before the AS path (ER-098). */
function weighted(circuit: Circuit, peering: PrivatePeering, plain: PolicyIx, builder: NetworkBuilder): PolicyIx {
  if (peering.weight === 0) return plain;
  const origins = [fromDocument([...peering.path, 'weight']), fromFact('ER-098')];
  return builder.addPolicy(
    `${circuit.name} private: weight ${peering.weight}`,
    [
      {
        name: `connection weight ${peering.weight}`,
        when: [],
        set: [{ kind: 'weight', value: peering.weight }],
        then: 'accept',
        origins,
      },
    ],
    'accept',
    origins,
  );
}

function linkGateway(
  circuit: Circuit,
  peering: PrivatePeering,
  msees: MseePair,
  { name, position }: { readonly name: string; readonly position: number },
  { believed, toGateways }: { readonly believed: PolicyIx; readonly toGateways: PolicyIx },
  { networks, microsoft, findings, builder }: Parts,
): void {
  const path = [...peering.path, 'vnets', position];
  const { gateway } = need(networks.byName, name);
  if (gateway === undefined) {
    findings.add('network/no-gateway', 'error', `${name} is linked to ${circuit.name}, but has no gateway`, path, {
      ids: ['ER-166'],
      help: `give ${name} a gateway, or link the network whose gateway it uses`,
    });
    return;
  }
  const origins: Origin[] = [fromDocument(path), fromFact('ER-098')];
  for (const [side, msee] of msees.entries()) {
    const link = builder.addLink(msee.ix, gateway.ix, {
      name: `${circuit.name}-${name}-${side + 1}`,
      kind: 'azure',
      bandwidth: circuit.bandwidth,
      mtu: limits.gatewayPacketSize.value,
      origins,
    });
    builder.addSession(
      `${circuit.name}-${name}-${side + 1}`,
      link,
      {
        device: msee.ix,
        import: microsoft.acceptAll,
        export: toGateways,
        maximumPrefixes: {
          limit: limits.prefixes4FromGateway.value,
          limit6: limits.prefixes6FromGateway.value,
          action: 'drop-session',
          origins: [fromFact('ER-031')],
        },
      },
      { device: gateway.ix, import: believed, export: networks.ownNetworks },
      origins,
    );
  }
}

/** Pairs of circuits joined through Global Reach, each once, in document order. */
function globalReachPairs(estate: Estate): readonly (readonly [Circuit, Circuit, number])[] {
  const byName = new Map(estate.circuits.map((circuit) => [circuit.name, circuit]));
  const made = new Set<string>();
  const pairs: (readonly [Circuit, Circuit, number])[] = [];
  for (const circuit of estate.circuits) {
    for (const [position, name] of circuit.globalReach.entries()) {
      const other = need(byName, name);
      const key = [circuit.name, name].sort().join('\n');
      if (made.has(key) || other === circuit) continue;
      made.add(key);
      pairs.push([circuit, other, position]);
    }
  }
  return pairs;
}

function sameAsAcrossGlobalReach(circuit: Circuit, own: Asn, estate: Estate): boolean {
  return globalReachPairs(estate).some(
    ([a, b]) => (a === circuit && b.privatePeering?.asn === own) || (b === circuit && a.privatePeering?.asn === own),
  );
}

/**
 * Both edges speak AS 12076, so the sessions between them are iBGP, and what one circuit learned from another is not
 * passed to a third: pairwise, not transitive (ER-175), by RFC 4271 section 9.2 and not by a rule of ours.
 */
function addGlobalReach({ estate, findings, builder }: Parts, pairs: ReadonlyMap<string, MseePair>): void {
  const joined = globalReachPairs(estate);
  if (joined.length === 0) return;
  const origins = [fromFact('ER-175'), fromFact('ER-176')];
  const onPremisesOnly = builder.addPolicy(
    'Global Reach: on-premises routes only',
    [
      {
        name: 'virtual networks are not reached through Global Reach',
        when: [{ kind: 'as-path-contains', any: [AZURE_GATEWAY_ASN] }],
        set: [],
        then: 'reject',
        origins: [fromFact('ER-175')],
      },
    ],
    'accept',
    origins,
  );
  const marked = builder.addPolicy(
    'Global Reach: routes of the other circuit',
    [
      {
        name: 'marked, so that gateways do not learn it',
        when: [],
        set: [{ kind: 'large-community-add', communities: [GLOBAL_REACH_MARK] }],
        then: 'accept',
        origins: [fromFact('ER-175')],
      },
    ],
    'accept',
    origins,
  );
  for (const [a, b, position] of joined) {
    const path = [...a.path, 'globalReach', position];
    const [from, to] = [pairs.get(a.name), pairs.get(b.name)];
    if (from === undefined || to === undefined) {
      const without = from === undefined ? a.name : b.name;
      const message = `Global Reach joins ${a.name} and ${b.name}, but ${without} has no private peering`;
      findings.add('network/global-reach', 'error', message, path, { ids: ['ER-175'] });
      continue;
    }
    for (const side of LINK_POSITIONS) {
      const name = `${a.name}-${b.name}-global-reach-${side + 1}`;
      const linkOrigins: Origin[] = [fromDocument(path), fromFact('ER-177')];
      const link = builder.addLink(from[side].ix, to[side].ix, {
        name,
        kind: 'global-reach',
        // The smaller circuit limits it (ER-177).
        bandwidth: Math.min(a.bandwidth, b.bandwidth),
        origins: linkOrigins,
      });
      const end = (device: DeviceDraft) => ({
        device: device.ix,
        import: marked,
        export: onPremisesOnly,
        nextHopSelf: true,
      });
      builder.addSession(name, link, end(from[side]), end(to[side]), linkOrigins);
    }
  }
}

/**
 * A site-to-site VPN: a tunnel over an internet edge into a gateway of its own. It ends on the firewall of that edge
 * when the edge stands at the site, else on the router of the site. It carries private address space and nothing else,
 * so it never stands in for Microsoft peering (ER-148).
 */
function addVpn(vpn: SiteToSiteVpn, parts: Parts, internetLinks: ReadonlyMap<string, LinkIx>): void {
  const { estate, customer, microsoft, networks, findings, builder } = parts;
  const { vnet, device: network } = need(networks.byName, vpn.vnet);
  const edge = need(customer.fronts, vpn.over);
  const origins: Origin[] = [fromDocument(vpn.path)];
  const besides = circuitsOf(estate, networks, vpn.vnet);
  const beside = new Set(besides.map((circuit) => circuit.name));
  if (vpn.backupOf !== undefined && !beside.has(vpn.backupOf)) {
    const message = `${vpn.name} stands in for ${vpn.backupOf}, whose private peering does not lead to ${vpn.vnet}`;
    findings.add('network/vpn-without-circuit', 'warning', message, [...vpn.path, 'backupOf'], {
      ids: ['ER-148'],
      why: 'a VPN backs up private peering and nothing else; services on Microsoft peering fall back to the internet',
    });
  }
  const gatewayName = `${vpn.vnet}-vpn-gateway`;
  let gateway = builder.deviceNamed(gatewayName);
  if (gateway === undefined) {
    gateway = builder.addDevice({
      name: gatewayName,
      role: 'vnet-gateway',
      half: 'microsoft',
      asn: AZURE_GATEWAY_ASN,
      place: { azureRegion: vnet.region },
      origins,
    });
    const second = vpnPreference(builder);
    joinGateway(network, gateway, origins, second, microsoft.acceptAll, builder);
    for (const spoke of networks.byName.values()) {
      if (spoke.vnet.gatewayOf !== vpn.vnet) continue;
      joinGateway(spoke.device, gateway, origins, second, microsoft.acceptAll, builder);
    }
  }
  const end = edge.edge.site === vpn.site ? edge.device : need(customer.siteRouters, vpn.site);
  const carriedBy = internetLinks.get(vpn.over);
  const link = builder.addLink(end.ix, gateway.ix, {
    name: vpn.name,
    kind: 'vpn',
    owner: vpn.name,
    bandwidth: vpn.bandwidth,
    encrypted: true,
    ...tunnelSize('ipsec'),
    ...(carriedBy === undefined ? {} : { carriedBy: [carriedBy] }),
    origins,
  });
  if (end.firewall !== undefined) end.firewall = { ...end.firewall, inside: [...end.firewall.inside, link] };
  const prepend: PolicyTerm['set'] =
    beside.size === 0 ? [] : [{ kind: 'prepend', asn: AZURE_GATEWAY_ASN, times: VPN_PREPENDS }];
  const learn = builder.addPolicy(
    `${vpn.name}: what the customer accepts`,
    [
      privateRoute(prepend, [
        ...origins,
        ...(beside.size === 0 ? [] : [derived('longer than the way over the circuit, which is preferred')]),
      ]),
    ],
    'accept',
    origins,
  );
  builder.addSession(
    vpn.name,
    link,
    { device: end.ix, import: learn, export: insideOnly(vpn, end, besides, customer, builder) },
    { device: gateway.ix, import: microsoft.acceptAll, export: networks.ownNetworks },
    origins,
  );
}

/** Circuits with private peering to the network or to the one whose gateway it uses. */
function circuitsOf(estate: Estate, networks: VirtualNetworks, name: string): readonly Circuit[] {
  const holder = networks.byName.get(name)?.vnet.gatewayOf ?? name;
  return estate.circuits.filter((circuit) =>
    circuit.privatePeering?.vnets.some((each) => each === name || each === holder),
  );
}

/**
 * What the tunnel tells Azure: beside a circuit the same prefixes as the circuit, because a longer one would draw the
 * traffic into the tunnel; alone, the inside. Never what the inside learned from providers and from Microsoft.
 */
function insideOnly(
  vpn: SiteToSiteVpn,
  end: DeviceDraft,
  beside: readonly Circuit[],
  { internal }: CustomerHalf,
  builder: NetworkBuilder,
): PolicyIx {
  const origins = [
    fromDocument(vpn.path),
    derived(
      beside.length === 0
        ? 'the prefixes of the inside are announced through the tunnel'
        : 'the tunnel announces what the private peering beside it announces',
    ),
  ];
  const announced = new Map<string, Prefix>();
  for (const circuit of beside) {
    for (const prefix of circuit.privatePeering?.advertises ?? []) {
      if (!isDefaultRoute(prefix)) announced.set(prefixKey(prefix), prefix);
    }
  }
  const known = new Set(internal.all.map(prefixKey));
  const aggregates = [...announced].flatMap(([key, prefix]) => (known.has(key) ? [] : [prefix]));
  if (aggregates.length > 0) {
    end.originations.push({
      name: `${vpn.name} announcements`,
      prefixes: aggregates,
      communities: [],
      largeCommunities: [],
      med: 0,
      originCode: 'igp',
      origins,
    });
  }
  const entries = (beside.length === 0 ? internal.all : [...announced.values()]).map((prefix) => ({ prefix }));
  return builder.addPolicy(
    `${vpn.name}: what the customer announces`,
    [
      {
        name: 'no route that Microsoft announced',
        when: [{ kind: 'as-path-contains', any: [MICROSOFT_EDGE_ASN, AZURE_GATEWAY_ASN] }],
        set: [],
        then: 'reject',
        origins,
      },
      { name: 'prefixes of the inside', when: [{ kind: 'prefix-list', entries }], set: [], then: 'accept', origins },
    ],
    'reject',
    origins,
  );
}
