import type { Estate } from '@bothways/estate';
import { fact } from '@bothways/facts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wholeEstate } from '../test/whole.ts';
import { compileNetwork, type Network, type Origin } from './index.ts';

const compiled = compileNetwork(wholeEstate());
const { network, demands, risks, steering, siteRouters } = compiled;

function origins(value: unknown): readonly Origin[] {
  const found: Origin[] = [];
  const seen = new Set<unknown>();
  const visit = (each: unknown): void => {
    if (typeof each !== 'object' || each === null || seen.has(each)) return;
    seen.add(each);
    if (Array.isArray(each)) for (const item of each) visit(item);
    else {
      for (const [key, inner] of Object.entries(each)) {
        if (key === 'origins' && Array.isArray(inner)) found.push(...inner);
        else visit(inner);
      }
    }
  };
  visit(value);
  return found;
}

/** Whatever names a link, a policy or a device by position names one that exists and fits. */
function expectSound(network: Network): void {
  for (const device of network.devices) {
    const named = [
      ...device.sourceNat.map(({ link }) => link),
      ...device.sourceFilters.map(({ link }) => link),
      ...(device.firewall?.inside ?? []),
      ...(device.destinationNat ?? []).flatMap(({ links }) => links),
      ...(device.inboundSourceNat ?? []).flatMap(({ links }) => links),
      ...(device.steering ?? []).map(({ next }) => next.link),
      ...device.statics.flatMap(({ next }) => (next.kind === 'forward' ? [next.link] : [])),
    ];
    for (const link of named) {
      const { a, b } = network.links[link] ?? {};
      expect([a, b], `${device.name} and link ${link}`).toContain(device.ix);
    }
  }
  for (const { ends, link, name } of network.sessions) {
    const under = link === undefined ? undefined : network.links[link];
    expect(new Set([under?.a, under?.b]), name).toEqual(new Set(ends.map(({ device }) => device)));
    for (const end of ends) expect(network.policies[end.import] && network.policies[end.export], name).toBeDefined();
  }
  for (const { carriedBy, name } of network.links) {
    for (const under of carriedBy ?? []) expect(network.links[under], name).toBeDefined();
  }
}

describe('an estate with every kind in it', () => {
  it('compiles to the same network, demands, risks and steering every time, without a finding', () => {
    const again = compileNetwork(wholeEstate());
    expect(again.network).toEqual(network);
    expect(again.demands).toEqual(demands);
    expect(again.risks).toEqual(risks);
    const { sites, proxies, names, privateNames } = steering;
    expect(again.steering).toMatchObject({ sites, proxies, names, privateNames });
    expect(again.findings).toEqual([]);
  });

  it('is indexed by position, with every name once', () => {
    for (const list of [network.devices, network.links, network.sessions, network.policies]) {
      expect(list.map(({ ix }) => ix)).toEqual(list.map((_, at) => at));
    }
    for (const list of [network.devices, network.links, network.sessions]) {
      const names = list.map(({ name }) => name);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    }
    const ids = [...demands.concrete, ...(demands.inbound ?? [])].map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it('names only links of the device that names them, and policies that exist', () => expectSound(network));

  it('every element says where it comes from, by a fact that exists or a reason', () => {
    const lists = [network.devices, network.links, network.sessions, network.policies, risks.groups, risks.maintenance];
    for (const { name, origins: its } of lists.flat()) expect(its.length, name).toBeGreaterThan(0);
    for (const origin of origins({ network, risks, steering, inbound: demands.inbound })) {
      if (origin.kind === 'fact') expect(fact(origin.fact), origin.fact).toBeDefined();
      else if (origin.kind === 'derived') expect(origin.because.length).toBeGreaterThan(10);
      else expect(origin.path.length).toBeGreaterThan(0);
    }
  });

  it('knows the device of every place, and every demand starts at one', () => {
    expect([...siteRouters.keys()]).toEqual(['hq', 'shop', 'us', 'dc', 'roaming', 'homeworkers', 'spoke/vm']);
    for (const { id, site } of demands.concrete) expect(siteRouters.has(site.name), id).toBe(true);
  });

  it('keeps what a circuit is made of', () => {
    const port = network.links.find(({ name }) => name === 'er-nyc-primary');
    expect(port).toMatchObject({ portSpeed: 1e10, encrypted: true, place: { peeringLocation: 'new-york' } });
    expect(network.links.find(({ name }) => name === 'er-fra-primary')).toMatchObject({ qos: true });
    expect('qos' in (network.links.find(({ name }) => name === 'er-fra-private-primary') ?? {})).toBe(false);
    const [customer] = network.sessions.find(({ name }) => name === 'er-nyc-primary')?.ends ?? [];
    expect(customer?.maximumPrefixes).toMatchObject({ limit: 12_000, action: 'drop-session' });
  });
});

describe('an estate with some of the kinds', () => {
  const SEED = 20_261_120;
  const KINDS = [
    'vpns',
    'proxies',
    'users',
    'dataGateways',
    'desktopFlowMachines',
    'connectors',
    'services',
    'maintenance',
    'failureGroups',
  ] as const;

  it(`is sound whatever is left out, and the same the second time, seed ${SEED}`, () => {
    fc.assert(
      fc.property(fc.subarray([...KINDS]), (dropped) => {
        const estate = without(dropped);
        const first = compileNetwork(estate);
        expectSound(first.network);
        expect(first.findings).toEqual([]);
        expect(first.network).toEqual(compileNetwork(estate).network);
        expect(first.demands.inbound?.length === 0).toBe(dropped.includes('services'));
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  /** The whole estate with some lists empty, and without what named something in them. */
  function without(dropped: readonly (typeof KINDS)[number][]): Estate {
    const whole = wholeEstate();
    const lost = (kind: (typeof KINDS)[number]): boolean => dropped.includes(kind);
    const emptied: Estate = { ...whole, ...Object.fromEntries(dropped.map((kind) => [kind, []])) };
    return {
      ...emptied,
      sites: whole.sites.map((site) => (lost('proxies') ? { ...site, proxy: undefined } : site)),
      connectors: lost('services') ? [] : emptied.connectors,
      firewalls: whole.firewalls.map((each) => (lost('services') ? { ...each, permitInbound: [] } : each)),
      vnets: whole.vnets.map((vnet) => ({
        ...vnet,
        machines: vnet.machines.map((each) => ({
          ...each,
          services: lost('services') ? [] : each.services,
          proxy: lost('proxies') ? undefined : each.proxy,
        })),
      })),
      demands: whole.demands.map((demand) => ({
        ...demand,
        users: lost('users') ? [] : demand.users,
        services: lost('services') ? [] : demand.services,
      })),
    };
  }
});
