/** One network per step of the decision process, and per rule about what competes with what. */
import {
  inList,
  med,
  type NetworkText,
  nextHopSelf,
  not,
  ownRoutes,
  preference,
  prepend,
  term,
  weight,
} from './literal.ts';

const P = '10.0.0.0/8';

/** D hears P from O through two ASes of its own, B and C. */
function diamond(change: Partial<NetworkText['edges']> = {}, devices: NetworkText['devices'] = {}): NetworkText {
  const edges: Record<string, NetworkText['edges'][string]> = { 'O-B': {}, 'O-C': {}, 'B-D': {}, 'C-D': {} };
  for (const [name, edge] of Object.entries(change)) if (edge !== undefined) edges[name] = edge;
  return {
    devices: {
      O: { as: 65010, originate: [P, '10.1.0.0/16'] },
      B: { as: 65020 },
      C: { as: 65030 },
      D: { as: 65040 },
      ...devices,
    },
    edges,
  };
}

/** D and its iBGP neighbours B and C, which each hear P from an outside AS. */
function exits(change: Partial<NetworkText['edges']> = {}, devices: NetworkText['devices'] = {}): NetworkText {
  const edges: Record<string, NetworkText['edges'][string]> = { 'X-B': {}, 'Y-C': {}, 'B-D': {}, 'C-D': {}, 'B-C': {} };
  for (const [name, edge] of Object.entries(change)) if (edge !== undefined) edges[name] = edge;
  return {
    devices: {
      X: { as: 65011, half: 'provider', originate: [P] },
      Y: { as: 65012, half: 'provider', originate: [P] },
      B: { as: 65001 },
      C: { as: 65001 },
      D: { as: 65001 },
      ...devices,
    },
    edges,
  };
}

