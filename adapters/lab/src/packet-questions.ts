/** Which packets are asked about: of a round trip its ends and ports, of a table its prefixes, where mistakes live. */
import type { AddressSpace, RoundTrip } from '@bothways/forwarding';
import { type Address, addressOf, type Family, type PrefixSet, type Random, setIntervals } from '@bothways/net';
import type { CompiledNetwork } from '@bothways/network';
import type { FibEntry } from '@bothways/routing';
import type { KernelPlan } from './kernel-plan.ts';
import { isMartian, type Question } from './packet-prediction.ts';

export interface EntryQuestion {
  readonly plan: KernelPlan;
  readonly device: number;
  readonly addresses: readonly Address[];
  readonly expected: readonly (FibEntry | undefined)[];
}

/** Dynamic ports (RFC 6335 section 6): a new one for each packet, so that no session is that of an earlier one. */
const FIRST_CLIENT_PORT = 49_152;
const CLIENT_PORTS = 65_536 - FIRST_CLIENT_PORT;

/** One packet of a round trip, the `number`th of its network; both connections where a proxy is between. */
export function questionsOf(
  random: Random,
  { steering }: CompiledNetwork,
  { demand, family, sources, covers, ports, forward }: RoundTrip,
  number: number,
): readonly Question[] {
  const asked = ports.length === 0 ? { protocol: 'tcp' as const, first: 1, last: 65_535 } : random.pick(ports);
  const question: Question = {
    start: demand.source.device,
    source: addressIn(random, sources, family),
    destination: addressIn(random, covers, family),
    transport: {
      protocol: asked.protocol,
      sourcePort: FIRST_CLIENT_PORT + (number % CLIENT_PORTS),
      destinationPort: random.pick([asked.first, asked.last, asked.first + random.below(asked.last - asked.first + 1)]),
    },
    flow: demand.flow.id,
  };
  const relayed = forward.path.hops.flatMap(({ steps }) => steps).find((step) => step.kind === 'relayed');
  const proxy = steering?.proxies.find(({ name }) => name === relayed?.proxy);
  if (proxy === undefined || proxy.address.family !== family) return [question];
  const { transport } = question;
  const toProxy = { ...transport, protocol: 'tcp' as const, destinationPort: proxy.port };
  return [
    { ...question, destination: proxy.address, transport: toProxy, flow: undefined },
    { ...question, start: proxy.device, source: proxy.address },
  ];
}

/** The ends of intervals, where mistakes live, as often as any other address. */
function addressIn(random: Random, set: PrefixSet, family: Family): Address {
  const { first, last } = random.pick(setIntervals(set, family));
  const bits = [first, last, first + random.bigBelow(last - first + 1n), first + random.bigBelow(last - first + 1n)];
  return addressOf(family, random.pick(bits));
}

/** Addresses inside and beside what a few devices have in their tables. */
export function entryQuestions(
  random: Random,
  { network }: CompiledNetwork,
  plan: KernelPlan,
  space: AddressSpace,
): readonly EntryQuestion[] {
  const devices = random.shuffle(network.devices.map(({ ix }) => ix)).slice(0, 2);
  return devices.map((device) => {
    const routes = plan.devices[device]?.routes ?? [];
    const addresses = Array.from({ length: routes.length === 0 ? 0 : 4 }, () => {
      const { prefix } = random.pick(routes);
      const size = 1n << BigInt((prefix.family === 4 ? 32 : 128) - prefix.length);
      const bits = random.pick([
        prefix.bits,
        prefix.bits + size - 1n,
        prefix.bits + size,
        prefix.bits + random.bigBelow(size),
      ]);
      return addressOf(prefix.family, bits % (1n << (prefix.family === 4 ? 32n : 128n)));
    }).filter((each) => !isMartian(each));
    const expected = addresses.map((each) => space.entry(device, each.family, space.atomOf(each)));
    return { plan, device, addresses, expected };
  });
}
