import { prefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed, linkNamed, policyOf, sessionNamed } from '../test/contoso.ts';
import { estateOf, expressRouteEdge, firewall, prefixes, site, wanCloud, wanLink } from '../test/estates.ts';
import { compileNetwork } from './index.ts';

const sites = [
  site({ name: 'hq', clients: prefixes('10.10.0.0/16', '2001:db8:10::/48'), servers: prefixes('10.11.0.0/24') }),
  site({ name: 'dc' }),
];
const members = [
  {
    site: 'hq',
    bandwidth: 1e8,
    latency: 4,
    loss: 0.01,
    utilisation: 0.5,
    cost: 1,
    path: ['wan', 'mpls', 'members', 0],
  },
  { site: 'dc', bandwidth: 1e9, latency: 1, loss: undefined, utilisation: undefined, cost: 3, path: ['x'] },
];

describe('a WAN cloud', () => {
  const { network } = compileNetwork(
    estateOf({ sites, wan: [wanCloud('mpls', [], { members, provider: 'Fabrikam', encrypted: true })] }),
  );

  it('is one device of the provider with a line and an eBGP session for each member', () => {
    const edge = deviceNamed(network, 'mpls');
    expect(edge).toMatchObject({ role: 'provider-edge', half: 'provider', place: { provider: 'Fabrikam' } });
    for (const name of ['hq', 'dc']) {
      const session = sessionNamed(network, `${name}-mpls`);
      expect(session.ends.map((end) => network.devices[end.device]?.name)).toEqual([name, 'mpls']);
      expect(new Set(session.ends.map((end) => end.asn)).size).toBe(2);
    }
  });

  it('lines have the quality of their member, and the cloud as owner', () => {
    expect(linkNamed(network, 'hq-mpls')).toMatchObject({
      kind: 'wan',
      owner: 'mpls',
      bandwidth: 1e8,
      latency: 4,
      loss: 0.01,
      utilisation: 0.5,
      encrypted: true,
      cost: 1,
    });
    expect(linkNamed(network, 'dc-mpls').cost).toBe(3);
    expect('loss' in linkNamed(network, 'dc-mpls')).toBe(false);
    expect(cited(linkNamed(network, 'hq-mpls').origins)).toEqual(['wan.mpls.members.0']);
  });

  it('a point-to-point link keeps loss, use and provider too', () => {
    const wan = [wanLink({ name: 'line', between: ['hq', 'dc'], loss: 0.02, utilisation: 0.1, provider: 'Fabrikam' })];
    const link = linkNamed(compileNetwork(estateOf({ sites, wan })).network, 'line');
    expect(link).toMatchObject({ loss: 0.02, utilisation: 0.1, place: { provider: 'Fabrikam' } });
    expect('encrypted' in link).toBe(false);
  });

  it('a local breakout guards the line into the cloud', () => {
    const breaking = sites.map((each) => (each.name === 'dc' ? { ...each, breakout: 'inet' } : each));
    const broken = compileNetwork(estateOf({ sites: breaking, wan: [wanCloud('mpls', ['hq', 'dc'])] })).network;
    const [term] = policyOf(broken, 'dc-mpls', 'dc', 'import').terms;
    expect(term).toMatchObject({ then: 'reject', when: [{ kind: 'as-path-contains', any: [12076] }] });
    expect(policyOf(broken, 'hq-mpls', 'hq', 'import').terms).toEqual([]);
  });
});

describe('a site', () => {
  const { network } = compileNetwork(estateOf({ sites }));

  it('delivers and announces its servers beside its clients, in both families', () => {
    const hq = deviceNamed(network, 'hq');
    expect(hq.connected.map(({ name, prefixes }) => [name, prefixes.length])).toEqual([
      ['hq clients', 2],
      ['hq servers', 1],
    ]);
    expect(hq.originations.map(({ name }) => name)).toEqual(['hq clients', 'hq servers']);
    expect(hq.place).toEqual({ site: 'hq' });
  });

  it('has its servers translated like its clients', () => {
    const [rule] = deviceNamed(network, 'fw-er').sourceNat;
    expect(rule?.sources).toEqual(prefixes('10.10.0.0/16', '10.11.0.0/24'));
  });
});

