/**
 * What devices do of their own: aggregation, redistribution, advertising on a condition, speaking for another AS; and
 * the conditions of policies that need a pattern or a range. Not every daemon can say each of them.
 */
import {
  inList,
  med,
  type NetworkText,
  not,
  pathMatches,
  preference,
  prepend,
  tag,
  tagged,
  taggedIn,
  term,
} from './literal.ts';

const PARTS = ['10.1.0.0/16 65001:1', '10.2.0.0/16 med 5 incomplete', '192.0.2.0/24'];

/** A has parts of 10.0.0.0/8, B aggregates them, C and D hear it. */
function aggregating(aggregate: readonly string[], b: Partial<NetworkText['devices'][string]> = {}): NetworkText {
  return {
    devices: {
      A: { as: 65001, originate: PARTS },
      B: { as: 65002, aggregate, ...b },
      C: { as: 65003 },
      D: { as: 65002 },
    },
    edges: { 'A-B': {}, 'B-C': {}, 'B-D': {} },
  };
}

/** B has connected and static prefixes, and C a prefix of the IGP; A hears what B takes in. */
function taking(redistribute: NonNullable<NetworkText['devices'][string]['redistribute']>): NetworkText {
  return {
    devices: {
      A: { as: 65001, originate: ['10.40.0.0/16', '10.41.0.0/16'] },
      B: {
        as: 65002,
        connected: ['10.20.0.0/16', '10.21.0.0/16'],
        statics: [
          '10.30.0.0/16 via B-C to C',
          '10.31.0.0/16 discard',
          // Connected has the better distance.
          '10.21.0.0/16 discard',
        ],
        redistribute,
      },
      C: { as: 65002, connected: ['10.50.0.0/16'] },
    },
    edges: { 'A-B': {}, 'B-C': { cost: 7 } },
  };
}

/** B takes in what it has by way of E, of another AS, and of F and G inside; C hears next hops as they are, D does not. */
function gateways(from: 'static' | 'igp'): NetworkText {
  return {
    devices: {
      A: { as: 65001 },
      B: {
        as: 65002,
        statics: [
          '10.30.0.0/16 via B-E to E',
          '10.31.0.0/16 via B-F to F',
          '10.32.0.0/16 via B-C to C',
          '10.33.0.0/16 via B-G to G',
          '10.33.0.0/16 via B-F to F',
        ],
        redistribute: [{ from }],
      },
      C: { as: 65002 },
      D: { as: 65002 },
      E: { as: 65003 },
      F: { as: 65002, connected: ['10.50.0.0/16', '10.51.0.0/16'] },
      G: { as: 65002, connected: ['10.51.0.0/16'] },
    },
    edges: {
      'A-B': {},
      'B-C': { a: { nextHopSelf: false } },
      'B-D': {},
      'B-E': { session: 'none' },
      'B-F': { session: 'none' },
      'B-G': { session: 'none' },
    },
  };
}

/** The paths 65003 65002 65001, 65003 65002, 65003 and 65003 65010 65010 arrive at D. */
function paths(pattern: string, negated = false): NetworkText {
  const condition = pathMatches(pattern);
  return {
    devices: {
      A: { as: 65001, originate: ['10.1.0.0/16'] },
      B: { as: 65002, originate: ['10.2.0.0/16'] },
      C: { as: 65003, originate: ['10.3.0.0/16'] },
      E: { as: 65010, originate: ['10.4.0.0/16'] },
      F: { as: 165001, originate: ['10.5.0.0/16'] },
      D: { as: 65004 },
    },
    edges: {
      'A-B': {},
      'B-C': {},
      'E-C': { a: { out: [term([], [prepend(65010, 1)])] } },
      'F-C': {},
      'C-D': { b: { in: [term([negated ? not(condition) : condition], [preference(200)])] } },
    },
  };
}
const TAGGED = [
  '10.1.0.0/16 12076:5010',
  '10.2.0.0/16 12076:51004 65001:3',
  '10.3.0.0/16 65001:17:2',
  '10.4.0.0/16 65001:117:2 12077:5010',
  '10.5.0.0/16',
];

function heardTags(...texts: readonly string[]): NetworkText {
  return {
    devices: { A: { as: 65001, originate: TAGGED }, B: { as: 65002 } },
    edges: { 'A-B': { b: { in: [term([taggedIn(...texts)], [preference(200)])] } } },
  };
}

