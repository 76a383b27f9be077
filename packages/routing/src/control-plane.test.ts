import { asn, prefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import {
  classIxOf,
  communityFrom,
  deviceNamed,
  fibText,
  linkNamed,
  type NetworkLiteral,
  type SessionLiteral,
  sessionNamed,
  smallNetwork,
  type TermLiteral,
  wayOf,
} from '../test/small-network.ts';
import { type ControlPlane, converge } from './index.ts';
import { Reference } from './reference.ts';

const TEN = '10.0.0.0/8';

function planeOf(literal: NetworkLiteral): ControlPlane {
  return converge(smallNetwork(literal));
}

/** The way of the best route of a device for a prefix. */
function best(plane: ControlPlane, device: string, where = TEN): string {
  const ix = deviceNamed(plane.network, device).ix;
  return wayOf(plane, plane.decision(ix, classIxOf(plane, where))?.best[0]);
}

function stopped(plane: ControlPlane, device: string, session: string, where = TEN): string | undefined {
  const routes = plane.received(deviceNamed(plane.network, device).ix, classIxOf(plane, where));
  const route = routes.find((item) => item.session === sessionNamed(plane.network, session));
  return route?.stopped;
}

describe('a chain of ASes', () => {
  const plane = planeOf({
    devices: {
      A: { asn: 65001, originate: [TEN], connected: [TEN] },
      B: { asn: 65002 },
      C: { asn: 65003 },
    },
    links: { 'A-B': {}, 'B-C': {} },
    sessions: { 'A-B': {}, 'B-C': {} },
  });

  it('carries a route to the end', () => {
    expect(plane.outcome).toEqual({ kind: 'stable' });
    expect(best(plane, 'C')).toBe('C B A');
    expect(plane.decision(2, 0)?.best[0]?.attributes).toMatchObject({ asPath: [65002, 65001], nextHop: 1, weight: 0 });
  });

  it('fills the forwarding tables', () => {
    expect(fibText(plane, 'A', TEN)).toBe('connected A 10.0.0.0/8');
    expect(fibText(plane, 'B', TEN)).toBe('ebgp A-B>A');
    expect(fibText(plane, 'C', TEN)).toBe('ebgp B-C>B');
    expect([...(plane.fibs[2]?.entries() ?? [])]).toEqual([
      {
        classIx: 0,
        protocol: 'ebgp',
        distance: 20,
        action: { kind: 'forward', next: [{ link: 1, device: 1 }] },
        origins: [{ kind: 'derived', because: 'A originates 0' }],
      },
    ]);
  });

  it('knows nothing of other prefixes', () => {
    expect(plane.classOf(prefix('10.0.0.0/9'))).toBeUndefined();
    expect(plane.fibs[0]?.get(7)).toBeUndefined();
  });
});

describe('failures', () => {
  const network = smallNetwork({
    devices: {
      A: { asn: 65001, originate: [TEN] },
      B: { asn: 65002 },
      C: { asn: 65003 },
      D: { asn: 65004 },
    },
    links: { 'A-B': {}, 'B-D': {}, 'A-C': {}, 'C-D': {} },
    sessions: { 'A-B': {}, 'B-D': {}, 'A-C': {}, 'C-D': {} },
  });

  it('uses the lower router id while all is up, and says so', () => {
    const plane = converge(network);
    expect(best(plane, 'D')).toBe('D B A');
    expect(plane.decision(3, 0)?.tieBrokenBy).toBe('router-id');
  });

  it('goes round a failed link, device and session', () => {
    expect(best(converge(network, { failed: { links: [linkNamed(network, 'A-B')] } }), 'D')).toBe('D C A');
    expect(best(converge(network, { failed: { devices: [1] } }), 'D')).toBe('D C A');
    expect(best(converge(network, { failed: { sessions: [sessionNamed(network, 'B-D')] } }), 'D')).toBe('D C A');
  });

  it('takes down tunnels with what carries them, and tunnels in tunnels, in the tables too', () => {
    const on = (name: string, ...under: readonly string[]) => ({
      ix: linkNamed(network, name),
      under: under.map((each) => linkNamed(network, each)),
    });
    // A to B runs over B to D, which runs over A to C and is written before it.
    const tunnels = [on('A-B', 'B-D'), on('B-D', 'A-C')];
    const links = network.links.map((link) => {
      const tunnel = tunnels.find(({ ix }) => ix === link.ix);
      return tunnel === undefined ? link : { ...link, carriedBy: tunnel.under };
    });
    const tunnelled = { ...network, links };
    expect(fibText(converge(tunnelled), 'B', TEN)).toBe('ebgp A-B>A');
    const failed = { links: [linkNamed(network, 'A-C')] };
    const plane = converge(tunnelled, { failed });
    expect([...plane.liveness.link]).toEqual([0, 0, 0, 1]);
    expect(['B', 'D'].map((device) => fibText(plane, device, TEN))).toEqual(['none', 'none']);
    const slow = new Reference(tunnelled, failed);
    expect(tunnelled.sessions.map(({ ix }) => slow.isSessionUp(ix))).toEqual([false, false, false, true]);
    // Nothing says which one of two tunnels that run over each other is down first: both are up.
    const circle = links.map((link) =>
      link.ix === linkNamed(network, 'A-C') ? { ...link, carriedBy: [linkNamed(network, 'A-B')] } : link,
    );
    expect([...converge({ ...network, links: circle }).liveness.link]).toEqual([1, 1, 1, 1]);
  });

  it('has no route when all ways fail', () => {
    const plane = converge(network, { failed: { devices: [1, 2] } });
    expect(fibText(plane, 'D', TEN)).toBe('none');
    expect(plane.sessions.map((state) => (state.kind === 'up' ? 'up' : state.cause))).toEqual([
      'device-failed',
      'device-failed',
      'device-failed',
      'device-failed',
    ]);
  });
});

describe('iBGP', () => {
  const line: NetworkLiteral = {
    devices: {
      X: { asn: 65009, half: 'provider', originate: [TEN] },
      A: { asn: 65001 },
      B: { asn: 65001 },
      C: { asn: 65001 },
    },
    links: { 'X-A': {}, 'A-B': {}, 'B-C': {} },
    sessions: { 'X-A': {}, 'A-B': {}, 'B-C': {} },
  };

  it('is not passed on between ordinary peers', () => {
    const plane = planeOf(line);
    expect(best(plane, 'B')).toBe('B A X');
    expect(stopped(plane, 'C', 'B-C')).toBe('not-reflected');
    expect(fibText(plane, 'C', TEN)).toBe('none');
  });

  it('is passed on by a reflector, with originator and cluster list', () => {
    const plane = planeOf({
      ...line,
      sessions: {
        'X-A': {},
        'A-B': { multihop: true, second: { routeReflectorClient: true } },
        'B-C': { multihop: true },
      },
    });
    expect(best(plane, 'C')).toBe('C B A X');
    const route = plane.decision(3, 0)?.best[0];
    expect(route?.attributes).toMatchObject({ originatorId: 2, clusterList: [3], nextHop: 1, nextHopLink: undefined });
    expect(fibText(plane, 'C', TEN)).toBe('ibgp B-C>B');
  });

  it('works as a full mesh over loopbacks', () => {
    const plane = planeOf({
      ...line,
      sessions: { 'X-A': {}, 'A-B': { multihop: true }, 'A-C': { multihop: true }, 'B-C': { multihop: true } },
    });
    expect(fibText(plane, 'C', TEN)).toBe('ibgp B-C>B');
    expect(plane.decision(3, 0)?.best[0]?.attributes.localPreference).toBe(100);
  });

  it('cannot use a next hop outside the IGP', () => {
    const plane = planeOf({ ...line, sessions: { 'X-A': {}, 'A-B': { first: { nextHopSelf: false } } } });
    const decision = plane.decision(2, 0);
    expect(decision?.best).toEqual([]);
    expect(decision?.lost.map((item) => item.step)).toEqual(['next-hop']);
    expect(fibText(plane, 'B', TEN)).toBe('none');
  });

  it('can use a next hop on a link that the IGP knows passively', () => {
    const sessions = { 'X-A': {}, 'A-B': { first: { nextHopSelf: false } } };
    const links = (igp: 'passive' | 'none'): NetworkLiteral['links'] => ({ ...line.links, 'X-A': { igp } });
    expect(fibText(planeOf({ ...line, links: links('passive'), sessions }), 'B', TEN)).toBe('ibgp A-B>A');
    expect(fibText(planeOf({ ...line, links: links('none'), sessions }), 'B', TEN)).toBe('none');
  });

  it('finds nobody over a link without the IGP', () => {
    const sessions = { 'X-A': {}, 'A-C': { multihop: true } };
    const plane = planeOf({ ...line, links: { ...line.links, 'A-B': { igp: 'passive' } }, sessions });
    expect(plane.sessions[1]).toMatchObject({ cause: 'unreachable' });
    const provider = (igp: 'active' | 'none'): ControlPlane =>
      planeOf({
        devices: {
          A: { asn: 3320, half: 'provider', connected: [TEN] },
          B: { asn: 3320, half: 'provider' },
        },
        links: { 'A-B': { igp } },
        sessions: {},
      });
    expect([fibText(provider('active'), 'B', TEN), fibText(provider('none'), 'B', TEN)]).toEqual(['igp A-B>A', 'none']);
  });

  it('keeps sessions over loopbacks up round a failed link', () => {
    const network = smallNetwork({
      ...line,
      links: { 'X-A': {}, 'A-B': {}, 'B-C': {}, 'A-C': { cost: 50 } },
      sessions: { 'X-A': {}, 'A-B': { multihop: true } },
    });
    const failed = { links: [linkNamed(network, 'A-B')] };
    expect(fibText(converge(network), 'B', TEN)).toBe('ibgp A-B>A');
    expect(fibText(converge(network, { failed }), 'B', TEN)).toBe('ibgp B-C>C');
  });
});

describe('administrative distance and the other protocols', () => {
  const literal: NetworkLiteral = {
    devices: {
      X: { asn: 65009, half: 'provider', originate: [TEN] },
      A: { asn: 65001, statics: [`${TEN} via A-B to B 30`, '0.0.0.0/0 discard 254', '0.0.0.0/0 via X-A to X'] },
      B: { asn: 65001, connected: [TEN] },
      C: { asn: 65001 },
    },
    links: { 'X-A': {}, 'A-B': {}, 'B-C': {}, 'A-C': { cost: 20 } },
    sessions: { 'X-A': {}, 'A-C': {} },
  };

  it('prefers eBGP to a static of distance 30, IGP to iBGP, connected to everything', () => {
    const plane = planeOf(literal);
    expect(fibText(plane, 'A', TEN)).toBe('ebgp X-A>X');
    expect(fibText(plane, 'B', TEN)).toBe('connected B 10.0.0.0/8');
    expect(fibText(plane, 'C', TEN)).toBe('igp B-C>B');
  });

  it('uses the static once the session is down, and the discard route once the link is', () => {
    const network = smallNetwork(literal);
    const plane = converge(network, { failed: { links: [linkNamed(network, 'X-A')] } });
    expect(fibText(plane, 'A', TEN)).toBe('static A-B>B');
    expect(fibText(plane, 'A', '0.0.0.0/0')).toBe('static discard');
    expect(fibText(converge(network), 'A', '0.0.0.0/0')).toBe('static X-A>X');
  });

  it('splits over equal IGP paths', () => {
    const plane = planeOf({
      devices: { A: { asn: 65001, connected: [TEN] }, B: { asn: 65001 }, C: { asn: 65001 }, D: { asn: 65001 } },
      links: { 'A-B': {}, 'A-C': {}, 'B-D': {}, 'C-D': {} },
      sessions: {},
    });
    expect(fibText(plane, 'D', TEN)).toBe('igp B-D>B C-D>C');
  });

  it('goes through the backbone between areas, and stays inside one however far', () => {
    const square = (back: number): NetworkLiteral => ({
      devices: { A: { asn: 65001, connected: [TEN] }, B: { asn: 65001 }, C: { asn: 65001 }, D: { asn: 65001 } },
      links: { 'A-B': { area: 1 }, 'B-C': { area: back }, 'C-D': { area: 2 }, 'A-C': { area: 1, cost: 100 } },
      sessions: {},
    });
    // C is in area 1 as A is, so the long link goes before the short way over area 0.
    expect(fibText(planeOf(square(0)), 'C', TEN)).toBe('igp A-C>A');
    expect(fibText(planeOf(square(1)), 'C', TEN)).toBe('igp B-C>B');
    // C borders on areas 1 and 2, but without the backbone it tells D nothing.
    expect(fibText(planeOf(square(0)), 'D', TEN)).toBe('igp C-D>C');
    expect(fibText(planeOf(square(1)), 'D', TEN)).toBe('none');
  });

  it('installs nothing for a route the device itself puts into BGP', () => {
    const plane = planeOf({ devices: { A: { asn: 65001, originate: [TEN] } }, links: {}, sessions: {} });
    expect(plane.decision(0, 0)?.best[0]?.kind).toBe('local');
    expect(fibText(plane, 'A', TEN)).toBe('none');
  });
});

describe('several paths', () => {
  const literal = (maximumPaths: number): NetworkLiteral => ({
    devices: {
      A: { asn: 65001, originate: [TEN] },
      B: { asn: 65002 },
      C: { asn: 65003 },
      D: { asn: 65004, maximumPaths },
    },
    links: { 'A-B': {}, 'B-D': {}, 'A-C': {}, 'C-D': {}, 'A-D': {} },
    sessions: { 'A-B': {}, 'B-D': {}, 'A-C': {}, 'C-D': {} },
  });

  it('are installed where the design leaves them equal', () => {
    const plane = planeOf(literal(4));
    expect(fibText(plane, 'D', TEN)).toBe('ebgp B-D>B C-D>C');
    expect(plane.decision(3, 0)).toMatchObject({ tieBrokenBy: undefined, lost: [] });
  });

  it('are not installed where one is allowed', () => {
    const plane = planeOf(literal(1));
    expect(fibText(plane, 'D', TEN)).toBe('ebgp B-D>B');
    expect(plane.decision(3, 0)?.lost).toMatchObject([{ step: 'router-id', value: 3, winnerValue: 2 }]);
  });
});

describe('policies', () => {
  it('reject with the term that did it, and change with the term that did it', () => {
    const plane = planeOf({
      devices: { A: { asn: 65001, originate: [TEN, '10.1.0.0/16'] }, B: { asn: 65002 } },
      links: { 'A-B': {} },
      sessions: {
        'A-B': {
          first: {
            export: [{ name: 'tag', set: [{ kind: 'community-add', communities: [communityFrom('65001:7')] }] }],
          },
          second: {
            import: [
              {
                name: 'long ones',
                when: [{ kind: 'prefix-list', entries: [{ prefix: prefix(TEN), atLeast: 9 }] }],
                then: 'reject',
              },
              {
                name: 'tagged',
                when: [{ kind: 'community', any: [communityFrom('65001:7')] }],
                set: [{ kind: 'local-preference', value: 200 }],
              },
            ],
          },
        },
      },
    });
    expect(plane.classes.map((item) => item.prefixes.length)).toEqual([1, 1]);
    expect(stopped(plane, 'B', 'A-B', '10.1.0.0/16')).toBe('import-policy');
    const [refused] = plane.received(1, classIxOf(plane, '10.1.0.0/16'));
    expect(refused?.imported).toMatchObject([{ termName: 'long ones', term: 0, effect: 'rejected' }]);
    const [taken] = plane.received(1, classIxOf(plane, TEN));
    expect(taken).toMatchObject({
      stopped: undefined,
      exported: [{ termName: 'tag', effect: 'changed' }],
      imported: [{ termName: 'tagged', effect: 'changed' }],
    });
    expect(plane.decision(1, classIxOf(plane, TEN))?.best[0]?.attributes.localPreference).toBe(200);
  });

  it('do not carry local preference and weight to another AS, nor a learned MED', () => {
    const raise = [
      {
        set: [
          { kind: 'local-preference', value: 300 },
          { kind: 'weight', value: 9 },
          { kind: 'med', value: 50 },
        ] as const,
      },
    ];
    const plane = planeOf({
      devices: { A: { asn: 65001, originate: [TEN] }, B: { asn: 65002 }, C: { asn: 65003 } },
      links: { 'A-B': {}, 'B-C': {} },
      sessions: { 'A-B': { first: { export: raise }, second: { import: raise } }, 'B-C': {} },
    });
    expect(plane.decision(1, 0)?.best[0]?.attributes).toMatchObject({ localPreference: 300, weight: 9, med: 50 });
    expect(plane.decision(2, 0)?.best[0]?.attributes).toMatchObject({ localPreference: 100, weight: 0, med: 0 });
  });

  it('remove or replace private ASNs', () => {
    const chain = (removePrivateAs: 'all' | 'replace'): NetworkLiteral => ({
      devices: { A: { asn: 65001, originate: [TEN] }, B: { asn: 12076 }, C: { asn: 8075 } },
      links: { 'A-B': {}, 'B-C': {} },
      sessions: { 'A-B': {}, 'B-C': { first: { removePrivateAs } } },
    });
    expect(planeOf(chain('all')).decision(2, 0)?.best[0]?.attributes.asPath).toEqual([12076]);
    expect(planeOf(chain('replace')).decision(2, 0)?.best[0]?.attributes.asPath).toEqual([12076, 12076]);
  });

  it('treat private ASNs per session, though the sessions share a policy', () => {
    const session = (removePrivateAs: 'none' | 'all'): SessionLiteral => ({
      multihop: true,
      first: { removePrivateAs },
      second: { allowAsIn: 1 },
    });
    const plane = planeOf({
      devices: {
        A: { asn: 65001, originate: [TEN] },
        B: { asn: 12076 },
        C: { asn: 8075 },
        D: { asn: 3320 },
        E: { asn: 65001 },
      },
      links: { 'A-B': {}, 'B-C': {}, 'B-D': {}, 'B-E': {} },
      sessions: { 'A-B': {}, 'B-C': session('all'), 'B-D': session('none'), 'B-E': session('all') },
    });
    const paths = [2, 3, 4].map((device) => plane.decision(device, 0)?.best[0]?.attributes.asPath);
    // E is in the private AS itself, and has to see that the route has been there.
    expect(paths).toEqual([[12076], [12076, 65001], [12076, 65001]]);
  });

  it('accept the own AS as often as allowed', () => {
    const chain = (allowAsIn: number): NetworkLiteral => ({
      devices: { A: { asn: 65001, originate: [TEN] }, B: { asn: 12076 }, C: { asn: 65001 } },
      links: { 'A-B': {}, 'B-C': {} },
      sessions: { 'A-B': {}, 'B-C': { second: { allowAsIn } } },
    });
    expect(stopped(planeOf(chain(0)), 'C', 'B-C')).toBe('as-loop');
    expect(best(planeOf(chain(1)), 'C')).toBe('C B A');
  });

  it.each([
    ['65535:65281', 'no-export'],
    ['65535:65282', 'no-advertise'],
    ['65535:65283', 'no-export'],
  ])('honour the well-known community %s', (text, reason) => {
    const plane = planeOf({
      devices: { A: { asn: 65001, originate: [{ prefixes: [TEN], communities: [text] }] }, B: { asn: 65002 } },
      links: { 'A-B': {} },
      sessions: { 'A-B': {} },
    });
    expect(stopped(plane, 'B', 'A-B')).toBe(reason);
  });
});

describe('prefix limits', () => {
  const literal = (
    action: 'drop-session' | 'discard-surplus' | 'warn',
    limit: number,
    limit6 = limit,
  ): NetworkLiteral => ({
    devices: {
      A: { asn: 65001, originate: [{ prefixes: ['10.0.0.0/16', '10.1.0.0/16', '2001:db8::/32'] }, '10.2.0.0/16'] },
      B: { asn: 12076 },
    },
    links: { 'A-B': {} },
    sessions: { 'A-B': { second: { maximum: { limit, limit6, action } } } },
  });

  it('drop the session of the family they count', () => {
    const plane = planeOf(literal('drop-session', 2));
    expect(plane.sessions[0]).toMatchObject({
      kind: 'up',
      without: { family: 4, cause: 'maximum-prefixes', because: '3 IPv4 prefixes accepted, the limit is 2' },
    });
    expect(fibText(plane, 'B', '2001:db8::/32')).toBe('ebgp A-B>A');
    expect(plane.limitsReached).toMatchObject([{ session: 0, device: 1, family: 4, accepted: 3, limit: 2 }]);
    expect(fibText(plane, 'B', '10.0.0.0/16')).toBe('none');
    expect(stopped(plane, 'B', 'A-B', '10.0.0.0/16')).toBe('session-down');
  });

  it('drop the session altogether where both families exceed theirs, or there is one family', () => {
    const { sessions: both } = planeOf(literal('drop-session', 2, 0));
    expect(both[0]).toMatchObject({
      kind: 'down',
      because: '3 IPv4 prefixes accepted, the limit is 2; 1 IPv6 prefixes accepted, the limit is 0',
    });
    const { devices, ...rest } = literal('drop-session', 0);
    const { sessions } = planeOf({ ...rest, devices: { ...devices, A: { asn: 65001, originate: ['10.2.0.0/16'] } } });
    expect(sessions[0]).toMatchObject({ kind: 'down', cause: 'maximum-prefixes' });
  });

  it('are those of IPv6 where it has its own', () => {
    const plane = planeOf(literal('drop-session', 3, 0));
    expect(plane.limitsReached).toMatchObject([{ family: 6, accepted: 1, limit: 0 }]);
    expect(fibText(plane, 'B', '10.0.0.0/16')).toBe('ebgp A-B>A');
    expect(fibText(plane, 'B', '2001:db8::/32')).toBe('none');
  });

  it('are not reached by as many prefixes as they say, counted per family', () => {
    const plane = planeOf(literal('drop-session', 3));
    expect(plane.limitsReached).toEqual([]);
    expect(fibText(plane, 'B', '10.0.0.0/16')).toBe('ebgp A-B>A');
  });

  it('may only warn', () => {
    const plane = planeOf(literal('warn', 2));
    expect(plane.limitsReached).toMatchObject([{ action: 'warn', accepted: 3 }]);
    expect(fibText(plane, 'B', '10.0.0.0/16')).toBe('ebgp A-B>A');
  });
});

describe('networks without a stable state', () => {
  /** Griffin, Shepherd and Wilfong's BAD GADGET: everybody prefers the way through the next one round the circle. */
  const spoke = (name: string): Record<string, object> => ({ [`O-${name}`]: {} });
  /** Prefers exactly the neighbour's direct way and refuses longer ones. */
  const direct = (neighbour: number): readonly TermLiteral[] => [
    {
      name: 'long way',
      when: [{ kind: 'as-path-contains', any: [65001, 65002, 65003].filter((item) => item !== neighbour).map(asn) }],
      then: 'reject',
    },
    { name: 'direct way', set: [{ kind: 'local-preference', value: 200 }] },
  ];
  const badGadget: NetworkLiteral = {
    devices: {
      O: { asn: 65000, originate: [TEN], connected: ['172.16.0.0/12'] },
      A: { asn: 65001 },
      B: { asn: 65002 },
      C: { asn: 65003 },
    },
    links: { ...spoke('A'), ...spoke('B'), ...spoke('C'), 'A-B': {}, 'B-C': {}, 'C-A': {} },
    sessions: {
      ...spoke('A'),
      ...spoke('B'),
      ...spoke('C'),
      'A-B': { first: { import: direct(65002) } },
      'B-C': { first: { import: direct(65003) } },
      'C-A': { first: { import: direct(65001) } },
    },
  };
  it('are found out, with the cycle', () => {
    const plane = planeOf(badGadget);
    expect(plane.outcome.kind).toBe('oscillates');
    if (plane.outcome.kind !== 'oscillates') return;
    const [cycle] = plane.outcome.cycles;
    expect(cycle?.classes).toEqual([classIxOf(plane, TEN)]);
    expect(new Set(cycle?.turns.map((turn) => turn.device))).toEqual(new Set([1, 2, 3]));
    expect(plane.isStable(classIxOf(plane, TEN))).toBe(false);
    expect(plane.isStable(classIxOf(plane, '172.16.0.0/12'))).toBe(true);
  });

  it('come to rest when one speaker gives in', () => {
    const network = smallNetwork(badGadget);
    const plane = converge(network, { failed: { sessions: [sessionNamed(network, 'C-A')] } });
    expect(plane.outcome.kind).toBe('stable');
  });
});
