/** One network per policy condition, action and session option. */
import {
  family,
  inList,
  med,
  type NetworkText,
  not,
  ownRoutes,
  preference,
  prepend,
  startedBy,
  tag,
  tagged,
  term,
  through,
  untag,
  untagAll,
  untagAllLarge,
  weight,
} from './literal.ts';

const MANY = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.200.0.0/14', '0.0.0.0/0', '192.0.2.0/24'];
const TAGGED = ['10.1.0.0/16 12076:5010', '10.2.0.0/16 12076:5020 12076:51004', '10.3.0.0/16 65001:1:2', '10.4.0.0/16'];

type End = NonNullable<NetworkText['edges'][string]['a']>;

/** A puts prefixes into BGP, B hears them, C hears them from B; `at` is what B does with them. */
function heard(
  at: {
    readonly in?: End['in'];
    readonly inOtherwise?: 'reject';
    readonly out?: End['out'];
    readonly outOtherwise?: 'reject';
  },
  originate: readonly string[] = MANY,
): NetworkText {
  const { in: inbound, inOtherwise, out, outOtherwise } = at;
  return {
    devices: { A: { as: 65001, originate }, B: { as: 65002 }, C: { as: 65003 } },
    edges: {
      'A-B': { b: { ...(inbound && { in: inbound }), ...(inOtherwise && { inOtherwise }) } },
      'B-C': { a: { ...(out && { out }), ...(outOtherwise && { outOtherwise }) } },
    },
  };
}

/** A reflector R with clients C1 and C2 and a plain neighbour N. */
function reflected(change: Partial<NetworkText['edges']> = {}): NetworkText {
  const edges: Record<string, NetworkText['edges'][string]> = {
    'X-C1': {},
    'R-C1': { a: { client: true } },
    'R-C2': { a: { client: true } },
    'R-N': {},
  };
  for (const [name, edge] of Object.entries(change)) if (edge !== undefined) edges[name] = edge;
  return {
    devices: {
      X: { as: 65011, half: 'provider', originate: ['10.0.0.0/8'] },
      C1: { as: 65001 },
      R: { as: 65001 },
      C2: { as: 65001 },
      N: { as: 65001, originate: ['10.7.0.0/16'] },
    },
    edges,
  };
}

/** The path 65010 64500 64999 arrives at B, which sends it on to D. */
function privatePath(removePrivate: 'all' | 'replace' | undefined, neighbour = 65040): NetworkText {
  return {
    devices: {
      A: { as: 64999, originate: ['10.0.0.0/8'] },
      O: { as: 3320 },
      C: { as: 65010, originate: ['10.5.0.0/16'] },
      B: { as: 12076 },
      D: { as: neighbour },
    },
    edges: { 'A-O': {}, 'O-C': {}, 'C-B': {}, 'B-D': removePrivate === undefined ? {} : { a: { removePrivate } } },
  };
}

