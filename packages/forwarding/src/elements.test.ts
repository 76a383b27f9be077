import type { CompiledNetwork } from '@bothways/network';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate } from '../test/shipped-estates.ts';
import {
  chosenElements,
  drainedBy,
  type FailureElement,
  failureElements,
  failureSets,
  failuresOf,
  setOf,
} from './elements.ts';
import { Sweep } from './sweep.ts';

const contoso = shippedEstate('examples/contoso');

function named(
  compiled: CompiledNetwork,
  ...ids: readonly string[]
): readonly [readonly FailureElement[], readonly number[]] {
  const elements = failureElements(compiled);
  return [elements, ids.map((id) => elements.findIndex((element) => element.id === id))];
}

describe('the sets of failures', () => {
  it('are all combinations, each once, the small ones first, seed 81', () => {
    const elements = failureElements(compiledFrom(contoso));
    const property = fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), (size, most) => {
      const sets = failureSets(elements.slice(0, size), most);
      const all = Array.from({ length: sets.count }, (_, ix) => sets.at(ix));
      expect(new Set(all.map(({ id }) => id)).size).toBe(sets.count);
      const keys = all.map(({ elements: members }) => members);
      expect(keys.every((members) => members.length >= 1 && members.length <= Math.min(most, size))).toBe(true);
      const inOrder = [...keys].sort((a, b) => a.length - b.length || compare(a, b));
      expect(keys).toEqual(inOrder);
    });
    fc.assert(property, { seed: 81, numRuns: 40 });
  });

  it('refuse numbers outside', () => {
    const sets = failureSets(failureElements(compiledFrom(contoso)), 2);
    expect(() => sets.at(sets.count)).toThrow(RangeError);
    expect(() => sets.at(-1)).toThrow(RangeError);
  });

  it('have ids that follow the order of the elements', () => {
    const [elements, [hq = -1, branch = -1]] = named(compiledFrom(contoso), 'link mpls-hq', 'link mpls-branch');
    expect(setOf(elements, [branch, hq]).id).toBe('link mpls-hq + link mpls-branch');
  });
});

describe('the elements', () => {
  it('know what else they are', () => {
    const elements = failureElements(compiledFrom(contoso));
    const translating = chosenElements(elements, { kinds: ['nat'] }).map(({ id }) => id);
    expect(translating).toEqual(['device fw-inet', 'device fw-er']);
  });

  it('are two for a pair of firewalls: one takes over with its state, both together are the pair', () => {
    const compiled = compiledFrom(`${contoso}\nfirewalls:\n  fw-er: { highAvailability: true }\n`);
    const [elements, [one = -1, two = -1]] = named(compiled, 'firewall member fw-er 1', 'firewall member fw-er 2');
    const device = compiled.network.devices.find(({ name }) => name === 'fw-er')?.ix;
    const failing = (...members: readonly number[]) =>
      failuresOf(compiled.network, elements, setOf(elements, members)).devices;
    expect([failing(one), failing(two), failing(one, two)]).toEqual([[], [], [device]]);
    const sweep = new Sweep({
      compiled,
      sets: failureSets(
        [elements[one], elements[two]].flatMap((each) => each ?? []),
        2,
      ),
    });
    expect([sweep.resultOf(0), sweep.resultOf(1)]).toEqual([undefined, undefined]);
    expect(sweep.resultOf(2)?.changed).toBeGreaterThan(0);
  });

  it('drain sessions in a maintenance window instead of taking them down', () => {
    const compiled = compiledFrom(shippedEstate('scenarios/A7-drained-link-still-used'));
    const elements = failureElements(compiled);
    const at = elements.findIndex(({ drains }) => drains !== undefined);
    const set = setOf(elements, [at]);
    expect(failuresOf(compiled.network, elements, set)).toEqual({ devices: [], links: [], sessions: [] });
    expect(drainedBy(compiled, elements, set)?.policies.length).toBeGreaterThan(compiled.network.policies.length);
  });

  it('take tunnels down with what carries them, also where only a device fails', () => {
    const compiled = compiledFrom(shippedEstate('scenarios/PP-S29-azure-machine-over-vpn'));
    const { links } = compiled.network;
    const tunnel = links.find(({ carriedBy = [] }) => carriedBy.length > 0);
    const carrier = links[tunnel?.carriedBy?.[0] ?? -1];
    const elements: readonly FailureElement[] = [
      { id: 'x', kinds: ['device'], name: 'x', devices: [carrier?.b ?? -1], links: [], sessions: [], origins: [] },
    ];
    expect(failuresOf(compiled.network, elements, setOf(elements, [0])).links).toContain(tunnel?.ix);
  });
});

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, ix) => each !== b[ix]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
