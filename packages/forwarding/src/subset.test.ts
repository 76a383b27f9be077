import { converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { compiledFrom, shippedEstate, shippedEstates, withText } from '../test/shipped-estates.ts';
import { type Subset, subsetFor, type Wanted } from './subset.ts';

function subsetOf(
  text: string,
  wanted: Partial<Wanted>,
): { readonly subset: Subset; readonly names: readonly string[] } {
  const compiled = compiledFrom(text);
  const subset = subsetFor(compiled, converge(compiled.network), { sites: [], circuits: [], ...wanted });
  if (subset === undefined) throw new Error('nobody of that name communicates');
  return { subset, names: subset.inside.map((ix) => compiled.network.devices[ix]?.name ?? '') };
}

/** Branches on one hub with an internet edge and a circuit, beside the hub of another country with the same. */
function branches(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, ix) => `  b${ix}: { city: Milan, users: 20, clients: 10.${64 + (ix >> 8)}.${ix & 255}.0/24 }`,
  );
  const links = Array.from(
    { length: count },
    (_, ix) =>
      `  w${ix}: { between: [b${ix}, ${ix % 2 === 0 ? 'hub-de' : 'hub-fr'}], bandwidth: 50 Mbps, latency: 9 ms }`,
  );
  const text = shippedEstate('scenarios/PP-S08-two-countries-two-circuits');
  return text
    .replace(/^sites:\n/m, () => `sites:\n${lines.join('\n')}\n`)
    .replace(/^wan:\n/m, () => `wan:\n${links.join('\n')}\n`)
    .replace(/from: \[[^\]]*\]/, () => `from: [berlin, lyon, ${lines.map((_, ix) => `b${ix}`).join(', ')}]`);
}

describe('a subset', () => {
  it('of a site is what its packets pass, now and when something inside fails', () => {
    const { subset, names } = subsetOf(branches(120), { sites: ['b0', 'berlin'] });
    expect(subset.doubts).toEqual([]);
    expect(names).toContain('b0');
    expect(names).toContain('er-fra-msee1');
    expect(names.filter((name) => /^b\d+$/.test(name))).toEqual(['b0']);
    expect(names.length).toBeLessThan(30);
    expect(subset.failures).toBeGreaterThan(names.length);
    expect(subset.boundary.length).toBeGreaterThan(50);
    expect(subset.entries.gone).toBeGreaterThan(100);
    expect(subset.entries.same).toBeGreaterThan(1000);
  });

  it('takes in what a failure leads through', () => {
    const { subset, names } = subsetOf(shippedEstate('scenarios/PP-S08-two-countries-two-circuits'), {
      sites: ['berlin'],
    });
    // The other country is not on the way until the own circuit is gone.
    expect(subset.takenIn.length).toBeGreaterThan(0);
    expect(names).toContain('hub-fr');
    expect(subset.doubts).toEqual([]);
  });

  it('of the first site of an estate is safe, on every fourth of the shipped ones', {
    timeout: 120_000,
  }, () => {
    for (const { name, text } of shippedEstates().filter((_, at) => at % 4 === 0)) {
      const compiled = compiledFrom(text);
      const sites = compiled.demands.concrete.slice(0, 1).map(({ site }) => site.name);
      const subset = subsetFor(compiled, converge(compiled.network), { sites, circuits: [] });
      expect({ name, doubts: subset?.doubts ?? [] }).toEqual({ name, doubts: [] });
    }
  });

  it('keeps the devices of a circuit that is asked for, used or not', () => {
    const { names } = subsetOf(branches(4), { sites: ['b0'], circuits: ['er-par'] });
    expect(names).toContain('er-par-msee1');
  });

  it('of nobody is none', () => {
    const compiled = compiledFrom(shippedEstate('examples/contoso'));
    expect(subsetFor(compiled, converge(compiled.network), { sites: ['nowhere'], circuits: [] })).toBeUndefined();
  });

  it('is not said to be safe where a device outside changes a table inside', () => {
    // The circuit of the other country announces the pool of this one as well: Microsoft answers over both.
    const shared = withText(
      shippedEstate('scenarios/PP-S08-two-countries-two-circuits'),
      'advertises: [203.0.113.16/28]',
      'advertises: [203.0.113.16/28, 203.0.113.0/28]',
    );
    const { names } = subsetOf(shared, { sites: ['berlin'] });
    expect(names).toContain('er-par-msee1');
  });
});
