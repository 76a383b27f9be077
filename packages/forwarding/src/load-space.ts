/**
 * What can carry load, numbered: each link in each direction, and beside it what links have in common: the port that
 * both peerings of a circuit share, the circuit as a whole, the LAN in front of a site. A packet that leaves on a link
 * counts on every one of them.
 *
 * A tunnel loads the lines it runs over as well, without the bytes its own headers add. Where a line has no end that is
 * clearly the customer's, the direction on it is not known and the load counts in both.
 */
import type { CompiledNetwork, Device, DeviceIx, Link, LinkIx } from '@bothways/network';
import { choosesUnseen, deviceAt, linkAt } from './walk.ts';

/** Position of something that carries load, in one direction. */
export type LoadKey = number;

/** 0: from `link.a` to `link.b`, towards Microsoft, away from the clients. 1: the other way. */
export type Direction = 0 | 1;

/** Something with two directions and one bandwidth in each. */
export interface Carrier {
  readonly kind: 'link' | 'port' | 'circuit' | 'lan';
  /** Of the link, the port ('er-fra-primary'), the circuit, the site. */
  readonly name: string;
  /** Key of direction 0; direction 1 is the next one. */
  readonly key: LoadKey;
  /** Bit/s in each direction, undefined where nobody said. */
  readonly bandwidth: number | undefined;
  /** Fraction of it in use before the demands of the estate. */
  readonly utilisation: number;
  readonly link: LinkIx | undefined;
  /** Of a port: the circuit it belongs to. */
  readonly circuit: string | undefined;
}

export interface LoadSpace {
  readonly carriers: readonly Carrier[];
  /** Number of keys: two for each carrier. */
  readonly size: number;
  /** What a packet loads that leaves `device` on `link`, the link itself first. */
  keysOf(link: LinkIx, device: DeviceIx): readonly LoadKey[];
  /** Of equal ways the device takes one, and nobody outside knows which. */
  choosesUnseen(device: DeviceIx): boolean;
  /** The LAN of a place; undefined where the place is no site. */
  lanOf(place: string): LoadKey | undefined;
}

export function loadSpace(compiled: CompiledNetwork): LoadSpace {
  const { network, estate, risks } = compiled;
  const carriers: Carrier[] = [];
  const add = (carrier: Omit<Carrier, 'key'>): LoadKey => {
    const key = carriers.length * 2;
    carriers.push({ ...carrier, key });
    return key;
  };
  for (const { ix, name, bandwidth, utilisation } of network.links) {
    add({ kind: 'link', name, bandwidth, utilisation: utilisation ?? 0, link: ix, circuit: undefined });
  }
  const shared = network.links.map((): LoadKey[] => []);
  const bandwidths = new Map(estate.circuits.map(({ name, bandwidth }) => [name, bandwidth]));
  for (const group of risks?.groups ?? []) {
    if (group.kind !== 'port' && group.kind !== 'circuit') continue;
    const circuit = group.links.map((ix) => linkAt(network, ix).owner).find((owner) => owner !== undefined);
    const bandwidth = circuit === undefined ? undefined : bandwidths.get(circuit);
    const key = add({ kind: group.kind, name: group.name, bandwidth, utilisation: 0, link: undefined, circuit });
    for (const ix of group.links) shared[ix]?.push(key);
  }
  const lans = new Map<string, LoadKey>();
  for (const { name, lan } of estate.sites) {
    const utilisation = lan?.utilisation ?? 0;
    const key = add({ kind: 'lan', name, bandwidth: lan?.bandwidth, utilisation, link: undefined, circuit: undefined });
    lans.set(name, key);
  }

  const byDirection = network.links.flatMap((link) =>
    ([0, 1] as const).map((direction): readonly LoadKey[] => {
      const outward = isOutward(network.devices, link, direction);
      return [
        link.ix * 2 + direction,
        ...(shared[link.ix] ?? []).map((key) => key + (outward === false ? 1 : 0)),
        ...(link.carriedBy ?? []).flatMap((under) => {
          const line = linkAt(network, under);
          const beneath = carriedDirections(network.devices, line, outward);
          return beneath.flatMap((each) => [
            under * 2 + each,
            ...(shared[under] ?? []).map((key) => key + (outward === false ? 1 : 0)),
          ]);
        }),
      ];
    }),
  );
  return {
    carriers,
    size: carriers.length * 2,
    keysOf: (link, device) => {
      const direction = linkAt(network, link).a === device ? 0 : 1;
      const keys = byDirection[link * 2 + direction];
      if (keys === undefined) throw new RangeError(`link ${link} of ${network.links.length}`);
      return keys;
    },
    choosesUnseen: (device) => choosesUnseen(deviceAt(network, device)),
    lanOf: (place) => lans.get(place),
  };
}

/** Whether the direction leads away from the customer's devices; undefined where both ends or none are the customer's. */
function isOutward(devices: readonly Device[], link: Link, direction: Direction): boolean | undefined {
  const [a, b] = [isInside(devices[link.a]), isInside(devices[link.b])];
  if (a === b) return undefined;
  return a === (direction === 0);
}

/** Users at the far end of a tunnel are outside, whoever owns their device; a provider's edge stands for the customer's. */
function isInside(device: Device | undefined): boolean {
  if (device === undefined || device.role === 'vpn-users') return false;
  return device.half === 'customer' || device.half === 'provider';
}

function carriedDirections(devices: readonly Device[], line: Link, outward: boolean | undefined): readonly Direction[] {
  if (outward === undefined) return [0, 1];
  for (const direction of [0, 1] as const) {
    if (isOutward(devices, line, direction) === outward) return [direction];
  }
  return [0, 1];
}

/** The two devices of a link in the order of a direction. */
export function endsOf(
  network: CompiledNetwork['network'],
  link: LinkIx,
  direction: Direction,
): readonly [Device, Device] {
  const { a, b } = linkAt(network, link);
  const [from, to] = direction === 0 ? [a, b] : [b, a];
  return [deviceAt(network, from), deviceAt(network, to)];
}
