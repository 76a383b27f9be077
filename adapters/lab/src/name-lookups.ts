/**
 * Names in a lab: each place asks its resolver for each name of the customer and each private endpoint, over real UDP,
 * and gets what the resolver's view holds. The views are made of the names as they are described: inside addresses on
 * resolvers of sites and virtual networks where the name is split, private endpoints in the network they are in, public
 * addresses everywhere else. What comes back is compared with what the engine says that the place gets.
 *
 * Left out: what a resolver asks others, resolvers that no packet leaves for (Azure's own, one on the client's device),
 * names of Microsoft's, for which the addresses are the answer.
 */
import type { WalkInput } from '@bothways/forwarding';
import { type Address, type Family, formatAddress, nthAddress } from '@bothways/net';
import type { CompiledNetwork, Device, DeviceIx, Steering } from '@bothways/network';
import { predict } from './packet-prediction.ts';
import type { Ends } from './real-ends.ts';
import type { LookUp, LookUpResult, NameServer } from './requests.ts';

export interface NameLookUp {
  /** Who asks. */
  readonly place: string;
  readonly name: string;
  readonly server: string;
  readonly result: LookUpResult;
  /** Undefined: the question or its answer was to be lost. */
  readonly expected: readonly string[] | undefined;
  readonly agrees: boolean;
}

/** Milliseconds: a question, and two more a second apart. */
const PATIENCE = 2500;
const FIRST_PORT = 10_000;
const DNS_PORT = 53;

interface Planned {
  readonly place: string;
  readonly device: DeviceIx;
  readonly lookUp: LookUp;
  readonly resolver: DeviceIx;
  readonly view: NameServer;
  readonly expected: readonly string[] | undefined;
}

/** Every look-up that the engine has an answer for. */
export async function lookUpNames(
  ends: Ends,
  compiled: CompiledNetwork,
  input: WalkInput,
): Promise<readonly NameLookUp[]> {
  const planned = planLookUps(compiled, input);
  if (planned.length === 0) return [];
  const places = new Map<string, DeviceIx>();
  const fitting = planned.filter(({ lookUp, device, resolver }) => {
    const fits =
      (places.get(lookUp.source) ?? device) === device && (places.get(lookUp.server) ?? resolver) === resolver;
    if (fits) places.set(lookUp.source, device).set(lookUp.server, resolver);
    return fits;
  });
  const codes = fitting.map(({ lookUp }) => [lookUp.source, 'udp', lookUp.sourcePort, 1] as const);
  const views = new Map(fitting.map(({ view }) => [view.address, view]));
  const results = await ends.during(places, codes, (sandbox) =>
    sandbox.lookUp(
      fitting.map(({ lookUp }) => lookUp),
      [...views.values()],
    ),
  );
  return fitting.map(({ place, lookUp, expected }, at): NameLookUp => {
    const result = results[at] ?? { end: 'timed-out', addresses: [] };
    const agrees =
      expected === undefined
        ? result.end === 'timed-out'
        : result.end === (expected.length === 0 ? 'no-such-name' : 'answered') &&
          [...result.addresses].sort().join() === [...expected].sort().join();
    return { place, name: lookUp.name, server: lookUp.server, result, expected, agrees };
  });
}

function planLookUps(compiled: CompiledNetwork, input: WalkInput): readonly Planned[] {
  const { steering, siteRouters, network } = compiled;
  if (steering === undefined) return [];
  const names = [
    ...new Set([...steering.names.map(({ name }) => name), ...steering.privateNames.map(({ service }) => service)]),
  ];
  const planned: Planned[] = [];
  for (const [place, device] of siteRouters) {
    const resolver = steering.resolverDevice(place);
    if (resolver.kind === 'azure' || resolver.device === device) continue;
    for (const server of resolver.addresses) {
      const source = hostAt(network.devices[device], server);
      if (source === undefined) continue;
      const view = viewOf(steering, resolver, formatAddress(server));
      for (const name of names) {
        const answer = steering.addressFor(place, name);
        if (answer === undefined) continue;
        const addresses = answer.kind === 'addresses' ? answer.addresses : [];
        const family: Family = addresses[0]?.family ?? 4;
        const sourcePort = FIRST_PORT + planned.length;
        const transport = { protocol: 'udp', sourcePort, destinationPort: DNS_PORT } as const;
        const { trips, incomparable } = predict(input, {
          start: device,
          source,
          destination: server,
          transport,
          flow: undefined,
        });
        if (incomparable !== undefined) continue;
        const answered = trips.map(
          ({ request, answers }) =>
            request.disposition === 'delivered' && answers.every(({ disposition }) => disposition === 'delivered'),
        );
        const holds = answered.every((each) => each);
        if (!holds && answered.some((each) => each)) continue;
        planned.push({
          place,
          device,
          lookUp: {
            source: formatAddress(source),
            sourcePort,
            server: formatAddress(server),
            name: name.toLowerCase(),
            family,
            milliseconds: PATIENCE,
          },
          resolver: resolver.device,
          view,
          expected: holds
            ? addresses.filter((each) => each.family === family).map((each) => formatAddress(each))
            : undefined,
        });
      }
    }
  }
  return planned;
}

/** A host behind the device that is not the server itself. */
function hostAt(device: Device | undefined, server: Address): Address | undefined {
  const [first] = (device?.connected ?? []).flatMap(({ prefixes }) =>
    prefixes.filter(({ family }) => family === server.family),
  );
  if (first === undefined) return undefined;
  const size = (first.family === 4 ? 32 : 128) - first.length;
  return nthAddress(first, size < 2 ? 0n : 2n);
}

/** What the name server of a resolver holds, from the names as they are described. */
function viewOf(
  { names, privateNames }: Steering,
  { kind, name: where }: ReturnType<Steering['resolverDevice']>,
  address: string,
): NameServer {
  const zone: Record<string, readonly string[]> = {};
  for (const { name, split, inside, outside } of names) {
    const held = split && kind !== 'public' ? [inside] : outside;
    if (held.length > 0) zone[name.toLowerCase()] = held.map((each) => formatAddress(each));
  }
  for (const { vnet, service, address: own } of privateNames) {
    if (kind === 'vnet' && where === vnet) zone[service.toLowerCase()] = [formatAddress(own)];
  }
  return { address, zone };
}
