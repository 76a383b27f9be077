/**
 * One network per thing that a device can do to a packet, with what becomes of it written down: the engine and the
 * kernel have to say the same. Then what the kernel does where the two are not compared.
 */
import { address } from '@bothways/net';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Followed,
  type FollowedPacket,
  followPackets,
  type Incomparable,
  observedText,
  probePackets,
  type Question,
  type SeenLeg,
  tripText,
} from '../../src/index.ts';
import { type PlainDevice, plainNetwork } from './plain-network.ts';
import { notRun } from './suite.ts';

interface PacketText {
  readonly devices: Readonly<Record<string, PlainDevice>>;
  readonly links: readonly string[];
  /** 'SOURCE to DESTINATION:PORT from DEVICE', with 'udp' or a flow where it matters. */
  readonly ask: string;
  /** Devices of the request, how it ended; the same of its answer. Texts may differ where ways or pools do. */
  readonly becomes: readonly string[];
}

const client: PlainDevice = {
  hosts: ['10.1.0.0/24', '2001:db8:1::/64'],
  routes: { '0.0.0.0/0': 'edge', '::/0': 'edge' },
};
const service: PlainDevice = {
  half: 'microsoft',
  hosts: ['20.5.0.0/16', '2a01:5::/32'],
  routes: { '0.0.0.0/0': 'edge', '::/0': 'edge' },
};
const outward = {
  '20.0.0.0/8': 'service',
  '2a01::/16': 'service',
  '10.1.0.0/24': 'client',
  '2001:db8:1::/64': 'client',
};
const line = ['client-edge', 'edge-service'];
const https = [{ protocol: 'tcp' as const, first: 443, last: 443 }];

/** Two ways to the service; the answer comes back by the second. */
const triangle = (first: PlainDevice, second: PlainDevice): PacketText['devices'] => ({
  client: { hosts: ['10.1.0.0/24'], routes: { '0.0.0.0/0': 'left' } },
  left: { routes: { '20.0.0.0/8': 'service', '10.0.0.0/8': 'client' }, ...first },
  right: { routes: { '20.0.0.0/8': 'service', '10.0.0.0/8': 'client' }, ...second },
  service: { half: 'microsoft', hosts: ['20.5.0.0/16'], routes: { '10.0.0.0/8': 'right', '203.0.113.0/24': 'right' } },
});
const triangleLinks = ['client-left', 'client-right', 'left-service', 'right-service'];

const steered: PacketText['devices'] = {
  ...triangle({}, {}),
  client: {
    hosts: ['10.1.0.0/24'],
    routes: { '0.0.0.0/0': 'left' },
    steers: [{ flows: ['PP-F02', 'PP-F01'], from: '10.1.0.0/24', to: 'right' }],
  },
};

/** A web server inside, known as 203.0.113.5 outside. */
const published = (gate: PlainDevice): PacketText['devices'] => ({
  client: { hosts: ['10.1.0.0/24'], routes: { '0.0.0.0/0': 'gate' } },
  server: { hosts: ['10.2.0.9/32'], routes: { '10.1.0.0/24': 'client', '0.0.0.0/0': 'gate' } },
  gate: {
    routes: { '10.1.0.0/24': 'client', '10.2.0.0/24': 'server', '20.0.0.0/8': 'service' },
    publishes: [{ from: ['service', 'client'], outside: '203.0.113.5', inside: '10.2.0.9', ports: https }],
    ...gate,
  },
  service: { half: 'microsoft', hosts: ['20.5.0.0/16'], routes: { '0.0.0.0/0': 'gate' } },
});
const publishedLinks = ['client-gate', 'server-gate', 'gate-service', 'client-server'];

