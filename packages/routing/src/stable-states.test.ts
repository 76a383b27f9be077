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
});
