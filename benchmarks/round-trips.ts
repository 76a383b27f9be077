/**
 * How many concrete round trips a second one core follows: request and answer through two stateful firewalls, source
 * translation, the source filter of Microsoft's edge and eight routers, every hop with its steps and table entry. Run
 * with `npx node benchmarks/round-trips.ts`.
 */
import { AddressSpace, answerTo, type Packet, stateOf, walkAnswer, walkRequest } from '@bothways/forwarding';
import { type Address, addressOf, asn, type Prefix, prefix } from '@bothways/net';
import type { Device, Link, Network } from '@bothways/network';
import { converge } from '@bothways/routing';

/** Round trips a second that the project promises (issue: data plane). */
const GOAL = 200_000;
const ROUND_TRIPS = 200_000;

const clients = prefix('10.1.0.0/16');
const pool = prefix('203.0.113.0/28');
const region = prefix('20.0.0.0/8');

const roles = [
  ['site', 'site-router', 'customer'],
  ['inner firewall', 'firewall', 'customer'],
  ['datacentre', 'site-router', 'customer'],
  ['outer firewall', 'firewall', 'customer'],
  ['customer edge', 'customer-edge', 'customer'],
  ['msee', 'msee', 'microsoft'],
  ['backbone', 'microsoft-backbone', 'microsoft'],
  ['region', 'azure-region', 'microsoft'],
] as const;

/** A chain of devices with static routes to either end, and a few thousand other prefixes beside them. */
function chain(): Network {
  const last = roles.length - 1;
  const links = roles.slice(1).map(
    ([name], ix): Link => ({
      ix,
      name,
      kind: ix === 4 ? 'circuit' : 'lan',
      a: ix,
      b: ix + 1,
      cost: 1,
      bandwidth: undefined,
      latency: undefined,
      origins: [],
    }),
  );
  const others = Array.from({ length: 3000 }, (_, n) => prefix(`30.${n >> 8}.${n & 255}.0/24`));
  const devices = roles.map(([name, role, half], ix): Device => {
    const route = (to: Prefix, step: 1 | -1) => ({
      prefix: to,
      next: { kind: 'forward' as const, link: step === 1 ? ix : ix - 1, device: ix + step },
      distance: 1,
      origins: [],
    });
    const isOuter = name === 'outer firewall';
    return {
      ix,
      name,
      role,
      half,
      asn: asn(64_512 + ix),
      routerId: ix + 1,
      connected: [
        ...(ix === 0 ? [{ name: 'clients', prefixes: [clients], origins: [] }] : []),
        ...(ix === last ? [{ name: 'region', prefixes: [region], origins: [] }] : []),
      ],
      statics: [
        ...(ix < last ? [region, ...others].map((each) => route(each, 1)) : []),
        ...(ix > 0 ? [clients, ...(ix > 3 ? [pool] : [])].map((each) => route(each, -1)) : []),
      ],
      originations: [],
      sourceFilters: role === 'msee' ? [{ link: ix - 1, permit: [pool], origins: [] }] : [],
      firewall:
        role === 'firewall'
          ? { stateful: true, inside: [ix - 1], permitInbound: [], stateGroup: name, origins: [] }
          : undefined,
      sourceNat: isOuter ? [{ link: ix, sources: [clients], pool: [pool], origins: [] }] : [],
      decision: { maximumPaths: 1 },
      origins: [],
    };
  });
  return { devices, links, sessions: [], policies: [] };
}

const network = chain();
const plane = converge(network);
const input = { network, space: new AddressSpace(plane, network), state: stateOf(plane) };
const last = roles.length - 1;

function packetOf(n: number): Packet {
  const source: Address = addressOf(4, clients.bits + BigInt(n % 60_000) + 1n);
  const destination: Address = addressOf(4, region.bits + BigInt((n * 7919) % 16_000_000));
  return {
    source,
    destination,
    transport: { protocol: 'tcp', sourcePort: 49_152 + (n % 16_000), destinationPort: 443 },
  };
}

/** Delivered answers of so many round trips. */
function follow(packets: readonly Packet[]): number {
  let delivered = 0;
  for (const packet of packets) {
    for (const path of walkRequest(input, 0, packet, { flow: 'PP-F01' })) {
      if (path.disposition !== 'delivered') continue;
      for (const back of walkAnswer(input, last, answerTo(path.last), path.sessions)) {
        if (back.disposition === 'delivered') delivered += 1;
      }
    }
  }
  return delivered;
}

const packets = Array.from({ length: ROUND_TRIPS }, (_, n) => packetOf(n));
const rates = Array.from({ length: 5 }, () => {
  // Time of this core, so that neighbours on a shared machine do not count.
  const start = process.cpuUsage();
  const delivered = follow(packets);
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  if (delivered !== ROUND_TRIPS) throw new Error(`${delivered} of ${ROUND_TRIPS} round trips came back`);
  return ROUND_TRIPS / seconds;
});
const median = rates.toSorted((a, b) => a - b)[2] ?? 0;
console.log(
  `round trips through two firewalls and NAT: ${Math.round(median)} a second on one core (goal ${GOAL}), 16 hops each`,
);
