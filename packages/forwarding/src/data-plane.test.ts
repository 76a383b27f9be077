/** Networks written as documents, one for each thing that the data plane does; what comes out was worked out by hand. */
import { loadEstate } from '@bothways/estate';
import { address, formatAddress, prefix, prefixSet } from '@bothways/net';
import {
  type CompiledNetwork,
  compileNetwork,
  type Device,
  type FirewallPolicy,
  type PacEvaluator,
} from '@bothways/network';
import { converge, type Failures } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate, withText } from '../test/shipped-estates.ts';
import { errorPasses } from './firewall.ts';
import {
  applyExhaustion,
  branchesOfTrip,
  familyPairs,
  lastHop,
  pathMtu,
  type RoundTrip,
  roundTrips,
  viaText,
  type Way,
} from './index.ts';

const contoso = shippedEstate('examples/contoso');
const inbound = shippedEstate('scenarios/A3-inbound-without-source-nat');
const proxied = shippedEstate('scenarios/PP-S19-client-routing');

function edited(text: string, ...edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((now, [passage, by]) => withText(now, passage, by), text);
}

interface Flown {
  readonly compiled: CompiledNetwork;
  readonly trips: readonly RoundTrip[];
}

function flown(compiled: CompiledNetwork, failed: Failures = {}): Flown {
  return { compiled, trips: roundTrips(compiled, converge(compiled.network, { failed })).roundTrips };
}

const flownFrom = (text: string): Flown => flown(compiledFrom(text));

function tripsOf({ trips }: Flown, id: string): readonly RoundTrip[] {
  const found = trips.filter((trip) => trip.demand.id.startsWith(id));
  if (found.length === 0) throw new Error(`no ${id} among ${trips.map((trip) => trip.id).join(', ')}`);
  return found;
}

/** 'out by; back by; outcome; where and why it is lost'. */
function story({ compiled }: Flown, trip: RoundTrip): string {
  const lost: Way = trip.back ?? trip.forward;
  const end = compiled.network.devices[lastHop(lost.path).device]?.name ?? '';
  const back = trip.back === undefined ? 'never' : viaText(trip.back.via);
  const why = lost.disposition === 'delivered' ? '' : `; ${lost.disposition} at ${end}`;
  return `${viaText(trip.forward.via)}; ${back}; ${trip.outcome}${why}`;
}

const stories = (at: Flown, id: string): readonly string[] => tripsOf(at, id).map((trip) => story(at, trip));
const stepsOf = (way: Way | undefined) => way?.path.hops.flatMap((hop) => hop.steps) ?? [];

function deviceNamed({ network }: CompiledNetwork, name: string): Device {
  const device = network.devices.find((each) => each.name === name);
  if (device === undefined) throw new Error(`no device ${name}`);
  return device;
}

function linkNamed({ network }: CompiledNetwork, name: string): number {
  const link = network.links.find((each) => each.name === name);
  if (link === undefined) throw new Error(`no link ${name}`);
  return link.ix;
}