export const decisionCases: Readonly<Record<string, NetworkText>> = {
  'a chain of ASes': {
    devices: { A: { as: 65001, originate: [P] }, B: { as: 65002 }, C: { as: 65003 }, D: { as: 65004 } },
    edges: { 'A-B': {}, 'B-C': {}, 'C-D': {} },
  },
  'weight before local preference': diamond({
    'B-D': { b: { in: [term([], [preference(200)])] } },
    'C-D': { b: { in: [term([], [weight(50)])] } },
  }),
  'weight stays on the device': diamond({
    'O-C': { b: { in: [term([], [weight(50), prepend(65099, 2)])] } },
  }),
  'local preference before path length': diamond({
    'C-D': { b: { in: [term([], [preference(200), prepend(65099, 3)])] } },
  }),
  'local preference travels in iBGP': exits({ 'Y-C': { b: { in: [term([], [preference(150)])] } } }),
  'local preference does not leave the AS': diamond({
    'C-D': { a: { out: [term([], [preference(300)])] } },
  }),
  'a route of its own before a learned one': diamond({}, { D: { as: 65040, originate: [P] } }),
  'shortest path': diamond({ 'O-B': { b: { in: [term([], [prepend(65020, 1)])] } } }),
  'prepending on export': diamond({ 'O-B': { a: { out: [term([inList(P)], [prepend(65010, 2)])] } } }),
  'origin IGP before incomplete': {
    ...diamond(),
    devices: {
      O: { as: 65010, originate: [`${P} incomplete`] },
      B: { as: 65020 },
      C: { as: 65030, originate: ['10.2.0.0/16 egp'] },
      D: { as: 65040 },
      E: { as: 65050, originate: [P, '10.2.0.0/16 incomplete'] },
    },
    edges: { 'O-D': {}, 'E-D': {}, 'C-D': {}, 'B-D': {} },
  },
  'MED from one neighbouring AS': {
    devices: { O: { as: 65010, originate: [P] }, B: { as: 65020 }, C: { as: 65020 }, D: { as: 65040 } },
    edges: {
      'O-B': {},
      'O-C': {},
      'B-D': { b: { in: [term([], [med(20)])] } },
      'C-D': { b: { in: [term([], [med(10)])] } },
    },
  },
  'MED from two ASes is not compared': diamond({
    'B-D': { b: { in: [term([], [med(20)])] } },
    'C-D': { b: { in: [term([], [med(10)])] } },
  }),
  'MED in groups': {
    devices: {
      O: { as: 65010, originate: [P] },
      B: { as: 65020 },
      C: { as: 65030 },
      E: { as: 65020 },
      D: { as: 65040 },
    },
    edges: {
      'O-B': {},
      'O-C': {},
      'O-E': {},
      'B-D': { b: { in: [term([], [med(20)])] } },
      'C-D': { b: { in: [term([], [med(15)])] } },
      'E-D': { b: { in: [term([], [med(10)])] } },
    },
  },
  'an origin MED crosses one AS border only': {
    devices: { A: { as: 65001, originate: [`${P} med 7`] }, B: { as: 65002 }, C: { as: 65003 } },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  'a MED set on export': diamond({
    'B-D': { a: { out: [term([], [med(30)])] } },
    'C-D': { a: { out: [term([], [med(5)])] } },
  }),
  'MED inside the AS': exits({
    'X-B': { a: { out: [term([], [med(50)])] } },
    'Y-C': { a: { out: [term([], [med(40)])] } },
  }),
  'MED of one AS at two exits': {
    devices: {
      X: { as: 65011, half: 'provider', originate: [P] },
      B: { as: 65001 },
      C: { as: 65001 },
      D: { as: 65001 },
    },
    edges: {
      'X-B': { a: { out: [term([], [med(50)])] } },
      'X-C': { a: { out: [term([], [med(40)])] } },
      'B-D': {},
      'C-D': {},
      'B-C': {},
    },
  },
  'eBGP before iBGP': exits({ 'Z-D': {} }, { Z: { as: 65013, half: 'provider', originate: [P], id: 200 } }),
  'the nearer exit': exits({ 'B-D': { cost: 30, b: {} }, 'C-D': { cost: 10 } }),
  'the nearer exit through another router': {
    devices: {
      X: { as: 65011, half: 'provider', originate: [P] },
      B: { as: 65001 },
      C: { as: 65001 },
      D: { as: 65001 },
      E: { as: 65001 },
    },
    edges: {
      'X-B': {},
      'X-C': {},
      'B-E': { session: 'none', cost: 10 },
      'C-E': { session: 'none', cost: 5 },
      'E-D': { session: 'none', cost: 5 },
      'B-C/loop': { session: 'multihop' },
      'B-D/loop': { session: 'multihop' },
      'C-D/loop': { session: 'multihop' },
      'D-E/loop': { session: 'multihop' },
      'B-E/loop': { session: 'multihop' },
      'C-E/loop': { session: 'multihop' },
    },
  },
  'router id': diamond({}, { B: { as: 65020, id: 90 }, C: { as: 65030, id: 80 } }),
  'neighbour address': {
    devices: { A: { as: 65001, originate: [P] }, B: { as: 65002 } },
    edges: { 'A-B': {}, 'A-B/2': {}, 'A-B/3': {} },
  },
  'own path loop': {
    devices: { A: { as: 65001, originate: [P] }, B: { as: 65002 }, C: { as: 65001 } },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  'allowas-in': {
    devices: { A: { as: 65001, originate: [P] }, B: { as: 65002 }, C: { as: 65001 } },
    edges: { 'A-B': {}, 'B-C': { b: { allowAsIn: 1 } } },
  },
  'allowas-in is counted': {
    devices: { A: { as: 65001, originate: [P, '10.1.0.0/16'] }, B: { as: 65002 }, C: { as: 65001 } },
    edges: {
      'A-B': { a: { out: [term([inList('10.1.0.0/16')], [prepend(65001, 1)])] } },
      'B-C': { b: { allowAsIn: 1 } },
    },
  },
  'full mesh: no iBGP route goes on to iBGP': {
    devices: { A: { as: 65001, originate: [P] }, B: { as: 65001 }, C: { as: 65001 } },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  'next hop outside the IGP': {
    ...exits({ 'B-D': { a: { nextHopSelf: false } } }),
  },
  'next-hop-self of one router only': exits({
    'B-D': { a: { nextHopSelf: false } },
    'B-C': { a: { nextHopSelf: false } },
    'C-D': { a: { nextHopSelf: true } },
  }),
  'next-hop-self as a policy action': exits({
    'B-D': { a: { nextHopSelf: false, out: [term([inList(P)], [nextHopSelf])] } },
  }),
  'multipath over two ASes': diamond({}, { D: { as: 65040, paths: 4 } }),
  'multipath takes no longer path': diamond(
    { 'O-B': { b: { in: [term([], [prepend(65020, 1)])] } } },
    { D: { as: 65040, paths: 4 } },
  ),
  'multipath is limited': {
    devices: { A: { as: 65001, originate: [P] }, B: { as: 65002, paths: 2 } },
    edges: { 'A-B': {}, 'A-B/2': {}, 'A-B/3': {} },
  },
  'multipath is limited: the best, then the lowest addresses': {
    devices: {
      B: { as: 65020, id: 10, originate: [P] },
      C: { as: 65030, id: 20, originate: [P] },
      D: { as: 65040, paths: 2 },
    },
    edges: { 'B-D': {}, 'C-D': {}, 'B-D/2': {} },
  },
  'multipath is limited: FRR keeps a best path with the highest address': {
    devices: {
      A: { as: 65020, id: 30, originate: [P] },
      B: { as: 65020, id: 20, originate: [P] },
      C: { as: 65020, id: 10, originate: [P] },
      D: { as: 65040, paths: 2, variant: 'frr' },
    },
    edges: { 'A-D': {}, 'B-D': {}, 'C-D': {} },
  },
  'multipath in iBGP': exits({}, { D: { as: 65001, paths: 2 } }),
  'multipath needs equal IGP cost': exits({ 'B-D': { cost: 20 } }, { D: { as: 65001, paths: 2 } }),
  'multipath needs equal MED of one AS': {
    devices: { O: { as: 65010, originate: [P] }, B: { as: 65020 }, C: { as: 65020 }, D: { as: 65040, paths: 2 } },
    edges: { 'O-B': {}, 'O-C': {}, 'B-D': { b: { in: [term([], [med(1)])] } }, 'C-D': {} },
  },
  'equal-cost IGP paths to one next hop': {
    devices: {
      X: { as: 65011, half: 'provider', originate: [P] },
      B: { as: 65001 },
      C: { as: 65001 },
      D: { as: 65001 },
      E: { as: 65001 },
    },
    edges: {
      'X-B': {},
      'B-C': { session: 'none' },
      'B-D': { session: 'none' },
      'C-E': { session: 'none' },
      'D-E': { session: 'none' },
      'B-E/loop': { session: 'multihop' },
    },
  },
  'static before eBGP': {
    devices: {
      A: { as: 65001, originate: [P, '10.9.0.0/16'] },
      B: { as: 65002, statics: [`${P} via B-C to C`, '10.9.0.0/16 via B-C to C 30'] },
      C: { as: 65003 },
    },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  'iBGP behind a floating static': {
    devices: {
      X: { as: 65011, half: 'provider', originate: [P, '10.9.0.0/16'] },
      B: { as: 65001 },
      D: { as: 65001, statics: [`${P} discard 150`, '10.9.0.0/16 discard 250'] },
    },
    edges: { 'X-B': {}, 'B-D': {} },
  },
  'connected before everything': {
    devices: { A: { as: 65001, originate: [P] }, B: { as: 65002, connected: [P] }, C: { as: 65003 } },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  'IGP before iBGP, behind eBGP': {
    devices: {
      X: { as: 65011, half: 'provider', originate: [P] },
      B: { as: 65001 },
      D: { as: 65001 },
      E: { as: 65001, connected: [P] },
    },
    edges: { 'X-B': {}, 'B-D': {}, 'D-E': { session: 'none', cost: 5 } },
  },
  'a discarding aggregate with its parts': {
    devices: {
      A: { as: 65001, originate: ['10.1.0.0/16'] },
      B: { as: 65002, originate: [P], statics: [`${P} discard`] },
      C: { as: 65003 },
    },
    edges: { 'A-B': {}, 'B-C': { a: { out: [term([inList(P)])], outOtherwise: 'reject' } } },
  },
  'default route': {
    devices: {
      I: { as: 64999, half: 'provider', originate: ['0.0.0.0/0'] },
      A: { as: 65001 },
      B: { as: 65001, connected: ['192.0.2.0/24'], originate: ['192.0.2.0/24'] },
    },
    edges: { 'I-A': {}, 'A-B': {} },
  },
  'two static default routes': {
    devices: {
      A: { as: 65001, statics: ['0.0.0.0/0 via A-B to B', '0.0.0.0/0 via A-C to C'], originate: ['0.0.0.0/0'] },
      B: { as: 65002 },
      C: { as: 65003 },
    },
    edges: { 'A-B': {}, 'A-C': {} },
  },
  'only routes of its own are exported': {
    ...diamond({
      'B-D': { a: { out: [term([ownRoutes])], outOtherwise: 'reject' } },
      'C-D': { a: { out: [term([not(ownRoutes)])], outOtherwise: 'reject' } },
    }),
  },
};
