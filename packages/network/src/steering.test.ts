import { formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed, linkNamed } from '../test/contoso.ts';
import { estateOf, prefixes, site, wanCloud, wanLink } from '../test/estates.ts';
import { wholeEstate } from '../test/whole.ts';
import { compileNetwork, type Network } from './index.ts';

const whole = compileNetwork(wholeEstate());

function rulesOf(network: Network, device: string): readonly (readonly unknown[])[] {
  return (deviceNamed(network, device).steering ?? []).map(({ flows, sources, next, edge }) => [
    flows,
    sources.map(formatPrefix).join(' '),
    network.links[next.link]?.name,
    network.devices[next.device]?.name,
    edge,
  ]);
}

const breakout = (flows: readonly string[], edge: string) => ({
  flows,
  edge,
  path: ['sites', 'hq', 'applicationBreakout', 0],
});

describe('application breakout', () => {
  it('is a policy route on every device from the site to the outside of the edge', () => {
    const clients = '10.10.0.0/16 2001:db8:10::/48';
    expect(rulesOf(whole.network, 'hq')).toEqual([[['PP-F05'], clients, 'mpls', 'dc', 'inet']]);
    expect(rulesOf(whole.network, 'dc')[0]).toEqual([['PP-F05'], clients, 'dc-fw-inet', 'fw-inet', 'inet']);
    expect(rulesOf(whole.network, 'fw-inet')[0]).toEqual([['PP-F05'], clients, 'inet', 'Northwind Telecom', 'inet']);
    const [rule] = deviceNamed(whole.network, 'hq').steering ?? [];
    expect(cited(rule?.origins ?? [])).toEqual(['sites.hq.applicationBreakout.0']);
  });

  it('at the site of the edge is one step and the edge itself', () => {
    const sites = [
      site({ name: 'hq', clients: prefixes('10.10.0.0/16') }),
      site({ name: 'dc', clients: prefixes('10.9.0.0/16'), applicationBreakout: [breakout(['PP-F01'], 'inet')] }),
    ];
    const { network } = compileNetwork(estateOf({ sites }));
    expect(rulesOf(network, 'dc').map(([, , link]) => link)).toEqual(['dc-fw-inet']);
    expect(rulesOf(network, 'hq')).toEqual([]);
  });

  it('to an ExpressRoute edge may leave by either router', () => {
    const sites = [
      site({ name: 'hq' }),
      site({ name: 'dc', clients: prefixes('10.9.0.0/16'), applicationBreakout: [breakout(['PP-F01'], 'er')] }),
    ];
    const { network } = compileNetwork(estateOf({ sites }));
    expect(rulesOf(network, 'fw-er').map(([, , link]) => link)).toEqual(['fw-er-er-ce1', 'fw-er-er-ce2']);
  });

  it('takes the way with the fewest links, through a cloud if need be', () => {
    const sites = [
      site({ name: 'hq', clients: prefixes('10.10.0.0/16'), applicationBreakout: [breakout(['PP-F01'], 'inet')] }),
      site({ name: 'mid' }),
      site({ name: 'far' }),
      site({ name: 'dc' }),
    ];
    const wan = [
      wanLink({ name: 'a', between: ['hq', 'mid'] }),
      wanLink({ name: 'b', between: ['mid', 'far'] }),
      wanLink({ name: 'c', between: ['far', 'dc'] }),
      wanCloud('cloud', ['hq', 'dc']),
    ];
    const { network } = compileNetwork(estateOf({ sites, wan }));
    expect(rulesOf(network, 'hq').map(([, , link]) => link)).toEqual(['hq-cloud']);
    expect(rulesOf(network, 'cloud').map(([, , link]) => link)).toEqual(['dc-cloud']);
    expect(rulesOf(network, 'mid')).toEqual([]);
  });

  it('of many sites is one rule on the devices they share', () => {
    const sites = ['a', 'b', 'c'].map((name, ix) =>
      site({ name, clients: prefixes(`10.${ix + 1}.0.0/16`), applicationBreakout: [breakout(['PP-F01'], 'inet')] }),
    );
    const { network } = compileNetwork(
      estateOf({
        sites: [...sites, site({ name: 'dc' })],
        wan: [wanCloud('cloud', ['a', 'b', 'c', 'dc'])],
        demands: [],
      }),
    );
    expect(rulesOf(network, 'cloud')).toHaveLength(1);
    expect(rulesOf(network, 'cloud')[0]?.[1]).toBe('10.1.0.0/16 10.2.0.0/16 10.3.0.0/16');
  });

  it('to an edge that nothing leads to is a finding', () => {
    const sites = [site({ name: 'hq', applicationBreakout: [breakout(['PP-F01'], 'inet')] }), site({ name: 'dc' })];
    const { findings } = compileNetwork(estateOf({ sites, wan: [], demands: [] }));
    expect(findings.map(({ rule }) => rule)).toEqual(['network/unreachable-edge']);
  });
});