/** B, of AS 65002, speaks as 65099 to A and as 65098 to C. */
function speakingAs(localAs: 'prepend' | 'no-prepend' | 'replace-as'): NetworkText {
  return {
    devices: {
      A: { as: 65001, originate: ['10.0.0.0/8'] },
      B: { as: 65002, originate: ['10.1.0.0/16'] },
      C: { as: 65003, originate: ['10.3.0.0/16'] },
      D: { as: 65002 },
    },
    edges: {
      'A-B': { b: { as: 65099, localAs } },
      'B-C': { a: { as: 65098, localAs } },
      'B-D': {},
    },
  };
}

/** B speaks as 3333 to C, and takes private AS numbers out of what it heard from 65010 over 65020. */
function speakingWithoutPrivate(
  localAs: 'prepend' | 'no-prepend' | 'replace-as',
  removePrivate: 'all' | 'replace',
  own = 12076,
): NetworkText {
  return {
    devices: {
      O: { as: 65010, originate: ['10.0.0.0/8'] },
      A: { as: 65020, originate: ['10.1.0.0/16'] },
      P: { as: 3320, originate: ['10.4.0.0/16'] },
      B: { as: own, originate: ['10.2.0.0/16'] },
      C: { as: 65030, originate: ['10.3.0.0/16'] },
    },
    edges: {
      'O-A': {},
      'A-P': {},
      'A-B': {},
      'P-B': {},
      'B-C': { a: { as: 3333, localAs, removePrivate } },
    },
  };
}

/** B sends what it has to C only while, or only unless, it hears 10.9.0.0/16 from A. */
function waiting(
  originate: readonly string[],
  condition: { readonly when?: string; readonly unless?: string },
): NetworkText {
  return {
    devices: {
      A: { as: 65001, originate },
      B: { as: 65002, originate: ['10.20.0.0/16', '10.21.0.0/16'] },
      C: { as: 65003 },
    },
    edges: { 'A-B': {}, 'B-C': { a: { conditional: { routes: ['10.20.0.0/16', '10.1.0.0/16'], ...condition } } } },
    families: [4],
  };
}