describe('sessions that Microsoft opens', () => {
  it('are round trips beside those of clients, with Microsoft as the opener', () => {
    const [trip] = tripsOf(flownFrom(inbound), 'PP-F37');
    expect(trip?.demand.opener).toBe('microsoft');
    expect([trip?.demand.source.name, trip?.demand.site.name, trip?.demand.target.name]).toEqual([
      'AzureActiveDirectory',
      'dc',
      'federation',
    ]);
  });

  it('in by the internet, out by the circuit: the firewall that never saw the session drops the answer (A3)', () => {
    const at = flownFrom(inbound);
    expect(stories(at, 'PP-F37')).toEqual(['internet:inet; internal; broken; no-state at fw-er']);
    expect(tripsOf(at, 'PP-F37').map((trip) => trip.asymmetry)).toEqual(['fatal']);
  });

  it('come back where they came in once their sources are translated, and every translation is undone', () => {
    const at = flownFrom(edited(inbound, ['inboundNat: false', 'inboundNat: true']));
    expect(stories(at, 'PP-F37')).toEqual(['internet:inet; internet:inet; holds']);
    const [trip] = tripsOf(at, 'PP-F37');
    const sent = trip?.forward.path.hops[0]?.packet;
    expect(trip?.back?.path.last.source).toEqual(sent?.destination);
    expect(trip?.back?.path.last.destination).toEqual(sent?.source);
    // Destination and source: two translations there, one step back.
    expect(stepsOf(trip?.forward).filter((step) => step.kind === 'translated')).toHaveLength(2);
    const undone = stepsOf(trip?.back).filter((step) => step.kind === 'translated');
    expect(undone.map((step) => step.origins.length > 0)).toEqual([true]);
  });

  it('are no better off with shared state: the answer leaves with an address that the circuit does not announce', () => {
    const shared = 'firewalls:\n  fw-inet: { sharesStateWith: fw-er }\n\nexpressRouteEdges:\n';
    const at = flownFrom(edited(inbound, ['expressRouteEdges:\n', shared]));
    expect(stories(at, 'PP-F37')).toEqual([
      'internet:inet; expressroute:er-fra; broken; refused-at-microsoft-edge at er-fra-msee1',
    ]);
  });

  it('drawn to the circuit by an announcement end at its firewall, which publishes nothing (A4)', () => {
    const at = flownFrom(shippedEstate('scenarios/A4-server-announced-on-the-circuit'));
    expect(stories(at, 'PP-F37')).toEqual(['expressroute:er-fra; never; broken; denied at fw-er']);
  });

  it('keep both ways on the circuit where the address is announced there and nowhere else', () => {
    const at = flownFrom(shippedEstate('scenarios/PP-S43-power-platform-calls-a-server'));
    expect(new Set(stories(at, 'PP-F28'))).toEqual(new Set(['expressroute:er-fra; expressroute:er-fra; holds']));
  });

  it('come from whatever device of Microsoft holds the address: a service inside a region hears the answer too', () => {
    const at = flownFrom(shippedEstate('scenarios/PP-S24-on-premises-integration'));
    expect(stories(at, 'PP-F28').every((each) => each.endsWith('holds'))).toBe(true);
  });
});

describe('a published name asked for inside', () => {
  /** Users of headquarters use the federation service by name. */
  const asked = (...edits: readonly (readonly [string, string])[]): Flown =>
    flownFrom(
      edited(inbound, ['demands:\n', 'demands:\n  users: { flows: PP-F01, from: hq, to: federation }\n'], ...edits),
    );
  const unsplit = ['calledBy: PP-F37', 'calledBy: PP-F37\n    splitDns: false'] as const;

  it('is the address inside where DNS is split, as the document has it by default', () => {
    const at = asked();
    expect(stories(at, 'PP-F01/federation')).toEqual(['internal; internal; holds']);
    const [trip] = tripsOf(at, 'PP-F01/federation');
    expect(trip?.forward.path.hops[0]?.packet.destination).toEqual(address('10.30.0.26'));
  });

  it('is the public address where it is not split, which the edge does not turn round by itself', () => {
    const at = asked(unsplit);
    const [trip] = tripsOf(at, 'PP-F01/federation');
    expect(trip?.forward.path.hops[0]?.packet.destination).toEqual(address('198.51.100.5'));
    expect(trip?.outcome).toBe('broken');
    expect(trip?.back).toBeUndefined();
  });

  it('is turned round with its destination alone: the server answers directly, with an address that nobody asked', () => {
    const at = asked(unsplit, ['inboundNat: false', 'inboundNat: false, hairpin: true']);
    expect(stories(at, 'PP-F01/federation')).toEqual(['internal; internal; broken; unexpected-answer at hq']);
  });

  it('is turned round with both addresses: the answer comes back through the firewall', () => {
    const at = asked(unsplit, ['inboundNat: false', 'inboundNat: true, hairpin: true']);
    expect(stories(at, 'PP-F01/federation')).toEqual(['internal; internal; holds']);
    const [trip] = tripsOf(at, 'PP-F01/federation');
    expect(stepsOf(trip?.forward).filter((step) => step.kind === 'translated')).toHaveLength(2);
  });

  it('has no address where the resolver knows public names only and none is published', () => {
    const at = asked(
      ['clients: 10.10.0.0/16 }', 'clients: 10.10.0.0/16, resolver: public }'],
      ['    published: { edge: inet, address: 198.51.100.5, inboundNat: false }\n', ''],
    );
    expect(stories(at, 'PP-F01/federation')).toEqual(['internal; never; broken; name-not-resolved at hq']);
  });
});