export const policyCases: Readonly<Record<string, NetworkText>> = {
  'prefix list, exact': heard({ in: [term([inList('10.1.0.0/16')])], inOtherwise: 'reject' }),
  'prefix list, ge': heard({ in: [term([inList('10.0.0.0/8 ge 15')])], inOtherwise: 'reject' }),
  'prefix list, le': heard({ in: [term([inList('10.0.0.0/8 le 16')])], inOtherwise: 'reject' }),
  'prefix list, ge and le': heard({ in: [term([inList('10.0.0.0/8 ge 10 le 20')])], inOtherwise: 'reject' }),
  'prefix list, ge equal to le': heard({ in: [term([inList('10.0.0.0/8 ge 16 le 16')])], inOtherwise: 'reject' }),
  'prefix list, default route only': heard({ in: [term([inList('0.0.0.0/0')])], inOtherwise: 'reject' }),
  'prefix list, everything but the default route': heard({
    in: [term([inList('0.0.0.0/0 ge 1')])],
    inOtherwise: 'reject',
  }),
  'prefix list, several entries': heard({
    in: [term([inList('10.1.2.0/24', '192.0.2.0/24', '10.200.0.0/14')], [preference(120)])],
  }),
  'prefix list, negated': heard({ in: [term([not(inList('10.0.0.0/8 ge 9'))])], inOtherwise: 'reject' }),
  'two prefix lists in one term': heard({
    in: [term([inList('10.0.0.0/8 ge 8 le 16'), not(inList('10.0.0.0/8'))], [tag('65002:7')])],
  }),
  'a rejecting term': heard({ in: [term([inList('10.0.0.0/8 ge 16')], [], 'reject')] }),
  'the first term decides': heard({
    in: [term([inList('10.1.0.0/16')], [preference(200)]), term([inList('10.0.0.0/8 le 32')], [preference(50)])],
  }),
  'next goes on with what was set': heard(
    {
      in: [
        term([tagged('12076:5010')], [tag('65002:1')], 'next'),
        term([tagged('65002:1')], [preference(300)], 'next'),
        term([inList('10.2.0.0/16')], [], 'reject'),
      ],
    },
    TAGGED,
  ),
  'community, one of several': heard(
    { in: [term([tagged('12076:5020', '12076:5999')])], inOtherwise: 'reject' },
    TAGGED,
  ),
  'community, negated': heard({ in: [term([not(tagged('12076:5010'))])], inOtherwise: 'reject' }, TAGGED),
  'communities in two conditions': heard(
    { in: [term([tagged('12076:5020'), tagged('12076:51004')], [preference(77)])] },
    TAGGED,
  ),
  'large community': heard({ in: [term([tagged('65001:1:2')])], inOtherwise: 'reject' }, TAGGED),
  'path contains': {
    devices: {
      A: { as: 65001, originate: MANY },
      B: { as: 65002, originate: ['10.9.0.0/16'] },
      C: { as: 65003 },
      D: { as: 65004 },
    },
    edges: { 'A-B': {}, 'B-C': {}, 'C-D': { b: { in: [term([through(65001)], [preference(50)])] } } },
  },
  'path contains, as a whole number': {
    devices: { A: { as: 165001, originate: MANY }, B: { as: 65002 }, C: { as: 65003 } },
    edges: { 'A-B': {}, 'B-C': { b: { in: [term([through(65001)], [], 'reject')] } } },
  },
  'path begins in': {
    devices: { A: { as: 65001, originate: MANY }, B: { as: 65002, originate: ['10.9.0.0/16'] }, C: { as: 65003 } },
    edges: { 'A-B': {}, 'B-C': { b: { in: [term([startedBy(65002)], [preference(50)])] } } },
  },
  'path empty, on export': heard({ out: [term([ownRoutes])], outOtherwise: 'reject' }),
  family: heard({ in: [term([family(4)], [preference(40)]), term([family(6)], [preference(60)])] }),
  'family, negated': heard({ in: [term([not(family(4))], [], 'reject')] }),
  'add communities': heard({ in: [term([], [tag('65002:1', '65002:2')])], out: [term([], [tag('65002:3')])] }, TAGGED),
  'delete communities': heard({ in: [term([], [untag('12076:5020', '12076:5010')])] }, TAGGED),
  'delete all communities': heard({ in: [term([], [untagAll])] }, TAGGED),
  'replace communities': heard({ in: [term([], [untagAll, tag('65002:9')])] }, TAGGED),
  'add, then delete': heard({ in: [term([], [tag('65002:9', '65002:8'), untag('65002:9')])] }, TAGGED),
  'add large communities': heard({ in: [term([], [tag('65002:1:1', '65002:2:2')])] }, TAGGED),
  'delete large communities': heard({ in: [term([], [untag('65001:1:2')])] }, TAGGED),
  'delete all large communities': heard({ in: [term([], [tag('65002:1:1'), untagAllLarge])] }, TAGGED),
  'several actions of a term': heard({
    in: [term([inList('10.0.0.0/8 le 32')], [preference(150), med(5), weight(20), prepend(65002, 2), tag('65002:5')])],
  }),
  'prepend another AS': heard({ out: [term([], [prepend(65077, 1)])] }),
  'no-export stops at the AS border': {
    devices: {
      A: { as: 65001, originate: ['10.1.0.0/16 no-export', '10.2.0.0/16'] },
      B: { as: 65002, half: 'provider' },
      E: { as: 65002, half: 'provider' },
      C: { as: 65003 },
    },
    edges: { 'A-B': { b: { in: [term([inList('10.2.0.0/16')], [tag('65535:65281')])] } }, 'B-E': {}, 'B-C': {} },
  },
  'no-advertise stops everywhere': {
    devices: { A: { as: 65001, originate: ['10.2.0.0/16'] }, B: { as: 65002 }, E: { as: 65002 }, C: { as: 65003 } },
    edges: { 'A-B': { b: { in: [term([], [tag('65535:65282')])] } }, 'B-E': {}, 'B-C': {} },
  },
  'private AS numbers kept': privatePath(undefined),
  'private AS numbers removed': privatePath('all'),
  'private AS numbers replaced': privatePath('replace'),
  "the neighbour's own number stays": privatePath('all', 65010),
  'private numbers among prepended ones': {
    devices: { A: { as: 65010, originate: ['10.0.0.0/8'] }, C: { as: 64496 }, B: { as: 12076 }, D: { as: 8075 } },
    edges: {
      'A-C': {},
      'C-B': { a: { out: [term([], [prepend(64496, 2)])] } },
      'B-D': { a: { removePrivate: 'all' } },
    },
  },
  'local-as': {
    devices: {
      A: { as: 65001, originate: ['10.0.0.0/8'] },
      B: { as: 65002, originate: ['10.1.0.0/16'] },
      C: { as: 65003 },
    },
    edges: { 'A-B': { b: { as: 65099 } }, 'B-C': { a: { as: 65098 } } },
  },
  'maximum prefixes, not reached': {
    devices: { A: { as: 65001, originate: ['10.1.0.0/16', '10.2.0.0/16'] }, B: { as: 65002 }, C: { as: 65003 } },
    edges: { 'A-B': { b: { maximum: 2 } }, 'B-C': {} },
    families: [4],
  },
  'maximum prefixes, session dropped': {
    devices: {
      A: { as: 65001, originate: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'] },
      B: { as: 65002 },
      C: { as: 65003 },
    },
    edges: { 'A-B': { b: { maximum: 2 } }, 'B-C': {} },
    families: [4],
  },
  ...Object.fromEntries(
    (
      [
        ['of IPv6 exceeded, IPv4 goes on', 10, 2],
        ['of IPv4 exceeded, IPv6 goes on', 2, 10],
        ['of both exceeded', 2, 1],
        ['of neither exceeded', 4, 5],
      ] as const
    ).map(([name, maximum, maximum6]): [string, NetworkText] => [
      `maximum prefixes ${name}`,
      {
        devices: {
          A: { as: 65001, originate: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'] },
          B: { as: 65002 },
          C: { as: 65003 },
        },
        edges: { 'A-B': { b: { maximum, maximum6 } }, 'B-C': {} },
      },
    ]),
  ),
  'maximum prefixes, counted after import policy': {
    devices: {
      A: { as: 65001, originate: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'] },
      B: { as: 65002 },
      C: { as: 65003 },
    },
    edges: { 'A-B': { b: { maximum: 2, in: [term([inList('10.3.0.0/16')], [], 'reject')] } }, 'B-C': {} },
    families: [4],
  },
  'maximum prefixes, warning only': {
    devices: { A: { as: 65001, originate: ['10.1.0.0/16', '10.2.0.0/16'] }, B: { as: 65002 }, C: { as: 65003 } },
    edges: { 'A-B': { b: { warnAt: 1 } }, 'B-C': {} },
    families: [4],
  },
  'a session that is down': {
    devices: { A: { as: 65001, originate: ['10.1.0.0/16'] }, B: { as: 65002 }, C: { as: 65003 } },
    edges: { 'A-B': { down: 'prefixes not validated' }, 'A-C': {}, 'B-C': {} },
  },
  'eBGP over several hops': {
    devices: {
      A: { as: 65001, half: 'provider', originate: ['10.1.0.0/16'] },
      B: { as: 65002, half: 'provider', originate: ['10.2.0.0/16'] },
    },
    edges: { 'A-B': { session: 'none' }, 'A-B/2': { session: 'none' }, 'A-B/loop': { session: 'multihop' } },
  },
  reflection: reflected(),
  'reflection between non-clients does not happen': {
    devices: { A: { as: 65001, originate: ['10.1.0.0/16'] }, R: { as: 65001 }, B: { as: 65001 }, C: { as: 65001 } },
    edges: { 'A-R': {}, 'R-B': {}, 'R-C': { a: { client: true } } },
  },
  'a reflector keeps the next hop': reflected({
    'X-C1': {},
    'R-C1': { a: { client: true }, b: { nextHopSelf: false } },
  }),
  'next-hop-self leaves reflected routes alone': reflected({ 'R-C2': { a: { client: true, nextHopSelf: true } } }),
  'originator and cluster list through two reflectors': {
    devices: {
      X: { as: 65011, half: 'provider', originate: ['10.0.0.0/8'] },
      C: { as: 65001 },
      R1: { as: 65001 },
      R2: { as: 65001 },
      D: { as: 65001 },
    },
    edges: {
      'X-C': {},
      'R1-C': { a: { client: true } },
      'R2-R1': { a: { client: true } },
      'R2-D': { a: { client: true } },
    },
  },
  'cluster loop': {
    devices: {
      X: { as: 65011, half: 'provider', originate: ['10.0.0.0/8'] },
      C: { as: 65001 },
      R1: { as: 65001 },
      R2: { as: 65001 },
      R3: { as: 65001 },
    },
    edges: {
      'X-C': {},
      'R1-C': { a: { client: true } },
      'R1-R2': { a: { client: true }, b: { client: true } },
      'R2-R3': { a: { client: true }, b: { client: true } },
      'R3-R1': { a: { client: true }, b: { client: true } },
    },
  },
  'originator id in place of router id': {
    devices: {
      X: { as: 65011, half: 'provider', originate: ['10.0.0.0/8'] },
      C1: { as: 65001, id: 60 },
      C2: { as: 65001, id: 50 },
      R1: { as: 65001, id: 10 },
      R2: { as: 65001, id: 20 },
      D: { as: 65001 },
    },
    edges: {
      'X-C1': {},
      'X-C2': {},
      'R1-C1': { a: { client: true } },
      'R2-C2': { a: { client: true } },
      'R1-D': { a: { client: true } },
      'R2-D': { a: { client: true } },
    },
  },
  'shorter cluster list': {
    devices: {
      X: { as: 65011, half: 'provider', originate: ['10.0.0.0/8'] },
      C: { as: 65001, id: 60 },
      R1: { as: 65001, id: 10 },
      R2: { as: 65001, id: 20 },
      R3: { as: 65001, id: 5 },
      D: { as: 65001 },
    },
    edges: {
      'X-C': {},
      'R1-C': { a: { client: true } },
      'R2-C': { a: { client: true } },
      'R3-R1': { a: { client: true } },
      'R3-D/loop': { session: 'multihop', a: { client: true } },
      'R2-D/loop': { session: 'multihop', a: { client: true } },
      'R3-D': { session: 'none' },
      'R2-D': { session: 'none' },
    },
  },
  'a policy on reflected routes': reflected({
    'R-C2': { a: { client: true, out: [term([], [preference(140), tag('65001:7')])] } },
  }),
};