const cases: Readonly<Record<string, PacketText>> = {
  'a router forwards': {
    devices: { client, edge: { routes: outward }, service },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge service delivered, service edge client delivered'],
  },
  'a router forwards IPv6 over UDP': {
    devices: { client, edge: { routes: outward }, service },
    links: line,
    ask: '2001:db8:1::7 to 2a01:5::1:443 from client udp',
    becomes: ['client edge service delivered, service edge client delivered'],
  },
  'the longest match wins': {
    devices: { client, edge: { routes: { ...outward, '20.5.6.0/24': 'nowhere' } }, service },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge discarded'],
  },
  'no route': {
    devices: { client, edge: { routes: outward }, service },
    links: line,
    ask: '10.1.0.7 to 30.0.0.1:443 from client',
    becomes: ['client edge no-route'],
  },
  'two routers that point at each other': {
    devices: { client, edge: { routes: { '20.0.0.0/8': 'client' } }, service },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge client loop'],
  },
  'equal ways share': {
    devices: {
      client: { hosts: ['10.1.0.0/24'], routes: { '0.0.0.0/0': 'left right' } },
      left: { routes: { '20.0.0.0/8': 'service', '10.0.0.0/8': 'client' } },
      right: { routes: { '20.0.0.0/8': 'service', '10.0.0.0/8': 'client' } },
      service: { half: 'microsoft', hosts: ['20.5.0.0/16'], routes: { '10.0.0.0/8': 'left' } },
    },
    links: triangleLinks,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: [
      'client left service delivered, service left client delivered',
      'client right service delivered, service left client delivered',
    ],
  },
  'a source filter refuses': {
    devices: { client, edge: { routes: outward }, service: { ...service, accepts: { edge: ['203.0.113.0/24'] } } },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge service refused-at-microsoft-edge'],
  },
  'a source filter takes what is translated': {
    devices: {
      client,
      edge: {
        routes: outward,
        translates: [{ to: 'service', from: '10.0.0.0/8', pool: ['203.0.113.0/30', '203.0.113.8/32'] }],
      },
      service: { ...service, accepts: { edge: ['203.0.113.0/24'] } },
    },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge service delivered, service edge client delivered'],
  },
  'a firewall knows the answer': {
    devices: { client, edge: { routes: outward, firewall: { inside: ['client'] } }, service },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge service delivered, service edge client delivered'],
  },
  'a firewall denies what starts outside': {
    devices: { client, edge: { routes: outward, firewall: { inside: ['client'] } }, service },
    links: line,
    ask: '20.5.6.7 to 10.1.0.7:443 from service',
    becomes: ['service edge denied'],
  },
  'a firewall permits one port': {
    devices: {
      client,
      edge: { routes: outward, firewall: { inside: ['client'], permit: [{ to: '10.1.0.7/32', ports: https }] } },
      service,
    },
    links: line,
    ask: '20.5.6.7 to 10.1.0.7:443 from service',
    becomes: ['service edge client delivered, client edge service delivered'],
  },
  'a firewall permits no other port': {
    devices: {
      client,
      edge: { routes: outward, firewall: { inside: ['client'], permit: [{ to: '10.1.0.7/32', ports: https }] } },
      service,
    },
    links: line,
    ask: '20.5.6.7 to 10.1.0.7:444 from service',
    becomes: ['service edge denied'],
  },
  'the first rule that fits decides': {
    devices: {
      client,
      edge: {
        routes: outward,
        firewall: {
          inside: ['client'],
          rules: [{ action: 'deny', zone: 'inside', ports: https }, { action: 'allow' }],
        },
      },
      service,
    },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge denied'],
  },
  'an answer by another firewall': {
    devices: triangle({ firewall: { inside: ['client'] } }, { firewall: { inside: ['client'] } }),
    links: triangleLinks,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client left service delivered, service right no-state'],
  },
  'an answer by another firewall of the cluster': {
    devices: triangle(
      { firewall: { inside: ['client'], group: 'cluster' } },
      { firewall: { inside: ['client'], group: 'cluster' } },
    ),
    links: triangleLinks,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client left service delivered, service right client delivered'],
  },
  'a translated answer by another firewall of the cluster': {
    devices: triangle(
      {
        firewall: { inside: ['client'], group: 'cluster' },
        translates: [{ to: 'service', from: '10.0.0.0/8', pool: ['203.0.113.4/32'] }],
      },
      { firewall: { inside: ['client'], group: 'cluster' } },
    ),
    links: triangleLinks,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client left service delivered, service right client delivered'],
  },
  'an answer is discarded': {
    devices: triangle({}, { routes: { '10.0.0.0/8': 'nowhere' } }),
    links: triangleLinks,
    ask: '10.1.0.7 to 20.5.6.7:443 from client udp',
    becomes: ['client left service delivered, service right discarded'],
  },
  'a filter without state lets answers pass': {
    devices: { client, edge: { routes: outward, firewall: { stateless: true, inside: ['client'] } }, service },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge service delivered, service edge client delivered'],
  },
  'a rule of a filter without state stops answers': {
    devices: {
      client,
      edge: {
        routes: outward,
        firewall: { stateless: true, inside: ['client'], rules: [{ action: 'deny', zone: 'outside' }] },
      },
      service,
    },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge service delivered, service edge denied'],
  },
  'a published service': {
    devices: published({}),
    links: publishedLinks,
    ask: '20.5.6.7 to 203.0.113.5:443 from service',
    becomes: ['service gate server delivered, server gate service delivered'],
  },
  'a published service on another port': {
    devices: published({}),
    links: publishedLinks,
    ask: '20.5.6.7 to 203.0.113.5:80 from service',
    becomes: ['service gate no-route'],
  },
  'round a corner, answered past the gate': {
    devices: published({}),
    links: publishedLinks,
    ask: '10.1.0.7 to 203.0.113.5:443 from client',
    becomes: ['client gate server delivered, server client delivered'],
  },
  'round a corner with both addresses translated': {
    devices: published({
      hides: [{ from: ['client'], to: '10.2.0.9/32', pool: ['100.64.0.1/32'] }],
    }),
    links: publishedLinks,
    ask: '10.1.0.7 to 203.0.113.5:443 from client',
    becomes: ['client gate server delivered, server gate client delivered'],
  },
  'a flow that a policy route names': {
    devices: steered,
    links: triangleLinks,
    ask: '10.1.0.7 to 20.5.6.7:443 from client PP-F01',
    becomes: ['client right service delivered, service right client delivered'],
  },
  'a flow that no policy route names': {
    devices: steered,
    links: triangleLinks,
    ask: '10.1.0.7 to 20.5.6.7:443 from client PP-F03',
    becomes: ['client left service delivered, service right client delivered'],
  },
  'no transit from a circuit to the internet': {
    devices: {
      client,
      edge: { half: 'microsoft', routes: { '30.0.0.0/8': 'service', '10.1.0.0/24': 'client' } },
      service: { half: 'internet', hosts: ['30.0.0.0/8'] },
    },
    links: ['client-edge circuit', 'edge-service internet'],
    ask: '10.1.0.7 to 30.0.0.1:443 from client',
    becomes: ['client edge not-carried-by-expressroute'],
  },
  'a server behind the firewall itself': {
    devices: {
      client,
      edge: { hosts: ['20.5.0.0/16'], routes: outward, firewall: { inside: ['client'] } },
      service: { half: 'microsoft' },
    },
    links: line,
    ask: '10.1.0.7 to 20.5.6.7:443 from client',
    becomes: ['client edge delivered, edge client delivered'],
  },
  // Seed 401799: the pool gives any of its addresses, also where one of them is the client's own.
  'a client behind a pool, behind a later pool that holds its own address': {
    devices: {
      client: { hosts: ['10.1.0.0/24'], routes: { '0.0.0.0/0': 'hide' } },
      hide: {
        routes: { '20.0.0.0/8': 'edge', '10.1.0.0/24': 'client' },
        translates: [{ to: 'edge', from: '10.1.0.0/24', pool: ['203.0.113.4/32'] }],
      },
      edge: {
        routes: { '20.0.0.0/8': 'service', '203.0.113.0/24': 'hide' },
        translates: [{ to: 'service', from: '203.0.113.0/24', pool: ['10.1.0.0/24'] }],
      },
      service,
    },
    links: ['client-hide', 'hide-edge', 'edge-service'],
    ask: '10.1.0.1 to 20.5.6.7:443 from client',
    becomes: ['client hide edge service delivered, service edge hide client delivered'],
  },
};