describe('names', () => {
  const remote = ['clients: 10.10.0.0/16 }', 'clients: 10.10.0.0/16, resolver: dc }'] as const;
  const ids = 'PP-F01/hq/production/westeurope';

  it('resolve over the line to the site of the resolver, and not without it', () => {
    expect(new Set(stories(flownFrom(edited(inbound, remote)), ids).map((each) => each.split('; ')[2]))).toEqual(
      new Set(['holds']),
    );
    const compiled = compiledFrom(
      edited(inbound, remote, [
        'demands:\n',
        'firewalls:\n  fw-inet: { rules: [{ action: deny, zone: any, ports: [udp/53, tcp/53] }] }\n\ndemands:\n',
      ]),
    );
    // Queries stay on the line and pass no firewall.
    expect(stories(flown(compiled), ids).every((each) => each.includes('holds'))).toBe(true);
    const at = flown(compiled, { links: [linkNamed(compiled, 'mpls-hq')] });
    expect(stories(at, ids)).toEqual(['internal; never; broken; name-not-resolved at hq']);
    expect(at.trips.some((trip) => trip.demand.opener === 'microsoft' && trip.outcome !== 'unknown')).toBe(true);
  });

  it('asked on the internet are lost at a firewall without a rule for queries, and unknown where TCP alone passes', () => {
    const denying = (ports: string): readonly string[] => {
      const rules = `firewalls:\n  fw-inet: { rules: [{ action: deny, zone: inside, ports: [${ports}] }] }\n\ndemands:\n`;
      const at = flownFrom(
        edited(
          inbound,
          ['clients: 10.10.0.0/16 }', 'clients: 10.10.0.0/16, resolver: public }'],
          ['demands:\n', rules],
        ),
      );
      return [...new Set(stories(at, ids).map((each) => each.split('; ').slice(2).join('; ')))];
    };
    expect(denying('udp/123')).toEqual(['holds']);
    expect(denying('udp/53, tcp/53')).toEqual(['broken; name-not-resolved at hq']);
    expect(denying('udp/53')).toEqual(['unknown']);
  });
});

describe('a reverse proxy', () => {
  const behind = (more: string) =>
    edited(
      inbound,
      ['inboundNat: false', 'inboundNat: true'],
      [
        'calledBy: PP-F37\n',
        `calledBy: PP-F37\n    backend: farm\n  farm: { site: hq, kind: adfs, address: 10.10.0.9, ports: 8443${more} }\n`,
      ],
    );

  it('asks its backend in turn: two connections there and two back', () => {
    const at = flownFrom(behind(''));
    expect(stories(at, 'PP-F37')).toEqual(['internet:inet; internet:inet; holds']);
    const [trip] = tripsOf(at, 'PP-F37');
    const [there] = stepsOf(trip?.forward).filter((step) => step.kind === 'relayed');
    expect(there?.proxy).toBe('federation');
    expect([there?.to.source, there?.to.destination]).toEqual([address('10.30.0.26'), address('10.10.0.9')]);
    expect(there?.to.transport?.destinationPort).toBe(8443);
    expect(there?.origins).toEqual([{ kind: 'document', path: ['services', 'federation', 'backend'] }]);
    expect(at.compiled.network.devices[trip === undefined ? -1 : lastHop(trip.forward.path).device]?.name).toBe('hq');
    expect(stepsOf(trip?.back).filter((step) => step.kind === 'relayed')).toHaveLength(1);
    expect(trip?.back?.path.last.source).toEqual(address('198.51.100.5'));
  });

  it('is no better than the way to its backend', () => {
    const compiled = compiledFrom(behind(''));
    const at = flown(compiled, { links: [linkNamed(compiled, 'mpls-hq')] });
    expect(stories(at, 'PP-F37')).toEqual(['internet:inet; never; broken; no-route at internet']);
  });

  it('may stand before another one, and a circle of them ends', () => {
    const at = flownFrom(behind(', backend: federation'));
    const [trip] = tripsOf(at, 'PP-F37');
    expect(stepsOf(trip?.forward).filter((step) => step.kind === 'relayed')).toHaveLength(2);
    expect(trip?.outcome).toBe('holds');
  });
});

