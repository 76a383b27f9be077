/** Cycles and several stable states in words. Estates do not easily compile to such networks, so these are made by hand. */
import { asn, prefix } from '@bothways/net';
import type { Device, Network, PolicyTerm, Session } from '@bothways/network';
import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { instabilityOf, replayOf } from './route-history.ts';

const ten = prefix('10.0.0.0/8');

/** Origin and speakers around it, each in an AS of its own: [speaker, neighbour it prefers], by name. */
function wheel(names: readonly string[], refusesLongWays: boolean): Network {
  const all = ['O', ...names];
  const device = (name: string, ix: number): Device => ({
    ix,
    name,
    role: 'site-router',
    half: 'customer',
    asn: asn(65000 + ix),
    routerId: ix + 1,
    connected: [],
    statics: [],
    originations:
      ix > 0
        ? []
        : [
            {
              name: 'ten',
              prefixes: [ten],
              communities: [],
              largeCommunities: [],
              med: 0,
              originCode: 'igp',
              origins: [],
            },
          ],
    sourceFilters: [],
    firewall: undefined,
    sourceNat: [],
    decision: { maximumPaths: 1 },
    origins: [],
  });
  const pairs = [
    ...names.map((_, n): readonly [number, number] => [0, n + 1]),
    ...names.map((_, n): readonly [number, number] => [n + 1, ((n + 1) % names.length) + 1]),
  ];
  const term = (parts: Partial<PolicyTerm>): PolicyTerm => ({
    name: '',
    when: [],
    set: [],
    then: 'accept',
    origins: [],
    ...parts,
  });
  const long = term({ when: [{ kind: 'as-path-matches', pattern: '^.{3,}$' }], then: 'reject' });
  const prefer = term({ set: [{ kind: 'local-preference', value: 200 }] });
  return {
    devices: all.map(device),
    links: pairs.map(([a, b], ix) => ({
      ix,
      name: `link ${ix}`,
      kind: 'wan',
      a,
      b,
      cost: 10,
      bandwidth: undefined,
      latency: undefined,
      origins: [],
    })),
    sessions: pairs.map(([a, b], ix): Session => {
      const end = (on: number, policy: number): Session['ends'][0] => ({
        device: on,
        asn: asn(65000 + on),
        import: policy,
        export: 0,
        nextHopSelf: false,
        routeReflectorClient: false,
        removePrivateAs: 'none',
        allowAsIn: 0,
        maximumPrefixes: undefined,
      });
      return {
        ix,
        name: `session ${ix}`,
        link: ix,
        ends: [end(a, a === 0 ? 0 : 1), end(b, 0)],
        down: undefined,
        origins: [],
      };
    }),
    policies: [
      { ix: 0, name: 'all', terms: [], otherwise: 'accept', origins: [] },
      { ix: 1, name: 'prefer', terms: refusesLongWays ? [long, prefer] : [prefer], otherwise: 'accept', origins: [] },
    ],
  };
}

describe('what keeps routes from one certain answer', () => {
  it('is a cycle, told move by move', () => {
    const plane = converge(wheel(['A', 'B', 'C'], true));
    const [line, ...others] = instabilityOf(plane, new Set([0]));
    expect(others).toEqual([]);
    expect(line).toMatch(/^these routes never come to rest: . leaves the way .* for the way .*; then it begins again$/);
    expect(replayOf(plane, 0, ten).arrives).toBe(false);
  });

  it('is another stable state, with who has to be late', () => {
    const plane = converge(wheel(['A', 'B'], true));
    expect(instabilityOf(plane, new Set([0]))).toEqual([
      expect.stringMatching(
        /^the order of events decides: where . is the last to hear, another state is as stable, in which /,
      ),
    ]);
  });

  it('is nothing where classes are not concerned', () => {
    expect(instabilityOf(converge(wheel(['A', 'B', 'C'], true)), new Set([7]))).toEqual([]);
  });
});
