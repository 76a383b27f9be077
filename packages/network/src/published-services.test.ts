import { formatAddress, formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cited, deviceNamed, linkNamed, policyOf } from '../test/contoso.ts';
import { addressOfText, estateOf, expressRouteEdge, firewall, prefixes, service, site } from '../test/estates.ts';
import { wholeEstate } from '../test/whole.ts';
import { compileNetwork } from './index.ts';

const { network } = compileNetwork(wholeEstate());

describe('a published service', () => {
  it('has its public address translated on every link its edge has to the outside', () => {
    const [rule] = deviceNamed(network, 'fw-er').destinationNat ?? [];
    expect(rule?.links.map((ix) => network.links[ix]?.name)).toEqual(['fw-er-er-ce1', 'fw-er-er-ce2']);
    expect([rule?.publicAddress, rule?.insideAddress].map((each) => each && formatAddress(each))).toEqual([
      '203.0.113.9',
      '10.30.0.10',
    ]);
    expect(rule).toMatchObject({ service: 'web', ports: [{ protocol: 'tcp', first: 443, last: 443 }] });
    const [other] = deviceNamed(network, 'fw-inet').destinationNat ?? [];
    expect(other?.links).toEqual([linkNamed(network, 'inet').ix]);
  });

  it('compiles with a public address that no edge announces', () => {
    const announced = deviceNamed(network, 'fw-inet').originations.flatMap((each) => each.prefixes.map(formatPrefix));
    expect(announced).not.toContain('192.0.2.200/32');
    expect(deviceNamed(network, 'fw-inet').destinationNat?.[0]?.publicAddress).toEqual(addressOfText('192.0.2.200'));
  });

  it('is permitted by its public address, as the packet that arrives has it', () => {
    const permits = deviceNamed(network, 'fw-er').firewall?.permitInbound ?? [];
    expect(permits.map((each) => each.destinations.map(formatPrefix))).toEqual([['203.0.113.9/32']]);
    expect(cited(permits[0]?.origins ?? [])).toEqual(['firewalls.fw-er.permitInbound.0', 'services.web']);
    expect(deviceNamed(network, 'fw-us').firewall?.permitInbound).toEqual([]);
  });

  it('needs no translation when the public address is its own (ER-113)', () => {
    const names = (deviceNamed(network, 'fw-inet').destinationNat ?? []).map(({ service }) => service);
    expect(names).toEqual(['web']);
  });

  it('is a host of its site when no prefix of the site holds it', () => {
    const dc = deviceNamed(network, 'dc');
    expect(dc.connected.map(({ name }) => name)).toEqual(['dc servers', 'own']);
    expect(dc.originations.map(({ name }) => name)).toEqual(['dc servers', 'own']);
  });

  it('of another firewall is permitted by its inside address', () => {
    const base = estateOf();
    const firewalls = [firewall({ name: 'fw-inet', permitInbound: ['web'] }), firewall({ name: 'fw-er' })];
    const alone = compileNetwork({ ...base, firewalls, services: [service({ name: 'web' })] }).network;
    const permits = deviceNamed(alone, 'fw-inet').firewall?.permitInbound ?? [];
    expect(permits.map((each) => each.destinations.map(formatPrefix))).toEqual([['10.30.0.10/32']]);
  });
});

describe('translation of sources on the way in', () => {
  it('of one publication concerns that service alone', () => {
    const [rule, ...rest] = deviceNamed(network, 'fw-er').inboundSourceNat ?? [];
    expect(rest).toEqual([]);
    expect(rule?.destinations.map(formatPrefix)).toEqual(['10.30.0.10/32']);
    expect(cited(rule?.origins ?? [])).toEqual(['services.web.published.er', 'ER-117']);
  });

  it('of a whole edge concerns everything inside', () => {
    const [rule] = deviceNamed(network, 'fw-inet').inboundSourceNat ?? [];
    expect(rule?.destinations.length).toBeGreaterThan(4);
    expect(cited(rule?.origins ?? [])).toEqual(['internetEdges.inet.natInbound', 'ER-117']);
  });

  it('gives every translating device an address of its own that the inside can reach', () => {
    const pools = ['fw-inet', 'fw-er'].map((name) =>
      (deviceNamed(network, name).inboundSourceNat?.[0]?.pool ?? []).map(formatPrefix),
    );
    expect(pools).toEqual([
      ['100.64.0.1/32', 'fd62:6f74:6877::1/128'],
      ['100.64.0.2/32', 'fd62:6f74:6877::2/128'],
    ]);
    const [own] = policyOf(network, 'dc-fw-er', 'fw-er', 'export').terms;
    expect(own?.then).toBe('accept');
    expect(deviceNamed(network, 'fw-er').originations.map(({ name }) => name)).toContain('fw-er inbound translation');
    expect(policyOf(network, 'us-fw-us', 'fw-us', 'export').name).toBe('pass on what was learned');
  });

  it('works on an edge without a firewall', () => {
    const base = estateOf({
      sites: [site({ name: 'hq', clients: prefixes('10.10.0.0/16') }), site({ name: 'dc' })],
      expressRouteEdges: [expressRouteEdge({ name: 'er', firewall: undefined, natInbound: true })],
    });
    const dc = deviceNamed(compileNetwork(base).network, 'dc');
    expect(dc.inboundSourceNat?.[0]?.pool.map(formatPrefix)).toEqual(['100.64.0.1/32', 'fd62:6f74:6877::1/128']);
  });

  it('is absent where nobody asked for it', () => {
    for (const { inboundSourceNat, destinationNat } of compileNetwork(estateOf()).network.devices) {
      expect([inboundSourceNat, destinationNat]).toEqual([undefined, undefined]);
    }
  });
});