describe('a hairpin through the datacentre', () => {
  it('is named by the border next to the far end, in both directions', () => {
    const at = flownFrom(shippedEstate('scenarios/shape-forced-tunnelling'));
    expect(stories(at, 'PP-F16/west/app1')).toEqual(['internet:inet; internet:inet; holds']);
  });

  it('crosses the circuit twice where the target is on Microsoft peering (PP-F68)', () => {
    const at = flownFrom(shippedEstate('scenarios/PP-S31-hairpin-through-the-datacentre'));
    const [trip] = tripsOf(at, 'PP-F68');
    const circuits = trip?.forward.path.hops.filter(
      ({ leftOn }) => at.compiled.network.links[leftOn ?? -1]?.kind === 'circuit',
    );
    expect(circuits).toHaveLength(2);
    expect(trip?.outcome).toBe('holds');
  });
});

describe('proxies', () => {
  const explicit = edited(
    proxied,
    [/ {4}pac: \|\n(?: {6}.*\n)+/.exec(proxied)?.[0] ?? 'no script', ''],
    ['reach: internet, edges: inet', 'reach: both'],
  );

  it('end the connection and start their own, in both directions', () => {
    const at = flownFrom(explicit);
    const [trip] = tripsOf(at, 'PP-F01/hq');
    expect(stories(at, 'PP-F01/hq')[0]).toBe('expressroute:er-fra; expressroute:er-fra; holds');
    const [there] = stepsOf(trip?.forward).filter((step) => step.kind === 'relayed');
    const [back] = stepsOf(trip?.back).filter((step) => step.kind === 'relayed');
    expect(there?.from.transport?.destinationPort).toBe(8080);
    expect(there?.to.transport?.destinationPort).toBe(trip?.ports[0]?.first);
    expect(back?.to.destination).toEqual(trip?.forward.path.hops[0]?.packet.source);
    const proxy = deviceNamed(at.compiled, 'web-proxy').ix;
    expect(trip?.forward.path.hops.filter((hop) => hop.device === proxy)).toHaveLength(1);
  });

  it('that have failed take the connections of their clients with them', () => {
    const compiled = compiledFrom(explicit);
    const at = flown(compiled, { devices: [deviceNamed(compiled, 'web-proxy').ix] });
    expect(stories(at, 'PP-F16/hq')).toEqual(['internal; never; broken; proxy-down at hq']);
  });

  it('that fail after others in a list are tried in its order', () => {
    const compiled = compiledFrom(explicit);
    const failed = { devices: [deviceNamed(compiled, 'web-proxy').ix] };
    const chooseProxy = () => ({ kind: 'proxy', name: 'web-proxy', fallback: [{ kind: 'direct' }] }) as const;
    const trips = roundTrips(compiled, converge(compiled.network, { failed }), { chooseProxy }).roundTrips;
    expect(stories({ compiled, trips }, 'PP-F16/hq')).toEqual(['internet:inet; internet:inet; holds']);
  });

  it('that routing leads where the document says they do not reach are unknown', () => {
    const at = flownFrom(edited(explicit, ['reach: both', 'reach: internet']));
    const [trip] = tripsOf(at, 'PP-F01/hq');
    expect(trip?.outcome).toBe('unknown');
    expect(trip?.because).toBe(
      'the document says that web-proxy reaches the internet only, and routing leads it over a circuit',
    );
  });

  it('of a script that nobody evaluated are possibilities: unknown where they disagree', () => {
    expect(new Set(stories(flownFrom(proxied), 'PP-F01/hq').map((each) => each.split('; ')[2]))).toEqual(
      new Set(['holds']),
    );
    const compiled = compiledFrom(proxied);
    const at = flown(compiled, { devices: [deviceNamed(compiled, 'web-proxy').ix] });
    const [trip] = tripsOf(at, 'PP-F01/hq');
    expect([trip?.outcome, trip?.because]).toEqual(['unknown', 'nothing at hand evaluates the proxy script of hq']);
  });
});