describe('a proxy', () => {
  it('is a host of its own at its site, and leaves by its only edge', () => {
    const device = deviceNamed(whole.network, 'px');
    expect(device).toMatchObject({ role: 'proxy', place: { site: 'dc' } });
    expect(device.connected[0]?.prefixes.map(formatPrefix)).toEqual(['10.30.0.99/32']);
    expect(linkNamed(whole.network, 'dc-px').kind).toBe('lan');
    expect(rulesOf(whole.network, 'px')).toEqual([['all', '10.30.0.99/32', 'dc-px', 'dc', 'inet']]);
    expect(whole.steering.proxies).toMatchObject([{ name: 'px', device: device.ix, port: 8080, reach: 'internet' }]);
  });

  it('with several edges follows routing', () => {
    const base = wholeEstate();
    const several = base.proxies.map((proxy) => ({ ...proxy, edges: ['inet', 'er'] }));
    const compiled = compileNetwork({ ...base, proxies: several });
    expect(rulesOf(compiled.network, 'px')).toEqual([]);
    expect(compiled.steering.proxies[0]?.edges).toEqual(['inet', 'er']);
  });
});

describe('steering of clients', () => {
  it('is kept for the sites that have any', () => {
    const { sites } = whole.steering;
    expect([...sites.keys()]).toEqual(['hq', 'shop', 'spoke/vm']);
    expect(sites.get('hq')).toMatchObject({
      proxy: 'px',
      pac: { file: 'proxy.pac' },
      resolver: { kind: 'site', site: 'dc' },
    });
    expect(cited(sites.get('hq')?.origins ?? [])).toEqual(['sites.hq.proxy', 'sites.hq.pac', 'sites.hq.resolver']);
    expect(sites.get('shop')?.resolver).toEqual({ kind: 'public' });
  });

  it('is kept for machines that use a proxy or other name servers than those of Azure', () => {
    const { sites } = whole.steering;
    expect(sites.get('spoke/vm')).toMatchObject({ proxy: 'px', resolver: { kind: 'vnet', vnet: 'hub' } });
    expect(cited(sites.get('spoke/vm')?.origins ?? [])).toEqual([
      'azure.vnets.spoke.machines.vm.proxy',
      'azure.vnets.spoke.resolver',
    ]);
    const base = wholeEstate();
    const onPremises = base.vnets.map((vnet) => ({
      ...vnet,
      resolver: { site: 'dc' },
      machines: vnet.machines.map((each) => ({ ...each, proxy: undefined })),
    }));
    const { steering } = compileNetwork({ ...base, vnets: onPremises });
    expect(steering.sites.get('spoke/vm')).toMatchObject({ proxy: undefined, resolver: { kind: 'site', site: 'dc' } });
    const plain = onPremises.map((vnet) => ({ ...vnet, resolver: undefined }));
    expect(compileNetwork({ ...base, vnets: plain }).steering.sites.has('spoke/vm')).toBe(false);
  });

  it('knows what names of the customer resolve to outside, inside and in Azure', () => {
    const [name] = whole.steering.names;
    expect(name).toMatchObject({ name: 'web.contoso.example', service: 'web' });
    expect(name?.outside).toHaveLength(2);
    expect(whole.steering.privateNames).toMatchObject([{ vnet: 'hub', service: 'Storage' }]);
  });
});
