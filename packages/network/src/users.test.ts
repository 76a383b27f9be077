import { formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed, linkNamed, sessionNamed } from '../test/contoso.ts';
import { wholeEstate } from '../test/whole.ts';
import { compileNetwork } from './index.ts';

const { network, siteRouters, demands } = compileNetwork(wholeEstate());

describe('roaming users', () => {
  it('are a device on the internet with a stand-in address of each family', () => {
    const device = deviceNamed(network, 'roaming');
    expect(device).toMatchObject({ role: 'roaming-users', half: 'internet' });
    expect(device.connected[0]?.prefixes.map(formatPrefix)).toEqual(['198.18.0.1/32', '2001:2:0:1::1/128']);
    expect(linkNamed(network, 'roaming-internet')).toMatchObject({ kind: 'internet' });
    expect('owner' in linkNamed(network, 'roaming-internet')).toBe(false);
  });

  it('are known to the internet', () => {
    const internet = deviceNamed(network, 'internet');
    const here = internet.statics.filter(
      ({ next }) => next.kind === 'forward' && next.device === deviceNamed(network, 'roaming').ix,
    );
    expect(here.map(({ prefix }) => formatPrefix(prefix))).toEqual(['198.18.0.1/32', '2001:2:0:1::1/128']);
  });

  it('are the start of their demands', () => {
    const mine = demands.concrete.filter(({ site }) => site.name === 'roaming');
    expect(mine.map(({ id }) => id)).toContain('PP-F01/roaming/production/westeurope');
    expect(mine[0]?.sources.map(formatPrefix)).toEqual(['198.18.0.1/32', '2001:2:0:1::1/128']);
    expect(siteRouters.get('roaming')).toBe(deviceNamed(network, 'roaming').ix);
  });
});

describe('VPN users', () => {
  it('come out at the router of a site, over the internet edge they dial into', () => {
    const device = deviceNamed(network, 'homeworkers');
    expect(device).toMatchObject({ role: 'vpn-users', half: 'customer' });
    const link = linkNamed(network, 'dc-homeworkers');
    expect(link).toMatchObject({ kind: 'vpn', encrypted: true, carriedBy: [linkNamed(network, 'inet').ix] });
    expect(sessionNamed(network, 'dc-homeworkers').link).toBe(link.ix);
    expect(device.originations.flatMap(({ prefixes }) => prefixes.map(formatPrefix))).toEqual(['10.40.0.0/24']);
  });

  it('are translated at the edges like the clients of a site', () => {
    const [rule] = deviceNamed(network, 'fw-er').sourceNat;
    expect(rule?.sources.map(formatPrefix)).toContain('10.40.0.0/24');
  });

  it('send flows outside the tunnel by their own way', () => {
    const [rule] = deviceNamed(network, 'homeworkers').steering ?? [];
    expect(rule).toMatchObject({ flows: ['PP-F05'], next: { link: linkNamed(network, 'homeworkers-internet').ix } });
    expect(cited(rule?.origins ?? [])).toEqual(['users.homeworkers.vpn.splitTunnel']);
    const [nat] = deviceNamed(network, 'homeworkers').sourceNat;
    expect(nat?.pool.map(formatPrefix)).toEqual(['198.18.0.2/32']);
  });

  it('without a split tunnel have no way of their own', () => {
    const base = wholeEstate();
    const whole = base.users.map((group) =>
      group.vpn === undefined ? group : { ...group, vpn: { ...group.vpn, splitTunnel: [] } },
    );
    const names = compileNetwork({ ...base, users: whole }).network.links.map(({ name }) => name);
    expect(names).not.toContain('homeworkers-internet');
  });
});