describe('a proxy script', () => {
  /** 'HOST' stands for what the script sees; names of one company go straight. */
  const script: PacEvaluator = ({ host }) => ({
    kind: 'answer',
    text: host.includes('digicert') ? 'DIRECT' : 'PROXY 10.30.0.80:8080; DIRECT',
    reads: { networks: [], seconds: [], days: [], months: [], years: [] },
    cost: 0,
  });
  const { estate } = loadEstate([
    { name: 'estate.yaml', text: edited(proxied, ['reach: internet, edges: inet', 'reach: both']) },
  ]);
  if (estate === undefined) throw new Error('the scenario is not sound');
  const proxyAddress = estate.proxies[0] === undefined ? '' : formatAddress(estate.proxies[0].address);
  const compiled = compileNetwork(estate, undefined, {
    evaluatePac: (request) => {
      const reply = script(request);
      return reply.kind === 'answer' ? { ...reply, text: reply.text.replace('10.30.0.80', proxyAddress) } : reply;
    },
  });
  const relays = (trip: RoundTrip) => stepsOf(trip.forward).filter((step) => step.kind === 'relayed').length;

  it('that treats names differently makes round trips of its own for them, and none is unknown', () => {
    const trips = tripsOf(flown(compiled), 'PP-F16/hq');
    const [target] = trips.map((trip) => trip.demand.id);
    const mine = trips.filter((trip) => trip.demand.id === target);
    expect(mine.map((trip) => [relays(trip), trip.outcome])).toEqual(
      expect.arrayContaining([
        [1, 'holds'],
        [0, 'holds'],
      ]),
    );
    for (const trip of mine) {
      expect(trip.names.length).toBeGreaterThan(0);
      expect(trip.names.every((name) => name.includes('digicert') === (relays(trip) === 0))).toBe(true);
      expect(branchesOfTrip(compiled, roundTrips(compiled, converge(compiled.network)).input, trip)).toHaveLength(
        trip.branches,
      );
    }
  });

  it('makes one round trip again where the proxy has failed and names fare alike', () => {
    const at = flown(compiled, { devices: [deviceNamed(compiled, 'web-proxy').ix] });
    for (const trip of tripsOf(at, 'PP-F16/hq')) expect([relays(trip), trip.names]).toEqual([0, []]);
  });
});

