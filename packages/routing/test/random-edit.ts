/** Edits of a random network that leave devices where they are, and links and sessions but for the last of them. */
import type { Random } from '@bothways/net';
import type { Device, Network, Policy, Session, SessionEnd } from '@bothways/network';
import { type RandomNetworkOptions, randomNetwork } from './random-network.ts';

/** The network after one edit, with nothing of the old one in it: as when a document is compiled again. */
export function randomEdit(random: Random, network: Network, options: RandomNetworkOptions): Network {
  const donor = randomNetwork(random.below(1_000_000), options);
  const edits = [
    () => withPolicy(random, network, donor),
    () => withPolicy(random, network, donor),
    () => withSession(random, network, donor),
    () => withSession(random, network, donor),
    () => withDevice(random, network, donor),
    () => withDevice(random, network, donor),
    () => withLink(random, network),
    () => withOneMore(random, network, donor),
    () => withOneMore(random, network, donor),
    () => withOneLess(random, network),
    () => renamed(random, network),
  ];
  return structuredClone(random.pick(edits)());
}

function replaced<Item>(random: Random, items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const chosen = random.below(Math.max(1, items.length));
  return items.map((item, ix) => (ix === chosen ? change(item) : item));
}

/** A policy whose first term goes, whose order turns round, or that becomes another one. */
function withPolicy(random: Random, network: Network, donor: Network): Network {
  const change = (policy: Policy): Policy => {
    const other = random.pick([policy, ...donor.policies]);
    const edits: Partial<Policy>[] = [
      { terms: policy.terms.slice(1) },
      { terms: policy.terms.toReversed() },
      { terms: other.terms },
      { terms: [...policy.terms, ...other.terms] },
      { otherwise: policy.otherwise === 'accept' ? 'reject' : 'accept' },
    ];
    return { ...policy, ...random.pick(edits) };
  };
  return { ...network, policies: replaced(random, network.policies, change) };
}

function withSession(random: Random, network: Network, donor: Network): Network {
  const changedEnd = (end: SessionEnd): SessionEnd => {
    const other = donor.sessions.length === 0 ? end : random.pick(random.pick(donor.sessions).ends);
    const policy = random.below(network.policies.length);
    const edits: Partial<SessionEnd>[] = [
      { import: policy },
      { export: policy },
      { nextHopSelf: !end.nextHopSelf },
      { routeReflectorClient: !end.routeReflectorClient },
      { removePrivateAs: other.removePrivateAs },
      { allowAsIn: end.allowAsIn + 1 },
      { maximumPrefixes: other.maximumPrefixes },
      other.localAs === undefined ? {} : { asn: other.asn, localAs: other.localAs },
      other.conditionalAdvertisement === undefined ? {} : { conditionalAdvertisement: other.conditionalAdvertisement },
    ];
    return { ...end, ...random.pick(edits) };
  };
  const change = (session: Session): Session => {
    const [first, second] = session.ends;
    const edits: Partial<Session>[] = [
      { ends: [changedEnd(first), second] },
      { ends: [first, changedEnd(second)] },
      { down: session.down === undefined ? { because: 'not validated', origins: [] } : undefined },
    ];
    return { ...session, ...random.pick(random.below(3) === 0 ? edits : edits.slice(0, 2)) };
  };
  return { ...network, sessions: replaced(random, network.sessions, change) };
}

function withDevice(random: Random, network: Network, donor: Network): Network {
  const change = (device: Device): Device => {
    const other = random.pick(donor.devices);
    const statics = device.statics.slice(1);
    const [first, ...rest] = device.originations;
    const edits: Partial<Device>[] = [
      { originations: other.originations },
      first === undefined ? {} : { originations: [{ ...first, med: first.med + 1 }, ...rest] },
      { originations: rest },
      { connected: other.connected },
      { statics },
      { decision: other.decision },
      other.aggregates === undefined ? {} : { aggregates: other.aggregates },
      device.aggregates === undefined ? {} : { aggregates: [] },
      device.redistributions === undefined ? {} : { redistributions: device.redistributions.slice(1) },
    ];
    return { ...device, ...random.pick(edits) };
  };
  return { ...network, devices: replaced(random, network.devices, change) };
}

function withLink(random: Random, network: Network): Network {
  return {
    ...network,
    links: replaced(random, network.links, (link) => ({ ...link, cost: random.pick([10, 20, 30]), bandwidth: 1e9 })),
  };
}

/** A new link, and mostly a session over it; or a session without one. */
function withOneMore(random: Random, network: Network, donor: Network): Network {
  const a = random.below(network.devices.length);
  const b = (a + 1 + random.below(Math.max(1, network.devices.length - 1))) % network.devices.length;
  const [pattern] = donor.sessions;
  const [like] = donor.links;
  if (a === b || pattern === undefined || like === undefined || network.policies.length === 0) return network;
  const ix = network.links.length;
  const wired = random.below(3) > 0;
  const links = wired ? [...network.links, { ...like, ix, a, b, name: `link ${ix}` }] : network.links;
  if (wired && random.below(4) === 0) return { ...network, links };
  const [first, second] = pattern.ends;
  const end = (device: number, other: SessionEnd): SessionEnd => ({
    nextHopSelf: other.nextHopSelf,
    routeReflectorClient: other.routeReflectorClient,
    removePrivateAs: other.removePrivateAs,
    allowAsIn: other.allowAsIn,
    maximumPrefixes: other.maximumPrefixes,
    device,
    asn: network.devices[device]?.asn ?? first.asn,
    import: random.below(network.policies.length),
    export: random.below(network.policies.length),
  });
  const session: Session = {
    ...pattern,
    ix: network.sessions.length,
    name: `session ${network.sessions.length}`,
    link: wired ? ix : undefined,
    ends: [end(a, first), end(b, second)],
  };
  return { ...network, links, sessions: [...network.sessions, session] };
}

/** Without the last session, or the last link where no session needs it. */
function withOneLess(random: Random, network: Network): Network {
  const last = network.links.length - 1;
  const needed =
    network.sessions.some(({ link }) => link === last) ||
    network.devices.some(({ statics }) => statics.some(({ next }) => next.kind === 'forward' && next.link === last));
  if (needed || random.below(2) === 0) return { ...network, sessions: network.sessions.slice(0, -1) };
  return { ...network, links: network.links.slice(0, -1) };
}

/** What nobody but people reads. */
function renamed(random: Random, network: Network): Network {
  const name = `renamed ${random.below(1000)}`;
  const origins = [{ kind: 'derived', because: name }] as const;
  return {
    ...network,
    policies: network.policies.map((policy) => ({
      ...policy,
      name: `${name} ${policy.ix}`,
      origins,
      terms: policy.terms.map((term, ix) => ({ ...term, name: `${name} ${policy.ix} ${ix}`, origins })),
    })),
    sessions: network.sessions.map((session) => ({ ...session, origins })),
    devices: network.devices.map((device) => ({
      ...device,
      originations: device.originations.map((item) => ({ ...item, origins })),
    })),
  };
}