interface Witness extends PacketText {
  /** What the engine says instead. */
  readonly predicted: string;
}

const witnesses: Readonly<Partial<Record<Incomparable, Readonly<Record<string, Witness>>>>> = {
  'udp-without-state': {
    'an answer from inside opens a session': {
      devices: triangle({ firewall: { inside: ['client'] } }, { firewall: { inside: ['service'] } }),
      links: triangleLinks,
      ask: '10.1.0.7 to 20.5.6.7:443 from client udp',
      predicted: 'client left service delivered, service right no-state',
      becomes: ['client left service delivered, service right client delivered'],
    },
    'an answer from outside is denied like a request': {
      devices: triangle({ firewall: { inside: ['client'] } }, { firewall: { inside: ['client'] } }),
      links: triangleLinks,
      ask: '10.1.0.7 to 20.5.6.7:443 from client udp',
      predicted: 'client left service delivered, service right no-state',
      becomes: ['client left service delivered, service right denied'],
    },
  },
  'state-met-twice': {
    'two sessions of one device are undone in the reverse order': {
      devices: {
        client: { hosts: ['10.1.0.0/24'], routes: { '0.0.0.0/0': 'edge' } },
        edge: {
          routes: { '20.0.0.0/8': 'service', '10.1.0.0/24': 'client', '203.0.113.0/24': 'bend' },
          translates: [{ to: 'bend', from: '10.1.0.0/24', pool: ['203.0.113.4/32'] }],
          steers: [{ flows: ['PP-F01'], from: '0.0.0.0/0', to: 'bend' }],
        },
        bend: { routes: { '0.0.0.0/0': 'edge' } },
        service: { half: 'microsoft', hosts: ['20.5.0.0/16'], routes: { '0.0.0.0/0': 'edge' } },
      },
      links: ['client-edge', 'edge-bend', 'edge-service'],
      ask: '10.1.0.7 to 20.5.6.7:443 from client PP-F01',
      predicted: 'client edge bend edge service delivered, service edge client delivered',
      becomes: ['client edge bend edge service delivered, service edge bend edge client delivered'],
    },
  },
};
const witnessed = Object.entries(witnesses).flatMap(([reason, named]) =>
  Object.entries(named).map(([name, text]) => ({ reason, name, text })),
);