describe('ports', () => {
  const declared = (rules: string) =>
    edited(contoso, ['expressRouteEdges:\n', `firewalls:\n  fw-er: { ${rules} }\n\nexpressRouteEdges:\n`]);

  it('that a firewall tells apart are round trips of their own', () => {
    const at = flownFrom(declared('rules: [{ action: deny, zone: inside, ports: [tcp/80] }]'));
    const trips = tripsOf(at, 'PP-F01/hq/production/westeurope');
    expect(trips.map((trip) => [trip.ports, trip.outcome])).toEqual([
      [[{ protocol: 'tcp', first: 80, last: 80 }], 'broken'],
      [[{ protocol: 'tcp', first: 443, last: 443 }], 'holds'],
    ]);
  });

  it('that no rule names stay together', () => {
    const trips = tripsOf(flownFrom(contoso), 'PP-F01/hq/production/westeurope');
    expect(trips.map((trip) => trip.ports.map((each) => each.first))).toEqual([[80, 443]]);
  });

  it('of an answer are the other way round: a list without state has to let it in as it is', () => {
    const outbound = '{ action: allow, zone: inside }';
    const refusing = declared(`stateful: false, rules: [${outbound}, { action: deny, zone: any }]`);
    expect(stories(flownFrom(refusing), 'PP-F01/hq/production/westeurope')[0]).toContain('denied at fw-er');
    const clientPorts = '{ action: allow, zone: outside, ports: [tcp/1024-65535] }';
    const open = declared(`stateful: false, rules: [${outbound}, ${clientPorts}, { action: deny, zone: any }]`);
    expect(stories(flownFrom(open), 'PP-F01/hq/production/westeurope')[0]).toContain('; holds');
    // A list for half of the client ports fails half of the sessions.
    const half = declared(
      `stateful: false, rules: [${outbound}, { action: allow, zone: outside, ports: [tcp/1024-60000] }, { action: deny, zone: any }]`,
    );
    expect(stories(flownFrom(half), 'PP-F01/hq/production/westeurope')[0]).toContain('denied at fw-er');
  });
});

describe('packet sizes', () => {
  const remote = flownFrom(shippedEstate('scenarios/PP-S45-mobile-office-and-vpn-users'));
  const [trip] = tripsOf(remote, 'PP-F01/remote');

  it('of a tunnel are told to both ends, and the sum is shown', () => {
    expect(trip?.outcome).toBe('holds');
    for (const way of [trip?.forward, trip?.back]) {
      const told = stepsOf(way).filter((step) => step.kind === 'path-mtu');
      expect(told.map((step) => step.bytes)).toEqual([1438]);
    }
    if (trip === undefined) throw new Error('no round trip');
    expect(pathMtu(remote.compiled.network, trip.forward.path)).toMatchObject({
      bytes: 1438,
      sum: '1500 - 20 outer IPv4 header - 8 UDP header - 8 ESP header - 8 initialisation vector - 2 ESP trailer - 16 integrity check value = 1438',
    });
  });

  it('are lost where the message about them is', () => {
    // The message about the answer starts at a router whose address no peering declares, and nothing translates it.
    const compiled = compiledFrom(
      edited(contoso, ['clients: 10.10.0.0/16', 'clients: 203.0.113.0/28'], [', nat: 203.0.113.0/28', '']),
    );
    const narrow = linkNamed(compiled, 'mpls-hq');
    const links = compiled.network.links.map((link) => (link.ix === narrow ? { ...link, mtu: 1400 } : link));
    const wide = flown(compiled);
    const at = flown({ ...compiled, network: { ...compiled.network, links } });
    expect(stories(wide, 'PP-F01/hq/production/westeurope')[0]).toContain('; holds');
    expect(stories(at, 'PP-F01/hq/production/westeurope')[0]).toContain('; broken; too-big at dc');
  });

  it('are told with the public address where the far end is translated, which the source filter knows', () => {
    const published = edited(
      shippedEstate('scenarios/PP-S43-power-platform-calls-a-server'),
      ['clients: 10.10.0.0/16 }', 'clients: 10.10.0.0/16, servers: 10.11.0.0/24 }'],
      ['orders:\n    site: dc', 'orders:\n    site: hq'],
      ['address: 10.30.0.26', 'address: 10.11.0.26'],
      ['{ edge: er, address: 203.0.113.66 }', '{ edge: er, address: 203.0.113.66, inboundNat: true }'],
    );
    const compiled = compiledFrom(published);
    const narrow = linkNamed(compiled, 'mpls-hq');
    const links = compiled.network.links.map((link) => (link.ix === narrow ? { ...link, mtu: 1400 } : link));
    const at = flown({ ...compiled, network: { ...compiled.network, links } });
    expect(new Set(stories(at, 'PP-F28'))).toEqual(new Set(['expressroute:er-fra; expressroute:er-fra; holds']));
    const [trip] = tripsOf(at, 'PP-F28');
    expect(stepsOf(trip?.forward).filter((step) => step.kind === 'path-mtu')).toHaveLength(1);
  });

  it('are told past a filter whose rule names sources: nobody wrote down the address of the router', () => {
    const rule = { action: 'deny', zone: 'any', to: [], ports: [], origins: [] } as const;
    const firewall: FirewallPolicy = {
      stateful: false,
      inside: [0],
      permitInbound: [],
      stateGroup: 'filter',
      rules: [{ ...rule, from: [prefix('0.0.0.0/0')] }],
      origins: [],
    };
    const packet = { destination: address('10.10.0.1') };
    expect(errorPasses(firewall, 1, packet)).toBe(true);
    expect(errorPasses({ ...firewall, rules: [{ ...rule, from: [] }] }, 1, packet)).toBe(false);
  });

  it('are those of the gateway on private peering (ER-061)', () => {
    const at = flownFrom(shippedEstate('scenarios/PP-S30-both-peerings-after-migration'));
    const [machines] = tripsOf(at, 'PP-F62/hq');
    if (machines === undefined) throw new Error('no round trip');
    expect(pathMtu(at.compiled.network, machines.forward.path)).toMatchObject({ bytes: 1400, sum: '1400' });
  });
});

