import { AddressSpace, stateOf } from '@bothways/forwarding';
import { address } from '@bothways/net';
import type { Network } from '@bothways/network';
import { converge } from '@bothways/routing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlainDevice, plainNetwork } from '../test/oracle/plain-network.ts';
import { isPredicted, observedTrip } from './compare-trace.ts';
import { answerTo, type Datagram, decode, encode, summed } from './frames.ts';
import { flowCode, type KernelPlan, planKernel } from './kernel-plan.ts';
import { kernelScript } from './kernel-script.ts';
import { planLab } from './lab-design.ts';
import { type Incomparable, predict, type Question } from './packet-prediction.ts';
import { randomDataPlane } from './random-data-plane.ts';
import { renderNftables } from './render-nftables.ts';
import { readReports } from './trace.ts';

const client: PlainDevice = { hosts: ['10.1.0.0/24'], routes: { '0.0.0.0/0': 'edge' } };
const service: PlainDevice = { half: 'microsoft', hosts: ['20.5.0.0/16'], routes: { '0.0.0.0/0': 'edge' } };
const routes = { '20.0.0.0/8': 'service', '10.1.0.0/24': 'client' };

function line(edge: PlainDevice): Network {
  return plainNetwork({ client, edge: { routes, ...edge }, service }, ['client-edge', 'edge-service']);
}

function planned(network: Network): KernelPlan {
  const plan = planKernel(network, converge(network));
  if ('cannot' in plan) throw new Error(plan.cannot.join('; '));
  return plan;
}

/** The rules of the box that holds the edge. */
function rulesOf(network: Network): string {
  const plan = planned(network);
  const box = plan.boxes.find(({ devices }) => devices.some(({ device }) => device.name === 'edge'));
  if (box === undefined) throw new Error('no box');
  return renderNftables(network, box);
}

const datagrams = fc.record({
  family: fc.constantFrom(4 as const, 6 as const),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  source: fc.bigInt(0n, 2n ** 32n - 1n),
  destination: fc.bigInt(0n, 2n ** 32n - 1n),
  sourcePort: fc.integer({ min: 0, max: 65_535 }),
  destinationPort: fc.integer({ min: 0, max: 65_535 }),
  dscp: fc.integer({ min: 0, max: 63 }),
  life: fc.integer({ min: 1, max: 255 }),
  trip: fc.integer({ min: 0, max: 0xffff_fff0 }),
  direction: fc.constantFrom('request' as const, 'answer' as const),
});