describe('an ExpressRoute edge on a cloud, without a firewall', () => {
  const edge = expressRouteEdge({ name: 'er', site: undefined, cloud: 'mpls', firewall: undefined });
  const { network } = compileNetwork(
    estateOf({
      sites,
      wan: [wanCloud('mpls', ['hq', 'dc'])],
      expressRouteEdges: [edge],
      firewalls: [firewall({ name: 'fw-inet' })],
    }),
  );

  it('has routers of the provider that hang on the cloud', () => {
    const router = deviceNamed(network, 'er-ce1');
    expect(router).toMatchObject({ role: 'customer-edge', half: 'provider' });
    expect(linkNamed(network, 'mpls-er-ce1').a).toBe(deviceNamed(network, 'mpls').ix);
    expect(router.statics[0]?.next).toEqual({
      kind: 'forward',
      link: linkNamed(network, 'mpls-er-ce1').ix,
      device: deviceNamed(network, 'mpls').ix,
    });
    expect(network.devices.some(({ name }) => name === 'fw-er')).toBe(false);
  });

  it('translates at the provider, on the way to either router, without a firewall', () => {
    const cloud = deviceNamed(network, 'mpls');
    expect(cloud.sourceNat.map(({ link }) => network.links[link]?.name)).toEqual(['mpls-er-ce1', 'mpls-er-ce2']);
    expect(cloud.firewall).toBeUndefined();
  });

  it('passes packets untranslated when there is no pool', () => {
    const plain = compileNetwork(
      estateOf({ sites, wan: [wanCloud('mpls', ['hq', 'dc'])], expressRouteEdges: [{ ...edge, nat: [] }] }),
    ).network;
    expect(deviceNamed(plain, 'mpls').sourceNat).toEqual([]);
  });

  it('at a site hangs on the router of the site', () => {
    const direct = compileNetwork(
      estateOf({ sites, expressRouteEdges: [expressRouteEdge({ name: 'er', firewall: undefined })] }),
    ).network;
    expect(linkNamed(direct, 'dc-er-ce1').a).toBe(deviceNamed(direct, 'dc').ix);
    expect(deviceNamed(direct, 'er-ce1').half).toBe('customer');
  });
});

describe('edges', () => {
  it('translate each family to a pool of its own kind', () => {
    const edge = expressRouteEdge({ name: 'er', nat: prefixes('203.0.113.0/28', '2001:db8:f::/64') });
    const { network } = compileNetwork(estateOf({ sites, expressRouteEdges: [edge] }));
    const rules = deviceNamed(network, 'fw-er').sourceNat.filter(
      ({ link }) => network.links[link]?.name === 'fw-er-er-ce1',
    );
    expect(rules.map(({ sources, pool }) => [sources, pool])).toEqual([
      [prefixes('10.10.0.0/16', '10.11.0.0/24'), [prefix('203.0.113.0/28')]],
      [[prefix('2001:db8:10::/48')], [prefix('2001:db8:f::/64')]],
    ]);
  });

  it('may share a router: one box with a link to the front of each', () => {
    const routers = ['core', 'core'] as const;
    const { network } = compileNetwork(
      estateOf({
        sites,
        expressRouteEdges: [
          expressRouteEdge({ name: 'er', routers }),
          expressRouteEdge({ name: 'er2', routers, firewall: 'fw-inet', nat: prefixes('203.0.113.16/28') }),
        ],
      }),
    );
    const core = deviceNamed(network, 'core').ix;
    expect(network.devices.filter(({ name }) => name === 'core')).toHaveLength(1);
    expect(network.links.filter(({ b, kind }) => b === core && kind === 'lan').map(({ name }) => name)).toEqual([
      'fw-er-core',
      'fw-inet-core',
    ]);
  });

  it('share one list of inside prefixes', () => {
    const { network } = compileNetwork(estateOf({ sites }));
    const lists = network.devices.flatMap((device) => device.sourceNat.map(({ sources }) => sources));
    expect(lists.length).toBeGreaterThan(2);
    expect(new Set(lists).size).toBe(1);
  });

  it('firewalls keep rules, high availability and the size of their table', () => {
    const rule = {
      path: ['firewalls', 'fw-er', 'rules', 0],
      action: 'deny',
      zone: 'inside',
      from: [],
      to: [],
      ports: [],
    } as const;
    const base = estateOf();
    const { network } = compileNetwork({
      ...base,
      firewalls: [firewall({ name: 'fw-inet' }), firewall({ name: 'fw-er', highAvailability: true, rules: [rule] })],
      internetEdges: base.internetEdges.map((each) => ({ ...each, maximumSessions: 50_000 })),
    });
    const guarded = deviceNamed(network, 'fw-er').firewall;
    expect(guarded).toMatchObject({ highAvailability: true, rules: [{ action: 'deny', zone: 'inside' }] });
    expect(cited(guarded?.rules?.[0]?.origins ?? [])).toEqual(['firewalls.fw-er.rules.0']);
    expect(deviceNamed(network, 'fw-inet').firewall?.maximumSessions).toBe(50_000);
    expect('rules' in (deviceNamed(network, 'fw-inet').firewall ?? {})).toBe(false);
  });

  it('a provider speaks the AS the document names', () => {
    const base = estateOf();
    const named = base.internetEdges.map((each) => ({ ...each, asn: base.organisation.asn }));
    expect(deviceNamed(compileNetwork({ ...base, internetEdges: named }).network, 'Northwind Telecom').asn).toBe(64500);
  });
});