export const deviceCases: Readonly<Record<string, NetworkText>> = {
  aggregation: aggregating(['10.0.0.0/8']),
  'aggregation, parts suppressed': aggregating(['10.0.0.0/8 summary-only']),
  'aggregation with communities': aggregating(['10.0.0.0/8 summary-only 65002:7 65002:8']),
  'aggregation without a part': aggregating(['172.16.0.0/12']),
  'an aggregate inside an aggregate': aggregating(['10.0.0.0/8', '10.0.0.0/12 summary-only']),
  'aggregation of routes of its own': aggregating(['172.16.0.0/12 summary-only'], { originate: ['172.16.5.0/24 egp'] }),
  'an aggregate and a static route behind it': aggregating(['10.0.0.0/8'], { statics: ['10.0.0.0/8 discard 250'] }),
  'aggregation two ASes away': {
    devices: {
      A: { as: 65001, originate: PARTS },
      B: { as: 65002 },
      C: { as: 65003, aggregate: ['10.0.0.0/8 summary-only'] },
      D: { as: 65004 },
    },
    edges: { 'A-B': {}, 'B-C': {}, 'C-D': {} },
  },
  'redistribution of connected': taking([{ from: 'connected' }]),
  'redistribution of static': taking([{ from: 'static' }]),
  'redistribution of both, with a MED': taking([{ from: 'connected', metric: 30 }, { from: 'static' }]),
  'redistribution through a policy': taking([
    {
      from: 'static',
      policy: [term([inList('10.30.0.0/16')], [tag('65002:30'), med(9)])],
      otherwise: 'reject',
    },
    { from: 'connected', policy: [term([inList('10.20.0.0/16')], [], 'reject')] },
  ]),
  'redistribution of the IGP': taking([{ from: 'igp' }]),
  'next hops of redistributed static routes': gateways('static'),
  'next hops of redistributed routes of the IGP': gateways('igp'),
  'a floating static route is redistributed': {
    devices: {
      A: { as: 65001, originate: ['10.40.0.0/16'] },
      B: { as: 65002, statics: ['10.42.0.0/16 discard 30'], redistribute: [{ from: 'static' }] },
      C: { as: 65003 },
    },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  ...Object.fromEntries(
    (['prepend', 'no-prepend', 'replace-as'] as const).flatMap((localAs) =>
      (['all', 'replace'] as const).flatMap((way) => [
        [`local-as ${localAs} and remove-private-AS ${way}`, speakingWithoutPrivate(localAs, way)],
        [
          `local-as ${localAs} and remove-private-AS ${way}, own AS private`,
          speakingWithoutPrivate(localAs, way, 65002),
        ],
      ]),
    ),
  ),
  'aggregates inside each other, all suppressed': aggregating(['10.0.0.0/8 summary-only', '10.0.0.0/12 summary-only']),
  'an aggregate inside one that suppresses': aggregating(['10.0.0.0/8 summary-only', '10.0.0.0/14']),
  'a neighbour has the aggregate inside one that suppresses': {
    devices: {
      A: { as: 65001, originate: ['10.1.0.0/16', '10.0.0.0/12'] },
      B: { as: 65002, aggregate: ['10.0.0.0/8 summary-only', '10.0.0.0/12 summary-only'] },
      C: { as: 65003 },
    },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  'a floating static route that was redistributed before eBGP had one': {
    devices: {
      A: { as: 65001, originate: ['10.42.0.0/16'] },
      B: { as: 65002, statics: ['10.42.0.0/16 discard 30'], redistribute: [{ from: 'static' }] },
      C: { as: 65003 },
    },
    edges: { 'A-B': {}, 'B-C': {} },
  },
  'a route is originated once the table holds it': {
    devices: {
      A: { as: 65001 },
      B: {
        as: 65002,
        connected: ['10.20.0.0/16'],
        originate: ['10.20.0.0/16', '10.22.0.0/16', '10.23.0.0/16 65002:1'],
        statics: ['10.23.0.0/16 discard'],
        importCheck: true,
      },
    },
    edges: { 'A-B': {} },
  },
  'advertised while a route is there': waiting(['10.9.0.0/16', '10.1.0.0/16'], { when: '10.9.0.0/16' }),
  'not advertised without that route': waiting(['10.1.0.0/16', '10.2.0.0/16'], { when: '10.9.0.0/16' }),
  'not advertised while a route is there': waiting(['10.9.0.0/16', '10.1.0.0/16'], { unless: '10.9.0.0/16' }),
  'advertised without that route': waiting(['10.1.0.0/16'], { unless: '10.9.0.0/16' }),
  'local-as, on the path both ways': speakingAs('prepend'),
  'local-as, not on what arrives': speakingAs('no-prepend'),
  'local-as, in place of the own': speakingAs('replace-as'),
  'path pattern, through': paths('_65002_'),
  'path pattern, ends in': paths('_65001$'),
  'path pattern, begins with and goes on': paths('^65003 65002'),
  'path pattern, a range': paths('^65003 [65005-65020]+$'),
  'path pattern, a choice': paths('^65003 (65002 65001|165001)$'),
  'path pattern, a length': paths('^.{2}$'),
  'path pattern, a length of two or three': paths('^.{2,3}$'),
  'path pattern, one number': paths('^[0-9]+$'),
  'path pattern, negated': paths('^65003 65002( 65001)?$', true),
  'communities of a range': heardTags('12076:51000-51999'),
  'communities of a range of both halves': heardTags('12000-12076:5000-5999', '65001:0-2'),
  'large communities of a range': heardTags('65001:10-20:0-9'),
  'FRR shares load inside one neighbouring AS': {
    devices: {
      O: { as: 65001, originate: ['10.0.0.0/8'] },
      A: { as: 65002 },
      B: { as: 65003 },
      C: { as: 65002 },
      D: { as: 65004, variant: 'frr', paths: 4 },
    },
    edges: { 'O-A': {}, 'O-B': {}, 'O-C': {}, 'A-D': {}, 'B-D': {}, 'C-D': {} },
  },
  'a policy on aggregates': {
    ...aggregating(['10.0.0.0/8 65002:7']),
    edges: {
      'A-B': {},
      'B-C': { a: { out: [term([tagged('65002:7')], [med(3)])], outOtherwise: 'reject' } },
      'B-D': {},
    },
  },
};