/** RFC 1071: the sum over what a checksum covers, the checksum included, is all ones. */
function sumsToOnes(bytes: Uint8Array, { family, protocol }: Datagram): boolean {
  const header = family === 4 ? 20 : 40;
  const view = new DataView(bytes.buffer);
  let sum = bytes.length - header + (protocol === 'udp' ? 17 : 6);
  for (let at = family === 4 ? 12 : 8; at < bytes.length; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

describe('frames', () => {
  it('are read as they were built, with a checksum that holds (seed 7)', () => {
    fc.assert(
      fc.property(datagrams, (datagram) => {
        const bytes = encode(datagram);
        expect(decode(bytes)).toEqual(datagram);
        expect(sumsToOnes(bytes, datagram)).toBe(true);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('get the checksum that a kernel left to a network card (seed 8)', () => {
    fc.assert(
      fc.property(datagrams, fc.nat(0xffff), (datagram, wrong) => {
        const bytes = encode(datagram);
        const before = Uint8Array.from(bytes);
        const at = (datagram.family === 4 ? 20 : 40) + (datagram.protocol === 'udp' ? 6 : 16);
        new DataView(bytes.buffer).setUint16(at, wrong);
        summed(bytes);
        expect(bytes).toEqual(before);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('that are cut short or of other protocols stay as they are', () => {
    const bytes = encode({ ...anyDatagram, protocol: 'tcp' });
    const short = bytes.slice(0, 30);
    summed(short);
    expect(short).toEqual(bytes.slice(0, 30));
    const other = Uint8Array.from(bytes);
    other[9] = 1;
    const before = Uint8Array.from(other);
    summed(other);
    expect(other).toEqual(before);
  });

  it('are answered from the address and port that were asked', () => {
    const request: Datagram = {
      family: 4,
      protocol: 'tcp',
      source: 1n,
      destination: 2n,
      sourcePort: 3,
      destinationPort: 4,
      dscp: 5,
      life: 6,
      trip: 7,
      direction: 'request',
    };
    const { source, destination, sourcePort, destinationPort, dscp, life, direction } = answerTo(request, 64);
    expect([source, destination, sourcePort, destinationPort, dscp, life, direction]).toEqual([
      2n,
      1n,
      4,
      3,
      0,
      64,
      'answer',
    ]);
  });

  it('of others are not read', () => {
    const bytes = encode({ ...anyDatagram, protocol: 'udp' });
    bytes[28] = 0;
    expect(decode(bytes)).toBeUndefined();
    expect(decode(new Uint8Array(8))).toBeUndefined();
  });
});

const anyDatagram: Datagram = {
  family: 4,
  protocol: 'udp',
  source: address('10.1.0.7').bits,
  destination: address('20.5.6.7').bits,
  sourcePort: 50_000,
  destinationPort: 443,
  dscp: 1,
  life: 14,
  trip: 1,
  direction: 'request',
};

describe('the plan of a data plane', () => {
  it('is the same every time', () => {
    for (const seed of [1, 2, 3]) {
      const [first, second] = [randomDataPlane(seed), randomDataPlane(seed)].map(({ network }) =>
        kernelScript([planned(network)]),
      );
      expect(first).toEqual(second);
    }
  });

  it('puts firewalls that share a connection table into one box, each with its own table', () => {
    const wall: PlainDevice = { firewall: { inside: ['client'], group: 'cluster' } };
    const network = plainNetwork({ client, edge: { routes, ...wall }, other: { routes, ...wall }, service }, [
      'client-edge',
      'client-other',
      'edge-service',
      'other-service',
    ]);
    const { boxes } = planned(network);
    expect(boxes.map(({ devices }) => devices.map(({ device, slot }) => `${device.name} ${slot}`))).toEqual([
      ['client 1'],
      ['edge 1', 'other 2'],
      ['service 1'],
    ]);
    const [shell] = kernelScript([planned(network)]).boxes.flatMap(({ name, shell: text }) =>
      name === 'k1' ? [text] : [],
    );
    expect(shell).toContain('rule add fwmark 0x2/0xff lookup 1512 pref 2002\n');
    expect(shell).toContain('route add 20.0.0.0/8 via inet6 fe80::4:2 dev e3a table 1512\n');
    expect(shell).toContain('rule add fwmark 0x2/0xff unreachable pref 3002\n');
  });

  it('is not to be had with daemons where firewalls share their connection table', () => {
    const wall: PlainDevice = { firewall: { inside: ['client'], group: 'cluster' } };
    const network = plainNetwork({ client, edge: { routes, ...wall }, other: { routes, ...wall }, service }, [
      'client-edge',
      'client-other',
      'edge-service',
      'other-service',
    ]);
    expect(planLab({ ...randomDataPlane(1), network })).toEqual({
      cannot: [
        expect.stringMatching(/^edge and other share their connection table, and on Linux a table belongs to one/),
      ],
    });
  });

  it('leaves out what is down', () => {
    const network = line({});
    const plan = planKernel(network, converge(network, { failed: { links: [1] } }), { isUp: (link) => link !== 1 });
    if ('cannot' in plan) throw new Error('cannot');
    const shell = kernelScript([plan]).boxes[1]?.shell ?? '';
    expect(shell).toContain('link set dev e0b up\n');
    expect(shell).not.toContain('e1a');
  });

  it('refuses a prefix that could be read as something else', () => {
    const network = line({});
    expect(planKernel(network, converge(network), { prefix: 'x; reboot' })).toEqual({
      cannot: ["'x; reboot' cannot start namespace names"],
    });
  });
});

describe('the rules', () => {
  it('of a plain router hold nothing that keeps state', () => {
    const text = rulesOf(line({}));
    expect(text).not.toMatch(/\bct\b|nat/);
    expect(text).toContain('iifname "e0b" meta mark set 0x10001 dup to 169.254.1.0 device "h1"');
    expect(text).toContain('fib daddr . mark oif missing goto drop_1_no_route');
  });

  it('of a source filter name the prefixes', () => {
    const text = rulesOf(line({ accepts: { service: ['20.5.0.0/16', '20.9.0.0/16'] } }));
    expect(text).toContain('elements = { 20.5.0.0/16, 20.9.0.0/16 }');
    expect(text).toContain('iifname "e1a" ip saddr != @s0 goto drop_1_refused');
    // In the other family nothing is permitted.
    expect(text).toContain('iifname "e1a" goto drop_1_refused');
  });

  it('of a firewall stand in its order', () => {
    const text = rulesOf(
      line({
        firewall: {
          inside: ['client'],
          rules: [{ action: 'deny', zone: 'inside', ports: [{ protocol: 'udp', first: 1, last: 9 }] }],
          permit: [{ to: '10.1.0.7/32', ports: [{ protocol: 'tcp', first: 443, last: 443 }] }],
        },
      }),
    );
    const chain = /chain wall_1 \{([^}]*(?:\{[^}]*\}[^}]*)*)\n {2}\}/.exec(text)?.[1] ?? '';
    expect(chain.trim().split(/\n\s*/)).toEqual([
      'iifname "h1" return',
      'ct state established,related return',
      'ct state invalid goto drop_1_no_state',
      'iifname { "e0b" } udp dport 1-9 goto drop_1_denied',
      'iifname { "e0b" } return',
      'ip daddr @s0 tcp dport 443 return',
      'goto drop_1_denied',
    ]);
  });

  it('of translation follow the link that is left by, and spread several ranges', () => {
    const text = rulesOf(
      line({ translates: [{ to: 'service', from: '10.1.0.0/25', pool: ['203.0.113.0/31', '203.0.113.8/32'] }] }),
    );
    expect(text).toContain(
      'oifname "e1a" ip saddr @s0 numgen inc mod 2 vmap { 0 : goto pool_1_0_0, 1 : goto pool_1_0_1 }',
    );
    expect(text).toContain('snat to 203.0.113.0-203.0.113.1');
    expect(text).toContain('snat to 203.0.113.8');
  });

  it('of policy routes know a flow by its number', () => {
    const network = line({ steers: [{ flows: ['PP-F09', 'PP-F02'], from: '10.0.0.0/8', to: 'service' }] });
    expect(['PP-F02', 'PP-F09', 'PP-F01'].map((flow) => flowCode(network, flow))).toEqual([2, 3, 1]);
    expect(rulesOf(network)).toContain(
      'ip dscp { 3, 2 } iifname != "e1a" ip saddr @s0 meta mark set meta mark & 0xffff00ff | 0x100 return',
    );
  });
});

describe('reports', () => {
  const network = line({});
  const plan = planned(network);
  const report = (device: number, neighbour: number, packet: Datagram): Buffer => {
    const bytes = encode(packet);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(plan.firstVni + device, 0);
    head.writeUInt16BE(neighbour, 4);
    head.writeUInt16BE(bytes.length, 6);
    return Buffer.concat([head, bytes]);
  };
  const question: Question = {
    start: 0,
    source: address('10.1.0.7'),
    destination: address('20.5.6.7'),
    transport: { protocol: 'udp', sourcePort: 50_000, destinationPort: 443 },
    flow: undefined,
  };
  const plane = converge(network);
  const space = new AddressSpace(plane, network);
  const { trips } = predict({ network, space, state: stateOf(plane) }, question);
  const there = [
    report(1, 256, { ...anyDatagram, life: 12 }),
    report(2, 256, { ...anyDatagram, life: 11 }),
    report(2, 1, { ...anyDatagram, life: 11 }),
  ];
  const answer = answerTo(anyDatagram, 14);
  const back = [
    report(1, 257, { ...answer, life: 12 }),
    report(0, 256, { ...answer, life: 11 }),
    report(0, 1, { ...answer, life: 11 }),
  ];
  const judged = (reports: readonly Buffer[]): readonly [boolean, boolean] => {
    const trace = readReports(plan, Buffer.concat(reports).toString('base64'), 14);
    return [trace.isWhole, isPredicted(space, trips, observedTrip(trace, 0, anyDatagram))];
  };

  it('tell the way there and back, in whatever order they come', () => {
    expect(judged([...there, ...back])).toEqual([true, true]);
    expect(judged([...there.toReversed(), ...back.toReversed()])).toEqual([true, true]);
  });

  it('that are missing are noticed', () => {
    for (const [at] of [...there, ...back].entries()) {
      expect(judged([...there, ...back].filter((_, ix) => ix !== at))).toEqual([false, false]);
    }
  });

  it('of another link, address or end are a difference', () => {
    const wrong = [
      report(1, 257, { ...anyDatagram, life: 12 }),
      report(1, 256, { ...anyDatagram, life: 12, source: 9n }),
      report(0, 256, { ...anyDatagram, life: 12 }),
    ];
    for (const first of wrong) expect(judged([first, ...there.slice(1), ...back])).toEqual([true, false]);
    expect(judged([...there.slice(0, 1), report(1, 5, { ...anyDatagram, life: 12 })])).toEqual([true, false]);
  });
});

describe('what cannot be compared', () => {
  const asked = (network: Network, destination: string, protocol: 'tcp' | 'udp'): Incomparable | undefined => {
    const plane = converge(network);
    const input = { network, space: new AddressSpace(plane, network), state: stateOf(plane) };
    const transport = { protocol, sourcePort: 50_000, destinationPort: 443 };
    const question = {
      start: 0,
      source: address('10.1.0.7'),
      destination: address(destination),
      transport,
      flow: undefined,
    };
    return predict(input, question).incomparable;
  };

  it('is said', () => {
    expect(asked(line({}), '20.5.6.7', 'udp')).toBeUndefined();
    expect(asked(line({}), '127.0.0.1', 'tcp')).toBe('martian');
    const own = line({ translates: [{ to: 'service', from: '10.0.0.0/8', pool: ['10.1.0.0/24'] }] });
    expect(asked(own, '20.5.6.7', 'tcp')).toBe('own-address-in-pool');
    const filter = line({ firewall: { stateless: true, inside: ['client'] } });
    expect(asked(filter, '20.5.6.7', 'udp')).toBe('udp-without-state');
    expect(asked(filter, '20.5.6.7', 'tcp')).toBeUndefined();
  });
});
