import { fact } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import { contoso, contosoText } from '../test/contoso.ts';
import type { Origin } from './index.ts';

const { network, siteRouters, estate } = contoso();

/** Every origin of every element, wherever it stands. */
function origins(value: unknown): readonly Origin[] {
  const found: Origin[] = [];
  const visit = (each: unknown): void => {
    if (Array.isArray(each)) for (const item of each) visit(item);
    else if (typeof each === 'object' && each !== null) {
      for (const [key, inner] of Object.entries(each)) {
        if (key === 'origins' && Array.isArray(inner)) found.push(...inner);
        else visit(inner);
      }
    }
  };
  visit(value);
  return found;
}

describe('the compiled network', () => {
  it('is the same for the same estate', () => {
    const again = contoso();
    expect(again.network).toEqual(network);
    expect(again.demands).toEqual(contoso().demands);
    expect([...again.siteRouters]).toEqual([...siteRouters]);
  });

  it('is indexed by position', () => {
    for (const list of [network.devices, network.links, network.sessions, network.policies]) {
      expect(list.map(({ ix }) => ix)).toEqual(list.map((_, at) => at));
    }
  });

  it('has no name twice among devices, links and sessions', () => {
    for (const list of [network.devices, network.links, network.sessions]) {
      const names = list.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('sessions run between the two ends of their link', () => {
    for (const { link, ends, name } of network.sessions) {
      const under = link === undefined ? undefined : network.links[link];
      expect(new Set([under?.a, under?.b]), name).toEqual(new Set(ends.map(({ device }) => device)));
    }
  });

  it('translation, filters, firewalls and statics name links of their own device', () => {
    for (const device of network.devices) {
      const named = [
        ...device.sourceNat.map(({ link }) => link),
        ...device.sourceFilters.map(({ link }) => link),
        ...(device.firewall?.inside ?? []),
        ...device.statics.flatMap(({ next }) => (next.kind === 'forward' ? [next.link] : [])),
      ];
      for (const link of named) {
        const { a, b } = network.links[link] ?? {};
        expect([a, b], `${device.name} and link ${link}`).toContain(device.ix);
      }
    }
  });

  it('every element says where it comes from: a line that exists, a fact that exists, or a reason', () => {
    const lists = [network.devices, network.links, network.sessions, network.policies];
    for (const { name, origins: its } of lists.flat()) expect(its.length, name).toBeGreaterThan(0);
    const all = origins(network);
    expect(all.length).toBeGreaterThan(100);
    const sections = new Set(contosoText().match(/^[a-zA-Z]+(?=:)/gm));
    for (const origin of all) {
      if (origin.kind === 'fact') expect(fact(origin.fact), origin.fact).toBeDefined();
      else if (origin.kind === 'derived') expect(origin.because.length).toBeGreaterThan(10);
      else if (origin.path.length > 0)
        expect([...sections, 'firewalls'], origin.path.join('.')).toContain(origin.path[0]);
    }
  });

  it('knows the router of every site', () => {
    expect([...siteRouters.keys()]).toEqual(estate.sites.map(({ name }) => name));
    for (const [name, ix] of siteRouters) expect(network.devices[ix]?.name).toBe(name);
  });
});
