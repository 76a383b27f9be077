import { estimatedLatency } from '@bothways/facts';
import type { CompiledNetwork } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate, shippedEstates, withText } from '../test/shipped-estates.ts';
import { devicePlaces } from './quality-places.ts';
import { shortestWay } from './quality-shortest.ts';

/** All pairs by relaxing every step until nothing changes: no queue, no tree, no shortcuts through clouds. */
class SlowTwin {
  readonly #compiled: CompiledNetwork;
  readonly #steps: { readonly from: number; readonly to: number; readonly milliseconds: number }[] = [];

  constructor(compiled: CompiledNetwork) {
    this.#compiled = compiled;
    const places = devicePlaces(compiled);
    const { devices, links } = compiled.network;
    for (const { ix } of devices) {
      const here = places(ix);
      if (here === undefined) continue;
      // Everything that can be reached from here over devices without a place, with the least stated on the first line.
      const seen = new Map<number, number>();
      const visit = (at: number, first: number, inside: boolean): void => {
        for (const link of links) {
          if (link.a !== at && link.b !== at) continue;
          const other = link.a === at ? link.b : link.a;
          const there = places(other);
          const into = at === ix ? (link.latency ?? 0) : first;
          if (there !== undefined) {
            if (other === ix) continue;
            const through = at !== ix;
            if (through && !inside && this.#inside(ix) && this.#inside(other)) continue;
            const estimate = estimatedLatency(here, there).milliseconds;
            const stated = into + (link.latency ?? 0);
            const milliseconds = through ? Math.max(stated, estimate) : (link.latency ?? estimate);
            this.#steps.push({ from: ix, to: other, milliseconds });
            continue;
          }
          const stillInside = inside && this.#inside(other);
          if (seen.has(other) && (seen.get(other) ?? 0) <= into) continue;
          seen.set(other, into);
          visit(other, into, stillInside);
        }
      };
      visit(ix, 0, true);
    }
  }

  #inside(ix: number): boolean {
    const half = this.#compiled.network.devices[ix]?.half;
    return half === 'customer' || half === 'provider';
  }

  /** From the inside to wherever; undefined: no way. */
  milliseconds(from: number, to: number): number | undefined {
    const best = new Map([[from, 0]]);
    for (let changed = true; changed; ) {
      changed = false;
      for (const step of this.#steps) {
        const sofar = best.get(step.from);
        if (sofar === undefined || (!this.#inside(step.from) && this.#inside(step.to))) continue;
        if (sofar + step.milliseconds >= (best.get(step.to) ?? 1e9) - 1e-9) continue;
        best.set(step.to, sofar + step.milliseconds);
        changed = true;
      }
    }
    return best.get(to);
  }
}

describe('the shortest way', () => {
  const estates = shippedEstates().map(({ name, text }) => [name, text] as const);

  it.each(estates)('%s: as slow relaxation finds it, from every site to every place outside', (_, text) => {
    const compiled = compiledFrom(text);
    const slow = new SlowTwin(compiled);
    const places = devicePlaces(compiled);
    const { devices } = compiled.network;
    for (const from of devices.filter(({ role }) => role === 'site-router')) {
      for (const to of devices.filter(({ half, ix }) => half === 'microsoft' && places(ix) !== undefined)) {
        if (places(from.ix) === undefined) continue;
        const there = shortestWay(compiled, from.ix, to.ix);
        const wanted = slow.milliseconds(from.ix, to.ix);
        if (wanted === undefined) expect(there, `${from.name} to ${to.name}`).toBeUndefined();
        else expect(there?.milliseconds, `${from.name} to ${to.name}`).toBeCloseTo(wanted, 3);
        const back = shortestWay(compiled, to.ix, from.ix);
        expect(back?.milliseconds).toBe(there?.milliseconds);
        expect(back?.over).toEqual(there?.over.toReversed());
      }
    }
  });

  it('takes the nearer of two ways', () => {
    const text = withText(shippedEstate('examples/contoso'), 'latency: 6 ms }', 'latency: 60 ms }');
    const detoured = withText(
      text,
      '  mpls-branch:',
      '  mpls-cross: { between: [hq, branch], bandwidth: 1 Gbps, latency: 5 ms }\n  mpls-branch:',
    );
    const compiled = compiledFrom(detoured);
    const named = (name: string): number => compiled.network.devices.findIndex((device) => device.name === name);
    const way = shortestWay(compiled, named('hq'), named('dc'));
    expect(way).toEqual({ milliseconds: 16, over: [named('hq'), named('branch'), named('dc')] });
  });

  it('does not join two sites over the internet, however slow the line between them', () => {
    const text = withText(shippedEstate('examples/contoso'), 'latency: 11 ms }', 'latency: 500 ms }');
    const two = withText(
      text,
      'internetEdges:\n',
      'internetEdges:\n  milan: { site: branch, isp: Fabrikam, latency: 1 ms, firewall: fw-milan, nat: 198.51.100.16/28 }\n',
    );
    const compiled = compiledFrom(two);
    const named = (name: string): number => compiled.network.devices.findIndex((device) => device.name === name);
    expect(shortestWay(compiled, named('branch'), named('dc'))?.milliseconds).toBe(500);
    const region = named('azure-westeurope');
    // Milan to Amsterdam is 829 km; the branch has an edge of its own.
    expect(
      shortestWay(compiled, named('branch'), region)?.over.map((ix) => compiled.network.devices[ix]?.name),
    ).toEqual(['branch', 'fw-milan', 'azure-westeurope']);
  });
});