describe('what others choose', () => {
  const twoProviders = edited(contoso, [
    'expressRouteEdges:\n',
    '  inet2: { site: dc, isp: Tailspin Net, firewall: fw-inet2, nat: 198.51.100.0/28 }\n\nexpressRouteEdges:\n',
  ]);

  it('is unknown where it matters: a pool announced through two providers with a firewall each', () => {
    const [trip] = tripsOf(flownFrom(twoProviders), 'PP-F16/hq');
    expect(trip?.outcome).toBe('unknown');
    expect(trip?.because).toMatch(
      /^dc sends over dc-fw-inet or dc-fw-inet2: only the age of routes, router ids or peer/,
    );
  });

  it('is unknown at a router whose routes only identifiers part, and certain when one of the two is left', () => {
    const { compiled, trips } = flownFrom(twoProviders);
    const plane = converge(compiled.network);
    const data = roundTrips(compiled, plane);
    const [trip] = tripsOf({ compiled, trips }, 'PP-F16/hq');
    const dc = deviceNamed(compiled, 'dc').ix;
    const hop = trip?.forward.path.hops.find(({ device }) => device === dc);
    expect(hop?.entry?.rivals?.map(({ next }) => next.map(({ link }) => compiled.network.links[link]?.name))).toEqual([
      ['dc-fw-inet2'],
    ]);
    if (trip === undefined) throw new Error('no round trip');
    const outward = branchesOfTrip(compiled, data.input, trip).map(({ forward }) => viaText(forward.via));
    expect(new Set(outward)).toEqual(new Set(['internet:inet', 'internet:inet2']));
    const failed = { links: [linkNamed(compiled, 'inet2')] };
    expect(stories(flown(compiled, failed), 'PP-F16/hq')).toEqual(['internet:inet; internet:inet; holds']);
  });

  it('does not matter where the two firewalls share their state', () => {
    const shared = edited(twoProviders, [
      'expressRouteEdges:\n',
      'firewalls:\n  fw-inet: { sharesStateWith: fw-inet2 }\n\nexpressRouteEdges:\n',
    ]);
    const [trip] = tripsOf(flownFrom(shared), 'PP-F16/hq');
    expect([trip?.outcome, trip?.because]).toEqual(['holds', undefined]);
  });
});