function question({ devices, ask }: PacketText): Question {
  const found = /^(\S+) to (\S+):(\d+) from (\S+)(?: (udp))?(?: (PP-\S+))?$/.exec(ask);
  const [, source = '', destination = '', port = '', device = '', udp, flow] = found ?? [];
  return {
    start: Object.keys(devices).indexOf(device),
    source: address(source),
    destination: address(destination),
    transport: { protocol: udp === undefined ? 'tcp' : 'udp', sourcePort: 50_000, destinationPort: Number(port) },
    flow,
  };
}

const host = await probePackets();

describe.skipIf(!host.ok)(`what a device does to a packet${host.ok ? '' : notRun(host)}`, () => {
  const results = new Map<string, Followed>();
  beforeAll(async () => {
    const all = Object.values(cases);
    const followed = await followPackets(
      all.map((each) => ({ network: plainNetwork(each.devices, each.links), questions: [question(each)] })),
    );
    for (const [at, name] of Object.keys(cases).entries()) {
      const result = followed[at];
      if (result !== undefined) results.set(name, result);
    }
  }, 120_000);

  it.each(Object.entries(cases))('%s', (name, { devices, becomes }) => {
    const [packet] = results.get(name)?.packets ?? [];
    if (packet === undefined) throw new Error('not run');
    const wanted = packet.predicted.map((each) => tripText(each)).join(' or ');
    expect(packet.agrees, `${observedText(packet.observed)} instead of ${wanted}`).toBe(true);
    expect(becomes).toContain(wordsOf(Object.keys(devices), packet));
  });

  it('is counted by the device that drops, with the reason', () => {
    const drops = [...results].map(([name, followed]) => [name, followed.drops] as const);
    expect(Object.fromEntries(drops)).toMatchObject({
      'a firewall knows the answer': [],
      'an answer by another firewall': [{ device: 2, reason: 'no-state', packets: 1 }],
      'a source filter refuses': [{ device: 2, reason: 'refused', packets: 1 }],
      'no transit from a circuit to the internet': [{ device: 1, reason: 'not-carried', packets: 1 }],
    });
  });
});

describe.skipIf(!host.ok)(`where the kernel does something else${host.ok ? '' : notRun(host)}`, () => {
  const results: FollowedPacket[] = [];
  beforeAll(async () => {
    const followed = await followPackets(
      witnessed.map(({ text }) => ({ network: plainNetwork(text.devices, text.links), questions: [question(text)] })),
    );
    results.push(...followed.flatMap(({ packets }) => packets));
  }, 60_000);

  it.each(witnessed.map((each, at) => [each.name, { ...each, at }] as const))('%s', (_, { reason, text, at }) => {
    const packet = results[at];
    if (packet === undefined) throw new Error('not run');
    const names = Object.keys(text.devices);
    expect(packet.incomparable).toBe(reason);
    expect(text.becomes).toContain(wordsOf(names, packet));
    const [trip] = packet.predicted;
    expect(legsText(names, [trip?.request, trip?.answers[0]])).toBe(text.predicted);
    expect(packet.agrees).toBe(false);
  });
});

function wordsOf(names: readonly string[], { observed }: FollowedPacket): string {
  return legsText(names, [observed.request, observed.answer]);
}

/** 'client edge service delivered, service edge client delivered'. */
function legsText(names: readonly string[], legs: readonly (SeenLeg | undefined)[]): string {
  return legs
    .flatMap((leg) => leg ?? [])
    .map(({ visits, disposition }) => `${visits.map(({ device }) => names[device]).join(' ')} ${disposition}`)
    .join(', ');
}
