/**
 * Random networks with what couples prefixes and what policies match by pattern: aggregation, redistribution, local-as,
 * AS-path patterns, ranges of communities, laid over a plain random network. The same seed gives the same network.
 *
 * Left out: two ways of putting one prefix into BGP on one device.
 */
import { type Asn, asn, type Prefix, prefix, prefixEquals, Random } from '@bothways/net';
import type {
  Aggregate,
  Device,
  Network,
  Origin,
  Origination,
  Policy,
  PolicyCondition,
  PolicyTerm,
  Redistribution,
  Session,
  SessionEnd,
} from '@bothways/network';
import { randomNetwork } from './random-network.ts';

const origins: readonly Origin[] = [{ kind: 'derived', because: 'random network' }];
const aggregated: readonly Prefix[] = ['10.0.0.0/15', '2001:db8::/40'].map((text) => prefix(text));
const patterns = [
  '_3320_',
  '^65001',
  '65002$',
  '^[0-9]+$',
  '^.{2}$',
  '^(65001|3320)( [65000-65100])*$',
  '65001 .+ 65002',
  '^(3320 )?12076$',
  '^$',
];
const ranges = [
  { asn: { from: 12076, to: 12076 }, value: { from: 2, to: 90 } },
  { asn: { from: 12000, to: 65001 }, value: { from: 7, to: 7 } },
];
const largeRanges = [{ global: { from: 65001, to: 65001 }, first: { from: 1, to: 5 }, second: { from: 2, to: 3 } }];
const spoken = [65099, 65098].map(asn);
/** Statics that may give way to eBGP. */
const FLOATING_FROM = 20;
/** Inside those. Drawn by a sequence of its own, so that old seeds stay what they were but for these. */
const nested: readonly Prefix[] = ['10.1.0.0/17', '2001:db8::/44'].map((text) => prefix(text));

export function randomCoupledNetwork(seed: number): Network {
  const random = new Random(seed + 0x5eed);
  const chance = (percent: number): boolean => random.below(100) < percent;
  const later = new Random(seed + 0xa99);
  const base = randomNetwork(seed);
  /** BIRD has no aggregation, and is to take part. */
  const aggregating = chance(50);
  const everything: Policy = { ix: base.policies.length, name: 'everything', terms: [], otherwise: 'accept', origins };
  const policies = base.policies.map((policy) =>
    chance(30) ? { ...policy, terms: [term(), ...policy.terms] } : policy,
  );
  return {
    ...base,
    devices: base.devices.map(coupled),
    sessions: base.sessions.map(speaking),
    policies: [...policies, everything],
  };

  function term(): PolicyTerm {
    const chosen = random.pick<PolicyCondition>([
      { kind: 'as-path-matches', pattern: random.pick(patterns) },
      { kind: 'as-path-matches', pattern: random.pick(patterns) },
      { kind: 'community-in', any: [random.pick(ranges)] },
      { kind: 'large-community-in', any: largeRanges },
    ]);
    const condition: PolicyCondition = chance(25) ? { kind: 'not', condition: chosen } : chosen;
    const value = random.pick([80, 120]);
    return {
      name: 'pattern',
      when: [condition],
      set: [{ kind: 'local-preference', value }],
      then: random.pick(['accept', 'next', 'reject'] as const),
      origins,
    };
  }

  function coupled(device: Device): Device {
    const originated = device.originations.flatMap((item) => item.prefixes);
    const connected = device.connected.flatMap((item) => item.prefixes);
    const held = [...connected, ...device.statics.map((item) => item.prefix)];
    const isFree = (item: Prefix): boolean => ![...originated, ...held].some((other) => prefixEquals(item, other));
    const aggregates = aggregated
      .filter((item) => aggregating && isFree(item) && chance(40))
      .map((item): Aggregate => ({ prefix: item, suppress: random.pick(['none', 'all']), communities: [], origins }));
    for (const item of nested) {
      if (!aggregating || !isFree(item) || later.below(100) >= 25) continue;
      aggregates.push({ prefix: item, suppress: later.pick(['none', 'all']), communities: [], origins });
    }
    const clash = held.some((item) => originated.some((other) => prefixEquals(item, other)));
    const firm = device.statics.every(({ distance }) => distance < FLOATING_FROM);
    const taking = (['connected', 'static'] as const).filter((from) =>
      from === 'connected' || firm ? chance(50) : later.below(100) < 50,
    );
    const redistributions = (clash ? [] : taking).map(
      (from): Redistribution => ({ into: 'bgp', from, policy: everything.ix, origins }),
    );
    // FRR takes the origin of an aggregate from losing paths as well (a variant of its own); here all have one.
    const originations = device.originations.map((item): Origination => ({ ...item, originCode: 'incomplete' }));
    return { ...device, originations, aggregates, redistributions };
  }

  function speaking(session: Session): Session {
    const [first, second] = session.ends;
    if (first.asn === second.asn || !chance(20)) return session;
    const other = (end: SessionEnd, own: Asn): SessionEnd => ({
      ...end,
      asn: own,
      localAs: random.pick(['prepend', 'no-prepend', 'replace-as'] as const),
      allowAsIn: 0,
    });
    return { ...session, ends: [other(first, random.pick(spoken)), second] };
  }
}