describe('failures', () => {
  it('of a line take steering over it away', () => {
    const compiled = compiledFrom(shippedEstate('scenarios/shape-sdwan-application-breakout'));
    expect(stories(flown(compiled), 'PP-F16/branch')[0]).toContain('internet:inet-branch; internet:inet-branch');
    const at = flown(compiled, { links: [linkNamed(compiled, 'inet-branch')] });
    expect(stories(at, 'PP-F16/branch')[0]).toContain('internet:inet; internet:inet; holds');
  });

  it('of the way from a router to its pool say that it goes on announcing the pool', () => {
    const compiled = compiledFrom(contoso);
    const failed = { links: [linkNamed(compiled, 'fw-er-er-ce1')] };
    const [trip] = tripsOf(flown(compiled, failed), 'PP-F01/hq/production/westeurope');
    const dropped = stepsOf(trip?.back).find((step) => step.kind === 'dropped');
    expect(dropped).toMatchObject({ because: 'no-route' });
    const causes = dropped?.origins.flatMap((origin) => (origin.kind === 'derived' ? [origin.because] : []));
    expect(causes).toEqual([expect.stringContaining('still announces 203.0.113.0/28')]);
    // Nobody announced what just has no route: no cause.
    const elsewhere = tripsOf(flown(compiled, { links: [linkNamed(compiled, 'mpls-hq')] }), 'PP-F01/hq');
    expect(stepsOf(elsewhere[0]?.forward).find((step) => step.kind === 'dropped')?.origins).toEqual([]);
  });

  it('of a site leave nothing that starts there', () => {
    const compiled = compiledFrom(contoso);
    const at = flown(compiled, { devices: [deviceNamed(compiled, 'branch').ix] });
    expect(new Set(stories(at, 'PP-F01/branch'))).toEqual(new Set(['internal; never; broken; device-down at branch']));
  });
});

describe('the branches of a round trip', () => {
  it('are as many as it says, in its possibilities', () => {
    const compiled = compiledFrom(contoso);
    const data = roundTrips(compiled, converge(compiled.network));
    for (const trip of data.roundTrips) {
      const branches = branchesOfTrip(compiled, data.input, trip);
      expect(branches.length, trip.id).toBe(trip.branches);
      expect(branches.some((each) => viaText(each.forward.via) === viaText(trip.forward.via))).toBe(true);
    }
  });
});

describe('pools without free ports', () => {
  it('lose what would be translated to them and leave the rest as it is', () => {
    const compiled = compiledFrom(contoso);
    const data = roundTrips(compiled, converge(compiled.network));
    const front = deviceNamed(compiled, 'fw-er');
    const addresses = prefixSet(front.sourceNat.flatMap((rule) => rule.pool));
    const after = applyExhaustion(compiled, data, [{ device: front.ix, addresses }]);
    const at: Flown = { compiled, trips: after.roundTrips };
    expect(after.roundTrips.map((trip) => trip.id)).toEqual(data.roundTrips.map((trip) => trip.id));
    expect(stories(at, 'PP-F01/hq/production/westeurope')).toEqual(['internal; never; broken; nat-exhausted at fw-er']);
    expect(stories(at, 'PP-F16/hq')[0]).toBe('internet:inet; internet:inet; holds');
    expect(applyExhaustion(compiled, data, [])).toBe(data);
  });
});

describe('IPv6 beside IPv4', () => {
  it('is compared by conversation: what only one family crosses', () => {
    const text = edited(
      contoso,
      ['clients: 10.10.0.0/16 }', 'clients: [10.10.0.0/16, 2001:db8:10::/48] }'],
      ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 2001:db8:10::/48]'],
    );
    const pairs = familyPairs(flownFrom(text).trips);
    const regional = pairs.find((pair) => pair.demand.id === 'PP-F01/hq/production/westeurope');
    expect(regional?.onlyIpv4).toEqual(['expressroute:er-fra']);
    expect(regional?.onlyIpv6).toContain('internet:inet');
    expect(pairs.every((pair) => pair.demand.site.name === 'hq')).toBe(true);
  });
});
