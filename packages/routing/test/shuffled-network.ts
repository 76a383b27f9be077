/** The same network written down in another order. */
import type { Random } from '@bothways/net';
import type { Network, PolicyCondition, Session } from '@bothways/network';

/** Devices, links, sessions, policies, and the prefixes and communities inside them, in random order. */
export function shuffledNetwork(random: Random, network: Network): Network {
  const devices = order(random, network.devices.length);
  const links = order(random, network.links.length);
  const sessions = order(random, network.sessions.length);
  const policies = order(random, network.policies.length);
  const mixed = <Item>(items: readonly Item[]): readonly Item[] => random.shuffle([...items]);
  const condition = (item: PolicyCondition): PolicyCondition => {
    if (item.kind === 'not') return { ...item, condition: condition(item.condition) };
    if (item.kind === 'next-hop') return { ...item, any: mixed(item.any.map(devices.place)) };
    return item.kind === 'prefix-list' ? { ...item, entries: mixed(item.entries) } : item;
  };
  return {
    devices: devices.arranged(network.devices).map((device, ix) => ({
      ...device,
      ix,
      connected: device.connected.map((item) => ({ ...item, prefixes: mixed(item.prefixes) })),
      originations: device.originations.map((item) => ({
        ...item,
        prefixes: mixed(item.prefixes),
        communities: mixed(item.communities),
        largeCommunities: mixed(item.largeCommunities),
      })),
      statics: mixed(device.statics).map((route) => ({
        ...route,
        next:
          route.next.kind === 'forward'
            ? { ...route.next, link: links.place(route.next.link), device: devices.place(route.next.device) }
            : route.next,
      })),
      redistributions: (device.redistributions ?? []).map((item) => ({ ...item, policy: policies.place(item.policy) })),
    })),
    links: links.arranged(network.links).map((link, ix) => {
      const turned = random.below(2) === 0;
      const [a, b] = turned ? [link.b, link.a] : [link.a, link.b];
      return { ...link, ix, a: devices.place(a), b: devices.place(b) };
    }),
    sessions: sessions.arranged(network.sessions).map((session, ix): Session => {
      const end = (item: Session['ends'][0]): Session['ends'][0] => ({
        ...item,
        device: devices.place(item.device),
        import: policies.place(item.import),
        export: policies.place(item.export),
      });
      const [first, second] = session.ends;
      const ends = random.below(2) === 0 ? ([end(first), end(second)] as const) : ([end(second), end(first)] as const);
      return { ...session, ix, link: session.link === undefined ? undefined : links.place(session.link), ends };
    }),
    policies: policies.arranged(network.policies).map((policy, ix) => ({
      ...policy,
      ix,
      terms: policy.terms.map((term) => ({ ...term, when: mixed(term.when.map(condition)) })),
    })),
  };
}

interface Order {
  /** Where the item that was at a position is now. */
  readonly place: (ix: number) => number;
  readonly arranged: <Item>(items: readonly Item[]) => readonly Item[];
}

function order(random: Random, size: number): Order {
  const from = random.shuffle(Array.from({ length: size }, (_, ix) => ix));
  const to: number[] = [];
  for (const [ix, old] of from.entries()) to[old] = ix;
  return {
    place: (ix) => to[ix] ?? ix,
    arranged: (items) => from.flatMap((ix) => items[ix] ?? []),
  };
}
