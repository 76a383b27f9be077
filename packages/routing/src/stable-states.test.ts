import { describe, expect, it } from 'vitest';
import { classIxOf, type NetworkLiteral, smallNetwork, wayOf, wedgie } from '../test/small-network.ts';
import { converge, otherStableStates } from './index.ts';

const TEN = '10.0.0.0/8';

describe('other stable states', () => {
  it('are found where the order of events decides, for the prefixes it concerns', () => {
    const plane = converge(smallNetwork(wedgie));
    const states = otherStableStates(plane);
    expect(states.map((state) => state.classes)).toEqual([[classIxOf(plane, TEN)]]);
    expect(states[0]?.differences.map(({ here, there }) => [wayOf(plane, here), wayOf(plane, there)])).toEqual([
      ['Backup Customer', 'Backup Upstream Primary Customer'],
      ['Upstream Backup Customer', 'Upstream Primary Customer'],
    ]);
  });

  it('are found in DISAGREE: two neighbours that prefer each other', () => {
    const prefer = { import: [{ name: 'neighbour', set: [{ kind: 'local-preference', value: 200 }] }] } as const;
    const disagree: NetworkLiteral = {
      devices: { O: { asn: 65000, originate: [TEN] }, A: { asn: 65001 }, B: { asn: 65002 } },
      links: { 'O-A': {}, 'O-B': {}, 'A-B': {} },
      sessions: { 'O-A': {}, 'O-B': {}, 'A-B': { first: prefer, second: prefer } },
    };
    const plane = converge(smallNetwork(disagree));
    expect(plane.outcome.kind).toBe('stable');
    expect(otherStableStates(plane)).toHaveLength(1);
  });

  it('are not found where preferences agree', () => {
    const plane = converge(
      smallNetwork({
        ...wedgie,
        sessions: { 'Customer-Backup': {}, 'Customer-Primary': {}, 'Backup-Upstream': {}, 'Upstream-Primary': {} },
      }),
    );
    expect(otherStableStates(plane)).toEqual([]);
  });

  /** E has a static route behind eBGP, and redistributes it; the provider announces the same prefix. */
  const floating: NetworkLiteral = {
    devices: {
      P: { asn: 3320, half: 'provider', originate: [TEN] },
      E: { asn: 65001, statics: [`${TEN} discard 30`], redistribute: ['static into bgp'] },
      N: { asn: 65002 },
    },
    links: { 'P-E': {}, 'E-N': {} },
    sessions: { 'P-E': {}, 'E-N': {} },
  };

  it('are found where a floating static route is redistributed: who was there first stays', () => {
    const plane = converge(smallNetwork(floating));
    // Static routes are there before the first session is up.
    expect(wayOf(plane, plane.decision(2, classIxOf(plane, TEN))?.best[0])).toBe('N E');
    const [state, ...more] = otherStableStates(plane);
    expect(more).toEqual([]);
    expect(state?.classes).toEqual([classIxOf(plane, TEN)]);
    expect(state?.start).toMatchObject({
      kind: 'conditions',
      turns: [{ text: 'E redistributes static into bgp', holds: false }],
    });
    expect(state?.differences.map(({ here, there }) => [wayOf(plane, here), wayOf(plane, there)])).toEqual([
      ['E', 'E P'],
      ['N E', 'N E P'],
    ]);
  });

  it('are not found where the static route is better than eBGP', () => {
    const firm = { ...floating.devices['E'], asn: 65001, statics: [`${TEN} discard 5`] };
    expect(
      otherStableStates(converge(smallNetwork({ ...floating, devices: { ...floating.devices, E: firm } }))),
    ).toEqual([]);
  });

  it('are found where two advertisements wait for each other', () => {
    const [mine, yours] = ['10.0.0.0/8', '172.16.0.0/12'];
    const plane = converge(
      smallNetwork({
        devices: {
          A: { asn: 65001, originate: [{ prefixes: [mine], when: `${yours} in bgp` }] },
          B: { asn: 65002, originate: [{ prefixes: [yours], when: `${mine} in bgp` }] },
        },
        links: { 'A-B': {} },
        sessions: { 'A-B': {} },
      }),
    );
    expect(plane.decision(0, classIxOf(plane, mine))).toBeUndefined();
    const [state] = otherStableStates(plane);
    expect(state?.classes).toEqual([classIxOf(plane, mine), classIxOf(plane, yours)]);
    expect(state?.start).toMatchObject({
      kind: 'conditions',
      turns: [
        { text: 'A originates A 0', holds: true },
        { text: 'B originates B 0', holds: true },
      ],
    });
  });
});
